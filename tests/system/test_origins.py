"""Browsers' pages: whose may talk to Parley, over HTTP and WebSocket (CORS, and CSRF over WebSockets)."""

import json

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from harness.client import ok, problem
from harness.deployment import Serve
from harness.deployment import parley as tool
from harness.socket import open_socket

CHAT = "https://chat.example"
OTHER = "https://other.example:8443"
FOREIGN = [
    "https://evil.example",
    "null",
    "http://chat.example",
    "https://chat.example:444",
    "https://chat.example.evil.example",
    "https://evil.example/https://chat.example",
    "https://sub.chat.example",
    "https://CHAT.example@evil.example",
    "chat.example",
    "",
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A server whose pages are elsewhere."""
    server = Serve(tmp_path_factory.mktemp("shop"), "--allowed-origins", f"{CHAT},{OTHER}").start()
    yield server
    server.end()


@pytest.fixture
def anna(shop, circle_at):
    return circle_at(shop).user("anna")


def refused_upgrade(server, origin, token=None, query=""):
    with pytest.raises(InvalidStatus) as refused, open_socket(server.url, token, query=query, headers={"Origin": origin}):
        pass
    answer = refused.value.response
    assert answer.status_code == 403, answer.body
    assert json.loads(answer.body)["code"] == "forbidden"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("origin", [CHAT, OTHER])
def test_an_allowed_page_is_served_and_told_so(shop, anna, origin):
    answer = anna.get("/v1/users/me", headers={"Origin": origin})
    assert ok(answer, 200)["id"] == anna.id
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "Parley-Position" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers, "tokens are no cookies"
    with open_socket(shop.url, anna.token, headers={"Origin": origin}) as socket:
        assert socket.hello["user_id"] == anna.id


def test_an_allowed_page_is_told_of_failures_too(shop):
    answer = httpx.get(f"{shop.url}/v1/users/me", headers={"Origin": CHAT})
    problem(answer, 401, "unauthenticated")
    assert answer.headers["Access-Control-Allow-Origin"] == CHAT


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_refused_whatever_it_has(shop, anna, origin):
    problem(anna.get("/v1/users/me", headers={"Origin": origin}), 403, "forbidden")
    refused_upgrade(shop, origin, anna.token)
    refused_upgrade(shop, origin)


def test_a_foreign_page_can_not_use_a_ticket_nor_use_it_up(shop, anna):
    query = f"?ticket={ok(anna.post('/v1/tickets'), 201)['ticket']}"
    refused_upgrade(shop, "https://evil.example", query=query)
    with open_socket(shop.url, query=query, headers={"Origin": CHAT}) as socket:
        assert socket.hello["user_id"] == anna.id


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_request_that_needs_no_preflight_is_refused_and_does_nothing(shop, anna, kind):
    """What a page can send anywhere without asking: with a development server's tokens it would be in."""
    body = json.dumps({"user_id": "victim"})
    answer = httpx.post(f"{shop.url}/v1/dev/tokens", content=body, headers={"Origin": "https://evil.example", "Content-Type": kind})
    problem(answer, 403, "forbidden")
    answer = anna.call("POST", "/v1/workspaces", headers={"Origin": "https://evil.example", "Content-Type": kind}, content=b'{"name":"x"}')
    problem(answer, 403, "forbidden")
    assert anna.read("/v1/workspaces") == {"workspaces": []}


def test_a_page_whose_name_was_pointed_at_this_machine_gets_no_token(shop):
    """DNS rebinding: to the browser it is of the same origin, and it needs no preflight."""
    port = shop.url.rsplit(":", 1)[1]

    def ask(host, **headers):
        return httpx.post(f"{shop.url}/v1/dev/tokens", content='{"user_id":"victim"}', headers={"Host": host, **headers})

    answer = ask(f"evil.example:{port}", Origin=f"http://evil.example:{port}")
    problem(answer, 403, "forbidden")
    assert "Access-Control-Allow-Origin" not in answer.headers
    ok(ask(f"localhost:{port}", Origin=f"http://localhost:{port}"), 201)
    ok(ask(f"forwarded.example:{port}"), 201)
    ok(ask("chat.example", Origin=CHAT), 201)


def preflight(server, origin, path="/v1/channels/c/messages", method="POST"):
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization"}
    return httpx.options(f"{server.url}{path}", headers=asked)


def test_a_preflight_is_answered_to_allowed_pages_without_a_token(shop):
    answer = preflight(shop, CHAT)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == CHAT
    assert {"GET", "POST"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert {"authorization", "content-type", "idempotency-key", "if-match", "parley-min-position", "traceparent"} <= allowed
    assert int(answer.headers["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_preflight_of_a_foreign_page_is_refused(shop, origin):
    answer = preflight(shop, origin)
    problem(answer, 403, "forbidden")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_the_own_origin_and_none_at_all_pass_in_every_shape(parley, alice):
    own = parley.url.rstrip("/")
    ok(alice.get("/v1/users/me", headers={"Origin": own}), 200)
    ok(alice.get("/v1/users/me"), 200)
    problem(alice.get("/v1/users/me", headers={"Origin": CHAT}), 403, "forbidden")
    problem(alice.call("POST", "/v1/workspaces", {"name": "x"}, headers={"Origin": CHAT}), 403, "forbidden")
    assert preflight(parley, own).status_code == 204
    assert preflight(parley, CHAT).status_code == 403
    refused_upgrade(parley, CHAT, alice.token)


def test_a_star_allows_every_page(serve, circle_at):
    server = serve("--allowed-origins", "*")
    user = circle_at(server).user()
    for origin in [CHAT, "null"]:
        assert user.get("/v1/users/me", headers={"Origin": origin}).headers["Access-Control-Allow-Origin"] == origin
        with open_socket(server.url, user.token, headers={"Origin": origin}) as socket:
            assert socket.hello["user_id"] == user.id


@pytest.mark.parametrize("origins", ["chat.example", "https://chat.example/", "https://", "https://chat.example/app", "https://a.example,b"])
def test_an_origin_that_no_browser_sends_is_a_bad_option(origins):
    done = tool("serve", "--check-config", "--allowed-origins", origins)
    assert done.returncode == 2
    assert "is not an origin" in done.stderr
