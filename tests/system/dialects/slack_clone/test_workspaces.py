"""Rows S-02 to S-04: workspaces."""

import secrets
import uuid
from urllib.parse import unquote

import pytest

from dialects.slack_clone.client import NOWHERE, SECONDS, is_now, keys, message, take_away


def test_S_02_who_makes_a_workspace_is_its_admin_and_first_member(slack, kim):
    name = slack.name("acme")
    answer = slack.call("POST", "/workspace", {"workspace_name": name, "user_email": kim})
    made = answer.json()
    assert keys(answer.text) == [
        *["message", "workspace_name", "type", "workspace_id", "channels", "users", "admin", "createdAt", "updatedAt"]
    ]
    assert (made["message"], made["workspace_name"], made["type"]) == ("workspace created successfully", name, "workspace")
    assert (made["channels"], made["users"], made["admin"]) == ([], [kim], kim)
    assert str(uuid.UUID(made["workspace_id"])) == made["workspace_id"]
    assert SECONDS.fullmatch(made["createdAt"]) and made["updatedAt"] == made["createdAt"] and is_now(made["createdAt"])


def test_S_02_it_is_a_workspace_for_others_as_well(circle, kim, workspace):
    native = circle.known(kim).read(f"/v1/workspaces/{workspace}")
    assert (native["owner"], native["role"], native["member_count"]) == (kim, "owner", 1)


def test_S_02a_a_name_is_had_once_in_all(slack, kim, lee):
    body = {"workspace_name": slack.name("acme"), "user_email": kim}
    slack.ask("POST", "/workspace", body)
    assert slack.ask("POST", "/workspace", body) == message("exist workspace name")
    assert slack.ask("POST", "/workspace", {**body, "user_email": lee}) == message("exist workspace name")
    assert [one["cnt"] for one in slack.ask("GET", f"/workspaces/{kim}")] == [1]
    assert slack.ask("GET", f"/workspaces/{lee}") == []


def test_S_02a_what_died_half_way_is_completed_by_the_next_try(slack, circle, kim, lee):
    """The name is reserved, and then the server is gone."""
    name = slack.name("half")
    assert circle.known(kim).put(f"/v1/names/slack_clone.workspace/{name}").status_code == 201
    body = {"workspace_name": name, "user_email": kim}
    assert slack.ask("POST", "/workspace", {**body, "user_email": lee}) == message("exist workspace name")
    assert slack.ask("POST", "/workspace", body)["message"] == "workspace created successfully"
    assert slack.ask("POST", "/workspace", body) == message("exist workspace name")


def test_S_02a_a_workspace_that_others_took_away_leaves_its_name_to_its_owner(slack, circle, kim):
    name = slack.name("gone")
    first = slack.workspace(kim, name)
    take_away(circle.known(kim), f"/v1/workspaces/{first}")
    assert slack.workspace(kim, name) != first


@pytest.mark.parametrize("name", ["a name, with: signs/and ünïcode 🎉", "n" * 188])
def test_S_02_names_may_be_long_and_strange(slack, kim, name):
    name = f"{name}{secrets.token_hex(6)}"
    assert slack.ask("GET", f"/workspace/{slack.workspace(kim, name)}")["workspace_name"] == name


def test_S_02b_an_unknown_user(slack):
    body = {"workspace_name": slack.name("acme"), "user_email": slack.user("nobody", registered=False)}
    assert slack.ask("POST", "/workspace", body) == message("invalid user")
    assert slack.workspace(slack.user("nobody"), body["workspace_name"])


def test_S_03_a_workspace_goes_with_its_channels(slack, kim, lee, workspace, channel):
    slack.invite(workspace, lee, channel=channel)
    assert slack.ask("DELETE", f"/workspace/{workspace}") == message(f"{workspace} delete complete")
    assert slack.ask("GET", f"/workspaces/{kim}") == slack.ask("GET", f"/workspaces/{lee}") == []
    assert slack.ask("GET", f"/channel/{workspace}/{channel}") == message(f"{channel} not exist")
    assert slack.ask("GET", f"/workspace/{workspace}") == message("not exist workspace id")


def test_S_03_its_name_and_those_of_its_channels_are_free_again(slack, kim, lee):
    name, room = slack.name("acme"), slack.name("room")
    first = slack.workspace(kim, name)
    slack.channel(first, kim, room)
    slack.ask("DELETE", f"/workspace/{first}")
    second = slack.workspace(lee, name)
    assert second != first and slack.channel(second, lee, room)


@pytest.mark.parametrize("workspace", [NOWHERE, "nonsense", "%20", "%C3%BC"])
def test_S_03a_what_is_not_there(slack, workspace):
    assert slack.ask("DELETE", f"/workspace/{workspace}") == message(f"{unquote(workspace)} not exist")


def test_S_03a_a_second_time(slack, workspace):
    slack.ask("DELETE", f"/workspace/{workspace}")
    assert slack.ask("DELETE", f"/workspace/{workspace}") == message(f"{workspace} not exist")


def test_S_04_a_workspace_with_its_channels_whole(slack, kim, lee, workspace, channel):
    slack.invite(workspace, lee, channel=channel)
    answer = slack.call("GET", f"/workspace/{workspace}")
    found = answer.json()
    assert keys(answer.text) == [
        *["createdAt", "channels", "SK", "admin", "PK", "type", "workspace_name", "users", "updatedAt", "workspace_id"]
    ]
    assert found["SK"] == found["PK"] == f"workspace#{workspace}"
    assert (found["admin"], found["type"], found["users"], found["workspace_id"]) == (kim, "workspace", [kim, lee], workspace)
    assert SECONDS.fullmatch(found["createdAt"]) and SECONDS.fullmatch(found["updatedAt"])
    assert found["channels"] == [slack.ask("GET", f"/channel/{workspace}/{channel}")]


def test_S_04a_what_is_not_there(slack):
    assert slack.ask("GET", f"/workspace/{NOWHERE}") == message("not exist workspace id")
