"""HTTP that is broken, cut, slow, too big or tricky: the documented error, nothing changed, the server alive."""

import socket

import pytest

from harness.raw import Connection, bearer, request
from harness.shapes import UUID8

JSON = {"Content-Type": "application/json"}

# Not through an edge, which answers some of this by itself.
pytestmark = pytest.mark.shape("embedded")


@pytest.fixture
def channel(alice):
    return alice.group()


@pytest.fixture(autouse=True)
def alive_and_unchanged(alice, channel, parley):
    """After each test: what the channel holds is what it held, and the server answers."""
    yield
    with Connection(parley.address) as connection:
        connection.send(request("GET", "/healthz"))
        assert connection.answer().status == 200
    assert alice.history(channel)["messages"] == []


def ask(parley, data):
    with Connection(parley.address) as connection:
        connection.send(data)
        return connection.answer()


def post_to(channel):
    return f"/v1/channels/{channel['id']}/messages"


# --- headers that say one thing
@pytest.mark.parametrize(
    "method,path,name,first,second",
    [
        ("POST", "/messages", "Idempotency-Key", "a", "a"),
        ("POST", "/messages", "Idempotency-Key", "a", "b"),
        ("PATCH", "", "If-Match", '"1"', "*"),
    ],
)
def test_a_second_line_of_a_header_that_says_one_thing_is_invalid(parley, alice, channel, method, path, name, first, second):
    body = b'{"text":"x"}' if method == "POST" else b'{"topic":"x"}'
    headers = {**bearer(alice), **JSON, name: first, name.lower(): second, "Content-Length": len(body)}
    answer = ask(parley, request(method, f"/v1/channels/{channel['id']}{path}", headers, body))
    assert answer.status == 400
    assert [error["field"] for error in answer.problem()["errors"]] == [name]


# --- percent-encoding
@pytest.mark.parametrize(
    "target",
    ["/v1/users/%zz", "/v1/users/%", "/v1/users/%4", "/v1/users/%c0%af", "/v1/users/%ff", "/v1/inbox?unread=%zz", "/v1/inbox?%=1"],
)
def test_broken_percent_encoding_is_invalid(parley, alice, target):
    answer = ask(parley, request("GET", target, bearer(alice)))
    assert answer.status == 400
    assert [error["field"] for error in answer.problem()["errors"]] == ["query" if "?" in target else "path"]


@pytest.mark.parametrize(
    "target",
    [
        "/v1/channels/..%2f..%2fetc%2fpasswd",
        "/v1/channels/%2e%2e/messages",
        "/v1/channels/../users/me",
        "/v1%2fusers%2fme",
        "/v1/users/a%2fb",
        "/v1/channels/%00",
        "/v1/channels/%0d%0aX-Evil:1",
        "/v1/users/%00",
    ],
)
def test_a_trick_with_percent_encoding_finds_nothing(parley, alice, target):
    answer = ask(parley, request("GET", target, bearer(alice)))
    assert answer.status in (400, 404)
    assert "x-evil" not in answer.headers


def test_an_encoded_name_is_the_same_name(parley, alice):
    encoded = "".join(f"%{byte:02x}" for byte in alice.id.encode())
    answer = ask(parley, request("GET", f"/v1/users/{encoded}", bearer(alice)))
    assert answer.status == 200 and answer.problem()["id"] == alice.id


def test_an_unknown_query_field_does_no_harm(parley, alice, channel):
    answer = ask(parley, request("GET", post_to(channel) + "?nonsense=1", bearer(alice)))
    assert answer.status in (200, 400)


# --- bodies
@pytest.mark.parametrize(
    "body,code",
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b"nonsense", "invalid_json"),
        (b'{"text":"x"} {}', "invalid_json"),
        (b'{"text":"\xff\xfe"}', "invalid_json"),
        (b'{"text":"\xed\xa0\x80"}', "invalid_json"),
        (b'{"text":"\\ud800"}', None),
        (b"\xef\xbb\xbf" + b'{"text":7}', None),
        (b'{"text":NaN}', "invalid_json"),
        (b"{'text':'x'}", "invalid_json"),
        (b'{"text":"x",}', "invalid_json"),
        (b"[" * 100000, None),
        (b'{"text":"x","text":"y"}', None),
        (b'"x"', "invalid_argument"),
        (b"null", "invalid_argument"),
        (b"[]", "invalid_argument"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(parley, alice, channel, body, code):
    headers = {**bearer(alice), **JSON, "Content-Length": str(len(body))}
    answer = ask(parley, request("POST", post_to(channel), headers, body))
    assert answer.status == 400
    assert answer.problem()["code"] == code if code else answer.problem()["code"] in ("invalid_json", "invalid_argument")


def test_a_post_without_a_body_is_refused(parley, alice, channel):
    answer = ask(parley, request("POST", post_to(channel), {**bearer(alice), **JSON}))
    assert (answer.status, answer.problem()["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "0x10", "99999999999999999999999", "", "5, 6", "+12"])
def test_a_content_length_that_is_no_number_is_refused(parley, alice, channel, length):
    answer = ask(parley, request("POST", post_to(channel), {**bearer(alice), "Content-Length": length}, b'{"text":"x"}'))
    assert answer is None or 400 <= answer.status < 500


def test_two_content_lengths_are_refused(parley, alice, channel):
    head = request("POST", post_to(channel), {**bearer(alice), "Content-Length": "12"}).removesuffix(b"\r\n")
    answer = ask(parley, head + b"Content-Length: 5\r\n\r\n" + b'{"text":"x"}')
    assert answer is None or answer.status == 400


def test_a_content_length_beside_chunks_is_refused(parley, alice, channel):
    headers = {**bearer(alice), "Content-Length": "4", "Transfer-Encoding": "chunked"}
    answer = ask(parley, request("POST", post_to(channel), headers, b"c\r\n" + b'{"text":"x"}' + b"\r\n0\r\n\r\n"))
    assert answer is None or answer.status == 400


def test_a_content_length_that_is_too_short_cuts_the_json(parley, alice, channel):
    answer = ask(parley, request("POST", post_to(channel), {**bearer(alice), "Content-Length": "5"}, b'{"text":"x"}'))
    assert (answer.status, answer.problem()["code"]) == (400, "invalid_json")


def test_a_body_that_ends_before_its_content_length_changes_nothing(parley, alice, channel):
    with Connection(parley.address) as connection:
        connection.send(request("POST", post_to(channel), {**bearer(alice), "Content-Length": "500"}, b'{"text":"x"}'))
        connection.socket.shutdown(socket.SHUT_WR)
        answer = connection.answer()
        assert answer is None or 400 <= answer.status < 500


def test_a_token_behind_the_body_is_none(parley, alice, channel):
    """A trailer is no header: what looks at headers in front of the server has not seen it."""
    trailer = f"0\r\nAuthorization: {bearer(alice)['Authorization']}\r\n\r\n".encode()
    answer = ask(parley, request("POST", post_to(channel), {"Transfer-Encoding": "chunked"}, b'c\r\n{"text":"x"}\r\n' + trailer))
    assert (answer.status, answer.problem()["code"]) == (401, "unauthenticated")


def test_a_transfer_coding_besides_chunked_is_not_implemented(parley, alice, channel):
    headers = {**bearer(alice), "Transfer-Encoding": "gzip, chunked"}
    answer = ask(parley, request("POST", post_to(channel), headers, b'c\r\n{"text":"x"}\r\n0\r\n\r\n'))
    assert (answer.status, answer.problem()["code"], answer.problem()["status"]) == (501, "invalid_argument", 501)


def test_a_target_in_absolute_form_is_its_path(parley, alice, channel):
    answer = ask(parley, request("GET", "http://any.example/v1/users/me", bearer(alice)))
    assert (answer.status, answer.problem()["id"]) == (200, alice.id)


def test_broken_chunks_are_refused(parley, alice, channel):
    headers = {**bearer(alice), "Transfer-Encoding": "chunked"}
    for body in [b"zz\r\n{}\r\n0\r\n\r\n", b"-1\r\n{}\r\n", b"ffffffffffffffffff\r\n{}"]:
        answer = ask(parley, request("POST", post_to(channel), headers, body))
        assert answer is None or 400 <= answer.status < 500


@pytest.mark.parametrize("framing", [{"Content-Length": "100000000"}, {"Transfer-Encoding": "chunked"}])
def test_a_body_of_100_megabytes_is_refused_long_before_its_end(parley, alice, channel, framing):
    piece = b" " * 65536
    chunk = b"10000\r\n" + piece + b"\r\n" if "Transfer-Encoding" in framing else piece
    with Connection(parley.address) as connection:
        connection.send(request("POST", post_to(channel), {**bearer(alice), **framing}))
        try:
            for _ in range(100_000_000 // 65536):
                connection.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = connection.answer()
        assert answer is None or (answer.status, answer.problem()["code"]) == (413, "payload_too_large")


def test_a_body_over_the_limit_is_told_so(parley, alice, channel):
    """Only its head is sent, so that the answer can be read."""
    with Connection(parley.address) as connection:
        connection.send(request("POST", post_to(channel), {**bearer(alice), "Content-Length": "100000000"}))
        answer = connection.answer()
        assert (answer.status, answer.problem()["code"]) == (413, "payload_too_large")


# --- heads
def test_a_head_that_is_too_big_is_refused(parley, alice):
    answer = ask(parley, request("GET", "/v1/users/me", {**bearer(alice), "X-Big": "x" * 100_000}))
    assert answer is None or answer.status in (400, 431)


def test_a_target_that_is_too_long_is_refused(parley, alice):
    answer = ask(parley, request("GET", "/v1/users/" + "x" * 100_000, bearer(alice)))
    assert answer is None or answer.status in (400, 414, 431)


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
        b"\r\n" * 50 + b"x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad\x00Name: x\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_or_cut_off(parley, data):
    with Connection(parley.address) as connection:
        connection.send(data)
        connection.socket.shutdown(socket.SHUT_WR)
        answer = connection.answer()
        assert answer is None or 400 <= answer.status < 600


def test_requests_behind_each_other_in_one_packet_are_answered_in_order(parley, alice, channel):
    targets = ["/v1/users/me", "/v1/nothing", f"/v1/channels/{channel['id']}", "/healthz"]
    with Connection(parley.address) as connection:
        connection.send(b"".join(request("GET", target, bearer(alice)) for target in targets))
        assert [connection.answer().status for _ in targets] == [200, 404, 200, 200]


def test_a_connection_is_kept_or_closed_as_asked(parley, alice):
    with Connection(parley.address) as connection:
        for _ in range(3):
            connection.send(request("GET", "/v1/users/me", bearer(alice)))
            assert connection.answer().status == 200
        connection.send(request("GET", "/v1/users/me", {**bearer(alice), "Connection": "close"}))
        assert connection.answer().status == 200
        assert connection.closed() == b""


def test_every_problem_has_a_trace_id_of_its_own(parley, alice):
    problems = [ask(parley, request("GET", "/v1/nothing", bearer(alice))).problem() for _ in range(2)]
    assert problems[0]["trace_id"] != problems[1]["trace_id"]


def test_the_trace_that_a_client_gives_is_carried_on(parley, alice):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {**bearer(alice), "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    assert ask(parley, request("GET", "/v1/nothing", headers)).problem()["trace_id"] == trace


def test_nothing_internal_is_leaked_by_an_error(parley, alice):
    text = ask(parley, request("GET", f"/v1/channels/{alice.id}", bearer(alice))).body.decode()
    assert not UUID8.search(text) and "rocksdb" not in text.lower() and ".cpp" not in text
