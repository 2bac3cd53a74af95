"""Profiles."""

import pytest

from harness.client import ok, problem
from harness.shapes import USER, has, is_time


def test_a_user_only_seen_in_a_token_is_named_by_his_id(alice):
    me = alice.read("/v1/users/me")
    assert (me["id"], me["name"]) == (alice.id, alice.id)


def test_a_profile_is_kept_and_others_see_it(alice, bob):
    profile = ok(alice.put("/v1/users/me", {"name": "Alice Liddell", "avatar_url": "https://example.org/a.png"}), 200)
    has(profile, USER)
    is_time(profile["created_at"])
    assert (profile["id"], profile["name"]) == (alice.id, "Alice Liddell")
    assert bob.read(f"/v1/users/{alice.id}") == profile
    assert alice.read("/v1/users/me") == profile


def test_a_new_name_replaces_the_old_one_and_the_user_stays_as_old_as_he_was(alice):
    first = ok(alice.put("/v1/users/me", {"name": "A"}), 200)
    second = ok(alice.put("/v1/users/me", {"name": "B"}), 200)
    assert second["name"] == "B" and second["created_at"] == first["created_at"]


@pytest.mark.parametrize("body", [{}, {"name": 7}, {"name": ""}, {"name": "A", "age": 9}, {"name": "A", "avatar_url": 1}, []])
def test_a_profile_of_the_wrong_shape_is_refused(alice, body):
    problem(alice.put("/v1/users/me", body), 400, "invalid_argument")


def test_an_email_address_is_a_user(circle):
    someone = circle.user("a+b@example.org")
    other = circle.user("x")
    ok(someone.put("/v1/users/me", {"name": "Someone"}), 200)
    assert someone.read("/v1/users/me")["name"] == "Someone"
    assert other.direct(someone)["id"] == someone.direct(other)["id"]
