"""Rooms: channels without members, heard by the connections that joined them, each from exactly the version that it was told."""

import json
import secrets
import threading

import pytest
from websockets.exceptions import ConnectionClosed

from harness.client import ok, path_of, problem
from harness.shapes import CHANNEL, has, is_id
from harness.topology import Topology


@pytest.fixture
def room():
    return f"lobby-{secrets.token_hex(4)}"


def join(socket, room):
    reply = socket.ok("join_channel", room=room)
    assert {"channel_id", "last_seq", "version"} <= reply.keys()
    return {"id": reply["channel_id"], "version": reply["version"], "last_seq": reply["last_seq"]}


def say(socket, channel, text="x"):
    return socket.ok("post_message", channel_id=channel["id"], text=text)


def nothing_came(socket):
    socket.call("ping")
    assert not [item for item in socket.waiting if "version" in item]


def path(channel, rest=""):
    return f"/v1/channels/{channel['id']}{rest}"


def test_a_room_is_made_by_the_first_who_joins_and_heard_by_all_who_did(alice, bob, room):
    with alice.socket() as one, bob.socket() as two, bob.socket("parley.v1.batch") as outside:
        made = join(one, room)
        assert (made["version"], made["last_seq"]) == (1, 0)
        say(one, made)
        joined = join(two, room)
        assert joined == {"id": made["id"], "version": 2, "last_seq": 1}
        posted = say(two, made, "hello")
        for socket in [one, two]:
            event = socket.take(lambda item: item.get("version") == posted["version"])
            assert event["message"]["text"] == "hello" and event["message"]["author"] == bob.id
        nothing_came(outside)
        assert [event["version"] for event in (one.event(),)] == [2], "the first was heard by the one who was in it alone"


def test_a_room_is_a_channel_that_anyone_may_read(alice, bob, room):
    with alice.socket() as socket:
        channel = join(socket, room)
        say(socket, channel, "hello")
    shown = has(bob.read(path(channel)), CHANNEL)
    assert (shown["kind"], shown["name"], shown["member_count"]) == ("room", room, 0)
    assert shown["workspace_id"] is None and shown["created_by"] == alice.id
    assert [message["text"] for message in bob.history(channel)["messages"]] == ["hello"]
    assert bob.read(path(channel, "/members"))["members"] == []
    posted = bob.say(channel, "by http")
    assert posted["seq"] == 2
    ok(alice.put(path(channel, "/messages/2/reactions/👋")), 204)
    assert ok(bob.patch(path(channel, "/messages/2"), {"text": "edited"}), 200)["text"] == "edited"
    problem(alice.patch(path(channel, "/messages/2"), {"text": "mine"}), 403, "forbidden")
    ok(bob.delete(path(channel, "/messages/2?scope=all")), 204)
    assert alice.read("/v1/inbox")["channels"] == []


def test_a_room_has_no_members_and_stays_as_it_is(alice, bob, room):
    with alice.socket() as socket:
        channel = join(socket, room)
        say(socket, channel)
    for answer in [
        alice.put(path(channel, f"/members/{bob.id}")),
        alice.put(path(channel, f"/members/{alice.id}")),
        alice.delete(path(channel, f"/members/{alice.id}")),
        alice.patch(path(channel), {"name": "mine"}),
        alice.delete(path(channel)),
        alice.put(path(channel, "/read"), {"seq": 1}),
        alice.put(path(channel, "/messages/1/pin")),
        alice.delete(path(channel, "/messages/1?scope=me")),
    ]:
        problem(answer, 403, "forbidden")
    assert alice.read(path(channel))["version"] == 2


def test_a_room_that_is_there_is_joined_by_its_id_too(alice, bob, room):
    with alice.socket() as one, bob.socket() as two:
        channel = join(one, room)
        reply = two.ok("join_channel", channel_id=channel["id"])
        assert (reply["channel_id"], reply["version"]) == (channel["id"], 1)
        say(one, channel)
        assert two.event(channel)["version"] == 2


def test_who_leaves_hears_no_more_and_may_come_back(alice, bob, room):
    with alice.socket() as one, bob.socket() as two:
        channel = join(one, room)
        join(two, room)
        say(one, channel)
        assert two.event(channel)["version"] == 2
        left = two.ok("leave_channel", room=room)
        assert (left["channel_id"], left["version"], left["last_seq"]) == (channel["id"], 2, 1)
        say(one, channel)
        nothing_came(two)
        assert join(two, room) == {"id": channel["id"], "version": 3, "last_seq": 2}
        say(one, channel)
        assert two.event(channel)["version"] == 4
        two.ok("leave_channel", channel_id=channel["id"])
        two.refused("forbidden", "leave_channel", room=room)
        two.refused("not_found", "leave_channel", room=room + "?")


def test_the_connection_joins_and_not_the_user(alice, room):
    with alice.socket() as one, alice.socket() as other:
        channel = join(one, room)
        say(other, channel)
        assert one.event(channel)["version"] == 2
        nothing_came(other)
    with alice.socket() as again:
        again.ok("post_message", channel_id=channel["id"], text="x")
        nothing_came(again)


def test_joining_twice_changes_nothing(alice, room):
    with alice.socket() as socket:
        ids = [socket.send("join_channel", room=room) for _ in range(5)]
        replies = [socket.reply(id) for id in ids]
        assert {reply["version"] for reply in replies} == {1}
        is_id(replies[0]["command_id"])
        channel = {"id": replies[0]["channel_id"]}
        say(socket, channel)
        assert socket.event(channel)["version"] == 2
        nothing_came(socket)


def test_a_repeated_key_is_a_duplicate_and_joins_all_the_same(alice, room):
    with alice.socket() as one, alice.socket() as other:
        first = one.ok("join_channel", room=room, key="k")
        again = other.ok("join_channel", room=room, key="k")
        assert again["duplicate"] is True and "duplicate" not in first
        assert again["command_id"] and again["channel_id"] == first["channel_id"]
        say(one, {"id": first["channel_id"]})
        assert other.event()["version"] == 2


def test_the_position_of_a_join_reads_the_room(alice, bob, room):
    with alice.socket() as socket:
        reply = socket.ok("join_channel", room=room)
    headers = {"Parley-Min-Position": reply["position"]}
    assert ok(bob.get(path({"id": reply["channel_id"]}), headers=headers), 200)["name"] == room
    status = ok(alice.get(f"/v1/commands/{reply['command_id']}"), 200)
    assert (status["status"], status["channel_id"]) == ("accepted", reply["channel_id"])


@pytest.mark.parametrize("fields", [{"room": ""}, {"room": "r" * 129}, {"room": 7}, {"room": "a\nb"}, {"room": None}, {}])
def test_a_name_that_can_be_none_is_refused(alice, fields):
    with alice.socket() as socket:
        for type in ["join_channel", "leave_channel"]:
            socket.refused("invalid_argument", type, **fields)
        assert join(socket, "r" * 128)


def test_a_name_and_an_id_at_once_are_refused(alice, room):
    with alice.socket() as socket:
        channel = join(socket, room)
        socket.refused("invalid_argument", "join_channel", room=room, channel_id=channel["id"])


def test_a_channel_that_is_no_room_is_joined_as_ever(alice, bob, carol):
    group = alice.group(bob)
    workspace = alice.workspace()
    alice.invite(workspace, carol)
    public = alice.channel(workspace)
    with carol.socket() as socket:
        socket.refused("not_found", "join_channel", channel_id=group["id"])
        socket.ok("join_channel", channel_id=public["id"])
        assert socket.event(public)["type"] == "member_joined"
    with alice.socket() as socket:
        socket.refused("forbidden", "join_channel", channel_id=alice.direct(bob)["id"])


def test_typing_in_a_room_reaches_who_is_in_it(alice, bob, carol, room):
    with alice.socket() as one, bob.socket() as two, carol.socket() as outside:
        channel = join(one, room)
        join(two, room)
        outside.send_raw(json.dumps({"type": "typing", "channel_id": channel["id"]}))
        one.send_raw(json.dumps({"type": "typing", "channel_id": channel["id"]}))
        assert two.notice("typing") == {"type": "typing", "channel_id": channel["id"], "user_id": alice.id}
        say(one, channel)
        two.event(channel)
        assert not [item for item in [*two.waiting, *one.waiting] if item["type"] == "typing"]


def test_a_connection_may_be_in_so_many_rooms_and_no_more(serve, circle_at):
    alice = circle_at(serve("--max-rooms-per-connection", "3")).user("alice")
    with alice.socket() as socket, alice.socket() as other:
        rooms = [join(other, f"r{number}") for number in range(3)]
        ids = [socket.send("join_channel", room=f"r{number}") for number in range(10)]
        replies = [socket.reply(id) for id in ids]
        assert [reply["type"] for reply in replies].count("ok") == 3
        assert {reply["code"] for reply in replies if reply["type"] == "error"} == {"conflict"}
        assert join(socket, "r0"), "it is in it"
        socket.ok("leave_channel", room="r0")
        join(socket, "r9")
        socket.refused("forbidden", "join_channel", channel_id=rooms[0]["id"])


def test_a_join_is_exact_while_others_write(alice, bob, room):
    """Whoever joins hears everything after the version that he was told, and nothing of before."""
    writes = 300
    with alice.socket() as writer, bob.socket() as reader:
        channel = join(writer, room)
        done = threading.Thread(target=lambda: [say(writer, channel, str(number)) for number in range(writes)])
        done.start()
        last = 0
        while last < writes + 1:
            joined = join(reader, room)
            assert joined["version"] - 1 == joined["last_seq"] and joined["version"] >= last
            heard = joined["version"]
            for _ in range(min(5, writes + 1 - heard)):
                event = reader.event(channel)
                heard += 1
                assert event["version"] == heard
            left = reader.ok("leave_channel", room=room)
            while heard < left["version"]:
                heard += 1
                assert reader.event(channel)["version"] == heard
            nothing_came(reader)
            last = heard
        done.join()


# --- a broadcaster that is killed
@pytest.fixture
def topology(tmp_path, broker):
    topology = Topology(tmp_path, broker)
    try:
        yield topology.start()
    finally:
        topology.end()


class Listener:
    """Someone in a room, who comes back when his socket is closed with 1012."""

    def __init__(self, user, room):
        self.user, self.room = user, room
        self.breaks = 0
        self.come_back()

    def come_back(self):
        self.opened = self.user.socket()
        self.socket = self.opened.__enter__()
        self.channel = join(self.socket, self.room)
        self.heard = self.channel["version"]

    def follow(self, version):
        """Hears everything up to that version, without a hole unless he was cut off."""
        while self.heard < version:
            try:
                assert self.socket.event(self.channel)["version"] == self.heard + 1
                self.heard += 1
            except ConnectionClosed as closed:
                assert closed.rcvd.code == 1012, closed
                self.breaks += 1
                self.come_back()

    def leave(self):
        self.opened.__exit__(None, None, None)


@pytest.mark.shape("topology")
def test_a_room_is_heard_on_when_the_broadcaster_starts_again_or_its_sockets_are_closed(topology, circle_at, room):
    alice, bob, carol = circle_at(topology).users("alice", "bob", "carol")
    listeners = [Listener(alice, room), Listener(bob, room)]
    channel = listeners[0].channel
    for number in range(3):
        version = carol.say(channel, "before")["version"]
        topology.kill_part("broadcaster")
        said = carol.post(path(channel, "/messages"), {"text": "away"}, key=f"k-{number}")
        assert said.status_code in (201, 202), said.text
        topology.start_part("broadcaster")
        for listener in listeners:
            listener.follow(version + 1)
        assert carol.say(channel, "after")["version"] == version + 2
        for listener in listeners:
            listener.follow(version + 2)
    for listener in listeners:
        left = listener.socket.ok("leave_channel", room=room)
        assert left["version"] == listener.heard
        listener.leave()


# --- by HTTP
def room_path(name):
    return f"/v1/rooms/{path_of(name)}"


def test_a_room_is_asked_for_by_name_and_made_if_need_be(alice, bob, room):
    made = has(ok(alice.put(room_path(room)), 200), CHANNEL)
    assert (made["kind"], made["name"], made["version"], made["created_by"]) == ("room", room, 1, alice.id)
    assert ok(bob.put(room_path(room), {}), 200) == made
    assert bob.read(path(made)) == {**made, "joined": False}
    with bob.socket() as socket:
        assert join(socket, room) == {"id": made["id"], "version": 1, "last_seq": 0}
        alice.say(made, "by http")
        assert socket.event(made)["message"]["text"] == "by http"
    assert ok(alice.put(room_path(room)), 200)["last_seq"] == 1


def test_to_ask_for_a_room_is_not_to_join_it(alice, bob, room):
    with alice.socket() as socket:
        made = ok(alice.put(room_path(room)), 200)
        bob.say(made, "unheard")
        nothing_came(socket)
    assert alice.read("/v1/inbox")["channels"] == []


def test_a_key_makes_a_room_once(alice, bob, room):
    first = alice.put(room_path(room), key="k")
    bob.say(ok(first, 200), "meanwhile")
    again = alice.put(room_path(room), key="k")
    assert ok(again, 200) == ok(first, 200) and again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("name", ["a/b", "ä👍 x?#%", "x" * 128, "👍" * 128])
def test_any_name_is_a_room_s(alice, name):
    made = ok(alice.put(room_path(name)), 200)
    assert made["name"] == name
    with alice.socket() as socket:
        assert join(socket, name)["id"] == made["id"]


@pytest.mark.parametrize("name", ["x" * 129, "a%0ab", "%ff", "%c2%85"])
def test_a_name_that_is_none_is_refused(alice, name):
    problem(alice.put(f"/v1/rooms/{name}"), 400, "invalid_argument")


def test_a_room_takes_no_fields(alice, room):
    for body in [{"name": room}, {"metadata": {}}, []]:
        problem(alice.put(room_path(room), body), 400, "invalid_argument")
    problem(alice.get(room_path(room)), 405, "method_not_allowed")
