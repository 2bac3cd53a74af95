"""Names that one user at a time has in the whole site."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from harness.client import ok, problem
from harness.shapes import is_time


def path(name, space="channels"):
    return f"/v1/names/{space}/{quote(name, safe='')}"


@pytest.fixture
def name(alice):
    """One that no other test has."""
    return f"General {alice.id}"


def repeated(answer):
    return answer.headers.get("Idempotency-Replayed") == "true"


def test_a_name_is_had_by_the_first_who_reserves_it(alice, bob, name):
    reserved = ok(alice.put(path(name)), 201)
    assert reserved == {"namespace": "channels", "name": name, "owner": alice.id, "version": 1, "reserved_at": reserved["reserved_at"]}
    is_time(reserved["reserved_at"])
    problem(bob.put(path(name)), 409, "conflict")
    assert alice.read(path(name)) == bob.read(path(name)) == reserved


def test_ones_own_name_can_be_reserved_again_and_nothing_changes(alice, name):
    first = ok(alice.put(path(name)), 201)
    assert ok(alice.put(path(name)), 200) == first
    assert alice.read(path(name)) == first


def test_a_name_that_is_released_is_anybodys_and_has_another_version(alice, bob, name):
    ok(alice.put(path(name)), 201)
    problem(bob.delete(path(name)), 403, "forbidden")
    ok(alice.delete(path(name)), 204)
    problem(alice.get(path(name)), 404, "not_found")
    problem(alice.delete(path(name)), 404, "not_found")
    taken = ok(bob.put(path(name)), 201)
    assert (taken["owner"], taken["version"]) == (bob.id, 2)
    problem(alice.delete(path(name)), 403, "forbidden")


def test_what_nobody_has_is_not_found(alice, name):
    problem(alice.get(path(name)), 404, "not_found")
    problem(alice.delete(path(name)), 404, "not_found")


def test_names_are_told_apart_by_every_byte_and_by_their_namespace(alice, bob, name):
    ok(alice.put(path(name)), 201)
    for other in [path(name.lower()), path(name + " "), path(name, "groups"), path(name + "/x"), path("ä" + name), path("a\u0308" + name)]:
        ok(bob.put(other), 201)
        assert bob.read(other)["owner"] == bob.id
    assert alice.read(path(name))["owner"] == alice.id


@pytest.mark.parametrize("space", ["n" * 64, "a-z_0.9", "..."])
def test_a_namespace_is_any_of_these(alice, name, space):
    assert ok(alice.put(path(name, space)), 201)["namespace"] == space


def test_a_name_may_have_200_characters_of_any_kind(alice, name):
    longest = (name + "/?#%25&=+\u00a0" + "語" * 200)[:200]
    assert ok(alice.put(path(longest)), 201)["name"] == longest
    assert alice.read(path(longest))["name"] == longest


@pytest.mark.parametrize("space", ["N", "n" * 65, "a%20b", "%C3%A4", "a%2Fb", "a%0A"])
def test_other_namespaces_are_refused(alice, name, space):
    for call in [alice.get, alice.put, alice.delete]:
        body = problem(call(f"/v1/names/{space}/x"), 400, "invalid_argument")
        assert body["errors"][0]["field"] == "namespace"


@pytest.mark.parametrize("wrong", ["x" * 201, "語" * 201, "a\n", "\u0085", "\x7f"])
def test_names_that_are_too_long_or_have_control_characters_are_refused(alice, wrong):
    for call in [alice.get, alice.put, alice.delete]:
        assert problem(call(path(wrong)), 400, "invalid_argument")["errors"][0]["field"] == "name"


def test_a_name_takes_no_body_and_no_parameter_but_a_path_of_three(alice, name):
    problem(alice.put(path(name), {"owner": "me"}), 400, "invalid_argument")
    problem(alice.call("DELETE", path(name), {"owner": "me"}), 400, "invalid_argument")
    problem(alice.get(path(name) + "?x=1"), 400, "invalid_argument")
    for wrong in ["/v1/names", "/v1/names/channels", "/v1/names/channels/", path(name) + "/more"]:
        problem(alice.put(wrong), 404, "not_found")
    assert alice.post(path(name)).status_code == 405
    problem(alice.get(path(name)), 404, "not_found")


def test_it_needs_a_token(parley, alice, name):
    for method in ["GET", "PUT", "DELETE"]:
        problem(alice.circle.http.request(method, path(name)), 401, "unauthenticated")


def test_a_key_happens_once_though_the_name_went_to_another_since(alice, bob, name):
    first = alice.put(path(name), key="k")
    ok(alice.delete(path(name), key="d"), 204)
    ok(bob.put(path(name)), 201)
    again = alice.put(path(name), key="k")
    assert repeated(again) and (again.status_code, again.json()) == (201, first.json())
    assert repeated(alice.delete(path(name), key="d"))
    problem(alice.delete(path(name), key="k"), 422, "key_reused")
    assert bob.read(path(name))["owner"] == bob.id


def test_of_many_who_ask_at_once_one_gets_it(circle, name):
    users = circle.users(*[f"u{i}" for i in range(8)])
    with ThreadPoolExecutor(len(users)) as pool:
        answers = list(pool.map(lambda user: user.put(path(name)), users))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    [winner] = [a.json()["owner"] for a in answers if a.status_code == 201]
    assert users[0].read(path(name))["owner"] == winner


def test_a_name_outlives_the_words_of_its_owner(alice, bob, name):
    ok(alice.put(path(name)), 201)
    ok(alice.put("/v1/users/me", {"name": "Alice"}), 200)
    ok(alice.delete("/v1/users/me"), 204)
    assert bob.read(path(name))["owner"] == alice.id
    problem(bob.put(path(name)), 409, "conflict")
