"""Rows W: room chat."""

import json
import re
import secrets

import pytest

OK = {"statusCode": 200, "body": ""}
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def room():
    return f"room-{secrets.token_hex(4)}"


@pytest.fixture
def enter(sockets):
    """A socket of a user's, in a room if one is named."""

    def open(user, room=None, path="/"):
        socket = sockets.open(f"{path}?token={user.token}")
        if room:
            assert socket.ask({"action": "onJoin", "room": room, "name": str(user)}) == OK
        return socket

    return open


def send(room, message, **fields):
    return {"action": "onMessage", "room": room, "message": message, **fields}


def posted(socket, room, message, **fields):
    """Posts, and takes the sender's two frames: which comes first is open."""
    socket.send(send(room, message, **fields))
    frames = [socket.frame(), socket.frame()]
    frames.remove(OK)
    return frames[0]


# --- W-00, W-01
def test_W_00_everything_is_said_over_one_socket(enter, alice, room):
    socket = enter(alice, room)
    first = posted(socket, room, "one")
    edited = posted(socket, room, "two", postedAt=first["postedAt"], userId=alice.id)
    socket.send({"action": "onHistory", "room": room})
    assert [socket.frame(), socket.frame()] == [edited, OK]
    socket.send({"action": "onMessage", "isDeleted": True, "userId": alice.id, "postedAt": first["postedAt"], "room": room})
    assert OK in [socket.frame(), socket.frame()]


@pytest.mark.parametrize("path", ["/", "/dev", "/prod"])
def test_W_01_a_token_in_the_query_connects(enter, alice, path):
    socket = enter(alice, path=path)
    assert socket.ask({"action": "onJoin", "room": "_lobby", "name": "Alice"}) == OK


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_W_01_a_bad_token_fails_the_handshake(sockets, token):
    status, body = sockets.refused(f"/dev?token={token}")
    assert status == 401 and body


# --- W-02, W-03
@pytest.mark.parametrize(
    ("frame", "body"),
    [
        ({"name": "A"}, "value.room is missing"),
        ({"room": "r"}, "value.name is missing"),
        ({"room": 1, "name": "A"}, "value.room is not a string"),
        ({"room": "r", "name": None}, "value.name is not a string"),
        ({"room": "", "name": "A"}, "value.room must have 1 to 128 characters"),
    ],
)
def test_W_02a_a_join_without_what_it_needs_is_400(enter, alice, frame, body):
    assert enter(alice).ask({"action": "onJoin", **frame}) == {"statusCode": 400, "body": body}


@pytest.mark.parametrize("history", [0, 201, -5, 1.5, "5", None])
def test_W_02a_who_asks_for_what_history_can_not_be_does_not_join(enter, alice, bob, room, history):
    socket, other = enter(alice, room + "-1"), enter(bob, room + "-1")
    wrong = {"statusCode": 400, "body": "value.history is not a whole number from 1 to 200"}
    assert socket.ask({"action": "onJoin", "room": room, "name": "A", "history": history}) == wrong
    posted(other, room + "-1", "still here?")
    assert socket.frame()["message"] == "still here?"


def test_W_02_extra_keys_are_allowed(enter, alice, room):
    assert enter(alice).ask({"action": "onJoin", "room": room, "name": "A", "colour": "red"}) == OK


def test_W_02_joining_another_room_moves(enter, alice, bob, room):
    first, second = enter(alice, room), enter(bob, room)
    assert first.ask({"action": "onJoin", "room": room + "-2", "name": "A"}) == OK
    posted(second, room, "nobody else here?")
    assert posted(first, room + "-2", "here")["message"] == "here"


def test_W_03_the_lobby_is_a_room_like_others(enter, alice, bob, room):
    gone, here = enter(alice, room), enter(bob, room)
    assert gone.ask({"action": "onJoin", "room": "_lobby", "name": "A"}) == OK
    posted(here, room, "gone?")
    assert gone.ask({"action": "onJoin", "room": room, "name": "A"}) == OK
    assert posted(here, room, "back")["message"] == "back"
    assert gone.frame()["message"] == "back"


# --- W-04 to W-08
def test_W_04_a_new_message_is_answered_and_broadcast(enter, alice, bob, room):
    sender, other = enter(alice, room), enter(bob, room)
    frame = posted(sender, room, "Hello", name="Alice")
    assert list(frame) == ["action", "name", "userId", "message", "room", "postedAt", "modifiedAt"]
    assert (frame["userId"], frame["name"], frame["message"], frame["room"]) == (alice.id, "Alice", "Hello", room)
    assert ISO.fullmatch(frame["postedAt"]) and frame["modifiedAt"] == frame["postedAt"]
    assert other.frame() == frame


def test_W_04_posts_that_come_all_at_once_are_taken_and_answered_in_their_order(enter, alice, bob, room):
    sender, other = enter(alice, room), enter(bob, room)
    texts = [f"number {i}" for i in range(50)]
    for i, text in enumerate(texts):
        sender.send({"action": "onMessage", "room": room} if i % 10 == 9 else send(room, text))
    sender.send({"action": "onHistory", "room": room, "limit": 1})
    taken = [text for i, text in enumerate(texts) if i % 10 != 9]
    frames = []
    while sum("statusCode" in frame for frame in frames) < 51 or sum("action" in frame for frame in frames) < 46:
        frames.append(sender.frame())
    assert [frame["statusCode"] for frame in frames if "statusCode" in frame] == ([200] * 9 + [400]) * 5 + [200]
    # what history says is the last message again
    assert sorted(frame["message"] for frame in frames if "action" in frame) == sorted([*taken, taken[-1]])
    assert [other.frame()["message"] for _ in taken] == taken


def test_W_05_the_author_edits_by_the_time_of_posting(enter, alice, bob, room):
    sender, other = enter(alice, room), enter(bob, room)
    first = posted(sender, room, "Helo")
    other.frame()
    edited = posted(sender, room, "Hello", postedAt=first["postedAt"], userId=alice.id)
    assert (edited["message"], edited["postedAt"]) == ("Hello", first["postedAt"])
    assert edited["modifiedAt"] >= first["postedAt"]
    assert other.frame() == edited


def test_W_06_a_deleted_message_is_told_without_its_words(enter, alice, bob, room):
    sender, other = enter(alice, room), enter(bob, room)
    first = posted(sender, room, "secret")
    other.frame()
    delete = {"action": "onMessage", "isDeleted": True, "userId": alice.id, "postedAt": first["postedAt"], "room": room}
    sender.send(delete)
    frames = [sender.frame(), sender.frame()]
    frames.remove(OK)
    assert frames[0]["isDeleted"] is True and "message" not in frames[0]
    assert other.frame() == frames[0]


@pytest.mark.parametrize("change", [{"message": "mine now"}, {"isDeleted": True}])
def test_W_07_nobody_changes_what_is_not_his(enter, alice, bob, room, change):
    first = posted(enter(alice, room), room, "Alice's")
    frame = {"action": "onMessage", "room": room, "postedAt": first["postedAt"], **change}
    other = enter(bob)
    assert other.ask({**frame, "userId": alice.id}) == {"statusCode": 401, "body": "Unauthorized"}
    assert other.ask({**frame, "userId": bob.id}) == {"statusCode": 404, "body": "Not Found"}
    assert other.ask(frame) == {"statusCode": 401, "body": "Unauthorized"}


def test_W_07_a_new_message_is_in_ones_own_name(enter, alice, bob, room):
    assert enter(bob).ask(send(room, "x", userId=alice.id)) == {"statusCode": 401, "body": "Unauthorized"}


def test_W_07a_what_is_not_there_is_404(enter, alice, room):
    socket = enter(alice, room)
    frame = send(room, "x", userId=alice.id, postedAt="2020-01-01T00:00:00.000Z")
    assert socket.ask(frame) == {"statusCode": 404, "body": "Not Found"}


def test_W_07a_what_is_deleted_is_there_no_more_to_be_edited(enter, alice, room):
    socket = enter(alice)
    socket.ask(send(room, "Helo"))
    socket.send({"action": "onHistory", "room": room})
    whose = {"userId": alice.id, "postedAt": socket.frame()["postedAt"]}
    assert socket.frame() == OK
    assert socket.ask({"action": "onMessage", "room": room, "isDeleted": True, **whose}) == OK
    assert socket.ask(send(room, "Hello", **whose)) == {"statusCode": 404, "body": "Not Found"}


def test_W_04_a_message_needs_a_room(enter, alice):
    assert enter(alice).ask(send("", "x")) == {"statusCode": 400, "body": "value.room must have 1 to 128 characters"}


def test_W_08_sending_needs_no_joining_and_who_is_elsewhere_hears_nothing(enter, alice, bob, room):
    sender, listener = enter(alice, room + "-else"), enter(bob, room)
    assert sender.ask(send(room, "from outside")) == OK
    assert listener.frame()["message"] == "from outside"
    assert posted(sender, room + "-else", "here")["message"] == "here"


# --- W-09 to W-11
def test_W_09_a_socket_that_is_gone_keeps_nobody_from_hearing(enter, alice, bob, carol, room):
    sender, gone, stays = enter(alice, room), enter(bob, room), enter(carol, room)
    gone.connection.socket.close()
    for text in ["one", "two"]:
        assert posted(sender, room, text)["message"] == text
        assert stays.frame()["message"] == text


def test_W_10_who_comes_back_is_in_no_room(enter, alice, bob, room):
    sender, other = enter(alice, room), enter(bob, room)
    other.connection.close()
    again = enter(bob)
    posted(sender, room, "while in no room")
    assert again.ask({"action": "onJoin", "room": room, "name": "B"}) == OK
    posted(sender, room, "in it again")
    assert again.frame()["message"] == "in it again"


def test_W_11_what_is_broadcast_and_what_is_kept_are_the_same(enter, alice, bob, room):
    sender, other = enter(alice, room), enter(bob, room)
    texts = [f"message {i}" for i in range(30)]
    for text in texts:
        sender.send(send(room, text))
    heard = [other.frame() for _ in texts]
    assert [frame["message"] for frame in heard] == texts
    other.send({"action": "onHistory", "room": room})
    assert [other.frame() for _ in texts] == heard


@pytest.mark.shape("topology")
def test_W_11_a_slow_history_does_not_delay_a_broadcast(parley, enter, alice, bob, room):
    sender, other = enter(alice, room), enter(bob, room)
    with parley.paused("projector"):
        assert posted(sender, room, "at once")["message"] == "at once"
        assert other.frame()["message"] == "at once"


# --- W-08, for channels that are no rooms
def test_W_08_a_channel_that_one_is_in_is_a_room_by_its_id(enter, alice, bob):
    group = alice.group(bob)
    sender, other = enter(alice), enter(bob, group["id"])
    assert sender.ask({"action": "onJoin", "room": group["id"], "name": "A"}) == OK
    frame = posted(sender, group["id"], "Helo")
    assert other.frame() == frame and (frame["room"], frame["userId"]) == (group["id"], alice.id)
    edit = posted(sender, group["id"], "Hello", postedAt=frame["postedAt"], userId=alice.id)
    assert other.frame() == edit
    assert [(each["text"], each["author"]) for each in bob.history(group)["messages"]] == [("Hello", alice.id)]
    bob.say(group, "natively")
    assert other.frame()["message"] == sender.frame()["message"] == "natively"
    other.send({"action": "onHistory", "room": group["id"]})
    assert [other.frame()["message"], other.frame()["message"], other.frame()] == ["Hello", "natively", OK]


def test_W_02_who_goes_from_such_a_room_is_still_in_the_channel(enter, alice, bob, room):
    group = alice.group(bob)
    socket = enter(bob, group["id"])
    assert socket.ask({"action": "onJoin", "room": room, "name": "B"}) == OK
    alice.say(group, "somewhere else")
    assert posted(socket, room, "here")["message"] == "here"
    assert socket.ask({"action": "onJoin", "room": group["id"], "name": "B"}) == OK
    assert {member["user_id"] for member in alice.read(f"/v1/channels/{group['id']}/members")["members"]} == {alice.id, bob.id}
    assert posted(socket, group["id"], "back")["message"] == "back"


def test_W_07_a_channel_that_one_is_not_in_is_no_room_of_ones_own(enter, alice, bob, carol):
    """With its id as a name it is a room like others, in which there is nothing of the channel."""
    group = alice.group(bob)
    alice.say(group, "a secret")
    member, outsider = enter(bob, group["id"]), enter(carol, group["id"])
    assert posted(outsider, group["id"], "is anybody here?")["userId"] == carol.id
    assert outsider.ask({"action": "onJoin", "room": group["id"], "name": "C", "history": 10}) == OK
    assert [outsider.frame().get("message"), outsider.frame()] == ["is anybody here?", OK]
    assert posted(member, group["id"], "only us")["message"] == "only us"
    assert [each["text"] for each in alice.history(group)["messages"]] == ["a secret", "only us"]


# --- W-12 to W-14
def test_W_12_history_of_a_room_on_request_and_on_joining(enter, alice, bob, room):
    sender = enter(alice, room)
    told = [posted(sender, room, text, name="Alice") for text in ["one", "two", "three"]]
    late = enter(bob)
    assert late.ask({"action": "onJoin", "room": room, "name": "B", "history": 2}) == OK
    assert [late.frame(), late.frame(), late.frame()] == [*told[1:], OK]
    late.send({"action": "onHistory", "room": room, "before": told[2]["postedAt"]})
    assert [late.frame(), late.frame(), late.frame()] == [*told[:2], OK]
    assert late.ask({"action": "onHistory", "room": room + "-empty"}) == OK
    for before in ["1970-01-01T00:00:00.000Z", "0000-01-01T00:00:00.000Z"]:
        assert late.ask({"action": "onHistory", "room": room, "before": before}) == OK, "nothing was said then"
    for limit in [0, -1, 201, 1.5]:
        refused = late.ask({"action": "onHistory", "room": room, "limit": limit})
        assert refused == {"statusCode": 400, "body": "value.limit is not a whole number from 1 to 200"}
    assert late.ask({"action": "onHistory", "room": ""})["statusCode"] == 400


def test_W_13_a_frame_may_bring_its_trace(enter, alice, room):
    socket = enter(alice)
    assert socket.ask(send(room, "x", traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")) == OK


@pytest.mark.parametrize("frame", ["", "nonsense", "[]", "1", '{"action":"onJoin","action":"onJoin"}'])
def test_W_14_what_is_no_frame_is_400_and_the_socket_lives(enter, alice, room, frame):
    socket = enter(alice)
    assert socket.ask(frame)["statusCode"] == 400
    assert socket.ask({"action": "onJoin", "room": room, "name": "A"}) == OK


@pytest.mark.parametrize("action", ["dm_chat", "send-message", "onjoin", None])
def test_W_14_another_systems_frame_is_400(enter, alice, action):
    assert enter(alice).ask({"action": action})["statusCode"] == 400


@pytest.mark.parametrize("key", ["action", "room", "message"])
def test_W_14_a_key_in_capitals_is_another_and_one_that_is_there_twice_no_frame(enter, alice, room, key):
    socket, frame = enter(alice, room), send(room, "x")
    capitals = {(each.title() if each == key else each): value for each, value in frame.items()}
    assert socket.ask(capitals) == {"statusCode": 400, "body": f"value.{key} is missing"}
    twice = json.dumps(frame)[:-1] + f', "{key}": "{frame[key]}"}}'
    assert socket.ask(twice) == {"statusCode": 400, "body": "value is not an object"}
    assert socket.ask({"action": "onHistory", "room": room}) == OK, "nothing was said"


@pytest.mark.parametrize(
    "frame",
    [
        *[{"action": action, "name": "A", "message": "x", "room": wrong} for action in ["onJoin", "onMessage"] for wrong in ["r" * 30_000, 10**30]],
        *[{"action": "onHistory", "room": "r", "limit": limit} for limit in [0, -1, 201, 1.5, 2**63, 2**64, 10**30]],
        *[{"action": "onHistory", "room": "r", "before": before} for before in ["", "9" * 30_000, "1e400"]],
        *[send("r", "x", postedAt=at) for at in ["", "x", "9" * 30_000, "+275760-09-13T00:00:00.000Z"]],
        "[" * 3000,
    ],
)
def test_W_14_what_is_beyond_all_is_400_and_the_socket_lives(enter, alice, room, frame):
    socket = enter(alice, room)
    if isinstance(frame, dict):
        frame = {**frame, "room": room if frame["room"] == "r" else frame["room"], "userId": alice.id}
    assert socket.ask(frame)["statusCode"] == 400
    assert posted(socket, room, "still here")["message"] == "still here"


@pytest.mark.parametrize("spelled", ["{}x", " {}", "", "*"])
def test_W_07_a_sender_is_named_to_the_letter(enter, alice, bob, room, spelled):
    socket, listener = enter(alice, room), enter(bob, room)
    name = spelled.format(alice.id)
    for frame in [send(room, "x", userId=name), send(room, "x", userId=alice.id.upper()), send(room, "x", userId=bob.id)]:
        assert socket.ask(frame) == {"statusCode": 401, "body": "Unauthorized"}
    assert posted(socket, room, "mine")["userId"] == alice.id and listener.frame()["message"] == "mine"
