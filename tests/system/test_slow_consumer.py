"""Who does not read is cut off, with a code that says so, and harms nobody else."""

import json
import socket

import pytest

from harness.raw import Connection, request
from harness.waiting import until
from test_operations import metrics_of, value_of
from test_raw_socket import TEXT as TEXT_FRAME
from test_raw_socket import Peer, frame, upgrade_headers

TEXT = "x" * 16000
ROUND = 20  # messages at once: 320 KB, well below the writer's own bound
RECEIVE_BUFFER = 256 << 10


def rounds_that_overflow(shape):
    """More than is held for him on the way, but not much: once cut off, he has five seconds to take the code. The server's kernel
    holds 4 MB and the server 1 MB; an edge holds more."""
    return 100 if shape == "topology" else 25


def slow_socket(server, user, query=""):
    slow = Connection(server.address)
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    slow.send(request("GET", f"/v1/ws{query}", upgrade_headers(user)))
    assert slow.answer().status == 101
    return slow


def post_round(writer, channel, count):
    """Posts, and hears of it; how many there are now."""
    ids = [writer.send("post_message", channel_id=channel["id"], text=TEXT) for _ in range(ROUND)]
    for id in ids:
        assert writer.reply(id)["type"] == "ok"
    for _ in ids:
        count += 1
        assert writer.event(channel)["message"]["seq"] == count
    return count


def test_a_socket_that_does_not_read_is_closed_and_the_others_get_everything(parley, shape, alice, bob):
    channel = alice.group(bob)
    with slow_socket(parley, bob) as slow, alice.socket("parley.v1.batch") as writer:
        count = 0
        for _ in range(rounds_that_overflow(shape)):
            count = post_round(writer, channel, count)
        assert Peer(slow).close_code() == 4408
    assert bob.history(channel, limit=1)["last_seq"] == count


def test_a_client_that_reads_slowly_but_reads_gets_everything(parley, alice, bob):
    channel = alice.group(bob)
    with bob.socket("parley.v1.batch") as reader, alice.socket() as writer:
        for number in range(1, 101):
            writer.ok("post_message", channel_id=channel["id"], text="x" * 1000)
            if number % 25 == 0:
                assert [reader.event(channel)["message"]["seq"] for _ in range(25)] == list(range(number - 24, number + 1))


@pytest.mark.shape("embedded")
def test_who_asks_for_more_pages_than_his_queue_holds_gets_them_all(serve, circle_at):
    server = serve("--socket-queue-bytes", "65536")
    alice = circle_at(server).user("alice")
    channel = alice.group()
    for _ in range(20):
        alice.say(channel, TEXT)
    with slow_socket(server, alice) as slow:
        asked = [{"id": f"p{i}", "type": "get_history", "channel_id": channel["id"]} for i in range(40)]
        slow.send(b"".join(frame(TEXT_FRAME, json.dumps(each).encode()) for each in asked))
        until(lambda: value_of(metrics_of(server), "parley_ingest_queued_bytes") > 0)
        peer = Peer(slow)
        pages = [peer.text(b'"messages"') for _ in asked]
    assert sorted(page["id"] for page in pages) == sorted(each["id"] for each in asked)
    assert {len(page["messages"]) for page in pages} == {20}


def resume(seen):
    return frame(TEXT_FRAME, json.dumps({"id": "r", "type": "resume", "channels": seen}).encode())


@pytest.mark.shape("embedded")
def test_who_is_slow_to_take_what_he_missed_holds_up_nobody_and_has_no_more_patience_for_sipping(serve, circle_at):
    server = serve("--shards", "1", "--resumes-at-once", "1", "--resume-patience-ms", "5000")
    alice, bob, carol = circle_at(server).users("alice", "bob", "carol")
    channel, other = alice.group(bob), alice.group(carol)
    with alice.socket("parley.v1.batch") as writer:
        count = 0
        for _ in range(30):
            count = post_round(writer, channel, count)
    alice.say(other, "missed")
    with slow_socket(server, bob, "?resume=1") as slow:
        slow.send(resume({channel["id"]: channel["version"]}))
        until(lambda: value_of(metrics_of(server), "parley_ingest_queued_bytes") > 200_000)
        with carol.socket(query="?resume=1") as quick:
            quick.ok("resume", channels={other["id"]: other["version"]})
            assert quick.event(other)["message"]["text"] == "missed"
        slow_ones = lambda: value_of(metrics_of(server), "parley_ingest_slow_consumers_total")  # noqa: E731
        assert slow_ones() == 0, "he was waiting all the while"
        peer = Peer(slow)
        until(lambda: peer.frame() and slow_ones() == 1, message="he was not closed with 4408 though he sips")


@pytest.mark.shape("embedded")
def test_who_resumes_slowly_but_takes_it_gets_everything_in_order(serve, circle_at):
    server = serve("--recent-bytes", "0")
    alice, bob = circle_at(server).users("alice", "bob")
    channel = alice.group(bob)
    with alice.socket("parley.v1.batch") as writer:
        count = 0
        for _ in range(30):
            count = post_round(writer, channel, count)
    with slow_socket(server, bob, "?resume=1") as slow:
        slow.send(resume({channel["id"]: channel["version"]}))
        until(lambda: value_of(metrics_of(server), "parley_ingest_queued_bytes") > 200_000)
        peer = Peer(slow)
        assert [peer.text(b"message_posted")["message"]["seq"] for _ in range(count)] == list(range(1, count + 1))
        assert peer.text(b'"id":"r"')["type"] == "ok"
    read = value_of(metrics_of(server), "parley_ingest_resumed_events_total", source="state")
    assert read == count, "nothing is sent twice"
