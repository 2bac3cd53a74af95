"""Open groups: whoever knows the id may join, and before that sees nothing."""

import pytest

from harness.client import ok, problem
from test_channels import member_path, members_of


@pytest.fixture
def group(alice):
    return ok(alice.post("/v1/channels", {"kind": "group", "open": True, "name": "climbing"}), 201)


def path(channel, rest=""):
    return f"/v1/channels/{channel['id']}{rest}"


def test_it_is_made_without_members_and_shown_as_open(alice, group):
    assert (group["open"], group["member_count"]) == (True, 1)
    assert alice.read(path(group))["open"] is True
    assert ok(alice.post("/v1/channels", {"kind": "group", "open": True, "members": ["x"]}), 201)["member_count"] == 2
    assert alice.group()["open"] is False and alice.group(open=False)["open"] is False
    assert alice.channel(alice.workspace())["open"] is False


def test_whoever_knows_it_joins_it_as_a_member(alice, bob, carol, group):
    alice.say(group, "before")
    with alice.socket() as socket:
        assert ok(bob.put(member_path(group, bob)), 200)["role"] == "member"
        assert socket.event(group)["user_id"] == bob.id
    with carol.socket() as socket:
        assert socket.ok("join_channel", channel_id=group["id"])["last_seq"] == 1
        assert socket.event(group)["type"] == "member_joined"
        alice.say(group, "hello")
        assert socket.event(group)["message"]["text"] == "hello"
    assert members_of(bob, group) == {alice.id, bob.id, carol.id}
    assert [message["text"] for message in carol.history(group)["messages"]] == ["before", "hello"]
    assert bob.read("/v1/inbox")["channels"][0]["unread_count"] == 1
    bob.invite(group, "dave")
    assert len(members_of(alice, group)) == 4


def test_who_is_not_in_it_can_neither_see_nor_read_it(alice, bob, group):
    alice.say(group, "secret")
    for rest in ["", "/messages", "/messages/1", "/members", "/events", "/receipts", "/messages/1/revisions"]:
        problem(bob.get(path(group, rest)), 404, "not_found")
    problem(bob.post(path(group, "/messages"), {"text": "x"}), 404, "not_found")
    problem(bob.put(path(group, "/members/carol")), 404, "not_found")
    problem(bob.delete(member_path(group, bob)), 404, "not_found")
    with bob.socket() as socket:
        socket.refused("not_found", "get_history", channel_id=group["id"])
        socket.refused("not_found", "post_message", channel_id=group["id"], text="x")
        socket.refused("not_found", "leave_channel", channel_id=group["id"])
    assert bob.read("/v1/inbox")["channels"] == []


@pytest.mark.parametrize("role", ["admin", "owner"])
def test_nobody_makes_himself_more_than_a_member(alice, bob, group, role):
    problem(bob.put(member_path(group, bob), {"role": role}), 403, "forbidden")
    assert members_of(alice, group) == {alice.id}


def test_a_ban_keeps_out_until_it_is_lifted(alice, bob, group):
    ok(bob.put(member_path(group, bob)), 200)
    ok(alice.put(path(group, f"/bans/{bob.id}")), 200)
    problem(bob.put(member_path(group, bob)), 403, "forbidden")
    with bob.socket() as socket:
        socket.refused("forbidden", "join_channel", channel_id=group["id"])
    problem(bob.get(path(group)), 404, "not_found")
    ok(alice.delete(path(group, f"/bans/{bob.id}")), 204)
    ok(bob.put(member_path(group, bob)), 200)


def test_who_leaves_may_come_back_and_sees_nothing_meanwhile(alice, bob, group):
    ok(bob.put(member_path(group, bob)), 200)
    ok(bob.delete(member_path(group, bob)), 204)
    alice.say(group, "while you were away")
    problem(bob.get(path(group)), 404, "not_found")
    ok(bob.put(member_path(group, bob)), 200)
    assert len(bob.history(group)["messages"]) == 1


def test_it_stays_what_it_was_made_as(alice, bob, group):
    for channel in [group, alice.group()]:
        problem(alice.patch(path(channel), {"open": not channel["open"]}), 400, "invalid_argument")
    ok(alice.patch(path(group), {"archived": True}), 200)
    problem(bob.put(member_path(group, bob)), 403, "forbidden")
    ok(alice.delete(path(group)), 204)
    problem(bob.put(member_path(group, bob)), 404, "not_found")


@pytest.mark.parametrize("body", [{"open": 1}, {"open": None}, {"open": "true"}, {"open": False}, {"kind": "public", "name": "x"}])
def test_one_of_the_wrong_shape_is_refused(alice, body):
    asked = {"kind": "group", "open": True, **body}
    if asked["kind"] == "public":
        asked["workspace_id"] = alice.workspace()["id"]
    problem(alice.post("/v1/channels", asked), 400, "invalid_argument")
