"""Rows S-08 to S-11: channels."""

import pytest

from dialects.slack_clone.client import NOWHERE, SECONDS, is_now, keys, message, take_away, wanted


def test_S_08_a_channel_is_made(slack, kim, lee, workspace):
    slack.invite(workspace, lee)
    answer = slack.call("POST", "/channel", wanted(workspace, slack.name("room"), lee))
    made = answer.json()
    assert keys(answer.text) == [
        *["message", "workspace_name", "workspace_id", "channel_id", "type", "users", "messages", "createdAt", "updatedAt"]
    ]
    assert (made["message"], made["type"]) == ("channel created successfully", "channel")
    assert (made["workspace_id"], made["users"], made["messages"]) == (workspace, [lee], [])
    assert SECONDS.fullmatch(made["createdAt"]) and is_now(made["createdAt"])
    assert slack.ask("GET", f"/channels/{workspace}/{lee}") == [made["channel_id"]]
    assert slack.ask("GET", f"/channels/{workspace}/{kim}") == []


def test_S_08a_in_no_workspace(slack, kim):
    assert slack.ask("POST", "/channel", wanted(NOWHERE, slack.name("room"), kim)) == message(f"{NOWHERE} not exist")
    assert slack.ask("POST", "/channel", wanted("nonsense", "x", kim)) == message("nonsense not exist")


def test_S_08b_a_name_is_had_once_in_all_workspaces(slack, kim, lee, workspace):
    name = slack.name("room")
    slack.channel(workspace, kim, name)
    for where, who in [(workspace, kim), (slack.workspace(kim), kim), (slack.workspace(lee), lee)]:
        assert slack.ask("POST", "/channel", wanted(where, name, who)) == message("exist channel name")
        assert len(slack.ask("GET", f"/channels/{where}/{who}")) == (where == workspace)
    slack.invite(workspace, lee)
    assert slack.ask("POST", "/channel", wanted(workspace, name, lee)) == message("exist channel name")


def test_S_08b_a_channel_that_others_took_away_leaves_its_name_to_its_workspace(slack, circle, kim, workspace):
    name = slack.name("room")
    first = slack.channel(workspace, kim, name)
    take_away(circle.known(kim), f"/v1/channels/{first}")
    assert slack.channel(workspace, kim, name) != first


def test_S_08b_of_a_workspace_that_others_took_away_the_channels_names_are_free(slack, circle, kim, lee, workspace):
    name = slack.name("room")
    slack.channel(workspace, kim, name)
    take_away(circle.known(kim), f"/v1/workspaces/{workspace}")
    assert slack.channel(slack.workspace(lee), lee, name)


def test_S_08_a_name_is_not_empty(slack, kim, workspace):
    assert slack.ask("POST", "/channel", wanted(workspace, "", kim)) == message("channel_name is empty")
    assert slack.ask("POST", "/workspace", {"workspace_name": "", "user_email": kim}) == message("workspace_name is empty")


def test_S_08c_an_unknown_user_or_one_who_is_not_in_it(slack, lee, workspace):
    body = wanted(workspace, slack.name("room"), "nobody@example.org")
    assert slack.ask("POST", "/channel", body) == message("invalid user")
    assert slack.ask("POST", "/channel", {**body, "user_email": lee}) == message("invalid workspace")


def test_S_09_a_channel_is_deleted_and_its_name_is_free(slack, kim, lee, workspace):
    name = slack.name("room")
    channel = slack.channel(workspace, kim, name)
    slack.invite(workspace, lee, channel=channel)
    assert slack.ask("DELETE", f"/channel/{workspace}/{channel}") == message(f"{channel} delete complete")
    assert slack.ask("GET", f"/channels/{workspace}/{lee}") == []
    assert slack.channel(slack.workspace(lee), lee, name)


def are_not_there(slack, method, kim, workspace, channel):
    elsewhere = slack.workspace(kim)
    for where, which in [(workspace, NOWHERE), (NOWHERE, channel), (elsewhere, channel), (workspace, "nonsense")]:
        assert slack.ask(method, f"/channel/{where}/{which}") == message(f"{which} not exist")
    assert slack.ask("GET", f"/channels/{workspace}/{kim}") == [channel]


def test_S_09a_what_is_not_there(slack, kim, workspace, channel):
    are_not_there(slack, "DELETE", kim, workspace, channel)


def test_S_10a_what_is_not_there(slack, kim, workspace, channel):
    are_not_there(slack, "GET", kim, workspace, channel)


def test_S_10_a_channel_whole(slack, circle, kim, lee, workspace):
    name = slack.name("room")
    channel = slack.channel(workspace, kim, name)
    slack.invite(workspace, lee, channel=channel)
    circle.known(lee).say({"id": channel}, "Hello")
    answer = slack.call("GET", f"/channel/{workspace}/{channel}")
    found = answer.json()
    assert keys(answer.text) == [
        *["channel_name", "workspace_id", "createdAt", "SK", "messages", "PK", "type", "workspace_name", "users"],
        *["updatedAt", "channel_id"],
    ]
    assert (found["channel_name"], found["workspace_id"], found["channel_id"]) == (name, workspace, channel)
    assert (found["SK"], found["PK"], found["type"]) == (f"channel#{channel}", f"workspace#{workspace}", "channel")
    assert found["workspace_name"] == slack.ask("GET", f"/workspace/{workspace}")["workspace_name"]
    assert found["users"] == [kim, lee]
    assert found["messages"] == slack.ask("GET", f"/messages/{workspace}/{channel}")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_S_11_the_ids_of_a_users_channels(slack, kim, lee, workspace, channel, method):
    other = slack.channel(workspace, kim)
    slack.invite(workspace, lee, channel=other)
    assert sorted(slack.ask(method, f"/channels/{workspace}/{kim}")) == sorted([channel, other])
    assert slack.ask(method, f"/channels/{workspace}/{lee}") == [other]


def test_S_11a_an_unknown_user(slack, workspace):
    assert slack.ask("GET", f"/channels/{workspace}/nobody@example.org") == message("invalid user")


def test_S_11b_one_who_is_not_in_it(slack, lee, workspace, channel):
    assert slack.ask("GET", f"/channels/{workspace}/{lee}") == []
    assert slack.ask("GET", f"/channels/{NOWHERE}/{lee}") == []
