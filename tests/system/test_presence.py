"""Who is online, and who is typing: from live connections, never stored, across all processes."""

import itertools
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.shapes import is_time
from harness.topology import Topology

GRACE_MS = 700


def path_of(channel, user):
    return f"/v1/channels/{channel['id']}/members/{user.id}"


def watch(socket, *users):
    return socket.ok("watch_presence", users=[str(user) for user in users])["online"]


def online(socket, user):
    """The next that is told of him."""
    frame = socket.take(lambda item: item["type"] == "presence" and item["user_id"] == user.id)
    assert frame.keys() == {"type", "user_id", "online", "last_seen"}
    is_time(frame["last_seen"])
    return frame["online"]


def nothing_came(socket, type):
    """A round trip through the socket, before which it would have come."""
    socket.call("ping")
    assert not [item for item in socket.waiting if item["type"] == type]


# --- presence
def test_a_watcher_is_told_who_is_online_and_who_comes(alice, bob, carol):
    with alice.socket() as socket, bob.socket():
        assert watch(socket, bob, carol, alice) == sorted([alice.id, bob.id])
        with carol.socket():
            assert online(socket, carol) is True
        with carol.socket():
            nothing_came(socket, "presence")  # within the grace she was never away


def test_a_new_list_takes_the_place_of_the_old_one(alice, bob, carol):
    with alice.socket() as socket:
        assert watch(socket, bob) == []
        assert watch(socket, carol) == []
        with bob.socket(), carol.socket():
            assert online(socket, carol) is True
            nothing_came(socket, "presence")
            assert watch(socket) == []


def test_several_devices_are_one_presence(alice, bob):
    with alice.socket() as one, alice.socket() as other:
        for socket in [one, other]:
            assert watch(socket, bob) == []
        with bob.socket(), bob.socket("parley.v1.batch"), bob.socket():
            for socket in [one, other]:
                assert online(socket, bob) is True
                nothing_came(socket, "presence")


@pytest.mark.parametrize("users", [None, "bob", {}, [7], [None], ["u"] * 201])
def test_a_list_that_is_none_or_too_long_is_refused(alice, users):
    with alice.socket() as socket:
        fields = {} if users is None else {"users": users}
        socket.refused("invalid_argument", "watch_presence", **fields)
        assert watch(socket, *["u"] * 200) == []


def test_a_user_id_that_can_be_none_is_nobody(alice):
    with alice.socket() as socket:
        socket.refused("not_found", "watch_presence", users=["a/b"])
        socket.send_raw(json.dumps({"type": "watch_presence", "users": []}))
        assert socket.notice("error")["code"] == "invalid_argument"


def test_a_thousand_devices_of_one_user_come_and_go_as_one(alice, bob):
    sockets = []
    with alice.socket() as socket:
        assert watch(socket, bob) == []
        try:
            for _ in range(200):
                device = bob.socket()
                device.__enter__()
                sockets.append(device)
            assert online(socket, bob) is True
        finally:
            for device in sockets:
                device.__exit__(None, None, None)
        nothing_came(socket, "presence")


def test_who_has_gone_is_offline_after_the_grace_and_was_last_seen_when_he_went(serve, circle_at):
    circle = circle_at(serve("--presence-grace-ms", str(GRACE_MS)))
    alice, bob = circle.users("alice", "bob")
    with alice.socket() as socket:
        assert watch(socket, bob) == []
        with bob.socket():
            assert online(socket, bob) is True
        left = time.time()
        gone = socket.take(lambda item: item["type"] == "presence")
        took = time.time() - left
        assert gone["online"] is False and gone["user_id"] == bob.id
        assert took > GRACE_MS / 1000 - 0.2
        reply = socket.ok("watch_presence", users=[bob.id])
        assert reply["online"] == [] and reply["last_seen"] == {bob.id: is_time(gone["last_seen"])}


# --- typing
def test_typing_goes_to_the_others_in_the_channel_and_to_nobody_else(alice, bob, carol):
    channel = alice.group(bob)
    with alice.socket() as one, alice.socket() as two, bob.socket() as three, carol.socket() as outside:
        one.send_raw(json.dumps({"type": "typing", "channel_id": channel["id"]}))
        assert three.notice("typing") == {"type": "typing", "channel_id": channel["id"], "user_id": alice.id}
        for socket in [one, two, outside]:
            nothing_came(socket, "typing")


def test_typing_is_answered_by_nothing_stored_nowhere_and_takes_no_version(alice, bob):
    channel = alice.group(bob)
    with alice.socket() as socket, bob.socket() as other:
        socket.send("typing", channel_id=channel["id"])
        other.notice("typing")
        posted = socket.ok("post_message", channel_id=channel["id"], text="x")
        assert (posted["seq"], posted["version"]) == (1, channel["version"] + 1)
        assert other.event(channel)["version"] == posted["version"]
        assert not [item for item in socket.waiting if item["type"] in ("ok", "error", "typing")]


def test_of_much_typing_one_goes_out(alice, bob):
    channel, other = alice.group(bob), alice.group(bob)
    with alice.socket() as one, alice.socket() as two, bob.socket() as reader:
        for _ in range(20):
            one.send("typing", channel_id=channel["id"])
            two.send("typing", channel_id=channel["id"])
        reader.notice("typing")
        one.send("typing", channel_id=other["id"])
        assert reader.notice("typing")["channel_id"] == other["id"], "each channel by itself"
        alice.say(channel, "done")
        reader.event(channel)
        nothing_came(reader, "typing")


def test_who_is_not_in_the_channel_types_unheard(alice, bob, carol):
    channel = alice.group(bob)
    with carol.socket() as outside, bob.socket() as reader:
        outside.send("typing", channel_id=channel["id"])
        outside.call("ping")
        alice.say(channel, "done")
        reader.event(channel)
        nothing_came(reader, "typing")
        assert not [item for item in outside.waiting if item["type"] == "error"]
        alice.invite(channel, carol)
        outside.event(channel)
        outside.send("typing", channel_id=channel["id"])
        assert reader.notice("typing")["user_id"] == carol.id
        carol.delete(path_of(channel, carol))
        assert outside.event(channel)["type"] == "member_left"
        outside.send("typing", channel_id=channel["id"])
        with alice.socket() as writer:
            writer.send("typing", channel_id=channel["id"])
            assert reader.notice("typing")["user_id"] == alice.id


def test_a_typing_that_names_no_channel_is_an_error(alice):
    with alice.socket() as socket:
        socket.send("typing", channel_id=7)
        assert socket.notice("error")["code"] == "invalid_argument"
        socket.send("typing", channel_id="x")
        assert socket.notice("error")["code"] == "not_found"


# --- a broadcaster that is killed
@pytest.fixture
def topology(tmp_path, broker):
    topology = Topology(tmp_path, broker)
    try:
        yield topology.start()
    finally:
        topology.end()


@pytest.mark.shape("topology")
def test_a_broadcaster_that_is_stopped_and_starts_again_costs_nobody_his_socket(topology, circle_at):
    alice, bob, carol = circle_at(topology).users("alice", "bob", "carol")
    channel = alice.group(bob)
    others = [carol.group(alice) for _ in range(12)]  # in every partition
    over = threading.Event()

    def chat():
        for number in itertools.count():
            if over.is_set():
                return
            said = carol.post(f"/v1/channels/{others[number % 12]['id']}/messages", {"text": "hello"})
            assert said.status_code in (201, 202, 503), said.text

    with bob.socket() as reader, ThreadPoolExecutor() as pool:
        chatting = pool.submit(chat)
        try:
            for number in range(4):
                alice.say(channel, f"before {number}")
                topology.stop_part("broadcaster")
                topology.start_part("broadcaster")
                alice.say(channel, f"after {number}")
                heard = [reader.event(channel)["message"]["text"] for _ in range(2)]
                assert heard == [f"before {number}", f"after {number}"]
        finally:
            over.set()
        chatting.result()


@pytest.mark.shape("topology")
def test_a_broadcaster_that_starts_again_flashes_nobody_offline(topology, circle_at):
    alice, bob, carol = circle_at(topology).users("alice", "bob", "carol")
    channel = alice.group(bob)
    with alice.socket() as socket, bob.socket() as reader:
        assert watch(socket, bob, carol) == [bob.id]
        topology.kill_part("broadcaster")
        topology.start_part("broadcaster")
        with carol.socket():
            assert online(socket, carol) is True
            nothing_came(socket, "presence")
            assert watch(socket, bob) == [bob.id]
            socket.send("typing", channel_id=channel["id"])
            assert reader.notice("typing")["user_id"] == alice.id
