"""Keeping a user out of a channel."""

from datetime import datetime, timedelta, timezone

import pytest

from harness.client import ok, path_of, problem
from harness.shapes import is_time
from harness.waiting import until


@pytest.fixture
def place(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace)
    alice.invite(channel, bob)
    return channel


def bans(channel, user=None):
    path = f"/v1/channels/{channel['id']}/bans"
    return path if user is None else f"{path}/{path_of(user)}"


def soon(seconds):
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_ban_takes_a_member_out_and_keeps_him_out(alice, bob, place):
    with bob.socket() as socket:
        ban = ok(alice.put(bans(place, bob), {"reason": "spam"}), 200)
        event = socket.event(place)
    assert (ban["user_id"], ban["reason"], ban["until"], ban["banned_by"]) == (bob.id, "spam", None, alice.id)
    is_time(ban["banned_at"])
    assert (event["type"], event["user_id"]) == ("member_left", bob.id)
    problem(bob.put(f"/v1/channels/{place['id']}/members/{path_of(bob)}"), 403, "forbidden")
    problem(alice.put(f"/v1/channels/{place['id']}/members/{path_of(bob)}"), 403, "forbidden")
    with bob.socket() as socket:
        socket.refused("forbidden", "join_channel", channel_id=place["id"])


def test_the_banned_does_not_read_a_public_channel(alice, bob, place):
    alice.say(place, "secret")
    ok(alice.put(bans(place, bob)), 200)
    for what in ["", "/messages", "/members", "/events", "/receipts", "/messages/1"]:
        problem(bob.get(f"/v1/channels/{place['id']}{what}"), 404, "not_found")
    workspace = place["workspace_id"]
    assert place["id"] not in [c["id"] for c in bob.read(f"/v1/workspaces/{workspace}/channels")["channels"]]


def test_who_counts_as_the_channels_owner_sees_it_though_he_is_banned(alice, bob, place):
    """By his role in the workspace: he may change it, and so lift what keeps others out."""
    alice.say(place, "here")
    alice.invite({"id": place["workspace_id"]}, bob, role="admin")
    ok(bob.put(bans(place, alice)), 200)
    assert alice.read(f"/v1/channels/{place['id']}")["id"] == place["id"]
    assert [m["text"] for m in alice.history(place)["messages"]] == ["here"]
    assert [ban["user_id"] for ban in alice.read(bans(place))["bans"]] == [alice.id]
    ok(alice.patch(f"/v1/channels/{place['id']}", {"topic": "mine"}), 200)
    problem(alice.post(f"/v1/channels/{place['id']}/messages", {"text": "x"}), 403, "forbidden")
    problem(alice.delete(bans(place, alice)), 400, "invalid_argument")


def test_what_the_banned_writes_is_forbidden_and_an_archived_channel_takes_bans(alice, bob, place):
    ok(alice.patch(f"/v1/channels/{place['id']}", {"archived": True}), 200)
    ok(alice.put(bans(place, bob)), 200)
    ok(alice.patch(f"/v1/channels/{place['id']}", {"archived": False}), 200)
    problem(bob.post(f"/v1/channels/{place['id']}/messages", {"text": "x"}), 403, "forbidden")


def test_a_lifted_ban_lets_him_in(alice, bob, place):
    ok(alice.put(bans(place, bob)), 200)
    ok(alice.delete(bans(place, bob)), 204)
    ok(alice.delete(bans(place, bob)), 204)
    bob.invite(place, bob)
    assert alice.read(bans(place)) == {"bans": []}


def test_a_ban_ends_by_itself(alice, bob, place):
    end = soon(1)
    assert ok(alice.put(bans(place, bob), {"until": end}), 200)["until"] == end
    until(lambda: bob.put(f"/v1/channels/{place['id']}/members/{path_of(bob)}").status_code == 200)


def test_those_who_keep_order_see_the_bans(alice, bob, carol, place):
    ban = ok(alice.put(bans(place, carol), {"reason": "not here"}), 200)
    assert alice.read(bans(place)) == {"bans": [ban]}
    problem(bob.get(bans(place)), 403, "forbidden")
    problem(carol.get(bans(place)), 404, "not_found")


def test_who_may_not_ban(alice, bob, carol, place):
    problem(bob.put(bans(place, alice)), 403, "forbidden")
    problem(carol.put(bans(place, alice)), 404, "not_found")
    problem(alice.put(bans(place, alice)), 400, "invalid_argument")
    problem(alice.put(bans(alice.direct(bob), bob)), 403, "forbidden")


@pytest.mark.parametrize(
    "body",
    [{"until": "2001-01-01T00:00:00Z"}, {"until": "soon"}, {"until": 5}, {"reason": "x" * 1001}, {"reason": 1}, {"why": "x"}, []],
)
def test_bad_bans(alice, bob, place, body):
    problem(alice.put(bans(place, bob), body), 400, "invalid_argument")
    assert bob.history(place)["last_seq"] == 0


def test_an_archived_channel_is_read_only(alice, bob, place):
    alice.say(place, "one")
    ok(alice.patch(f"/v1/channels/{place['id']}", {"archived": True}), 200)
    problem(bob.post(f"/v1/channels/{place['id']}/messages", {"text": "two"}), 403, "forbidden")
    problem(bob.put(f"/v1/channels/{place['id']}/messages/1/pin"), 403, "forbidden")
    assert [m["text"] for m in bob.history(place)["messages"]] == ["one"]
    ok(bob.put(f"/v1/channels/{place['id']}/read", {"seq": 1}), 204)
    ok(alice.patch(f"/v1/channels/{place['id']}", {"archived": False}), 200)
    bob.say(place, "two")
