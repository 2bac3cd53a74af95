"""Heads and bodies that never end are not waited for for ever."""

import concurrent.futures
import select

import pytest

from harness.raw import Connection, bearer, request

# Not through an edge, which has deadlines of its own.
pytestmark = pytest.mark.shape("embedded")

PATIENCE_S = 60  # more than any of the server's own deadlines
PAUSE_S = 0.1


def ends(address, data):
    """Sends that, then nothing: how the server ended it."""
    with Connection(address, PATIENCE_S) as connection:
        connection.send(data)
        answer = connection.answer()
        connection.closed()
        return answer.status if answer else None


def test_a_request_that_never_ends_is_cut_off_and_others_are_served_meanwhile(parley, alice):
    head = request("GET", "/v1/users/me", bearer(alice))
    post = request("POST", "/v1/workspaces", {**bearer(alice), "Content-Length": "50"}, b'{"na')
    slow = [head[:1], head[:20], head[:-2], post]
    with concurrent.futures.ThreadPoolExecutor(len(slow)) as pool:
        waiting = [pool.submit(ends, parley.address, data) for data in slow]
        assert alice.get("/v1/users/me").status_code == 200
        assert all(done.result() in (None, 408) for done in waiting)


def test_a_head_that_drips_in_byte_by_byte_is_cut_off_too(parley, alice):
    head = request("GET", "/v1/users/me", {**bearer(alice), "X-Slow": "x" * 5000})
    with Connection(parley.address) as connection:
        dripped = drip(connection.socket, head)
    assert dripped < len(head), "it was read to its end, minutes after it began"


def drip(peer, data):
    """Sends a byte, and the next one when nothing has come back for a moment; how many were taken."""
    for sent, byte in enumerate(data):
        try:
            peer.send(bytes([byte]))
        except OSError:
            return sent
        if select.select([peer], [], [], PAUSE_S)[0]:
            return sent
    return len(data)
