"""Whom a text names, and how many such messages he has still to read."""

import pytest

from harness.client import ok


@pytest.fixture
def channel(alice, bob):
    return alice.group(bob)


def inbox_of(user, channel):
    return next(c for c in user.read("/v1/inbox")["channels"] if c["id"] == channel["id"])


def count(user, channel):
    return inbox_of(user, channel)["mention_count"]


def test_a_message_says_whom_it_names(alice, bob, channel):
    text = f"<@{bob.id}> and <@{bob.id}>, <@nobody> <@a/b>"
    with bob.socket() as socket:
        posted = alice.say(channel, text)
        pushed = socket.event(channel)["message"]
    assert posted["mentions"] == [bob.id, "nobody"]
    assert pushed["mentions"] == posted["mentions"] == alice.history(channel)["messages"][0]["mentions"]
    assert alice.say(channel, "nobody at all")["mentions"] == []


def test_mentions_are_counted_until_they_are_read(alice, bob, channel):
    for _ in range(3):
        alice.say(channel, f"<@{bob.id}>")
    alice.say(channel, "and all")
    assert (count(bob, channel), inbox_of(bob, channel)["unread_count"]) == (3, 4)
    assert count(alice, channel) == 0
    ok(bob.put(f"/v1/channels/{channel['id']}/read", {"seq": 2}), 204)
    assert count(bob, channel) == 1
    bob.say(channel, "I see")
    assert count(bob, channel) == 0


def test_edits_and_retractions_are_counted(alice, bob, channel):
    first = alice.say(channel, f"<@{bob.id}>")["seq"]
    second = alice.say(channel, "hm")["seq"]
    path = f"/v1/channels/{channel['id']}/messages"
    edited = ok(alice.patch(f"{path}/{second}", {"text": f"<@{bob.id}>!"}), 200)
    assert edited["mentions"] == [bob.id]
    assert count(bob, channel) == 2
    ok(alice.patch(f"{path}/{first}", {"text": "never mind"}), 200)
    assert count(bob, channel) == 1
    ok(alice.delete(f"{path}/{second}"), 204)
    assert count(bob, channel) == 0


def test_a_name_that_looks_alike_is_another_user(alice, bob, channel):
    lookalike = bob.id.replace("o", "\u043e")  # a Cyrillic o
    assert alice.say(channel, f"<@{lookalike}>")["mentions"] == [lookalike]
    assert count(bob, channel) == 0
