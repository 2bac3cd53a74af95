"""A day of the room chat's own front end (clients/room_chat_day.js), and what the public contract says of it afterwards."""

import secrets

import pytest

from dialects.programs import day

OK = {"statusCode": 200, "body": ""}
UNAUTHORIZED = {"statusCode": 401, "body": "Unauthorized"}


@pytest.fixture(scope="module")
def alice(folk):
    return folk.user("alice")


@pytest.fixture(scope="module")
def bob(folk):
    return folk.user("bob")


@pytest.fixture(scope="module")
def room():
    return f"room-{secrets.token_hex(4)}"


@pytest.fixture(scope="module")
def seen(parley, alice, bob, room):
    users = {name: {"id": user.id, "token": user.token} for name, user in [("alice", alice), ("bob", bob)]}
    return day("room_chat", parley.url, {**users, "room": room})


@pytest.fixture
def native(alice, room):
    """The room's messages."""
    with alice.socket() as socket:
        channel = socket.ok("join_channel", room=room)["channel_id"]
    return alice.read(f"/v1/channels/{channel}/messages")["messages"]


def same_to_both(frames):
    assert frames[0] == frames[1] and len(frames) == 2
    return frames[0]


def test_W_01_a_bad_token_fails_the_handshake(seen):
    assert seen["with a bad token"]["status"] == 401 and seen["with a bad token"]["text"]


def test_W_02_it_joins(seen):
    assert seen["joined"] == [OK, OK]


def test_W_02a_not_without_a_room(seen):
    assert seen["without a room"] == {"statusCode": 400, "body": "value.room is missing"}


def test_W_04_what_it_says_is_answered_and_heard_by_both_as_new(seen, alice, room):
    assert seen["said"] == seen["answered"] == OK and seen["new"]["is_new"] is True
    frame = same_to_both(seen["new"]["frames"])
    assert (frame["userId"], frame["name"], frame["message"], frame["room"]) == (alice.id, alice.id, "Helo", room)


def test_W_05_it_edits_what_it_said(seen):
    new, edit = seen["new"]["frames"][0], same_to_both(seen["edit"])
    assert seen["edited"] == OK
    assert edit == {**new, "message": "Hello", "modifiedAt": edit["modifiedAt"]} and edit["modifiedAt"] >= new["postedAt"]


def test_W_06_it_deletes_what_it_said(seen, alice):
    deletion = same_to_both([{**frame, "modifiedAt": ""} for frame in seen["deletion"]])
    assert seen["deleted"] == OK and deletion["isDeleted"] is True and "message" not in deletion
    assert deletion["userId"] == alice.id


def test_W_07_and_nothing_that_others_said(seen):
    assert seen["edit of another's"] == seen["delete of another's"] == UNAUTHORIZED


def test_W_07a_nor_what_is_not_there(seen):
    assert seen["edit of nothing"] == {"statusCode": 404, "body": "Not Found"}


def test_W_03_who_is_in_the_lobby_hears_nothing_of_the_room(seen):
    assert seen["left"] == seen["back"] == OK and seen["heard in the lobby"] == []


def test_W_08_and_may_speak_to_it(seen, bob):
    heard = seen["heard from outside"]
    assert seen["from outside"] == OK and (heard["userId"], heard["message"]) == (bob.id, "only next door")


def test_W_12_it_gets_the_history_of_the_room_on_request_and_on_joining(seen, alice, bob):
    assert seen["joined with history"] == OK
    history = seen["history"]
    texts = [(frame["userId"], frame.get("message"), frame.get("isDeleted")) for frame in history]
    assert texts == [
        *[(alice.id, "Hello", None), (bob.id, "Hi Alice", None), (alice.id, None, True)],
        *[(alice.id, "gone?", None), (bob.id, "only next door", None)],
    ]
    assert [frame["postedAt"] for frame in history] == sorted(frame["postedAt"] for frame in history)
    assert seen["the last two"] == history[-2:] and seen["earlier"] == history[1:2]


def test_W_11_what_is_kept_is_what_was_heard_and_natively_the_same(seen, native):
    assert [(each["author"], each["text"], each["retracted"]) for each in native] == [
        (frame["userId"], frame.get("message", ""), "isDeleted" in frame) for frame in seen["history"]
    ]
    assert [each["seq"] for each in native] == [1, 2, 3, 4, 5]
    assert native[0]["edited_at"] == seen["edit"][0]["modifiedAt"]


def test_W_14_another_systems_frame_is_400(seen):
    assert seen["another system's frame"]["statusCode"] == 400
