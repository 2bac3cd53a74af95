"""Row S-19: direct messages."""

import json

import pytest

from dialects.slack_clone.client import DENIED, direct, is_quiet, message
from harness.waiting import until


@pytest.mark.parametrize("action", ["dm_chat", "dmChat"])
def test_S_19_the_receiver_gets_the_frame_as_it_was_sent(slack, kim, lee, action):
    sender, receivers = slack.socket(kim), [slack.socket(lee), slack.socket(lee)]
    frame = {"more": [1, {"b": 2, "a": None}], **direct(kim, lee, 'Ünï "quoted"\n', action=action), "last": True}
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    sender.send(text)
    assert [receiver.text() for receiver in receivers] == [text] * 2
    assert is_quiet(sender)


def test_S_19_the_documented_frame(slack, kim, lee):
    receiver = slack.socket(lee)
    slack.socket(kim).send(direct(kim, lee))
    assert receiver.frame() == direct(kim, lee)
    kept = until(lambda: slack.ask("GET", f"/dm/{kim}/{lee}"))
    assert [(one["sender"], one["receiver"], one["message"]) for one in kept] == [(kim, lee, "Hello")]
    assert kept[0]["createdAt"] > 1692441630571, "the server's own time"
    assert slack.ask("GET", f"/dm/{lee}/{kim}") == []


def test_S_19_the_clients_time_may_be_left_out(slack, kim, lee):
    receiver = slack.socket(lee)
    frame = direct(kim, lee)
    del frame["createdAt"]
    slack.socket(kim).send(frame)
    assert receiver.frame() == frame


def test_S_19_the_senders_other_sockets_hear_nothing(slack, kim, lee):
    sender, other, receiver = slack.socket(kim), slack.socket(kim), slack.socket(lee)
    sender.send(direct(kim, lee))
    receiver.frame()
    assert is_quiet(other) and is_quiet(sender)


def test_S_19_who_is_away_finds_it_later(slack, kim, lee):
    sender = slack.socket(kim)
    sender.send(direct(kim, lee, "for later"))
    assert is_quiet(sender)
    assert until(lambda: slack.ask("GET", f"/dm/{kim}/{lee}"))[0]["message"] == "for later"


def test_S_19_to_oneself(slack, kim):
    socket = slack.socket(kim)
    assert socket.ask(direct(kim, kim)) == direct(kim, kim)


def test_S_19_a_sender_who_is_somebody_else_is_refused(slack, kim, lee):
    receiver = slack.socket(kim)
    for sender in [kim, "", "Lee"]:
        assert slack.socket(lee).ask(direct(sender, kim)) == DENIED
    assert is_quiet(receiver)
    assert slack.ask("GET", f"/dm/{kim}/{kim}") == slack.ask("GET", f"/dm/{lee}/{kim}") == []


@pytest.mark.parametrize("change", [{"receiver": None}, {"message": 7}, {"sender": []}, {"message": ""}, {"message": "x" * 16385}])
def test_S_19_what_is_no_message_is_said_so(slack, kim, lee, change):
    socket = slack.socket(kim)
    assert list(socket.ask({**direct(kim, lee), **change})) == ["message"]
    assert is_quiet(socket)
    assert slack.ask("GET", f"/dm/{kim}/{lee}") == []


def test_S_19_an_unknown_receiver(slack, kim):
    assert slack.socket(kim).ask(direct(kim, "nobody@example.org")) == message("invalid user")


@pytest.mark.parametrize("action", ["dm_chat", "channelChat"])
def test_S_19_others_can_not_say_that_somebody_else_said_it(slack, circle, kim, lee, action):
    receiver = slack.socket(lee)
    user = circle.known(kim)
    frame = json.dumps(direct("boss@example.org", lee, None, action=action))
    user.say(user.direct(lee), "Trust me", metadata={"slack_clone": {"frame": frame}})
    heard = receiver.frame()
    assert (heard["action"], heard["sender"], heard["receiver"], heard["message"]) == ("dm_chat", kim, lee, "Trust me")


def test_S_19_what_others_say_otherwise_comes_as_a_client_would_say_it(slack, circle, kim, lee):
    receiver = slack.socket(lee)
    user = circle.known(kim)
    posted = user.say(user.direct(lee), "from elsewhere")
    frame = receiver.frame()
    assert list(frame) == ["action", "sender", "receiver", "message", "createdAt"]
    assert frame == direct(kim, lee, "from elsewhere", createdAt=str(posted["number"]))
