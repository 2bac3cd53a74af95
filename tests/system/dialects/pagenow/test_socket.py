"""Rows P-08 to P-13: PageNow over its WebSocket."""

import json
import socket as sockets_of_the_system
import struct
import uuid

import pytest
from websockets.exceptions import ConnectionClosed

from dialects.frames import Sockets, wscat
from dialects.pagenow.client import ISO, UUID, message
from harness.tokens import claims_for, sign
from harness.waiting import until

NO_PARTICIPANT = {"statusCode": 401, "body": "Unauthorized access error"}
HEARTBEAT = {"action": "heartbeat"}


def refused(text, status=400):
    return {"statusCode": status, "body": text}


def nothing_before(socket, frame, answer):
    """Nothing is waiting for the socket: the next thing that it gets is the answer to this frame."""
    assert socket.ask(frame) == answer


UNKNOWN = {"action": "?"}
IS_UNKNOWN = refused("Invalid parameter 'action'")


# --- P-08
@pytest.mark.parametrize("stage", ["/", "/dev", "/prod"])
def test_P_08_the_token_in_the_query_connects_and_no_frame_comes(anna, stage):
    nothing_before(anna.socket(stage), UNKNOWN, IS_UNKNOWN)


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "e30.e30.e30"])
def test_P_08_what_is_no_token_cannot_be_decoded(sockets, token):
    status, body = sockets.refused(f"/dev?Authorization={token}")
    assert status == 401 and body.startswith("JWT decode error: ")


def test_P_08_a_token_that_does_not_hold_is_refused(sockets, parley, alice):
    claims = claims_for(alice.id, **{"cognito:username": alice.id})
    expired = {**claims, "exp": claims["iat"] - 1}
    to_come = {**claims, "auth_time": claims["iat"] + 600}
    nobody = {key: value for key, value in claims.items() if key != "cognito:username"}
    for token in [sign(claims, "another secret"), *(sign(c, parley.secret) for c in [expired, to_come, nobody])]:
        assert sockets.refused(f"/?Authorization={token}") == (401, "Authentication error")


@pytest.mark.parametrize("origin", ["http://localhost:4200", None])
def test_P_08_the_clients_page_may_connect(anna, sockets, origin):
    path = f"/?Authorization={anna.user.token}"
    socket = sockets.open(path, {"Origin": origin} if origin else None)
    assert socket.ask(UNKNOWN) == IS_UNKNOWN
    assert sockets.refused(path, {"Origin": "https://evil.example"})[0] == 403


def test_P_08_every_connection_of_a_user_lives(anna, ben):
    conversation = anna.direct(ben)
    tabs = [ben.socket(), ben.socket(), ben.socket()]
    [push] = anna.say(conversation, "to all tabs")
    assert [tab.frame() for tab in tabs] == [push] * 3


# --- P-09
def test_P_09_a_message_goes_to_everybody_in_it_and_to_its_sender(anna, ben, cleo):
    conversation = anna.group(ben, cleo)
    sender, other_tab, receiver, third = anna.socket(), anna.socket(), ben.socket(), cleo.socket()
    frame = {"action": "send-message", "tempMessageId": "t-1", "conversationId": conversation, "content": "Hello"}
    push = sender.ask(frame)
    assert list(push) == ["type", "messageId", "tempMessageId", "conversationId", "senderId", "content", "sentAt"]
    assert UUID.fullmatch(push.pop("messageId")) and ISO.fullmatch(push.pop("sentAt"))
    assert push == {
        "type": "new-message",
        "tempMessageId": "t-1",
        "conversationId": conversation,
        "senderId": anna.id,
        "content": "Hello",
    }
    texts = [socket.text() for socket in [other_tab, receiver, third]]
    assert len(set(texts)) == 1
    nothing_before(sender, UNKNOWN, IS_UNKNOWN)


def test_P_09_messages_come_in_their_order_with_ids_and_times_of_their_own(anna, ben):
    conversation = anna.direct(ben)
    receiver, sender = ben.socket(), anna.socket()
    for i in range(30):
        sender.send(message(conversation, f"m{i}", f"t{i}"))
    pushes = [receiver.frame() for _ in range(30)]
    assert [push["content"] for push in pushes] == [f"m{i}" for i in range(30)]
    assert len({push["messageId"] for push in pushes}) == len({push["sentAt"] for push in pushes}) == 30
    assert [push["sentAt"] for push in pushes] == sorted(push["sentAt"] for push in pushes)
    assert ben.messages(conversation, lambda rows: len(rows) == 30, limit=30, order="asc")[7]["messageId"] == pushes[7]["messageId"]


@pytest.mark.parametrize("field", ["tempMessageId", "conversationId", "content"])
@pytest.mark.parametrize("how", ["missing", "null", "empty"])
def test_P_09_what_is_missing_or_empty_is_named(anna, ben, field, how):
    frame = message(anna.direct(ben), "x")
    if how == "missing":
        del frame[field]
    else:
        frame[field] = None if how == "null" else ""
    receiver, sender = ben.socket(), anna.socket()
    assert sender.ask(frame) == refused(f"Missing '{field}' in event body")
    nothing_before(receiver, UNKNOWN, IS_UNKNOWN)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"content": "x" * 1001}, "content"),
        ({"content": 7}, "content"),
        ({"content": ["x"]}, "content"),
        ({"conversationId": 7}, "conversationId"),
        ({"tempMessageId": "x" * 4100}, "tempMessageId"),
    ],
)
def test_P_09_what_is_too_long_or_of_another_type_is_invalid(anna, ben, fields, name):
    sender = anna.socket()
    assert sender.ask({**message(anna.direct(ben), "x"), **fields}) == refused(f"Invalid parameter '{name}'")


@pytest.mark.parametrize("content", ["x" * 1000, "ä" * 1000, "🎉" * 1000, " ", "two\nlines\u0000", "</script>"])
def test_P_09_content_comes_back_as_it_was(anna, ben, content):
    conversation = anna.direct(ben)
    [push] = anna.say(conversation, content)
    assert push["content"] == content
    assert ben.messages(conversation)[0]["content"] == content
    assert ben.conversations()[0]["latestContent"] == content


def test_P_09_who_is_not_in_it_cannot_send(anna, ben, cleo):
    conversation = anna.direct(ben)
    receiver, outsider = ben.socket(), cleo.socket()
    assert outsider.ask(message(conversation, "x")) == NO_PARTICIPANT
    for unknown in [str(uuid.uuid4()), "x", "../../users/me"]:
        assert outsider.ask(message(unknown, "x")) == NO_PARTICIPANT
    nothing_before(receiver, UNKNOWN, IS_UNKNOWN)


def test_P_09_nobody_takes_part_in_a_room(anna, alice):
    room = alice.put(f"/v1/rooms/{uuid.uuid4()}").json()["id"]
    assert anna.socket().ask(message(room, "x")) == NO_PARTICIPANT
    assert alice.read(f"/v1/channels/{room}/messages")["messages"] == []


def test_P_09_the_sender_is_whom_the_token_names(anna, ben, cleo):
    conversation = anna.direct(ben)
    push = anna.socket().ask({**message(conversation, "x"), "senderId": cleo.id, "userId": cleo.id})
    assert push["senderId"] == anna.id


def test_P_09_a_message_that_is_sent_again_happens_once(anna, ben):
    conversation = anna.direct(ben)
    receiver, first = ben.socket(), anna.socket()
    push = first.ask(message(conversation, "once", "temp-7"))
    assert receiver.frame() == push
    again = anna.socket()
    assert again.ask(message(conversation, "once", "temp-7")) == push, "its sender is told what became of it"
    nothing_before(receiver, UNKNOWN, IS_UNKNOWN)
    assert again.ask(message(conversation, "another", "temp-7")) == refused("Invalid parameter 'tempMessageId'")
    assert [row["content"] for row in ben.messages(conversation)] == ["once"]


@pytest.mark.parametrize("temp", ["x" * 128, "y" * 129, "z" * 1000, "ä b\n", 17, 1.5, 0, True, {"a": 1}, ["b"]])
def test_P_09_a_tempMessageId_comes_back_as_it_was_and_names_one_message(anna, ben, temp):
    conversation = anna.direct(ben)
    receiver, sender = ben.socket(), anna.socket()
    push = sender.ask(message(conversation, "x", temp))
    assert push["tempMessageId"] == temp and type(push["tempMessageId"]) is type(temp)
    assert sender.ask(message(conversation, "x", temp)) == push
    assert receiver.frame() == push
    nothing_before(receiver, UNKNOWN, IS_UNKNOWN)


def test_P_09_the_same_tempMessageId_in_two_conversations_and_of_two_users(anna, ben, cleo):
    one, two = anna.direct(ben), anna.group(ben, cleo)
    sender, other = anna.socket(), ben.socket()
    assert sender.ask(message(one, "a", "t"))["conversationId"] == one
    assert other.frame()["content"] == "a"
    assert sender.ask(message(two, "b", "t"))["conversationId"] == two
    assert other.frame()["content"] == "b"
    assert other.ask(message(one, "c", "t"))["senderId"] == ben.id


def test_P_09_what_other_clients_write_arrives_and_theirs_see_it(anna, ben, alice, bob):
    conversation = anna.direct(ben)
    socket = ben.socket()
    native = alice.say({"id": conversation}, "from elsewhere")
    push = socket.frame()
    assert (push["content"], push["tempMessageId"], push["conversationId"]) == ("from elsewhere", None, conversation)
    socket.ask(message(conversation, "from here"))
    assert until(lambda: [m["text"] for m in bob.history({"id": conversation})["messages"]][1:] == ["from here"])
    alice.patch(f"/v1/channels/{conversation}/messages/{native['seq']}", {"text": "edited"})
    assert anna.messages(conversation, lambda rows: rows[-1]["content"] == "edited")[-1]["messageId"] == push["messageId"]
    alice.delete(f"/v1/channels/{conversation}/messages/{native['seq']}")
    assert anna.messages(conversation, lambda rows: rows[-1]["content"] == "")


def test_P_09_who_is_not_online_finds_it_later(anna, ben):
    conversation = anna.direct(ben)
    [push] = anna.say(conversation, "while away")
    assert ben.messages(conversation)[0]["messageId"] == push["messageId"]


# --- P-10
def read(conversation):
    return {"action": "read-messages", "conversationId": conversation}


def test_P_10_reading_is_told_to_all_of_ones_own_tabs_and_to_nobody_else(anna, ben, cleo):
    conversation = anna.group(ben, cleo)
    tabs, others = [ben.socket(), ben.socket()], [anna.socket(), cleo.socket()]
    anna.say(conversation, "one", "two")
    for socket in [*tabs, *others]:
        assert [socket.frame()["content"], socket.frame()["content"]] == ["one", "two"]
    told = tabs[0].ask(read(conversation))
    assert list(told.items()) == [("type", "read-messages"), ("conversationId", conversation), ("userId", ben.id)]
    assert tabs[1].frame() == told
    for socket in [*tabs, *others]:
        nothing_before(socket, UNKNOWN, IS_UNKNOWN)
    assert until(lambda: [row["isRead"] for row in ben.get("/conversations").json()] == [True])
    assert [row["isRead"] for row in cleo.get("/conversations").json()] == [False]


def test_P_10_what_was_just_heard_is_read(anna, ben):
    """However far behind what is read from may be."""
    conversation = anna.direct(ben)
    tab, sender = ben.socket(), anna.socket()
    for i in range(20):
        sender.send(message(conversation, f"m{i}", f"t{i}"))
        assert tab.frame()["content"] == f"m{i}"
        assert tab.ask(read(conversation))["type"] == "read-messages"
        until(lambda: [row["isRead"] for row in ben.get("/conversations").json()] == [True])


def test_P_10_reading_again_changes_nothing_and_is_answered(anna, ben):
    conversation = anna.direct(ben)
    until(lambda: ben.get(f"/conversations/{conversation}").status_code == 200)
    first, second = ben.socket(), ben.socket()
    told = first.ask(read(conversation))
    assert told.get("type") == "read-messages", told
    anna.say(conversation, "x")
    assert [first.frame()["content"], second.frame()["content"]] == ["x", "x"]
    assert [first.ask(read(conversation)), second.frame()] == [told, told]
    assert second.ask(read(conversation)) == told
    nothing_before(first, UNKNOWN, IS_UNKNOWN)


def test_P_10_reading_elsewhere_is_told_too(anna, ben, bob):
    conversation = anna.direct(ben)
    tab, reader = ben.socket(), anna.socket()
    reader.ask(message(conversation, "x"))
    assert tab.frame()["content"] == "x"
    assert bob.put(f"/v1/channels/{conversation}/read", {"seq": 1}).status_code == 204
    assert tab.frame() == {"type": "read-messages", "conversationId": conversation, "userId": ben.id}
    nothing_before(reader, UNKNOWN, IS_UNKNOWN)


def test_P_10_who_is_not_in_it_reads_nothing(anna, ben, cleo):
    conversation = anna.direct(ben)
    outsider = cleo.socket()
    assert outsider.ask(read(conversation)) == NO_PARTICIPANT
    assert outsider.ask(read(str(uuid.uuid4()))) == NO_PARTICIPANT
    assert outsider.ask(read("x")) == NO_PARTICIPANT
    assert outsider.ask({"action": "read-messages"}) == refused("Missing 'conversationId' in event body")
    assert outsider.ask(read("")) == refused("Missing 'conversationId' in event body")


# --- P-11
def test_P_11_a_heartbeat_gets_no_frame(anna):
    socket = anna.socket()
    socket.send(HEARTBEAT)
    nothing_before(socket, UNKNOWN, IS_UNKNOWN)


def test_P_11_who_is_idle_is_closed_and_heartbeats_keep_it_open(serve, circle_at):
    """With a limit of a second in place of ten minutes (which unit_ingest looks at)."""
    server = serve("--idle-timeout", "1500ms")
    token = circle_at(server).user("u").token
    opened = Sockets(server.url)
    idle, alive = (opened.open(f"/?Authorization={token}") for _ in range(2))
    beats = 0
    while True:
        try:
            idle.text(deadline_s=0.3)
        except TimeoutError:
            alive.send(HEARTBEAT)
            beats += 1
        except ConnectionClosed:
            break
    assert idle.closed() == 1001
    assert beats >= 4
    nothing_before(alive, UNKNOWN, IS_UNKNOWN)
    opened.close()


# --- P-12, P-13
def test_P_12_a_socket_that_closes_is_gone_and_it_alone(anna, ben, bob, alice):
    conversation = anna.direct(ben)
    first, second = ben.socket(), ben.socket()
    first.connection.close()
    [push] = anna.say(conversation, "x")
    assert second.frame() == push
    second.connection.close()
    with alice.socket() as watching:
        until(lambda: watching.ok("watch_presence", users=[bob.id])["online"] == [], message="he was not gone")


@pytest.mark.parametrize("reset", [True, False])
def test_P_13_a_socket_that_is_gone_keeps_nobody_from_hearing(anna, ben, cleo, reset):
    conversation = anna.group(ben, cleo)
    sender, gone, tab, third = anna.socket(), ben.socket(), ben.socket(), cleo.socket()
    raw = gone.connection.socket
    if reset:
        raw.setsockopt(sockets_of_the_system.SOL_SOCKET, sockets_of_the_system.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()
    for i in range(3):
        push = sender.ask(message(conversation, f"m{i}", f"t{i}"))
        assert push == tab.frame() == third.frame()


# --- bad input
@pytest.mark.parametrize("frame", ["", "nonsense", "[]", "1", "null", '{"action":"heartbeat","action":"heartbeat"}', "{}"])
def test_P_09_what_is_no_frame_is_refused_and_the_socket_lives(anna, frame):
    socket = anna.socket()
    assert socket.ask(frame) == refused("Missing 'action' in event body")
    nothing_before(socket, UNKNOWN, IS_UNKNOWN)


@pytest.mark.parametrize("field", ["action", "tempMessageId", "conversationId", "content"])
def test_P_09_a_key_in_capitals_is_another_and_one_that_is_there_twice_no_frame(anna, ben, field):
    frame = message(anna.direct(ben), "x")
    socket, receiver = anna.socket(), ben.socket()
    capitals = {(each.title() if each == field else each): value for each, value in frame.items()}
    assert socket.ask(capitals) == refused(f"Missing '{field}' in event body")
    twice = json.dumps(frame)[:-1] + f', "{field}": "y"}}'
    assert socket.ask(twice) == refused("Missing 'action' in event body")
    nothing_before(receiver, UNKNOWN, IS_UNKNOWN)


@pytest.mark.parametrize("id", ["7", "9" * 30_000, str(2**64)], ids=len)
def test_P_09_a_number_is_no_conversation(anna, ben, id):
    socket = anna.socket()
    for frame in [message(id, "x"), read(id)]:
        assert socket.ask(frame) == NO_PARTICIPANT
    assert socket.ask(read(10**30)) == NO_PARTICIPANT
    assert socket.ask(message(10**30, "x")) == refused("Invalid parameter 'conversationId'")


@pytest.mark.parametrize("action", ["onMessage", "dm_chat", "channelChat", "Send-Message", "post_message"])
def test_P_09_another_systems_frame_is_refused(anna, action):
    assert anna.socket().ask({"action": action, "room": "r", "message": "x"}) == IS_UNKNOWN


def test_P_09_the_example_of_wscat(parley, anna, ben):
    conversation = anna.direct(ben)
    frame = f'{{"action":"send-message","tempMessageId":"t","conversationId":"{conversation}","content":"Hello"}}'
    url = "ws" + parley.url.removeprefix("http").rstrip("/") + f"/dev?Authorization={anna.user.token}"
    push = json.loads(wscat(url, frame))
    assert (push["type"], push["tempMessageId"], push["content"]) == ("new-message", "t", "Hello")
