"""Workspaces: who is in them, who may do what, and their end."""

import pytest

from harness.client import ok, path_of, problem
from harness.shapes import MEMBER, WORKSPACE, has, is_id, is_time


def members_of(user, workspace):
    return {m["user_id"]: m["role"] for m in user.read(f"/v1/workspaces/{workspace['id']}/members")["members"]}


def set_role(user, workspace, other, role):
    return user.put(f"/v1/workspaces/{workspace['id']}/members/{path_of(other)}", {"role": role})


def remove(user, workspace, other):
    return user.delete(f"/v1/workspaces/{workspace['id']}/members/{path_of(other)}")


def test_who_makes_a_workspace_owns_it(alice):
    workspace = has(alice.workspace("Acme"), WORKSPACE)
    is_id(workspace["id"])
    is_time(workspace["created_at"])
    assert (workspace["name"], workspace["owner"], workspace["version"]) == ("Acme", alice.id, 1)
    assert members_of(alice, workspace) == {alice.id: "owner"}


def test_the_list_is_of_mine_with_my_role_and_how_many_are_in_it(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    bob.workspace("Other")
    mine = alice.read("/v1/workspaces")["workspaces"]
    assert [(w["id"], w["role"], w["member_count"]) for w in mine] == [(workspace["id"], "owner", 2)]
    assert {w["role"] for w in bob.read("/v1/workspaces")["workspaces"]} == {"member", "owner"}
    assert has(bob.read(f"/v1/workspaces/{workspace['id']}"), WORKSPACE)["id"] == workspace["id"]


def test_an_invitation_without_a_body_makes_a_member(alice, bob):
    workspace = alice.workspace()
    member = ok(alice.put(f"/v1/workspaces/{workspace['id']}/members/{bob.id}"), 200)
    assert has(member, MEMBER)["role"] == "member" and member["user_id"] == bob.id
    is_time(member["joined_at"])


def test_inviting_again_changes_nothing(alice, bob):
    workspace = alice.workspace()
    first = alice.invite(workspace, bob, "admin")
    before = alice.read(f"/v1/workspaces/{workspace['id']}")
    assert alice.invite(workspace, bob, "admin") == first
    assert alice.invite(workspace, bob) == first, "without a role, the role stays"
    assert alice.read(f"/v1/workspaces/{workspace['id']}") == before


def test_owner_and_admin_invite_and_a_member_may_not(circle):
    owner, admin, member, dave, erin = circle.users("owner", "admin", "member", "dave", "erin")
    workspace = owner.workspace()
    owner.invite(workspace, admin, "admin")
    owner.invite(workspace, member)
    admin.invite(workspace, dave)
    problem(member.put(f"/v1/workspaces/{workspace['id']}/members/{erin.id}"), 403, "forbidden")
    assert members_of(owner, workspace) == {owner.id: "owner", admin.id: "admin", member.id: "member", dave.id: "member"}


def test_an_admin_sets_roles_below_his_own_and_an_owner_any(circle):
    owner, admin, member = circle.users("owner", "admin", "member")
    workspace = owner.workspace()
    owner.invite(workspace, admin, "admin")
    owner.invite(workspace, member)
    problem(set_role(admin, workspace, member, "admin"), 403, "forbidden")
    problem(set_role(admin, workspace, member, "owner"), 403, "forbidden")
    problem(set_role(admin, workspace, owner, "member"), 403, "forbidden")
    problem(set_role(member, workspace, member, "owner"), 403, "forbidden")
    assert ok(set_role(owner, workspace, member, "owner"), 200)["role"] == "owner"
    assert ok(set_role(owner, workspace, admin, "member"), 200)["role"] == "member"
    assert members_of(owner, workspace) == {owner.id: "owner", admin.id: "member", member.id: "owner"}


@pytest.mark.parametrize("body", [{"role": "king"}, {"role": 3}, {"rank": "member"}, "member"])
def test_a_role_that_is_none_is_refused(alice, bob, body):
    workspace = alice.workspace()
    problem(alice.put(f"/v1/workspaces/{workspace['id']}/members/{bob.id}", body), 400, "invalid_argument")
    assert members_of(alice, workspace) == {alice.id: "owner"}


def test_leaving_a_workspace_leaves_its_channels(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace, "private", members=[bob.id])
    bob.history(channel)
    ok(remove(bob, workspace, bob), 204)
    problem(bob.get(f"/v1/workspaces/{workspace['id']}"), 404, "not_found")
    problem(bob.get(f"/v1/channels/{channel['id']}/messages"), 404, "not_found")
    assert alice.read(f"/v1/channels/{channel['id']}")["member_count"] == 1
    assert bob.read("/v1/workspaces")["workspaces"] == []


def test_owner_and_admin_remove_and_a_member_may_not(circle):
    owner, admin, member, other = circle.users("owner", "admin", "member", "other")
    workspace = owner.workspace()
    owner.invite(workspace, admin, "admin")
    owner.invite(workspace, member)
    owner.invite(workspace, other)
    problem(remove(member, workspace, other), 403, "forbidden")
    ok(remove(admin, workspace, other), 204)
    ok(remove(owner, workspace, member), 204)
    assert members_of(owner, workspace) == {owner.id: "owner", admin.id: "admin"}


def test_the_last_owner_can_not_leave_until_there_is_another(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    problem(remove(alice, workspace, alice), 409, "conflict")
    alice.invite(workspace, bob, "owner")
    ok(remove(alice, workspace, alice), 204)
    assert members_of(bob, workspace) == {bob.id: "owner"}


def test_owner_and_admin_rename_and_others_may_not(circle):
    owner, admin, member, stranger = circle.users("owner", "admin", "member", "stranger")
    workspace = owner.workspace()
    path = f"/v1/workspaces/{workspace['id']}"
    owner.invite(workspace, admin, "admin")
    owner.invite(workspace, member)
    assert ok(owner.patch(path, {"name": "One"}), 200)["name"] == "One"
    assert ok(admin.patch(path, {"name": "Two"}), 200)["name"] == "Two"
    problem(member.patch(path, {"name": "Three"}), 403, "forbidden")
    problem(stranger.patch(path, {"name": "Four"}), 404, "not_found")
    assert owner.read(path)["name"] == "Two"


def test_a_rename_with_an_old_version_is_refused(alice):
    workspace = alice.workspace()
    path = f"/v1/workspaces/{workspace['id']}"
    renamed = ok(alice.patch(path, {"name": "One"}, headers={"If-Match": f'"{workspace["version"]}"'}), 200)
    assert renamed["version"] > workspace["version"]
    problem(alice.patch(path, {"name": "Two"}, headers={"If-Match": f'"{workspace["version"]}"'}), 412, "version_mismatch")
    assert alice.read(path)["name"] == "One"


def test_the_owner_deletes_a_workspace_with_its_channels(circle):
    owner, admin, member = circle.users("owner", "admin", "member")
    workspace = owner.workspace()
    owner.invite(workspace, admin, "admin")
    owner.invite(workspace, member)
    channel = member.channel(workspace)
    problem(admin.delete(f"/v1/workspaces/{workspace['id']}"), 403, "forbidden")
    ok(owner.delete(f"/v1/workspaces/{workspace['id']}"), 204)
    for user in [owner, admin, member]:
        problem(user.get(f"/v1/workspaces/{workspace['id']}"), 404, "not_found")
        problem(user.get(f"/v1/channels/{channel['id']}"), 404, "not_found")
        problem(user.post(f"/v1/channels/{channel['id']}/messages", {"text": "late"}), 404, "not_found")
        assert user.read("/v1/workspaces")["workspaces"] == []
        assert user.read("/v1/inbox")["channels"] == []


def test_the_list_of_members_goes_on_where_it_stopped(circle):
    owner = circle.user("owner")
    workspace = owner.workspace()
    everyone = {owner.id} | {str(circle.user(f"m{i}")) for i in range(6)}
    for user in everyone - {owner.id}:
        owner.invite(workspace, user)
    assert pages(owner, f"/v1/workspaces/{workspace['id']}/members", 3) == (everyone, [3, 3, 1])


def pages(user, path, limit):
    """The user ids on all pages, and how many each had."""
    seen, sizes, after = [], [], {}
    while True:
        page = user.read(path, limit=limit, **after)
        seen += [m["user_id"] for m in page["members"]]
        sizes.append(len(page["members"]))
        if not page["has_more"]:
            assert len(seen) == len(set(seen)), "someone stands on two pages"
            return set(seen), sizes
        after = {"after": page["next"]}
