"""Rows N-15 to N-20: social media's sockets, and the stages of a chat's delivery."""

import json
import struct
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, create_connection

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from harness.tokens import claims_for, sign
from harness.waiting import until


@pytest.fixture
def listen(sockets):
    """A socket: of a channel's number, or of all of the user's channels."""

    def open(client, channel=None):
        return client.socket(sockets, channel["id"] if channel else client.id)

    return open


def pushed(chat):
    return {key: chat[key] for key in ("channelId", "text", "createdAt")}


def ack(socket, chat):
    socket.send({"event": "onAck", "data": {"channelId": chat["channelId"], "createdAt": chat["createdAt"]}})


def nothing_came(socket):
    """Of what was sent before; the answer to this one comes next."""
    socket.send({"event": "what came before?"})
    return socket.text() == "event is not found"


def reached(client, chat, stage):
    return until(lambda: client.chat(chat)[stage])


# --- N-15
def refusal(sockets, path, headers=None):
    socket = sockets.open(path, headers)
    text = socket.text()
    assert socket.closed() == 1008
    return text


@pytest.mark.parametrize(
    ("query", "headers", "text"),
    [
        ("?clientid=clientid_1&email=a@b", {}, "authorization header is not found"),
        ("?clientid=clientid_1&email=a@b", {"Authorization": "Basic YTpi"}, "bearer token is not found"),
        ("?clientid=clientid_1&email=a@b", {"Authorization": "Bearer "}, "bearer token is not found"),
        ("?x=1", None, "specified parameters are not found"),
        ("?email=a@b", None, "clientid parameter is not found"),
        ("?clientid=clientid_x&email=a@b", None, "clientid parameter is not found"),
        ("?clientid=clientid_1", None, "email parameter is not found"),
        ("?clientid=clientid_1&email=", None, "email parameter is not found"),
    ],
)
def test_N_15_what_a_handshake_lacks_is_told_as_a_plain_text(sockets, ann, query, headers, text):
    assert refusal(sockets, f"/{query}", ann.bearer() if headers is None else headers) == text


def test_N_15_a_token_that_is_no_good_is_told_as_a_plain_text_too(sockets, parley, ann):
    expired = sign(claims_for("x", -1, userEmail=ann.email), parley.secret)
    for token in ["x.y.z", expired]:
        text = refusal(sockets, f"/?clientid=clientid_{ann.id}&email={ann.email}", {"Authorization": f"Bearer {token}"})
        assert text.startswith("bearer token is not found")


def test_N_15_another_ones_address_or_number_is_refused(sockets, ann, ben):
    number = f"/?clientid=clientid_{ann.id}"
    assert "email" in refusal(sockets, f"{number}&email={ben.email}", ann.bearer())
    for wrong in [ben.id, 7]:
        assert "clientid" in refusal(sockets, f"/?clientid=clientid_{wrong}&email={ann.email}", ann.bearer())
    strange = ben.channel()
    assert "clientid" in refusal(sockets, f"/?clientid=clientid_{strange['id']}&email={ann.email}", ann.bearer())


def test_N_15_a_channels_number_is_that_channel_and_ones_own_is_all(ann, ben, channel, listen):
    other = ann.channel("others")
    ben.join(other)
    one, all = listen(ben, channel), listen(ben)
    first, second = ann.say(other, "there"), ann.say(channel, "here")
    assert [all.frame(), all.frame()] == [pushed(first), pushed(second)]
    assert one.frame() == pushed(second)


def test_N_15_an_address_is_the_same_in_capitals(sockets, ann):
    socket = sockets.open(f"/?clientid=clientid_{ann.id}&email={ann.email.upper()}", ann.bearer())
    socket.send("begun?")
    assert socket.text() == "event is not found"


# --- N-16
def test_N_16_a_chat_comes_to_all_members_sockets_as_documented(ann, ben, channel, listen):
    sockets = [listen(ben, channel), listen(ben), listen(ann)]
    chat = ann.say(channel, "Hello 👋")
    for socket in sockets:
        text = socket.text()
        assert list(json.loads(text)) == ["channelId", "text", "createdAt"] and json.loads(text) == pushed(chat)


def test_N_16_every_chat_once_and_in_order(ann, ben, channel, listen):
    socket = listen(ben, channel)
    chats = [ann.say(channel, f"chat {i}") for i in range(50)]
    assert [socket.frame() for _ in chats] == [pushed(chat) for chat in chats]


def test_N_16_what_is_said_natively_and_in_direct_channels_comes_too(ann, ben, alice, bob, listen):
    socket = listen(ben)
    direct = alice.direct(bob)
    message = alice.say(direct, "psst")
    frame = socket.frame()
    assert (frame["channelId"], frame["text"]) == (direct["number"], "psst")
    chat = ben.get(f"/chats/{message['number']}", channelId=direct["number"]).json()
    assert (chat["senderId"], chat["createdAt"]) == (ann.id, frame["createdAt"])


def test_N_16_who_has_left_hears_nothing_more(ann, ben, channel, listen):
    socket = listen(ben)
    assert ben.delete("/members", {"channelId": channel["id"]}).status_code == 204
    ann.say(channel, "without you")
    other = ann.channel("others")
    ben.join(other)
    assert socket_hears(socket, ann.say(other, "with you"))


def socket_hears(socket, chat):
    return socket.frame() == pushed(chat)


# --- N-17, N-18
def test_N_17_published_then_delivered_then_acked(ann, ben, channel, listen):
    chat = ann.say(channel, "one")
    assert (chat["publishAt"], chat["deliveredAt"], chat["ackedAt"]) == (chat["createdAt"], None, None)
    assert ann.chat(chat)["deliveredAt"] is None, "nobody is there"
    socket = listen(ben, channel)
    chat = ann.say(channel, "two")
    assert socket.frame() == pushed(chat)
    delivered_at = reached(ann, chat, "deliveredAt")
    assert delivered_at >= chat["publishAt"] and ann.chat(chat)["ackedAt"] is None
    ack(socket, chat)
    acked_at = reached(ben, chat, "ackedAt")
    assert acked_at >= delivered_at and ann.chat(chat)["deliveredAt"] == delivered_at


def test_N_17_ones_own_socket_delivers_nothing(ann, channel, listen):
    socket = listen(ann, channel)
    chat = ann.say(channel, "anybody?")
    assert socket.frame() == pushed(chat) and nothing_came(socket)
    assert ann.chat(chat)["deliveredAt"] is None


def test_N_17_pages_and_hits_have_the_stages_too(ann, ben, channel, listen):
    socket = listen(ben, channel)
    chat = ann.say(channel, "stages")
    assert socket.frame() == pushed(chat)
    reached(ann, chat, "deliveredAt")
    shown = ann.chat(chat)
    assert ann.page(channel)["data"] == [shown]
    assert until(lambda: ann.search(channel, "stages")["data"]) == [shown]


def test_N_18_an_ack_has_no_answer_and_counts_for_what_came_before(ann, ben, channel, listen):
    socket = listen(ben, channel)
    chats = [ann.say(channel, str(i)) for i in range(3)]
    for chat in chats:
        assert socket.frame() == pushed(chat)
    ack(socket, chats[1])
    assert nothing_came(socket)
    reached(ann, chats[1], "ackedAt")
    assert ann.chat(chats[0])["ackedAt"] and ann.chat(chats[2])["ackedAt"] is None


def test_N_18_an_ack_counts_also_after_an_answer(ann, ben, channel, listen):
    socket = listen(ben, channel)
    chat = ann.say(channel, "question")
    answer = ben.say(channel, "answer")
    assert [socket.frame(), socket.frame()] == [pushed(chat), pushed(answer)]
    ack(socket, chat)
    reached(ann, chat, "ackedAt")
    assert ann.chat(answer)["ackedAt"] is None


def test_N_18_right_behind_the_push(ann, ben, channel, listen):
    """The read models may not have it yet."""
    socket = listen(ben, channel)
    for i in range(10):
        chat = ann.say(channel, str(i))
        assert socket.frame() == pushed(chat)
        ack(socket, chat)
        reached(ann, chat, "ackedAt")


@pytest.mark.parametrize(
    "frame",
    [
        *["", "nonsense", "[]", "1", '{"event":"onAck","event":"onAck"}', {"event": "onack"}, {"action": "onJoin"}, {"event": "onAck"}],
        *[{"event": "onAck", "data": data} for data in ["x", {}, {"channelId": 1}, {"channelId": "1", "createdAt": "x"}]],
        {"event": "onAck", "data": {"channelId": 7, "createdAt": "2024-12-19T06:54:04.273Z"}},
        {"event": "onAck", "data": {"channelId": 2**63, "createdAt": "2024-12-19T06:54:04.273Z"}},
    ],
)
def test_N_18_what_is_no_ack_is_told_and_the_socket_lives(ann, ben, channel, listen, frame):
    socket = listen(ben)
    socket.send(frame)
    assert socket.text().endswith("not found")
    assert socket_hears(socket, ann.say(channel, "still here"))


@pytest.mark.parametrize("frame", [{"action": action} for action in ["send-message", "read-messages", "channelChat", "dm_chat", "onMessage"]])
def test_N_18_another_systems_frame_is_no_event(ann, ben, channel, listen, frame):
    socket = listen(ben)
    everything = {"room": "r", "message": "x", "sender": ann.email, "receiver": ben.email, "content": "x", "tempMessageId": "t"}
    socket.send({**everything, **frame})
    assert socket.text() == "event is not found"
    assert ben.page(channel)["data"] == []


@pytest.mark.parametrize("key", ["event", "data", "channelId", "createdAt"])
def test_N_18_a_key_in_capitals_is_another_and_one_that_is_there_twice_no_ack(ann, ben, channel, listen, key):
    chat = ann.say(channel, "x")
    frame = json.dumps({"event": "onAck", "data": {"channelId": channel["id"], "createdAt": chat["createdAt"]}})
    socket = listen(ben)
    for wrong in [frame.replace(f'"{key}"', f'"{key.title()}"'), frame.replace(f'"{key}"', f'"{key}": 1, "{key}"')]:
        socket.send(wrong)
        assert socket.text().endswith("not found")
    assert ann.chat(chat)["ackedAt"] is None


def test_N_18_of_a_chat_that_is_not_there(ben, channel, listen):
    socket = listen(ben)
    socket.send({"event": "onAck", "data": {"channelId": channel["id"], "createdAt": "2024-12-19T06:54:04.273Z"}})
    assert socket.text() == "specified chat is not found"


# --- N-19, N-20
def test_N_19_who_is_gone_gets_nothing_and_comes_back_to_what_is_new(ann, ben, channel, listen):
    socket, witness = listen(ben, channel), listen(ann)
    socket.connection.close()
    with pytest.raises(ConnectionClosed):
        socket.text()
    missed = ann.say(channel, "missed")
    assert witness.frame() == pushed(missed)
    again = listen(ben, channel)
    chat = ann.say(channel, "new")
    assert again.frame() == pushed(chat)
    assert texts(ben.page(channel)) == ["new", "missed"]


def texts(page):
    return [chat["text"] for chat in page["data"]]


@pytest.fixture
def ingest(parley, shape):
    return parley.at("ingest") if shape == "topology" else parley.url.removeprefix("http://")


def open_ones(ingest):
    lines = httpx.get(f"http://{ingest}/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("parley_ingest_connections "))


def test_N_19_nothing_is_left_of_a_socket_that_broke(ingest, ben, channel, listen):
    before = open_ones(ingest)
    for broken in [listen(ben, channel) for _ in range(5)]:
        broken.connection.socket.shutdown(SHUT_RDWR)
    until(lambda: open_ones(ingest) <= before)


def test_N_19_nothing_is_left_of_who_goes_before_he_is_taken(ingest, ben):
    before = open_ones(ingest)
    lines = [
        f"GET /?clientid=clientid_{ben.id}&email={ben.email} HTTP/1.1",
        f"Host: {ingest}",
        f"Authorization: Bearer {ben.token}",
        *["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
    ]
    host, port = ingest.split(":")
    for _ in range(30):
        with create_connection((host, int(port))) as raw:
            raw.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))  # a reset
            raw.sendall("\r\n".join([*lines, "", ""]).encode())
    until(lambda: open_ones(ingest) <= before)


def test_N_20_delivery_and_acks_are_commands_in_the_log_and_not_one_for_each_push(parley, circle, ann, ben, channel, listen):
    socket = listen(ben, channel)
    chats = [ann.say(channel, str(i)) for i in range(60)]
    assert [socket.frame() for _ in chats] == [pushed(chat) for chat in chats]
    reached(ann, chats[-1], "deliveredAt")
    ack(socket, chats[-1])
    reached(ann, chats[-1], "ackedAt")
    operator = circle.user("operator")
    operator.token = sign(claims_for(operator.id, **{"parley:operator": True}), parley.secret)
    kinds = [command["type"] for command in operator.read("/v1/admin/commands", user=ben.email, limit=200)["commands"]]
    assert 2 <= kinds.count("move_cursor") < 30
