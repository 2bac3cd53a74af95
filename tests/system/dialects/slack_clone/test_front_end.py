"""A day of the Slack clone's own front end (clients/slack_clone_day.js), and what the public contract says of it afterwards."""

import secrets

import pytest

from dialects.programs import day
from dialects.slack_clone.client import DENIED, NOT_VALID, SECONDS, message

TALK = ["Hello", "Hi Kim", "Lunch? 🍜", "At one"]


@pytest.fixture(scope="module")
def kim(folk):
    return folk.user("kim")


@pytest.fixture(scope="module")
def lee(folk):
    return folk.user("lee")


@pytest.fixture(scope="module")
def names():
    return {kind: f"{kind}-{secrets.token_hex(6)}" for kind in ["workspace", "channel", "spare", "second"]}


@pytest.fixture(scope="module")
def seen(parley, kim, lee, names):
    users = {name: {"email": user.id, "token": user.token} for name, user in [("kim", kim), ("lee", lee)]}
    return day("slack_clone", parley.url, {**users, "names": names})


@pytest.fixture
def workspace(seen):
    return seen["place"]["workspace"]


@pytest.fixture
def channel(seen):
    return seen["place"]["channel"]


def senders(kim, lee):
    return [kim.id, lee.id, kim.id, lee.id]


def test_S_16_its_socket_needs_a_token(seen):
    assert seen["without a token"] == {"status": 401, "text": "Authorization error"}


def test_S_01_it_registers_its_users(seen, kim, lee):
    assert [event["request"]["userAttributes"]["email"] for event in seen["registered"]] == [kim.id, lee.id]
    assert [kim.read(f"/v1/users/{user.id}")["name"] for user in [kim, lee]] == ["Kim", "Lee"]


def test_S_02_it_makes_a_workspace(seen, kim, lee, names, workspace):
    made = seen["workspace made"]
    assert (made["workspace_name"], made["users"], made["admin"]) == (names["workspace"], [kim.id], kim.id)
    native = kim.read(f"/v1/workspaces/{workspace}")
    assert (native["name"], native["owner"]) == (names["workspace"], kim.id)


def test_S_02a_its_name_is_taken(seen):
    assert seen["workspace again"] == message("exist workspace name")


def test_S_05_it_lists_workspaces(seen, names, workspace):
    assert seen["workspaces of nobody's"] == []
    assert seen["workspaces"] == [{"id": workspace, "name": names["workspace"], "cnt": 2}]


def test_S_06_it_invites(seen, kim, lee):
    assert seen["invited"] == seen["invited again"] == [kim.id, lee.id]


def test_S_07_it_leaves_the_workspace(seen, kim, lee, workspace):
    assert seen["left"] == message("workspace out complete")
    assert [each["user_id"] for each in kim.read(f"/v1/workspaces/{workspace}/members")["members"]] == [kim.id]
    assert lee.get(f"/v1/workspaces/{workspace}").status_code == 404


def test_S_08_it_makes_a_channel(seen, kim, names, workspace, channel):
    made = seen["channel made"]
    assert (made["channel_id"], made["workspace_id"], made["users"], made["messages"]) == (channel, workspace, [kim.id], [])
    native = kim.read(f"/v1/channels/{channel}")
    assert (native["name"], native["kind"], native["workspace_id"]) == (names["channel"], "public", workspace)


def test_S_08b_its_name_is_taken(seen):
    assert seen["channel again"] == message("exist channel name")


def test_S_09_it_deletes_a_channel(seen, kim, workspace):
    (deleted, gone) = (seen[what]["message"].split(" ", 1) for what in ["channel deleted", "channel gone"])
    assert (deleted[1], gone) == ("delete complete", [deleted[0], "not exist"])
    assert kim.get(f"/v1/channels/{deleted[0]}").status_code == 404


def test_S_10_it_shows_the_channel_with_what_was_said(seen, kim, names):
    shown = seen["channel"]
    assert (shown["channel_name"], shown["users"]) == (names["channel"], [kim.id])
    assert shown["messages"] == seen["history"]


def test_S_11_it_lists_ones_channels(seen, channel):
    assert seen["channels"] == [channel]


def test_S_11b_of_a_workspace_that_one_is_not_in_there_are_none(seen):
    assert seen["channels of a stranger"] == []


def test_S_12_it_invites_to_a_channel(seen, kim, lee):
    assert seen["invited to channel"] == [kim.id, lee.id]


def test_S_13_it_leaves_the_channel(seen, kim, channel):
    assert seen["left the channel"] == message("channel out complete")
    assert [each["user_id"] for each in kim.read(f"/v1/channels/{channel}/members")["members"]] == [kim.id]


def test_S_13a_and_can_not_leave_it_again(seen):
    assert seen["left the channel again"] == message("fail to delete user from channel's user list")


def test_S_20_all_tabs_hear_what_is_said_in_the_channel(seen, kim, lee, workspace, channel):
    heard = seen["heard in the channel"]
    assert len(heard) == len(TALK)
    for tabs, text, sender in zip(heard, TALK, senders(kim, lee)):
        assert tabs[0] == tabs[1] == tabs[2] and len(tabs) == 3
        assert tabs[0] == {
            **{"sender": sender, "channel_id": channel, "workspace_id": workspace, "message": text},
            "createdAt": tabs[0]["createdAt"],
        }
        assert SECONDS.fullmatch(tabs[0]["createdAt"])


def test_S_14_history_is_what_was_heard_here_and_natively(seen, kim, lee, channel):
    heard = [tabs[0] for tabs in seen["heard in the channel"]]
    assert seen["history"] == [{key: frame[key] for key in ("message", "sender", "createdAt")} for frame in heard]
    native = kim.read(f"/v1/channels/{channel}/messages")["messages"]
    assert [(each["seq"], each["author"], each["text"]) for each in native] == list(zip([1, 2, 3, 4], senders(kim, lee), TALK))


def test_S_20_nobody_speaks_in_anothers_name(seen):
    assert seen["in somebody else's name"] == DENIED


def test_S_20a_into_nothing(seen):
    assert seen["into nothing"] == NOT_VALID


def test_S_21_another_systems_frame(seen):
    assert seen["unknown action"] == message("invalid action")


def test_S_19_the_receiver_gets_what_was_sent(seen):
    assert seen["whispered"]["heard"] == seen["whispered"]["sent"]


def test_S_15_each_direction_is_a_list_of_its_own_and_natively_they_are_one(seen, kim, lee):
    there, back = seen["direct, there"], seen["direct, back"]
    assert [(each["sender"], each["receiver"], each["message"]) for each in there] == [
        (kim.id, lee.id, "psst"),
        (kim.id, lee.id, "you are gone"),
    ]
    assert [(each["sender"], each["message"]) for each in back] == [(lee.id, "what?")]
    both = lee.history(lee.direct(kim))["messages"]
    assert [each["text"] for each in both] == ["psst", "what?", "you are gone"]
    assert [each["number"] for each in both] == [each["createdAt"] for each in [there[0], back[0], there[1]]]


def test_S_04_it_shows_the_whole_workspace(seen, kim, channel):
    assert [each["channel_id"] for each in seen["whole"]["channels"]] == [channel]
    assert (seen["whole"]["users"], seen["whole"]["admin"]) == ([kim.id], kim.id)


def test_S_03_it_deletes_a_workspace(seen):
    assert seen["deleted"]["message"].endswith(" delete complete") and seen["workspaces at last"] == []


def test_S_04a_which_is_gone(seen):
    assert seen["gone"] == message("not exist workspace id")
