"""Rows S-14 and S-15: what has been said."""

import pytest

from dialects.slack_clone.client import NOWHERE, SECONDS, is_now, message


def test_S_14_the_whole_history_oldest_first(slack, circle, kim, lee, workspace, channel):
    slack.invite(workspace, lee, channel=channel)
    users = [circle.known(kim), circle.known(lee)]
    for i in range(205):  # more than a page of the public contract's
        users[i % 2].say({"id": channel}, f"message {i}")
    users[1].read(f"/v1/channels/{channel}")  # so that it is all there
    history = slack.ask("GET", f"/messages/{workspace}/{channel}")
    assert [one["message"] for one in history] == [f"message {i}" for i in range(205)]
    assert [one["sender"] for one in history[:2]] == [kim, lee]
    assert all(list(one) == ["message", "sender", "createdAt"] and SECONDS.fullmatch(one["createdAt"]) for one in history)
    times = [float(one["createdAt"]) for one in history]
    assert times == sorted(times) and is_now(times[0])


def test_S_14_nothing_yet_and_nothing_taken_back(slack, circle, kim, workspace, channel):
    assert slack.ask("GET", f"/messages/{workspace}/{channel}") == []
    user = circle.known(kim)
    posted = user.say({"id": channel}, "oops")
    user.delete(f"/v1/channels/{channel}/messages/{posted['seq']}")
    user.read(f"/v1/channels/{channel}")
    assert slack.ask("GET", f"/messages/{workspace}/{channel}") == []


def test_S_14a_what_is_not_there(slack, kim, workspace, channel):
    for where, which in [(NOWHERE, channel), (workspace, NOWHERE), (slack.workspace(kim), channel), ("a", "b")]:
        assert slack.ask("GET", f"/messages/{where}/{which}") == message("invalid workspace id or channel id")


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_S_15_what_one_sent_to_the_other(slack, circle, kim, lee, method):
    assert slack.ask(method, f"/dm/{kim}/{lee}") == []
    one, other = circle.known(kim), circle.known(lee)
    direct = one.direct(lee)
    for user, text in [(one, "Hello"), (other, "Hi"), (one, "Bye")]:
        user.say(direct, text)
    one.read(f"/v1/channels/{direct['id']}")
    answer = slack.call(method, f"/dm/{kim}/{lee}")
    assert [list(each) for each in answer.json()] == [["createdAt", "receiver", "message", "sender"]] * 2
    assert [each["message"] for each in answer.json()] == ["Hello", "Bye"]
    assert {(each["sender"], each["receiver"]) for each in answer.json()} == {(kim, lee)}
    assert all(isinstance(each["createdAt"], int) and is_now(each["createdAt"] / 1000) for each in answer.json())
    assert [each["message"] for each in slack.ask(method, f"/dm/{lee}/{kim}")] == ["Hi"]
    assert slack.ask(method, f"/dm/nobody@example.org/{kim}") == message("invalid user")
