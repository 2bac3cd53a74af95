"""Who does not read is cut off, with a code that says so, and harms nobody else."""

import socket

from harness.raw import Connection, request
from test_raw_socket import Peer, upgrade_headers

TEXT = "x" * 16000
ROUND = 20  # messages at once: 320 KB, well below the writer's own bound
RECEIVE_BUFFER = 256 << 10


def rounds_that_overflow(shape):
    """More than is held for him on the way, but not much: once cut off, he has five seconds to take the code. The server's kernel
    holds 4 MB and the server 1 MB; an edge holds more."""
    return 100 if shape == "topology" else 25


def test_a_socket_that_does_not_read_is_closed_and_the_others_get_everything(parley, shape, alice, bob):
    channel = alice.group(bob)
    with Connection(parley.address) as slow, alice.socket("parley.v1.batch") as writer:
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        slow.send(request("GET", "/v1/ws", upgrade_headers(bob)))
        assert slow.answer().status == 101
        count = 0
        for _ in range(rounds_that_overflow(shape)):
            ids = [writer.send("post_message", channel_id=channel["id"], text=TEXT) for _ in range(ROUND)]
            for id in ids:
                assert writer.reply(id)["type"] == "ok"
            for _ in ids:
                count += 1
                assert writer.event(channel)["message"]["seq"] == count
        assert Peer(slow).close_code() == 4408
    assert bob.history(channel, limit=1)["last_seq"] == count


def test_a_client_that_reads_slowly_but_reads_gets_everything(parley, alice, bob):
    channel = alice.group(bob)
    with bob.socket("parley.v1.batch") as reader, alice.socket() as writer:
        for number in range(1, 101):
            writer.ok("post_message", channel_id=channel["id"], text="x" * 1000)
            if number % 25 == 0:
                assert [reader.event(channel)["message"]["seq"] for _ in range(25)] == list(range(number - 24, number + 1))
