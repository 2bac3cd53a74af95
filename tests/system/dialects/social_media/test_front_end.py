"""A day of the social media's own front end (clients/social_media_day.js), and what the public contract says of it afterwards."""

import secrets

import pytest

from dialects.programs import day
from dialects.social_media.client import CHAT, USER

LINES = [f"line {number} of the route" for number in range(1, 26)]


@pytest.fixture(scope="module")
def users(folk):
    suffix = secrets.token_hex(4)
    return [folk.known(f"{name}-{suffix}@example.org") for name in ["ann", "ben"]]


@pytest.fixture(scope="module")
def seen(parley, users):
    return day("social_media", parley.url, [user.id for user in users])


@pytest.fixture
def native(seen, users):
    """The channel, as the public contract has it."""
    return users[0].read("/v1/channels", number=seen["place"])["channels"][0]


def failure(answer):
    assert list(answer["body"]) == ["name", "clientMessage", "traceId", "timestamp", "metadata"]
    return answer["status"], answer["body"]["name"]


def texts(chats):
    return [chat["text"] for chat in chats]


def test_N_00_without_a_token_it_is_401(seen):
    assert failure(seen["without a token"]) == (401, "AUTH_NOT_AUTHENTICATED")


def test_N_01_failures_have_their_names(seen):
    assert failure(seen["no number"]) == (400, "PARAMETER_INVALID")
    assert failure(seen["of nothing"]) == (404, "RESUOURCE_NOT_FOUND")


def test_N_03_it_makes_accounts(seen, users):
    for answer, user, name in zip(seen["signed up"], users, ["Ann", "Ben"]):
        assert answer["status"] == 201 and list(answer["body"]) == USER
        assert (answer["body"]["email"], answer["body"]["name"]) == (user.id, name)
        assert user.read(f"/v1/users/{user.id}")["number"] == answer["body"]["id"]
    assert failure(seen["signed up again"]) == (409, "CONFLICT")


def test_N_02_it_signs_in_with_the_password_alone(seen):
    assert failure(seen["wrong password"]) == (401, "AUTH_NOT_AUTHENTICATED")
    assert [(each["status"], list(each["body"])) for each in seen["signed in"]] == [(201, ["accessToken"])] * 2


def test_N_04_it_knows_who_it_is(seen):
    assert seen["me"][:2] == [each["body"] for each in seen["signed up"]]


def test_N_05_and_the_other_by_his_number(seen):
    assert seen["me"][2]["body"] == seen["me"][1]


def test_N_06_it_makes_a_channel(seen, users, native):
    made = seen["made"]
    assert (made["status"], made["body"]["displayName"], made["body"]["avatarPath"]) == (201, "Climbers", "/temp/a.png")
    assert (native["name"], native["number"], native["created_by"]) == ("Climbers", seen["place"], users[0].id)


def test_N_07_it_sees_channels_that_it_is_in(seen):
    assert failure(seen["not yet in it"][0]) == failure(seen["into nothing"][1]) == (404, "RESUOURCE_NOT_FOUND")
    assert seen["in it"]["body"] == seen["made"]["body"]


def test_N_08_it_joins_once(seen):
    assert (seen["joined"][0]["status"], seen["joined"][0]["body"]) == (201, "")
    assert failure(seen["joined"][1]) == (409, "CONFLICT")
    assert failure(seen["into nothing"][0]) == (404, "RESUOURCE_NOT_FOUND")


def test_N_09_what_it_says_is_a_chat(seen):
    assert failure(seen["not yet in it"][1]) == (404, "RESUOURCE_NOT_FOUND")
    chats = seen["said"]
    assert texts(chats) == LINES and all(list(chat) == CHAT for chat in chats)
    ids = [chat["id"] for chat in chats]
    assert ids == sorted(set(ids))


def test_N_15_a_number_that_is_not_ones_own_is_turned_away(seen):
    assert all("clientid" in text for text in seen["turned away"])


def test_N_16_both_sockets_hear_every_chat_once_and_in_order(seen):
    frames = [{key: chat[key] for key in ("channelId", "text", "createdAt")} for chat in seen["said"]]
    assert seen["pushed"] == [frames, frames]


def test_N_17_a_chat_is_delivered_and_then_acked(seen):
    chat = seen["acked"]["body"]
    assert chat["publishAt"] <= chat["deliveredAt"] <= chat["ackedAt"]


def test_N_18_another_systems_frame_is_no_ack(seen):
    assert seen["another system's frame"] == ["event is not found"] * 2


def test_N_11_it_scrolls_up_and_down(seen):
    assert texts(seen["up"]["data"]) == LINES[9:4:-1]
    assert texts(seen["down"]["data"]) == LINES[9:14]
    assert texts(seen["all"]) == LINES


def test_N_14_it_finds_what_was_said(seen):
    assert texts(seen["found"]["data"]) == [LINES[10], LINES[11]] and seen["found"]["nextTokenId"] == ""


def test_N_12_what_one_removes_the_other_still_sees(seen, users, native):
    assert seen["removed"] == {"status": 204, "body": ""}
    assert texts(seen["seen by"]["ben"]) == texts(seen["seen by"]["ann"])[1:]
    shown = users[0].read(f"/v1/channels/{native['id']}/messages", limit=200)["messages"]
    assert [each["text"] for each in shown if not each["retracted"]] == texts(seen["seen by"]["ann"])


def test_N_13_what_is_retracted_is_gone_for_both(seen, users, native):
    assert seen["retracted"] == {"status": 204, "body": ""}
    assert texts(seen["seen by"]["ann"]) == [*LINES[:4], *LINES[5:]]
    shown = users[0].read(f"/v1/channels/{native['id']}/messages/5")
    assert (shown["retracted"], shown["text"], shown["number"]) == (True, "", seen["said"][4]["id"])


def test_N_13_and_nobody_retracts_what_is_anothers(seen):
    assert failure(seen["retraction of another's"]) == (403, "AUTH_PERMISSION_DENIED")


def test_N_10_a_retracted_chat_has_no_text(seen):
    chat = seen["retracted one"]["body"]
    assert (chat["isRetract"], chat["text"]) == (True, "") and chat["updatedAt"] >= chat["createdAt"]


def test_N_23_it_leaves_and_deletes(seen, users, native):
    assert seen["left"][0] == {"status": 204, "body": ""} and failure(seen["left"][1]) == (404, "RESUOURCE_NOT_FOUND")
    members = users[0].read(f"/v1/channels/{native['id']}/members")["members"]
    assert [member["user_id"] for member in members] == [users[0].id]
    refused, deleted, gone = seen["deleted"]
    assert deleted == {"status": 204, "body": ""}
    assert failure(refused) == failure(gone) == (404, "RESUOURCE_NOT_FOUND")
