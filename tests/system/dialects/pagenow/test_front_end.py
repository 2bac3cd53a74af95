"""A day of PageNow's own front end (clients/pagenow_day.js), and what the public contract says of it afterwards."""

import pytest

from dialects.pagenow.client import UUID
from dialects.programs import day

LINES = ["Hello Ben", *(f"line {number}" for number in range(1, 41))]
NOT_HERS = {"status": 401, "body": "Unauthorized access error"}


@pytest.fixture(scope="module")
def users(folk):
    return folk.users("anna", "ben", "cleo")


@pytest.fixture(scope="module")
def seen(parley, users):
    return day("pagenow", parley.url, [{"id": user.id, "token": user.token} for user in users])


@pytest.fixture
def direct(seen):
    return seen["places"]["direct"]


@pytest.fixture
def group(seen):
    return seen["places"]["group"]


def same(frames):
    """What came to several sockets, which was the same."""
    assert all(frame == frames[0] for frame in frames)
    return frames[0]


def test_P_00_a_bad_token_is_401(seen):
    assert seen["with a bad token"][1]["status"] == 401


def test_P_08_and_opens_no_socket(seen):
    refused = seen["with a bad token"][0]
    assert refused["status"] == 401 and refused["text"].startswith("JWT decode error: ")


def test_P_02e_a_direct_conversation_is_one_for_both(seen, users, direct):
    assert seen["direct"] == [direct, direct]
    assert users[1].direct(users[0])["id"] == direct


def test_P_02c_a_group_has_a_title(seen):
    assert seen["group without a title"] == {"status": 400, "body": "Invalid parameter 'title'"}


def test_P_02_it_starts_a_group(seen, users, group):
    native = users[1].read(f"/v1/channels/{group}")
    assert (native["kind"], native["name"], native["created_by"]) == ("group", "Lunch", users[0].id)


def test_P_03_it_finds_the_direct_conversation_or_none(seen):
    assert seen["nothing yet"] == [[], None]


def test_P_05_it_shows_a_conversation(seen, users, group):
    shown = seen["group"]["body"]
    assert shown == {"conversation_id": group, "title": "Lunch", "isGroup": True, "participantId": shown["participantId"]}
    assert shown["participantId"] in [users[0].id, users[1].id]


def test_P_07_it_lists_who_is_in_it(seen, users):
    assert sorted(seen["participants"]) == sorted(user.id for user in users)


def test_P_09_a_message_comes_to_all_sockets_with_its_temporary_id(seen, users, direct):
    sent, heard = seen["hello"]["sent"], same(seen["hello"]["heard"])
    assert heard == {
        **{"type": "new-message", "messageId": heard["messageId"], "tempMessageId": sent["tempMessageId"]},
        **{"conversationId": direct, "senderId": users[0].id, "content": "Hello Ben", "sentAt": heard["sentAt"]},
    }
    assert UUID.fullmatch(heard["messageId"])
    assert seen["hello again"] == heard, "sent again, it is the same message"


def test_P_09_all_of_a_group_hear(seen, users, group):
    heard = same(seen["lunch"])
    assert (heard["conversationId"], heard["senderId"], heard["content"]) == (group, users[1].id, "Lunch at one?")
    assert len(seen["lunch"]) == 4


def test_P_09_what_it_may_not_send(seen):
    assert seen["without content"] == {"statusCode": 400, "body": "Missing 'content' in event body"}
    assert seen["from outside"] == {"statusCode": 401, "body": "Unauthorized access error"}
    assert seen["another system's frame"] == {"statusCode": 400, "body": "Invalid parameter 'action'"}


def test_P_11_a_heartbeat_has_no_answer(seen):
    """Ben's socket sent one before what it heard next."""
    assert seen["lunch"][1]["content"] == "Lunch at one?"


def test_P_04_it_lists_conversations_the_newest_first(seen, direct, group):
    assert [(row["conversationId"], row["latestContent"]) for row in seen["list"]] == [
        (group, "Lunch at one?"),
        (direct, "Hello Ben"),
    ]


def test_P_14_what_is_unread_is_until_it_is_read(seen, direct, group):
    assert [row["conversationId"] for row in seen["unread"]] == [direct]
    assert [row["conversationId"] for row in seen["all read"]] == [group, direct]


def test_P_10_reading_is_told_to_both_of_his_tabs(seen, users, direct):
    assert same(seen["read"]) == {"type": "read-messages", "conversationId": direct, "userId": users[1].id}


def test_P_04a_a_list_is_of_what_is_read_or_not(seen):
    assert seen["neither"] == {"status": 400, "body": "Invalid parameter 'isRead'"}


def test_P_06_page_by_page_it_gets_all_messages(seen, users, direct):
    rows = seen["all messages"]
    assert [row["content"] for row in rows] == LINES[::-1]
    assert [row["content"] for row in seen["oldest of the first page first"]] == LINES[-3:]
    pushed = [seen["hello"]["heard"][0], *seen["forty lines"]]
    assert [row["messageId"] for row in reversed(rows)] == [push["messageId"] for push in pushed]
    assert [row["sentAt"] for row in reversed(rows)] == [push["sentAt"] for push in pushed]
    native = users[1].read(f"/v1/channels/{direct}/messages", limit=200)["messages"]
    assert [(each["author"], each["text"]) for each in native] == [(users[0].id, text) for text in LINES]


def test_P_06_a_page_has_a_size(seen):
    assert seen["without a limit"] == {"status": 400, "body": "Missing 'limit' in event parameter"}


@pytest.mark.parametrize(("call", "number"), [("P-05", 0), ("P-06a", 1), ("P-07a", 2)])
def test_P_07a_a_conversation_is_for_those_who_are_in_it(seen, call, number):
    assert seen["not hers"][number] == NOT_HERS, call
