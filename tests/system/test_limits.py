"""Limits by rate: who asks for too much is told so and when to come back, what is refused is not done, and nobody else pays.

Each figure that is tried is made so small that its tokens don't come back within a test ("1/5" is one a second), save where
their coming back is the point; everything else is as it is by default.
"""

import itertools
import time
from contextlib import suppress
from types import SimpleNamespace

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from harness.client import problem
from harness.deployment import parley as run_parley
from harness.socket import open_socket
from harness.topology import Topology
from harness.waiting import until
from test_operations import metrics_of, value_of

SLOW = "1/5"  # five at once, then one a second


@pytest.fixture
def limited(serve, circle_at):
    """A circle at a server with limits: limited("--user-messages", "1/5")."""

    def start(*options):
        server = serve(*options, rate_limits="on")
        circle = circle_at(server)
        circle.server = server
        return circle

    return start


def statuses(call, count):
    return [call().status_code for _ in range(count)]


def too_many(answer):
    """It is a 429 that says everything it should; the seconds to wait."""
    assert problem(answer, 429, "rate_limited")["detail"]
    assert int(answer.headers["RateLimit-Remaining"]) >= 0
    assert int(answer.headers["RateLimit-Limit"]) >= 1
    assert int(answer.headers["RateLimit-Reset"]) >= 0
    seconds = int(answer.headers["Retry-After"])
    assert seconds >= 1
    return seconds


# --- over HTTP
def test_the_limits_are_on_unless_they_are_switched_off(serve, circle_at):
    on = serve(name="on", rate_limits="on")
    ann = circle_at(on).user("ann")
    answer = ann.get("/v1/inbox")
    assert answer.headers["RateLimit-Limit"] == "500"
    assert answer.headers["RateLimit-Remaining"] == "499"
    assert ann.put("/v1/users/me", {"name": "Ann"}).headers["RateLimit-Limit"] == "500"
    channel = ann.group()
    assert ann.post(f"/v1/channels/{channel['id']}/messages", {"text": "x"}).headers["RateLimit-Limit"] == "100"
    off = serve(name="off", rate_limits="off")
    assert "RateLimit-Limit" not in circle_at(off).user("ann").get("/v1/inbox").headers
    assert "parley_limits" not in metrics_of(off)


def test_a_user_who_posts_too_much_is_refused_and_what_was_refused_is_not_said(limited):
    circle = limited("--user-messages", SLOW)
    ann = circle.user("ann")
    channel = ann.group()
    answers = [ann.post(f"/v1/channels/{channel['id']}/messages", {"text": str(n)}) for n in range(12)]
    taken = [n for n, answer in enumerate(answers) if answer.status_code == 201]
    assert taken[:5] == [0, 1, 2, 3, 4] and len(taken) < 12
    for answer in answers:
        if answer.status_code != 201:
            assert too_many(answer) == 1
            assert answer.headers["RateLimit-Limit"] == "5" and answer.headers["RateLimit-Remaining"] == "0"
    assert [m["text"] for m in ann.history(channel)["messages"]] == [str(n) for n in taken]
    assert value_of(metrics_of(circle.server), "parley_limits_refused_total", of="user", what="messages") == 12 - len(taken)


def test_a_refused_post_works_later_with_its_key(limited):
    ann = limited("--user-messages", "5/1").user("ann")
    channel = ann.group()
    post = lambda key: ann.post(f"/v1/channels/{channel['id']}/messages", {"text": key}, key=key)  # noqa: E731
    keys = [f"k{n}" for n in range(3)]
    for key in keys:
        until(lambda key=key: post(key).status_code == 201)
    assert [m["text"] for m in ann.history(channel)["messages"]] == keys


def test_another_user_is_not_concerned(limited):
    circle = limited("--user-commands", SLOW)
    ann, bob = circle.users("ann", "bob")
    assert 429 in statuses(lambda: ann.put("/v1/users/me", {"name": "Ann"}), 10)
    assert statuses(lambda: bob.put("/v1/users/me", {"name": "Bob"}), 5) == [200] * 5


def test_reads_have_a_limit_of_their_own(limited):
    circle = limited("--user-reads", SLOW)
    ann = circle.user("ann")
    answers = [ann.get("/v1/inbox") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200, 429}
    too_many(answers[-1])
    assert ann.put("/v1/users/me", {"name": "Ann"}).status_code == 200


def test_bytes_are_limited(limited):
    ann = limited("--user-bytes", "1000/10000").user("ann")
    channel = ann.group()
    answers = [ann.post(f"/v1/channels/{channel['id']}/messages", {"text": "x" * 4000}) for _ in range(4)]
    assert [a.status_code for a in answers] == [201, 201, 429, 429]
    assert 1 <= too_many(answers[-1]) <= 3


def test_what_is_refused_for_its_bytes_costs_nothing_else(limited):
    ann = limited("--user-bytes", "1/2000", "--user-messages", "1/3").user("ann")
    channel = ann.group()
    post = lambda text: ann.post(f"/v1/channels/{channel['id']}/messages", {"text": text}).status_code  # noqa: E731
    assert [post("x" * 1000) for _ in range(6)] == [201] + [429] * 5
    assert [post("x"), post("x")] == [201, 201]


def test_the_same_user_by_another_token_and_on_another_connection_is_the_same(limited):
    circle = limited("--user-commands", SLOW)
    ann = circle.user("ann")
    again = circle.known(ann)
    statuses(lambda: ann.put("/v1/users/me", {"name": "Ann"}), 10)
    with httpx.Client(base_url=circle.url) as other:
        answer = other.put("/v1/users/me", json={"name": "A"}, headers={"Authorization": f"Bearer {again.token}"})
    too_many(answer)


def test_an_address_is_limited_whoever_asks_and_without_a_token_too(limited):
    circle = limited("--address-reads", SLOW)
    answers = [circle.http.get("/v1/inbox") for _ in range(8)]
    assert answers[0].status_code == 401
    too_many(answers[-1])
    assert circle.http.get("/nowhere").status_code == 429
    assert circle.http.get("/healthz").status_code == 200


def test_the_address_is_what_a_trusted_proxy_says_and_nobody_else(limited):
    def ask(circle, address):
        return circle.http.get("/v1/inbox", headers={"X-Forwarded-For": address}).status_code

    trusting = limited("--address-reads", SLOW, "--trusted-proxies", "127.0.0.0/8")
    assert 429 in [ask(trusting, "192.0.2.1") for _ in range(10)]
    assert ask(trusting, "192.0.2.2") == 401
    assert ask(trusting, "192.0.2.2, 192.0.2.1") == 429, "the last hop counts"


def test_an_untrusted_peer_can_not_say_that_he_is_another(limited):
    circle = limited("--address-reads", SLOW)
    answers = [circle.http.get("/v1/inbox", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(10)]
    assert answers[-1].status_code == 429


@pytest.mark.parametrize("value", ["20", "20/0", "0/20", "20/-1", "x", "20/100/3", ""])
def test_a_rate_that_is_none_is_refused_at_the_start(value):
    result = run_parley("serve", "--check-config", "--user-messages", value)
    assert result.returncode == 2
    assert "--user-messages" in result.stderr and len(result.stderr.splitlines()) == 1


def test_proxies_that_are_no_addresses_are_refused_at_the_start():
    result = run_parley("serve", "--check-config", "--trusted-proxies", "10.0.0.0/8,edge")
    assert result.returncode == 2 and "'edge'" in result.stderr


# --- over a WebSocket
def test_a_command_too_many_is_an_error_that_may_be_retried_and_was_not_done(limited):
    circle = limited("--user-messages", SLOW)
    ann = circle.user("ann")
    channel = ann.group()
    with ann.socket() as socket:
        ids = [socket.send("post_message", channel_id=channel["id"], text=str(n), key=f"k{n}") for n in range(20)]
        replies = [socket.reply(id) for id in ids]
        refused = [reply for reply in replies if reply["type"] == "error"]
        assert len(refused) >= 10
        for reply in refused:
            assert (reply["code"], reply["retryable"]) == ("rate_limited", True) and reply["detail"]
        assert socket.call("mark_read", channel_id=channel["id"], seq=1)["type"] == "ok", "other commands go on"
    taken = [str(n) for n, reply in enumerate(replies) if reply["type"] == "ok"]
    assert [m["text"] for m in ann.history(channel)["messages"]] == taken
    appended = value_of(metrics_of(circle.server), "parley_ingest_appends_total")
    assert appended == 1 + len(taken) + 1, "the group, what was taken, the mark"


def test_http_and_every_socket_of_a_user_share_his_limit(limited):
    circle = limited("--user-messages", SLOW)
    ann = circle.user("ann")
    channel = ann.group()
    with ann.socket() as one, ann.socket() as two:
        posts = itertools.cycle([one, two])
        kinds = [next(posts).call("post_message", channel_id=channel["id"], text="x")["type"] for _ in range(6)]
        assert kinds[:5] == ["ok"] * 5
        until(lambda: ann.post(f"/v1/channels/{channel['id']}/messages", {"text": "x"}).status_code == 429)


def test_reads_over_a_socket_are_limited_as_reads(limited):
    ann = limited("--user-reads", SLOW).user("ann")
    channel = ann.group()
    with ann.socket() as socket:
        replies = [socket.call("get_history", channel_id=channel["id"]) for _ in range(8)]
        assert replies[0]["type"] == "ok"
        assert replies[-1]["code"] == "rate_limited"


def test_typing_and_pings_and_nonsense_cost_a_command_and_typing_stays_unanswered(limited):
    ann = limited("--user-commands", "1/50").user("ann")
    channel = ann.group()
    with ann.socket() as socket:
        for _ in range(60):
            socket.send("typing", channel_id=channel["id"])
        reply = socket.call("ping")
        assert (reply["type"], reply["code"]) == ("error", "rate_limited")
        assert socket.waiting == []
        socket.send_raw("nonsense")
        assert socket.notice("error")["code"] == "rate_limited"


def test_who_goes_on_regardless_is_closed_with_4429(limited):
    circle = limited("--user-commands", "1/10", "--socket-refusals", "1/20")
    ann = circle.user("ann")
    with ann.socket() as socket:
        with suppress(ConnectionClosed):
            for _ in range(100):
                socket.send("ping")
        assert socket.close_code() == (4429, "rate limited")
        refused = [item for item in socket.waiting if item["type"] == "error"]
        assert 20 <= len(refused) <= 25 and all(item["code"] == "rate_limited" for item in refused)
    text = metrics_of(circle.server)
    assert value_of(text, "parley_limits_closed_total") == 1
    assert value_of(text, "parley_limits_refused_total", of="user", what="commands") >= 20


def test_who_gives_way_is_not_closed(limited):
    ann = limited("--user-commands", "10/2", "--socket-refusals", "10/5").user("ann")
    with ann.socket() as socket:
        refused = 0
        for _ in range(200):
            if socket.call("ping")["type"] == "error":
                refused += 1
                time.sleep(0.15)
            if refused == 8:
                break
        assert refused == 8, "more than it would bear at once"
        until(lambda: socket.call("ping")["type"] == "pong")


# --- connections
def test_connections_of_a_user_are_bounded_over_all_shards_and_free_again_when_they_end(limited):
    circle = limited("--max-connections-per-user", "3", "--shards", "2")
    ann, bob = circle.users("ann", "bob")
    with ann.socket(), ann.socket():
        with ann.socket():
            refused = upgrade(circle, ann)
            problem(refused, 429, "rate_limited")
            assert int(refused.headers["Retry-After"]) >= 1
            assert refused.headers["RateLimit-Limit"] == "3"
            with bob.socket():
                pass
        until(lambda: upgrade(circle, ann).status_code == 101)


def test_connections_from_an_address_are_bounded(limited):
    circle = limited("--max-connections-per-address", "2")
    ann, bob, carl = circle.users("ann", "bob", "carl")
    with ann.socket(), bob.socket():
        problem(upgrade(circle, carl), 429, "rate_limited")
    text = metrics_of(circle.server)
    assert value_of(text, "parley_limits_refused_total", of="address", what="connections") >= 1


def test_a_hundred_connections_of_a_user_are_the_default(limited):
    circle = limited()
    ann = circle.user("ann")
    sockets = [open_socket(circle.url, ann.token) for _ in range(100)]
    try:
        for socket in sockets:
            socket.__enter__()
        problem(upgrade(circle, ann), 429, "rate_limited")
    finally:
        for socket in sockets:
            socket.gen.close()


# --- sockets that are refused
@pytest.mark.parametrize("path", ["/v1/ws", "/"])
def test_a_socket_whose_token_is_none_costs_its_address_until_its_token_is_not_looked_at_any_more(limited, path):
    circle = limited("--address-commands", SLOW)
    nobody = SimpleNamespace(token="nonsense")
    answers = [upgrade(circle, nobody, path) for _ in range(10)]
    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    too_many(answers[-1])
    looked_at = value_of(metrics_of(circle.server), "parley_auth_refused_total")
    assert looked_at == sum(answer.status_code == 401 for answer in answers)


def test_a_dialects_socket_of_an_unknown_user_costs_too(limited):
    circle = limited("--user-commands", SLOW)
    stranger = circle.user("stranger")
    answers = [upgrade(circle, stranger, "/").status_code for _ in range(10)]
    assert answers[:5] == [401] * 5 and answers[-1] == 429


def upgrade(circle, user, path="/v1/ws"):
    """A WebSocket's handshake, and its answer; one that was taken is broken off."""
    headers = {
        "Authorization": f"Bearer {user.token}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    with httpx.Client() as client, client.stream("GET", f"{circle.url}{path}", headers=headers) as answer:
        if answer.status_code != 101:
            answer.read()
        return answer


# --- behind the edge
@pytest.fixture(scope="module")
def limited_topology(request, tmp_path_factory):
    topology = Topology(
        tmp_path_factory.mktemp("limited"),
        request.getfixturevalue("broker"),
        limits={
            "ingest": ["--user-messages", SLOW, "--max-connections-per-user", "2"],
            "query-api": ["--address-reads", SLOW],
        },
    )
    try:
        yield topology.start()
        topology.stop()
    finally:
        topology.end()


@pytest.mark.shape("topology")
def test_the_edge_tells_addresses_apart(limited_topology):
    def ask(address):
        with httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as client:
            return client.get(f"{limited_topology.url}/v1/inbox", headers={"X-Forwarded-For": "192.0.2.77"}).status_code

    assert 429 in [ask("127.0.0.2") for _ in range(10)]
    assert ask("127.0.0.3") == 401


@pytest.mark.shape("topology")
def test_a_user_is_limited_behind_the_edge_too(limited_topology, circle_at):
    ann = circle_at(limited_topology).user("ann")
    channel = ann.group()
    with ann.socket() as socket:
        replies = [socket.call("post_message", channel_id=channel["id"], text="x") for _ in range(8)]
        assert replies[-1]["code"] == "rate_limited"
        too_many(ann.post(f"/v1/channels/{channel['id']}/messages", {"text": "x"}))
        with ann.socket():
            problem(upgrade(ann.circle, ann), 429, "rate_limited")
