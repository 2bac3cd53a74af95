"""Rows S-12 and S-13: who is in a channel."""

from dialects.slack_clone.client import NOWHERE, message


def test_S_12_an_invitation_to_a_channel(slack, kim, lee, workspace, channel):
    slack.invite(workspace, lee)
    body = {"workspace_id": workspace, "channel_id": channel, "user_email": lee}
    assert slack.ask("PATCH", "/channel", body) == [kim, lee]
    assert slack.ask("PATCH", "/channel", body) == [kim, lee]
    assert slack.ask("GET", f"/channels/{workspace}/{lee}") == [channel]
    assert slack.ask("PATCH", "/channel", {**body, "channel_id": NOWHERE}) == message(f"{NOWHERE} not exist")


def test_S_12a_one_who_is_not_in_the_workspace(slack, kim, lee, workspace, channel):
    body = {"workspace_id": workspace, "channel_id": channel, "user_email": lee}
    assert slack.ask("PATCH", "/channel", body) == message("invalid workspace")
    assert slack.ask("PATCH", "/channel", {**body, "workspace_id": NOWHERE}) == message("invalid workspace")
    assert slack.ask("GET", f"/channel/{workspace}/{channel}")["users"] == [kim]


def test_S_13_who_leaves_a_channel_stays_in_the_workspace(slack, kim, lee, workspace, channel):
    slack.invite(workspace, lee, channel=channel)
    body = {"workspace_id": workspace, "channel_id": channel, "user_email": lee}
    assert slack.ask("PATCH", "/channel/out", body) == message("channel out complete")
    found = slack.ask("GET", f"/workspace/{workspace}")
    assert (found["users"], found["channels"][0]["users"]) == ([kim, lee], [kim])


def test_S_13a_who_is_not_in_it(slack, lee, workspace, channel):
    slack.invite(workspace, lee)
    body = {"workspace_id": workspace, "channel_id": channel, "user_email": lee}
    refusal = message("fail to delete user from channel's user list")
    assert slack.ask("PATCH", "/channel/out", body) == refusal
    assert slack.ask("PATCH", "/channel/out", {**body, "channel_id": NOWHERE}) == refusal


def test_S_13b_in_no_workspace(slack, kim, lee, workspace, channel):
    body = {"workspace_id": workspace, "channel_id": channel, "user_email": lee}
    assert slack.ask("PATCH", "/channel/out", body) == message("invalid workspace")
    assert slack.ask("PATCH", "/channel/out", {**body, "workspace_id": NOWHERE, "user_email": kim}) == message("invalid workspace")
