"""Who may do what, with a token and without one."""

import secrets

import httpx
import pytest

from dialects.slack_clone.client import NOWHERE, Slack, event, message, wanted
from harness.tokens import claims_for, sign


def test_S_00_a_token_is_its_users_or_an_admins(slack, kim, lee, workspace, channel):
    """One that is shown counts, in development mode too."""
    slack.invite(workspace, lee, channel=channel)
    other = slack.user("other")
    admins, members, others = (slack.token_for(email) for email in [kim, lee, other])
    there = {"workspace_id": workspace, "channel_id": channel}
    for token, email in [(members, kim), (others, kim), (others, lee)]:
        slack.refused("POST", "/user", event(email), token)
        slack.refused("POST", "/workspace", {"workspace_name": slack.name("w"), "user_email": email}, token)
        slack.refused("POST", "/channel", wanted(workspace, slack.name("c"), email), token)
        slack.refused("PATCH", "/workspace/out", {**there, "user_email": email}, token)
        slack.refused("PATCH", "/channel/out", {**there, "user_email": email}, token)
        slack.refused("PATCH", "/workspace", {**there, "user_email": email}, token)
        slack.refused("PATCH", "/channel", {**there, "user_email": email}, token)
        slack.refused("GET", f"/workspaces/{email}", token=token)
        slack.refused("GET", f"/channels/{workspace}/{email}", token=token)
        slack.refused("DELETE", f"/workspace/{workspace}", token=token)
        slack.refused("DELETE", f"/channel/{workspace}/{channel}", token=token)
        slack.refused("GET", f"/dm/{kim}/nobody@example.org", token=token)
    for path in [f"/workspace/{workspace}", f"/channel/{workspace}/{channel}", f"/messages/{workspace}/{channel}"]:
        slack.refused("GET", path, token=others)
        assert slack.ask("GET", path, token=members) == slack.ask("GET", path, token=admins)
    slack.refused("PATCH", "/workspace", {**there, "user_email": other}, others)
    found = slack.ask("GET", f"/workspace/{workspace}", token=members)
    assert found["users"] == found["channels"][0]["users"] == [kim, lee]
    assert other in slack.ask("PATCH", "/workspace", {**there, "user_email": other}, admins)
    assert slack.ask("GET", f"/channels/{workspace}/{lee}", token=admins) == [channel]
    assert slack.ask("PATCH", "/channel/out", {**there, "user_email": lee}, admins) == message("channel out complete")
    assert slack.ask("PATCH", "/workspace/out", {**there, "user_email": lee}, members) == message("workspace out complete")


def test_S_15_both_of_a_conversation_may_read_it(slack, circle, kim, lee):
    one = circle.known(kim)
    direct = one.direct(lee)
    one.say(direct, "Hello")
    one.read(f"/v1/channels/{direct['id']}")
    for email in [kim, lee]:
        assert [each["message"] for each in slack.ask("GET", f"/dm/{kim}/{lee}", token=slack.token_for(email))] == ["Hello"]


@pytest.fixture
def strict(serve, tmp_path):
    """A server that is not in development mode, and a token for anyone."""
    secret = tmp_path / "secret"
    secret.write_text(secrets.token_hex(32))
    secret.chmod(0o600)
    server = serve("--dev", "off", "--auth-secret-file", secret)
    client = Slack(server.url, None, lambda email: sign(claims_for("not-his-email", email=email), secret.read_text()))
    yield client
    client.close()


def test_S_00_elsewhere_a_token_is_needed(strict):
    email = strict.user("kim", registered=False)
    for method, path, body in [
        ("POST", "/user", event(email)),
        ("POST", "/workspace", {"workspace_name": "w", "user_email": email}),
        ("GET", f"/workspaces/{email}", None),
        ("DELETE", f"/workspace/{NOWHERE}", None),
        ("GET", f"/dm/{email}/{email}", None),
    ]:
        strict.refused(method, path, body)
        strict.refused(method, path, body, token="nonsense")
    token = strict.token_for(email)
    assert strict.ask("POST", "/user", event(email), token) == event(email)
    made = strict.ask("POST", "/workspace", {"workspace_name": "w", "user_email": email}, token)
    assert made["admin"] == email
    assert strict.ask("DELETE", f"/workspace/{made['workspace_id']}", token=token)["message"].endswith(" delete complete")
    raw = httpx.get(f"{strict.http.base_url}/workspaces/{email}", headers={"Authorization": token})
    assert (raw.status_code, raw.json()) == (200, [])
