"""Reactions, pins, hiding, and what a message said before."""

import shutil
from urllib.parse import quote

import pytest

from harness.client import ok, path_of, problem
from harness.shapes import is_time


@pytest.fixture
def channel(alice, bob):
    channel = alice.group(bob)
    alice.say(channel, "one")
    return channel


def path(channel, seq=1, *rest):
    return "/".join([f"/v1/channels/{channel['id']}/messages/{seq}", *(quote(part, safe="") for part in rest)])


def react(user, channel, emoji, seq=1):
    return ok(user.put(path(channel, seq, "reactions", emoji)), 204)


def message(user, channel, seq=1):
    return user.read(path(channel, seq))


# --- reactions
def test_reactions_are_shown_with_their_users_and_told_to_all(alice, bob, channel):
    with alice.socket() as socket:
        react(bob, channel, "👍")
        event = socket.event(channel)
    told = {field: event[field] for field in ("type", "seq", "emoji", "user_id")}
    assert told == {"type": "reaction_added", "seq": 1, "emoji": "👍", "user_id": bob.id}
    react(alice, channel, "👍")
    react(alice, channel, 'quo"te\\')
    assert message(bob, channel)["reactions"] == {"👍": sorted([alice.id, bob.id]), 'quo"te\\': [alice.id]}
    assert message(bob, channel) == bob.history(channel)["messages"][0]


def test_a_reaction_again_changes_nothing_and_removing_it_brings_back_what_was(alice, bob, channel):
    react(bob, channel, "🎉")
    before = message(alice, channel)
    react(bob, channel, "🎉")
    assert message(alice, channel) == before
    with alice.socket() as socket:
        ok(bob.delete(path(channel, 1, "reactions", "🎉")), 204)
        assert socket.event(channel)["type"] == "reaction_removed"
    ok(bob.delete(path(channel, 1, "reactions", "🎉")), 204)
    after = message(alice, channel)
    assert (after["reactions"], after["version"]) == ({}, before["version"] + 1)


def test_reactions_over_websocket(alice, channel):
    with alice.socket() as socket:
        added = socket.ok("add_reaction", channel_id=channel["id"], seq=1, emoji="x", key="k")
        again = socket.ok("add_reaction", channel_id=channel["id"], seq=1, emoji="x", key="k")
        assert (again["version"], again["duplicate"]) == (added["version"], True)
        removed = socket.ok("remove_reaction", channel_id=channel["id"], seq=1, emoji="x")
        assert removed["version"] == added["version"] + 1


def test_a_message_has_at_most_50_kinds_of_reactions(alice, bob, channel):
    for number in range(50):
        react(alice, channel, f"e{number}")
    problem(bob.put(path(channel, 1, "reactions", "another")), 409, "conflict")
    react(bob, channel, "e7")
    ok(alice.delete(path(channel, 1, "reactions", "e8")), 204)
    react(bob, channel, "another")
    assert len(message(alice, channel)["reactions"]) == 50


@pytest.mark.parametrize("emoji", ["a" * 65, "\u0001", "a\nb", "👍" * 17])
def test_an_emoji_that_is_none_is_refused(alice, channel, emoji):
    problem(alice.put(path(channel, 1, "reactions", emoji)), 400, "invalid_argument")
    with alice.socket() as socket:
        socket.refused("invalid_argument", "add_reaction", channel_id=channel["id"], seq=1, emoji=emoji)
    assert message(alice, channel)["reactions"] == {}


def test_only_members_react_and_only_to_what_is_there(circle, alice, channel):
    stranger = circle.user("stranger")
    problem(stranger.put(path(channel, 1, "reactions", "x")), 404, "not_found")
    problem(alice.put(path(channel, 2, "reactions", "x")), 404, "not_found")
    ok(alice.delete(path(channel) + "?scope=all"), 204)
    problem(alice.put(path(channel, 1, "reactions", "x")), 409, "conflict")


def test_reactions_survive_an_edit_and_go_with_the_text(alice, bob, channel):
    react(bob, channel, "👍")
    with bob.socket() as socket:
        edited = ok(alice.patch(path(channel), {"text": "two"}), 200)
        assert edited["reactions"] == {"👍": [bob.id]}
        assert socket.event(channel)["message"] == edited == message(bob, channel)
        ok(alice.delete(path(channel) + "?scope=all"), 204)
        assert socket.event(channel)["message"]["reactions"] == {}
    assert message(bob, channel)["reactions"] == {}


# --- pins
def test_any_member_pins_and_unpins(alice, bob, channel):
    with alice.socket() as socket:
        ok(bob.put(path(channel, 1, "pin")), 204)
        event = socket.event(channel)
        assert (event["type"], event["seq"]) == ("message_pinned", 1)
        assert message(alice, channel)["pinned"] is True
        ok(bob.put(path(channel, 1, "pin")), 204)
        ok(alice.delete(path(channel, 1, "pin")), 204)
        event = socket.event(channel)
        assert (event["type"], event["seq"]) == ("message_unpinned", 1)
    assert message(bob, channel)["pinned"] is False


# --- hiding
def test_a_hidden_message_is_gone_for_its_hider_alone(alice, bob, channel):
    for text in ["two", "three"]:
        alice.say(channel, text)
    version = bob.history(channel)["version"]
    with bob.socket() as socket, alice.socket() as other:
        assert socket.ok("hide_message", channel_id=channel["id"], seq=3)["seq"] == 3
        hidden = socket.take(lambda item: item["type"] == "message_hidden", 20)
        assert (hidden["channel_id"], hidden["seq"]) == (channel["id"], 3)
        ok(bob.delete(path(channel, 2) + "?scope=me"), 204)
        assert other.ok("mark_delivered", channel_id=channel["id"], seq=3)["seq"] == 3
    assert [m["seq"] for m in bob.history(channel)["messages"]] == [1]
    assert [m["seq"] for m in alice.history(channel)["messages"]] == [1, 2, 3]
    problem(bob.get(path(channel, 3)), 404, "not_found")
    assert bob.history(channel)["version"] == version


def test_who_left_and_came_back_has_hidden_nothing_and_may_hide_it_again(alice, bob, channel):
    """What he hid before he left was gone again with the first message that he hid afterwards; itself it stayed."""
    alice.say(channel, "two")
    ok(bob.delete(path(channel, 1) + "?scope=me"), 204)
    assert [m["seq"] for m in bob.history(channel)["messages"]] == [2]
    ok(bob.delete(f"/v1/channels/{channel['id']}/members/{path_of(bob)}"), 204)
    alice.invite(channel, bob)
    assert [m["seq"] for m in bob.history(channel)["messages"]] == [1, 2]
    ok(bob.delete(path(channel, 2) + "?scope=me"), 204)
    assert [m["seq"] for m in bob.history(channel)["messages"]] == [1]
    ok(bob.delete(path(channel, 1) + "?scope=me"), 204)
    assert bob.history(channel)["messages"] == []


def test_who_hid_a_whole_page_gets_the_one_before(alice, bob, channel):
    for number in range(2, 8):
        alice.say(channel, str(number))
    for seq in (5, 6, 7):
        ok(bob.delete(path(channel, seq) + "?scope=me"), 204)
    page = bob.history(channel, limit=3)
    assert ([m["seq"] for m in page["messages"]], page["has_more"]) == ([2, 3, 4], True)
    around = bob.history(channel, around=6, limit=1)
    assert [m["seq"] for m in around["messages"]] == [4]
    ahead = bob.history(channel, after=4, limit=2)
    assert (ahead["messages"], ahead["has_more"]) == ([], False)


# --- revisions
def test_every_text_is_kept(alice, bob, channel):
    for text in ["two", "three"]:
        ok(alice.patch(path(channel), {"text": text}), 200)
    revisions = bob.read(path(channel, 1, "revisions"))["revisions"]
    assert [r["text"] for r in revisions] == ["one", "two", "three"]
    assert sorted(is_time(r["at"]) for r in revisions) == [r["at"] for r in revisions]
    assert revisions[0]["at"] == message(bob, channel)["posted_at"]


def test_a_retracted_text_is_seen_by_the_workspaces_admins_alone(circle):
    owner, author, member = circle.users("owner", "author", "member")
    workspace = owner.workspace()
    for user in [author, member]:
        owner.invite(workspace, user)
    channel = author.channel(workspace, members=[owner.id, member.id])
    author.say(channel, "one")
    ok(author.patch(path(channel), {"text": "two"}), 200)
    ok(author.delete(path(channel) + "?scope=all"), 204)
    for user in [author, member]:
        assert user.read(path(channel, 1, "revisions")) == {"revisions": []}
    assert [r["text"] for r in owner.read(path(channel, 1, "revisions"))["revisions"]] == ["one", "two"]


def test_marks_outlive_the_server_and_are_folded_again(serve, circle_at):
    server = serve()
    circle = circle_at(server)
    alice, bob = circle.users("alice", "bob")
    channel = alice.group(bob)
    for number in range(1, 4):
        alice.say(channel, str(number))
    react(bob, channel, "👍", 2)
    ok(bob.put(path(channel, 3, "pin")), 204)
    ok(bob.delete(path(channel) + "?scope=me"), 204)
    ok(alice.patch(path(channel, 2), {"text": "new"}), 200)
    before = bob.history(channel)["messages"]
    server.stop()
    shutil.rmtree(server.data / "state")
    server.start()
    again = circle_at(server).known(bob)
    assert again.history(channel)["messages"] == before
    assert [r["text"] for r in again.read(path(channel, 2, "revisions"))["revisions"]] == ["2", "new"]
