"""What operators may do: end the sockets of a user, and see any workspace."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from harness.client import ok, path_of, problem
from harness.socket import open_socket
from harness.shapes import WORKSPACE
from harness.tokens import claims_for, sign

REASON = "disconnected by an operator"


@pytest.fixture
def operator(parley, circle):
    """One whose token says so."""
    user = circle.user("operator")
    user.token = sign(claims_for(user.id, **{"parley:operator": True}), parley.secret)
    return user


def disconnect(by, user, body=None, **options):
    return by.post(f"/v1/admin/users/{path_of(user)}/disconnect", body, **options)


def test_all_sockets_of_a_user_are_closed_and_nobody_elses(operator, alice, bob):
    with ExitStack() as open_ones, bob.socket() as other:
        sockets = [open_ones.enter_context(alice.socket()) for _ in range(5)]
        assert ok(disconnect(operator, alice), 200) == {"disconnected": 5}
        for socket in sockets:
            assert socket.close_code() == (4401, REASON)
        assert other.call("ping")["type"] == "pong"
    assert ok(disconnect(operator, alice), 200) == {"disconnected": 0}


def test_who_was_disconnected_may_come_back_while_his_token_is_good(operator, alice, bob):
    channel = alice.group(bob)
    with alice.socket() as socket:
        ok(disconnect(operator, alice), 200)
        assert socket.close_code()[0] == 4401
    with alice.socket() as again:
        bob.say(channel, "Hello")
        assert again.event(channel)["message"]["text"] == "Hello"
    ok(alice.get("/v1/users/me"), 200)


def test_others_may_not_not_even_with_themselves(alice, bob):
    with alice.socket() as socket:
        for whom in [alice, bob]:
            problem(disconnect(alice, whom), 403, "forbidden")
        problem(disconnect(bob, alice), 403, "forbidden")
        assert socket.call("ping")["type"] == "pong"


def test_without_a_token_nobody_is_told_whether_he_may(parley):
    problem(httpx.post(f"{parley.url}/v1/admin/users/alice/disconnect"), 401, "unauthenticated")


@pytest.mark.parametrize("claim", [False, "true", 1, None, [True], {"a": True}])
def test_a_claim_that_is_not_true_makes_no_operator(parley, alice, claim):
    alice.token = sign(claims_for(alice.id, **{"parley:operator": claim}), parley.secret)
    problem(disconnect(alice, alice), 403, "forbidden")


@pytest.mark.parametrize("user", ["a%2Fb", "a%0Ab", "x" * 129, "%7F"])
def test_a_user_id_that_can_be_nobodys_is_not_found(operator, user):
    problem(operator.post(f"/v1/admin/users/{user}/disconnect"), 404, "not_found")


def test_a_user_who_is_not_there_has_no_sockets(operator):
    assert ok(disconnect(operator, "nobody@example.org"), 200) == {"disconnected": 0}


def test_a_body_or_a_query_that_says_something_is_refused(operator, alice):
    with alice.socket() as socket:
        problem(disconnect(operator, alice, {"until": "2030-01-01T00:00:00Z"}), 400, "invalid_argument")
        problem(disconnect(operator, alice, content=b"{"), 400, "invalid_json")
        problem(disconnect(operator, alice, params={"until": "tomorrow"}), 400, "invalid_argument")
        assert socket.call("ping")["type"] == "pong"
        assert ok(disconnect(operator, alice, {}), 200) == {"disconnected": 1}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(operator, method):
    answer = operator.call(method, "/v1/admin/users/alice/disconnect")
    problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_many_who_do_it_at_once_close_each_socket_once(operator, alice):
    with ExitStack() as open_ones, ThreadPoolExecutor(8) as pool:
        sockets = [open_ones.enter_context(alice.socket()) for _ in range(8)]
        answers = list(pool.map(lambda _: disconnect(operator, alice), range(8)))
        assert sum(ok(answer, 200)["disconnected"] for answer in answers) == 8
        for socket in sockets:
            assert socket.close_code() == (4401, REASON)


def test_operators_are_also_those_whom_the_option_names(serve, circle_at):
    server = serve("--operators", "olga,oscar@example.org")
    circle = circle_at(server)
    known = {name: circle.known(name) for name in ["olga", "oscar@example.org", "olga2", "Olga"]}
    for name, user in known.items():
        status = 200 if name in ["olga", "oscar@example.org"] else 403
        assert disconnect(user, "alice").status_code == status, name
    with open_socket(server.url, known["olga"].token) as socket:
        ok(disconnect(known["olga"], "olga"), 200)
        assert socket.close_code() == (4401, REASON)


def test_a_workspace_that_he_is_not_in(operator, alice, bob):
    workspace = alice.workspace("Acme")
    path = f"/v1/admin/workspaces/{workspace['id']}"
    seen = operator.read(path)
    assert seen == workspace and seen.keys() == WORKSPACE
    for other in [alice, bob]:
        problem(other.get(path), 403, "forbidden")
    problem(operator.get(f"/v1/workspaces/{workspace['id']}"), 404, "not_found")
    problem(operator.get(path, params={"x": 1}), 400, "invalid_argument")
    ok(alice.delete(f"/v1/workspaces/{workspace['id']}"), 204)
    for gone in [workspace["id"], "12345678-1234-8234-8234-123456789abc", "nonsense"]:
        problem(operator.get(f"/v1/admin/workspaces/{gone}"), 404, "not_found")
