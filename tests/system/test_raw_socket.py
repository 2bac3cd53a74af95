"""WebSocket frames that no client library would send, and the half of a handshake."""

import base64
import json
import os
import struct

import pytest

from harness.raw import Connection, bearer, request

# Not through an edge, which answers some of this by itself.
pytestmark = pytest.mark.shape("embedded")

TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9


def upgrade_headers(user, **changed):
    headers = {
        **bearer(user),
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    }
    headers.update({name.replace("_", "-"): value for name, value in changed.items()})
    return {name: value for name, value in headers.items() if value is not None}


def frame(opcode, payload, fin=True, mask=True, reserved=0):
    head = bytes([(0x80 if fin else 0) | reserved | opcode])
    size = len(payload)
    flag = 0x80 if mask else 0
    if size < 126:
        head += bytes([flag | size])
    elif size < 65536:
        head += bytes([flag | 126]) + struct.pack(">H", size)
    else:
        head += bytes([flag | 127]) + struct.pack(">Q", size)
    key = os.urandom(4) if mask else b""
    return head + key + (bytes(b ^ key[i % 4] for i, b in enumerate(payload)) if mask else payload)


class Peer:
    """A connection after its upgrade, frame by frame."""

    def __init__(self, connection):
        self.connection = connection

    def frame(self):
        """The next frame from the server: (opcode, payload); None at the end."""
        head = self.connection._exactly(2)
        if len(head) < 2:
            return None
        size = head[1] & 0x7F
        if size == 126:
            size = struct.unpack(">H", self.connection._exactly(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self.connection._exactly(8))[0]
        return head[0] & 0x0F, self.connection._exactly(size)

    def close_code(self):
        while (got := self.frame()) is not None:
            if got[0] == CLOSE:
                return struct.unpack(">H", got[1][:2])[0] if got[1] else None
        return None

    def text(self, wanted):
        while (got := self.frame()) is not None:
            if got[0] == TEXT and wanted in got[1]:
                return json.loads(got[1])
        raise AssertionError("closed before it came")


@pytest.fixture
def upgraded(parley, alice):
    with Connection(parley.address) as connection:
        connection.send(request("GET", "/v1/ws", upgrade_headers(alice)))
        assert connection.answer().status == 101
        yield connection


def test_subprotocols_may_stand_on_several_lines(parley, alice):
    lines = {**upgrade_headers(alice), "Sec-WebSocket-Protocol": "foo", "sec-websocket-protocol": "parley.v1.batch"}
    with Connection(parley.address) as connection:
        connection.send(request("GET", "/v1/ws", lines))
        answer = connection.answer()
        assert answer.status == 101
        assert answer.headers["sec-websocket-protocol"] == "parley.v1.batch"


def test_a_query_that_can_not_be_read_is_no_upgrade(parley, alice):
    with Connection(parley.address) as connection:
        connection.send(request("GET", "/v1/ws?resume=1&x=%zz", upgrade_headers(alice)))
        assert connection.answer().status == 400


@pytest.mark.parametrize(
    "data,code",
    [
        (frame(TEXT, b"\xff\xfe"), 1007),
        (frame(TEXT, b'{"id":"\xed\xa0\x80","type":"ping"}'), 1007),
        (frame(TEXT, b"\xc0\xaf"), 1007),
        (frame(TEXT, b"{\xf0\x9f", fin=False) + frame(0, b"\x91x"), 1007),
        (frame(BINARY, b"{}"), 1003),
        (frame(TEXT, b"{}", mask=False), 1002),
        (frame(TEXT, b"{}", reserved=0x40), 1002),
        (frame(0x3, b"{}"), 1002),
        (frame(0, b"{}"), 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(PING, b"x", fin=False), 1002),
        (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
        (frame(CLOSE, struct.pack(">H", 1005)), 1002),
        (frame(CLOSE, b"x"), 1002),
        (bytes([0x81, 0xFF]) + struct.pack(">Q", 1 << 40) + b"abcd", 1009),
        (frame(TEXT, b" " * 65537), 1009),
    ],
)
def test_a_frame_that_breaks_the_protocol_closes_with_its_code(upgraded, data, code):
    upgraded.send(data)
    assert Peer(upgraded).close_code() == code


def test_frames_behind_each_other_in_one_packet_are_each_answered(upgraded):
    upgraded.send(b"".join(frame(TEXT, b'{"id":%d,"type":"ping"}' % n) for n in range(1, 101)))
    peer = Peer(upgraded)
    assert [peer.text(b"pong")["id"] for _ in range(100)] == list(range(1, 101))


def test_a_frame_sent_a_byte_at_a_time_is_read(upgraded):
    for byte in frame(TEXT, b'{"id":1,"type":"ping"}'):
        upgraded.send(bytes([byte]))
    assert Peer(upgraded).text(b"pong")["id"] == 1


def test_a_ping_amid_fragments_is_answered_at_once(upgraded):
    upgraded.send(frame(TEXT, b'{"id":1,', fin=False) + frame(PING, b"p") + frame(0, b'"type":"ping"}'))
    assert Peer(upgraded).text(b"pong")["id"] == 1


def test_a_frame_right_behind_the_handshake_is_read(parley, alice):
    with Connection(parley.address) as connection:
        connection.send(request("GET", "/v1/ws", upgrade_headers(alice)) + frame(TEXT, b'{"id":1,"type":"ping"}'))
        assert connection.answer().status == 101
        assert Peer(connection).text(b"pong")["id"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"Sec_WebSocket_Key": None},
        {"Sec_WebSocket_Key": "short"},
        {"Sec_WebSocket_Version": "12"},
        {"Sec_WebSocket_Version": None},
        {"Upgrade": None},
        {"Upgrade": "h2c"},
    ],
)
def test_half_a_handshake_is_refused_with_a_client_error(parley, alice, changed):
    with Connection(parley.address) as connection:
        connection.send(request("GET", "/v1/ws", upgrade_headers(alice, **changed)))
        answer = connection.answer()
        assert 400 <= answer.status < 500
        assert answer.problem()["code"]


def test_an_upgrade_by_post_is_none(parley, alice):
    with Connection(parley.address) as connection:
        connection.send(request("POST", "/v1/ws", {**upgrade_headers(alice), "Content-Length": "0"}))
        assert 400 <= connection.answer().status < 500


def test_an_upgrade_elsewhere_is_none(parley, alice):
    with Connection(parley.address) as connection:
        connection.send(request("GET", "/v1/other", upgrade_headers(alice)))
        assert connection.answer().status == 404


def test_connections_broken_in_the_middle_of_everything_leave_the_server_well(parley, alice):
    whole = request("GET", "/v1/ws", upgrade_headers(alice)) + frame(TEXT, b'{"id":1,"type":"ping"}' + b" " * 200)
    for cut in range(1, len(whole), 7):
        with Connection(parley.address) as connection:
            connection.send(whole[:cut])
    with alice.socket() as socket:
        assert socket.call("ping")["type"] == "pong"
