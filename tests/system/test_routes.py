"""Routes that there are none of, and methods that a route does not have."""

import re

import pytest

from harness.client import problem
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


def test_a_write_takes_no_parameter_that_is_not_documented(alice):
    """Whatever else would be said of it: the query is looked at before the path's ids and the body."""
    paths = alice.read("/openapi.json")["paths"]
    writes = [(method.upper(), path) for path, methods in paths.items() for method in methods if method not in ("get", "parameters")]
    assert len(writes) > 30
    for method, path in writes:
        answer = alice.call(method, re.sub(r"{[^}]*}", "1", path) + "?unknown=1")
        if answer.status_code in (403, 501):
            continue  # for operators; not configured here
        assert [error["field"] for error in problem(answer, 400, "invalid_argument")["errors"]] == ["unknown"], (method, path)


def test_for_whom_a_message_is_deleted_is_said_once(alice):
    channel = alice.group()
    alice.say(channel, "x")
    for query in ("scope=me&scope=all", "scope=all&scope=me", "scope=me&scope=me", "scope=mine", "scope="):
        refused = problem(alice.delete(f"/v1/channels/{channel['id']}/messages/1?{query}"), 400, "invalid_argument")
        assert [error["field"] for error in refused["errors"]] == ["scope"]
    assert [m["retracted"] for m in alice.history(channel)["messages"]] == [False]
