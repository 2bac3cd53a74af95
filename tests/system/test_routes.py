"""Routes that there are none of, and methods that a route does not have."""

import pytest

from harness.raw import Connection, bearer, request


def ask(parley, user, method, target):
    with Connection(parley.address) as connection:
        connection.send(request(method, target, {**bearer(user), "Content-Length": "0"}))
        return connection.answer()


@pytest.mark.parametrize("target", ["/", "/v1", "/v1/", "/v2/users/me", "/v1/nothing", "/v1/channels/", "/v1//users/me", "/V1/users/me", "/v1/users/me/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_route_is_not_found(parley, alice, method, target):
    answer = ask(parley, alice, method, target)
    assert (answer.status, answer.problem()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "method,target,allowed",
    [
        ("POST", "/v1/users/me", {"GET", "PUT"}),
        ("DELETE", "/v1/inbox", {"GET"}),
        ("PUT", "/v1/workspaces", {"GET", "POST"}),
        ("GET", "/v1/dev/tokens", {"POST"}),
        ("POST", "/healthz", {"GET"}),
        ("BREW", "/v1/users/me", {"GET", "PUT"}),
        ("POST", "/v1/ws", {"GET"}),
    ],
)
def test_a_known_route_says_which_methods_it_has(parley, alice, method, target, allowed):
    answer = ask(parley, alice, method, target)
    assert (answer.status, answer.problem()["code"]) == (405, "method_not_allowed")
    assert allowed <= {m.strip() for m in answer.headers["allow"].split(",")}
