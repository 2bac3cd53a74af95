"""Channels of every kind: making, joining, inviting, leaving, changing and deleting them."""

import pytest

from harness.client import ok, path_of, problem
from harness.shapes import CHANNEL, has, is_id, is_time
from test_workspaces import pages


def member_path(channel, user):
    return f"/v1/channels/{channel['id']}/members/{path_of(user)}"


def members_of(user, channel):
    return {m["user_id"] for m in user.read(f"/v1/channels/{channel['id']}/members")["members"]}


@pytest.fixture
def workspace(alice, bob):
    """Of Alice, with Bob in it."""
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    return workspace


# --- making
@pytest.mark.parametrize("kind", ["public", "private"])
def test_a_new_channel_of_a_workspace_has_its_creator_in_it_and_nothing_else(alice, workspace, kind):
    channel = has(alice.channel(workspace, kind, name="plans", topic="of the week"), CHANNEL)
    is_id(channel["id"])
    is_time(channel["created_at"])
    assert channel["id"][:4] == workspace["id"][:4], "a channel has the slot of its workspace"
    expected = {"kind": kind, "workspace_id": workspace["id"], "name": "plans", "topic": "of the week", "created_by": alice.id}
    assert {field: channel[field] for field in expected} == expected
    assert (channel["last_seq"], channel["member_count"]) == (0, 1)
    assert members_of(alice, channel) == {alice.id}


def test_a_channel_is_made_with_the_members_that_its_creator_names(alice, bob, workspace):
    channel = alice.channel(workspace, "private", members=[bob.id])
    assert channel["member_count"] == 2
    assert members_of(bob, channel) == {alice.id, bob.id}


def test_a_group_needs_no_workspace(alice, bob, carol):
    group = has(alice.group(bob, carol, name="lunch"), CHANNEL)
    assert (group["kind"], group["workspace_id"], group["name"], group["member_count"]) == ("group", None, "lunch", 3)
    assert members_of(carol, group) == {alice.id, bob.id, carol.id}


def test_the_name_of_a_public_channel_is_taken_once_in_its_workspace(alice, bob, workspace):
    first = alice.channel(workspace, name="general")
    body = {"kind": "public", "workspace_id": workspace["id"], "name": "general"}
    problem(bob.post("/v1/channels", body), 409, "conflict")
    alice.channel(workspace, "private", name="general")
    alice.channel(alice.workspace("Other"), name="general")
    other = alice.channel(workspace, name="random")
    problem(alice.patch(f"/v1/channels/{other['id']}", {"name": "general"}), 409, "conflict")
    ok(alice.delete(f"/v1/channels/{first['id']}"), 204)
    assert ok(bob.post("/v1/channels", body), 201)["id"] != first["id"]


def test_one_who_is_not_in_the_workspace_makes_no_channel_there(carol, workspace):
    problem(carol.post("/v1/channels", {"kind": "public", "workspace_id": workspace["id"], "name": "x"}), 404, "not_found")


def test_a_channel_is_not_made_with_members_from_outside_its_workspace(alice, carol, workspace):
    body = {"kind": "private", "workspace_id": workspace["id"], "name": "x", "members": [carol.id]}
    problem(alice.post("/v1/channels", body), 409, "conflict")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "secret", "members": []},
        {"kind": "direct", "members": []},
        {"kind": "room", "name": "lobby"},
        {"kind": "public", "name": "x"},
        {"kind": "group"},
        {"kind": "group", "members": "bob"},
        {"kind": "group", "members": [7]},
        {"kind": "group", "members": [f"user-{i}" for i in range(1001)]},
        {"kind": "group", "members": [], "colour": "red"},
        {"kind": "group", "members": [], "topic": 1},
    ],
)
def test_a_channel_of_the_wrong_shape_is_refused(alice, body):
    problem(alice.post("/v1/channels", body), 400, "invalid_argument")


@pytest.mark.parametrize("user", ["", "a/b", "x" * 129, "a\nb"])
def test_a_member_whose_id_can_be_nobodys_is_not_found(alice, user):
    problem(alice.post("/v1/channels", {"kind": "group", "members": [user]}), 404, "not_found")


def test_a_group_takes_a_thousand_members(alice):
    assert alice.group(*[f"guest-{i}" for i in range(999)])["member_count"] == 1000


# --- direct channels
def test_a_direct_channel_is_the_same_from_both_sides_however_often_it_is_opened(alice, bob):
    assert alice.read(f"/v1/direct/{bob.id}")["channel_id"] is None
    channel = has(alice.direct(bob), CHANNEL)
    assert (channel["kind"], channel["member_count"], channel["workspace_id"]) == ("direct", 2, None)
    assert alice.direct(bob)["id"] == bob.direct(alice)["id"] == channel["id"]
    for user, other in [(alice, bob), (bob, alice)]:
        assert user.read(f"/v1/direct/{other.id}")["channel_id"] == channel["id"]


def test_a_user_has_a_direct_channel_with_himself(alice):
    channel = alice.direct(alice)
    assert channel["member_count"] == 1
    assert alice.say(channel, "note to self")["seq"] == 1


def test_nobody_is_invited_into_a_direct_channel_or_leaves_it(alice, bob, carol):
    channel = alice.direct(bob)
    assert alice.put(member_path(channel, carol)).status_code in (403, 409)
    problem(carol.get(f"/v1/channels/{channel['id']}"), 404, "not_found")
    assert members_of(alice, channel) == {alice.id, bob.id}


# --- joining, inviting, leaving
def test_a_member_of_the_workspace_joins_a_public_channel_by_himself(alice, bob, workspace):
    channel = alice.channel(workspace)
    assert ok(bob.put(member_path(channel, bob)), 200)["user_id"] == bob.id
    assert members_of(alice, channel) == {alice.id, bob.id}


def test_a_public_channel_is_read_by_any_member_of_the_workspace_and_written_by_its_own(alice, bob, carol, workspace):
    channel = alice.channel(workspace)
    alice.say(channel, "hello")
    assert len(bob.history(channel)["messages"]) == 1
    problem(bob.post(f"/v1/channels/{channel['id']}/messages", {"text": "hi"}), 403, "forbidden")
    problem(carol.get(f"/v1/channels/{channel['id']}/messages"), 404, "not_found")
    problem(carol.put(member_path(channel, carol)), 404, "not_found")


@pytest.mark.parametrize("kind", ["private", "group"])
def test_members_invite_into_what_can_not_be_seen_from_outside(circle, kind):
    alice, bob, carol = circle.users("alice", "bob", "carol")
    if kind == "group":
        channel = alice.group()
    else:
        workspace = alice.workspace()
        for user in [bob, carol]:
            alice.invite(workspace, user)
        channel = alice.channel(workspace, "private")
    problem(bob.put(member_path(channel, bob)), 404, "not_found")
    alice.invite(channel, bob)
    bob.invite(channel, carol)
    assert members_of(carol, channel) == {alice.id, bob.id, carol.id}


def test_one_who_is_not_in_the_workspace_can_not_be_invited_into_its_channel(alice, carol, workspace):
    for kind in ["public", "private"]:
        channel = alice.channel(workspace, kind)
        problem(alice.put(member_path(channel, carol)), 409, "conflict")
        assert members_of(alice, channel) == {alice.id}


def test_inviting_a_member_again_changes_nothing(alice, bob):
    channel = alice.group(bob)
    before = alice.read(f"/v1/channels/{channel['id']}")
    first = alice.invite(channel, bob)
    assert alice.invite(channel, bob) == first
    assert alice.read(f"/v1/channels/{channel['id']}") == before


def test_who_leaves_or_is_removed_sees_nothing_more(alice, bob, carol):
    channel = alice.group(bob, carol)
    alice.say(channel, "before")
    ok(bob.delete(member_path(channel, bob)), 204)
    ok(alice.delete(member_path(channel, carol)), 204)
    for user in [bob, carol]:
        problem(user.get(f"/v1/channels/{channel['id']}"), 404, "not_found")
        problem(user.get(f"/v1/channels/{channel['id']}/messages"), 404, "not_found")
        problem(user.post(f"/v1/channels/{channel['id']}/messages", {"text": "after"}), 404, "not_found")
        assert user.read("/v1/inbox")["channels"] == []
    assert members_of(alice, channel) == {alice.id}


def test_a_member_may_not_remove_another(alice, bob, carol):
    channel = alice.group(bob, carol)
    problem(bob.delete(member_path(channel, carol)), 403, "forbidden")
    assert members_of(alice, channel) == {alice.id, bob.id, carol.id}


def test_the_list_of_members_goes_on_where_it_stopped(circle):
    owner = circle.user("owner")
    others = [f"{owner.id}-m{i}" for i in range(6)]
    channel = owner.group(*others)
    assert pages(owner, f"/v1/channels/{channel['id']}/members", 3) == ({owner.id, *others}, [3, 3, 1])
    assert pages(owner, f"/v1/channels/{channel['id']}/members", 7) == ({owner.id, *others}, [7])


# --- the channels of a workspace
def test_the_list_shows_what_one_may_see_and_what_one_has_joined(alice, bob, workspace):
    public, private, shared = alice.channel(workspace), alice.channel(workspace, "private"), alice.channel(workspace, "private")
    alice.invite(shared, bob)
    listed = bob.read(f"/v1/workspaces/{workspace['id']}/channels")["channels"]
    assert {c["id"]: c["joined"] for c in listed} == {public["id"]: False, shared["id"]: True}
    mine = alice.read(f"/v1/workspaces/{workspace['id']}/channels")["channels"]
    assert {c["id"] for c in mine} == {public["id"], private["id"], shared["id"]}


# --- changing and deleting
def test_creator_and_workspace_admin_change_a_channel_and_others_may_not(circle):
    owner, creator, member, stranger = circle.users("owner", "creator", "member", "stranger")
    workspace = owner.workspace()
    for user in [creator, member]:
        owner.invite(workspace, user)
    channel = creator.channel(workspace, members=[member.id])
    path = f"/v1/channels/{channel['id']}"
    assert ok(creator.patch(path, {"topic": "one"}), 200)["topic"] == "one"
    assert ok(owner.patch(path, {"topic": "two", "name": "renamed"}), 200)["name"] == "renamed"
    problem(member.patch(path, {"topic": "three"}), 403, "forbidden")
    problem(stranger.patch(path, {"topic": "four"}), 404, "not_found")
    assert creator.read(path)["topic"] == "two"


def test_a_change_with_an_old_version_is_refused(alice):
    channel = alice.group()
    path = f"/v1/channels/{channel['id']}"
    ok(alice.patch(path, {"topic": "one"}, headers={"If-Match": f'"{channel["version"]}"'}), 200)
    problem(alice.patch(path, {"topic": "two"}, headers={"If-Match": f'"{channel["version"]}"'}), 412, "version_mismatch")


def test_a_deleted_channel_is_gone_for_everyone(circle):
    owner, creator, member = circle.users("owner", "creator", "member")
    workspace = owner.workspace()
    for user in [creator, member]:
        owner.invite(workspace, user)
    for deleter in [creator, owner]:
        channel = creator.channel(workspace, "private", members=[member.id, owner.id])
        creator.say(channel, "soon gone")
        problem(member.delete(f"/v1/channels/{channel['id']}"), 403, "forbidden")
        ok(deleter.delete(f"/v1/channels/{channel['id']}"), 204)
        for user in [creator, member, owner]:
            problem(user.get(f"/v1/channels/{channel['id']}"), 404, "not_found")
            problem(user.get(f"/v1/channels/{channel['id']}/messages"), 404, "not_found")
            assert user.read("/v1/inbox")["channels"] == []
