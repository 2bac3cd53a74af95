"""Unread counts, cursors, receipts, and the inbox made of them."""

import pytest

from harness.client import ok, problem
from harness.shapes import CHANNEL, has, is_time


def inbox(user, **query):
    return user.read("/v1/inbox", **query)["channels"]


def entry(user, channel):
    return next(c for c in inbox(user) if c["id"] == channel["id"])


def mark(user, channel, seq, cursor="read"):
    return user.put(f"/v1/channels/{channel['id']}/{cursor}", {"seq": seq})


def receipts(user, channel):
    return {r["user_id"]: r for r in user.read(f"/v1/channels/{channel['id']}/receipts")["receipts"]}


def test_the_inbox_has_the_newest_activity_first(alice, bob, carol):
    first, second, third = alice.group(bob), alice.direct(bob), alice.group(bob, carol)
    assert [c["id"] for c in inbox(bob)] == [third["id"], second["id"], first["id"]]
    bob.say(first, "up")
    assert [c["id"] for c in inbox(bob)] == [first["id"], third["id"], second["id"]]


def test_an_entry_has_the_channel_its_last_message_and_what_is_unread(alice, bob):
    channel = alice.direct(bob)
    assert has(entry(bob, channel), CHANNEL | {"last_message", "unread_count", "read_seq"})["last_message"] is None
    for text in ["one", "two", "three"]:
        last = alice.say(channel, text)
    seen = entry(bob, channel)
    assert (seen["unread_count"], seen["read_seq"], seen["last_seq"]) == (3, 0, 3)
    assert seen["last_message"] == last
    assert seen["other_user"] == alice.id
    assert entry(alice, channel)["other_user"] == bob.id


def test_ones_own_post_reads_everything_up_to_it(alice, bob):
    channel = alice.direct(bob)
    alice.say(channel, "one")
    assert (entry(alice, channel)["unread_count"], entry(alice, channel)["read_seq"]) == (0, 1)
    bob.say(channel, "two")
    assert (entry(bob, channel)["unread_count"], entry(bob, channel)["read_seq"]) == (0, 2)
    assert entry(alice, channel)["unread_count"] == 1


@pytest.mark.parametrize("cursor", ["read", "delivered"])
def test_a_cursor_moves_forward_only_and_not_past_the_last_message(alice, bob, cursor):
    channel = alice.group(bob)
    for text in ["one", "two", "three"]:
        alice.say(channel, text)
    for asked, then in [(2, 2), (1, 2), (3, 3), (2, 3)]:
        ok(mark(bob, channel, asked, cursor), 204)
        assert receipts(alice, channel)[bob.id][f"{cursor}_seq"] == then
    problem(mark(bob, channel, 4, cursor), 400, "invalid_argument")
    assert receipts(alice, channel)[bob.id][f"{cursor}_seq"] == 3


def test_reading_lowers_what_is_unread(alice, bob):
    channel = alice.group(bob)
    for text in ["one", "two", "three"]:
        alice.say(channel, text)
    ok(mark(bob, channel, 2), 204)
    assert entry(bob, channel)["unread_count"] == 1
    ok(mark(bob, channel, 3), 204)
    assert entry(bob, channel)["unread_count"] == 0


def test_who_joins_late_has_nothing_unread(alice, bob):
    channel = alice.group()
    alice.say(channel, "before")
    alice.invite(channel, bob)
    assert entry(bob, channel)["unread_count"] == 0
    alice.say(channel, "after")
    assert entry(bob, channel)["unread_count"] == 1


def test_unread_alone_can_be_asked_for(alice, bob):
    read, unread = alice.group(bob), alice.group(bob)
    for channel in [read, unread]:
        alice.say(channel, "x")
    ok(mark(bob, read, 1), 204)
    assert [c["id"] for c in inbox(bob, unread="true")] == [unread["id"]]
    assert [c["id"] for c in inbox(bob, unread="false")] == [read["id"]]
    assert len(inbox(bob)) == 2
    problem(bob.get("/v1/inbox?unread=maybe"), 400, "invalid_argument")


def test_the_inbox_goes_on_where_it_stopped(alice, bob):
    made = [alice.group(bob)["id"] for _ in range(7)]
    seen, after = [], {}
    while True:
        page = bob.read("/v1/inbox", limit=3, **after)
        seen += page["channels"]
        if not page["has_more"]:
            break
        after = {"after": page["next"]}
    assert sorted(c["id"] for c in seen) == sorted(made)
    ages = [c["created_at"] for c in seen]
    assert ages == sorted(ages, reverse=True)  # some may be of the same millisecond


def test_receipts_are_of_every_member(alice, bob, carol):
    channel = alice.group(bob, carol)
    alice.say(channel, "one")
    ok(mark(bob, channel, 1), 204)
    ok(mark(carol, channel, 1, "delivered"), 204)
    seen = receipts(carol, channel)
    assert {u: r["read_seq"] for u, r in seen.items()} == {alice.id: 1, bob.id: 1, carol.id: 0}
    assert seen[carol.id]["delivered_seq"] == 1
    is_time(seen[bob.id]["read_at"])
    assert seen[carol.id]["read_at"] is None


@pytest.mark.parametrize("body", [{}, {"seq": "1"}, {"seq": -1}, {"seq": 1.5}, {"seq": 1, "x": 2}, {"seq": None}, 7])
def test_a_cursor_of_the_wrong_shape_is_refused(alice, body):
    channel = alice.group()
    problem(alice.put(f"/v1/channels/{channel['id']}/read", body), 400, "invalid_argument")
