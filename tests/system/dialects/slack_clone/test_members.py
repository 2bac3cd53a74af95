"""Rows S-05 to S-07: who is in a workspace."""

from dialects.slack_clone.client import NOWHERE, message, take_away


def test_S_05_the_workspaces_of_a_user(slack, kim, lee, workspace):
    other = slack.workspace(lee, slack.name("other"))
    slack.invite(other, kim)
    answer = slack.call("GET", f"/workspaces/{kim}")
    assert [list(one) for one in answer.json()] == [["id", "name", "cnt"]] * 2
    assert [(one["id"], one["cnt"]) for one in answer.json()] == [(workspace, 1), (other, 2)]
    assert slack.ask("GET", f"/workspaces/{slack.user('none')}") == []


def test_S_05a_an_unknown_user(slack):
    assert slack.ask("GET", "/workspaces/nobody@example.org") == message("invalid user")


def test_S_05b_no_workspace_dangles(slack, circle, kim, workspace):
    """What is gone is in nobody's list, by whatever way it went: the refusal for that has no occasion."""
    take_away(circle.known(kim), f"/v1/workspaces/{workspace}")
    other = slack.workspace(kim)
    assert [one["id"] for one in slack.ask("GET", f"/workspaces/{kim}")] == [other]


def test_S_06_an_invitation_is_answered_by_the_members_and_idempotent(slack, kim, lee, workspace):
    body = {"workspace_id": workspace, "user_email": lee}
    assert slack.ask("PATCH", "/workspace", body) == [kim, lee]
    assert slack.ask("PATCH", "/workspace", body) == [kim, lee]
    assert [one["id"] for one in slack.ask("GET", f"/workspaces/{lee}")] == [workspace]


def test_S_06a_an_unknown_user_or_workspace(slack, kim, workspace):
    assert slack.ask("PATCH", "/workspace", {"workspace_id": workspace, "user_email": "nobody@example.org"}) == message("invalid user")
    assert slack.ask("PATCH", "/workspace", {"workspace_id": NOWHERE, "user_email": kim}) == message("invalid workspace")
    assert slack.ask("GET", f"/workspace/{workspace}")["users"] == [kim]


def test_S_07_who_leaves_a_workspace_leaves_its_channels(slack, kim, lee, workspace, channel):
    slack.invite(workspace, lee, channel=channel)
    body = {"workspace_id": workspace, "user_email": lee}
    assert slack.ask("PATCH", "/workspace/out", body) == message("workspace out complete")
    found = slack.ask("GET", f"/workspace/{workspace}")
    assert found["users"] == found["channels"][0]["users"] == [kim]
    assert slack.ask("GET", f"/workspaces/{lee}") == slack.ask("GET", f"/channels/{workspace}/{lee}") == []
    assert slack.ask("PATCH", "/workspace/out", body) == message("invalid workspace")


def test_S_07_the_last_owner_stays(slack, kim, workspace):
    answer = slack.ask("PATCH", "/workspace/out", {"workspace_id": workspace, "user_email": kim})
    assert answer == message("a workspace keeps at least one owner")


def test_S_07a_an_unknown_user(slack, workspace):
    body = {"workspace_id": workspace, "user_email": "nobody@example.org"}
    assert slack.ask("PATCH", "/workspace/out", body) == message("invalid user")
    assert slack.ask("PATCH", "/workspace/out", {**body, "workspace_id": NOWHERE}) == message("invalid workspace")
