"""Rows S-20 and S-21: what is said in channels, and what is nothing of the kind."""

import json

import pytest

from dialects.slack_clone.client import DENIED, NOT_VALID, NOWHERE, SECONDS, chat, is_quiet, message
from harness.waiting import until


@pytest.fixture
def channel(slack, workspace, channel, lee):
    """Of both."""
    slack.invite(workspace, lee, channel=channel)
    return channel


@pytest.mark.parametrize("action", ["channelChat", "channel_chat"])
def test_S_20_all_members_hear_it_the_sender_too(slack, kim, lee, workspace, channel, action):
    sockets = [slack.socket(kim), slack.socket(kim), slack.socket(lee), slack.socket(lee)]
    outsider = slack.socket(slack.user("outsider"))
    sockets[0].send(chat(kim, channel, workspace, action=action))
    frames = [socket.frame() for socket in sockets]
    assert all(frame == frames[0] for frame in frames)
    assert list(frames[0]) == ["sender", "channel_id", "workspace_id", "message", "createdAt"]
    assert {**frames[0], "createdAt": None} == {
        **{"sender": kim, "channel_id": channel, "workspace_id": workspace, "message": "Hello"},
        "createdAt": None,
    }
    assert SECONDS.fullmatch(frames[0]["createdAt"])
    assert is_quiet(outsider)
    kept = until(lambda: slack.ask("GET", f"/messages/{workspace}/{channel}"))
    assert kept == [{"message": "Hello", "sender": kim, "createdAt": frames[0]["createdAt"]}]


@pytest.mark.shape("topology")
def test_S_16_whoever_is_connected_hears_what_is_said_from_then_on(slack, parley, sockets, kim, lee, workspace, channel):
    with parley.paused("broadcaster"), pytest.raises(TimeoutError):
        sockets.open("/dev", {"Authorization": slack.token_for(lee)}, deadline_s=1)
    sender, receiver = slack.socket(kim), slack.socket(lee)
    sender.send(chat(kim, channel, workspace))
    assert receiver.frame()["message"] == "Hello"


@pytest.mark.shape("topology")
def test_S_20_what_is_said_while_nothing_can_be_looked_up_is_heard_later(slack, parley, circle, kim, lee, channel):
    receiver = slack.socket(lee)
    with parley.paused("projector"):
        circle.known(kim).say({"id": channel}, "Hello")
        with pytest.raises(TimeoutError):
            receiver.frame(deadline_s=10)  # longer than a read waits for the projector
    assert receiver.frame()["message"] == "Hello"


def test_S_20_messages_that_come_all_at_once_are_taken_and_refused_in_their_order(slack, kim, lee, workspace, channel):
    sender, receiver = slack.socket(kim), slack.socket(lee)
    long = "x" * 16_385
    for i in range(40):
        sender.send(chat(kim, channel, workspace, long if i % 10 == 4 else f"number {i}"))
        if i % 20 == 9:
            sender.send({"action": "nothing"})
    texts = [f"number {i}" for i in range(40) if i % 10 != 4]
    assert [receiver.frame()["message"] for _ in texts] == texts
    frames = [sender.frame() for _ in range(42)]
    assert [frame["message"] for frame in frames if "sender" in frame] == texts
    refusals = [frame["message"] for frame in frames if "sender" not in frame]
    assert [text == "invalid action" for text in refusals] == [False, True, False, False, True, False]


def test_S_20_who_joins_hears_it_and_who_leaves_does_not(slack, kim, lee, workspace, channel):
    new = slack.user("new")
    sockets = {email: slack.socket(email) for email in [kim, lee, new]}
    slack.invite(workspace, new, channel=channel)
    slack.ask("PATCH", "/channel/out", {"workspace_id": workspace, "channel_id": channel, "user_email": lee})
    sockets[kim].send(chat(kim, channel, workspace))
    assert sockets[kim].frame() == sockets[new].frame()
    assert is_quiet(sockets[lee])
    assert sockets[lee].ask(chat(lee, channel, workspace)) == NOT_VALID


def test_S_20_what_was_said_otherwise_is_heard_and_other_channels_are_not(slack, circle, kim, lee, workspace, channel):
    socket = slack.socket(lee)
    user = circle.known(kim)
    user.say(user.group(lee), "not of a workspace")
    user.say({"id": channel}, "native")
    assert socket.frame()["message"] == "native"


def test_S_20a_what_is_not_there(slack, kim, workspace, channel):
    socket = slack.socket(kim)
    for where, which in [(workspace, NOWHERE), (NOWHERE, channel), (slack.workspace(kim), channel), ("", channel), (workspace, "x")]:
        assert socket.ask(chat(kim, which, where)) == NOT_VALID
    assert slack.ask("GET", f"/messages/{workspace}/{channel}") == []


def test_S_20a_a_channel_of_no_workspace_is_none_of_its_channels(slack, circle, kim, lee, workspace):
    user = circle.known(kim)
    socket, places = slack.socket(kim), [user.group(lee), user.direct(lee)]
    for place in places:
        assert socket.ask(chat(kim, place["id"], "")) == socket.ask(chat(kim, place["id"], workspace)) == NOT_VALID
    assert [user.history(place)["messages"] for place in places] == [[], []]


def test_S_20a_who_is_not_in_it(slack, kim, workspace, channel):
    outsider, member = slack.user("outsider"), slack.user("member")
    slack.invite(workspace, member)
    for email in [outsider, member]:
        assert slack.socket(email).ask(chat(email, channel, workspace)) == NOT_VALID


def test_S_20_a_sender_who_is_somebody_else_is_refused(slack, kim, lee, workspace, channel):
    assert slack.socket(lee).ask(chat(kim, channel, workspace)) == DENIED
    assert slack.ask("GET", f"/messages/{workspace}/{channel}") == []


@pytest.mark.parametrize(
    "frame",
    ["", "nonsense", "[]", "1", "{}", '{"action":1}', '{"action":"onJoin","room":"r","name":"n"}', '{"action":"a","action":"b"}'],
)


def test_S_21_whatever_else_is_said_has_one_reply(slack, kim, frame):
    socket = slack.socket(kim)
    assert socket.ask(frame) == socket.ask('{"action":"DM_CHAT"}') == message("invalid action")


@pytest.mark.parametrize("key", ["sender", "message", "channel_id", "workspace_id"])
@pytest.mark.parametrize("how", ["capitals", "huge", "number"])
def test_S_20a_keys_in_capitals_and_ids_beyond_all_say_nothing(slack, kim, workspace, channel, key, how):
    socket, frame = slack.socket(kim), chat(kim, channel, workspace)
    value = frame.pop(key)
    frame |= {"capitals": {key.title(): value}, "huge": {key: "9" * 20_000}, "number": {key: 10**30}}[how]
    assert list(socket.ask(frame)) == ["message"]
    assert is_quiet(socket)
    assert slack.ask("GET", f"/messages/{workspace}/{channel}") == []


def test_S_21_a_key_that_is_there_twice_is_no_frame(slack, kim, lee, workspace, channel):
    socket = slack.socket(kim)
    for twice in ["sender", "message", "channel_id"]:
        frame = json.dumps(chat(kim, channel, workspace))[:-1] + f', "{twice}": "{lee}"}}'
        assert socket.ask(frame) == message("invalid action")
    assert slack.ask("GET", f"/messages/{workspace}/{channel}") == []
