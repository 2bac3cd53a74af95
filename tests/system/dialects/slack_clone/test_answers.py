"""Rows S-00 and S-22: what all calls have in common."""

import pytest

from dialects.slack_clone.client import Slack


def test_S_00_errors_are_messages_with_status_200(slack, kim):
    for method, path, body in [
        ("POST", "/workspace", {"workspace_name": "w", "user_email": "nobody@example.org"}),
        ("POST", "/workspace", {"user_email": kim}),
        ("POST", "/workspace", {"workspace_name": 7, "user_email": kim}),
        ("POST", "/workspace", {"workspace_name": "", "user_email": kim}),
        ("POST", "/workspace", {"workspace_name": "x" * 201, "user_email": kim}),
        ("PATCH", "/workspace", []),
        ("GET", "/workspace/none", None),
    ]:
        assert list(slack.ask(method, path, body)) == ["message"], (method, path, body)


WITH_A_BODY = [
    *[("POST", "/user"), ("POST", "/workspace"), ("PATCH", "/workspace"), ("PATCH", "/workspace/out")],
    *[("POST", "/channel"), ("PATCH", "/channel"), ("PATCH", "/channel/out")],
]


@pytest.mark.parametrize("call", WITH_A_BODY, ids=" ".join)
@pytest.mark.parametrize("body", ["", "nonsense", "[]", "1", '{"workspace_name":', '{"user_email":"a","user_email":"b"}', "[" * 3000])
def test_S_00_a_body_that_is_not_json_is_a_message_too(slack, call, body):
    answer = slack.call(*call, content=body)
    assert (answer.status_code, list(answer.json())) == (200, ["message"])


@pytest.mark.parametrize("call", WITH_A_BODY, ids=" ".join)
def test_S_00_keys_in_capitals_are_others(slack, kim, workspace, channel, call):
    body = {"Workspace_Id": workspace, "Channel_Id": channel, "Workspace_Name": "w", "Channel_Name": "c", "User_Email": kim, "Email": kim}
    assert list(slack.ask(*call, body)) == ["message"]
    shown = slack.ask("GET", f"/workspace/{workspace}")
    assert (shown["users"], [each["channel_id"] for each in shown["channels"]]) == ([kim], [channel])


@pytest.mark.parametrize("id", ["7", "9" * 6000, str(2**53), str(10**30)], ids=len)
def test_S_00_an_id_of_nothing_is_not_there(slack, kim, workspace, id):
    """Numbers, too: this system has none, and so there is nothing with one."""
    for method, path in [("GET", "/workspace/{}"), ("DELETE", "/workspace/{}"), ("GET", "/channel/{}/{}"), ("DELETE", "/channel/{}/{}")]:
        assert list(slack.ask(method, path.replace("{}", id))) == ["message"]
    for body in [{"workspace_id": id}, {"workspace_id": workspace, "channel_id": id}]:
        path = "/channel" if "channel_id" in body else "/workspace"
        assert list(slack.ask("PATCH", path, {**body, "user_email": kim})) == ["message"]
        assert list(slack.ask("PATCH", f"{path}/out", {**body, "user_email": kim})) == ["message"]
    assert slack.ask("GET", f"/workspace/{workspace}")["users"] == [kim]


def test_S_00_pages_elsewhere_may_call(slack, kim):
    page = {"Origin": "https://app.example"}
    answer = slack.call("GET", f"/workspaces/{kim}", token=slack.token_for(kim), headers=page)
    assert answer.json() == [] and answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = {**page, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "content-type"}
    preflight = slack.call("OPTIONS", "/workspace", headers=asked)
    assert preflight.status_code == 204 and preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "POST", "PATCH", "DELETE"} <= set(preflight.headers["Access-Control-Allow-Methods"].split(", "))
    assert "content-type" in preflight.headers["Access-Control-Allow-Headers"].lower()


def test_S_00_a_page_elsewhere_is_not_trusted_without_a_token(slack, kim):
    """In development mode whoever is on this machine is, and so is a page that is listed; any other page is not."""
    for page, status in [("https://app.example", 401), ("null", 401), (str(slack.http.base_url).rstrip("/"), 200)]:
        body = {"workspace_name": slack.name("acme"), "user_email": kim}
        assert slack.call("POST", "/workspace", body, headers={"Origin": page}).status_code == status, page


def test_S_00_a_method_that_is_not_taken_is_405(slack):
    answer = slack.call("PUT", "/workspace")
    assert answer.status_code == 405 and "PATCH" in answer.headers["Allow"]


@pytest.mark.parametrize(("reads", "statuses"), [("1/5", [200] * 5 + [429]), ("1/6", [200] * 6)])
def test_S_22_limits_are_told_and_can_be_raised(serve, reads, statuses):
    slack = Slack(serve("--address-reads", reads, rate_limits="on").url, None, None)
    answers = [slack.call("GET", "/workspaces/nobody@example.org") for _ in range(6)]
    slack.close()
    assert [answer.status_code for answer in answers] == statuses
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 429)
