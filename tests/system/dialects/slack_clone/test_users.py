"""Row S-01: who is registered."""

import pytest

from dialects.slack_clone.client import event


def test_S_01_the_event_comes_back_unchanged(slack, alice):
    email = slack.user("new", registered=False)
    text = f'{{"userName":"kim",  "request":{{"userAttributes":{{"nickname":"Kim","email":"{email}"}}}},"version":"1"}}'
    answer = slack.call("POST", "/user", content=text)
    assert (answer.status_code, answer.text) == (200, text)
    assert slack.ask("GET", f"/workspaces/{email}") == []
    assert alice.read(f"/v1/users/{email}")["name"] == "Kim"


def test_S_01_the_flat_form_is_taken_too(slack):
    email = slack.user("flat", registered=False)
    body = {"username": "flat", "nickname": "Flat", "email": email}
    assert slack.ask("POST", "/user", body) == body
    assert slack.ask("GET", f"/workspaces/{email}") == []


@pytest.mark.parametrize("body", [{}, {"email": 1}, {"email": ""}, {"email": "a/b"}, {"request": {"userAttributes": {}}}, {"request": {}}])
def test_S_01_a_user_needs_an_email(slack, body):
    assert list(slack.ask("POST", "/user", body)) == ["message"]


def test_S_01_registering_again_keeps_what_there_is(slack, circle, kim, workspace):
    user = circle.known(kim)
    user.put("/v1/users/me", {"name": "Kim", "avatar_url": "https://example.org/kim.png"})
    slack.ask("POST", "/user", event(kim, "Kimberley"))
    profile = user.read("/v1/users/me")
    assert (profile["name"], profile["avatar_url"]) == ("Kimberley", "https://example.org/kim.png")
    assert [one["id"] for one in slack.ask("GET", f"/workspaces/{kim}")] == [workspace]
