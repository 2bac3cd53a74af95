"""What became of everybody's commands, for operators."""

import pytest

from harness.client import problem


@pytest.fixture
def place(serve, circle_at):
    """A server where root is an operator, and two users who did something."""
    circle = circle_at(serve("--operators", "root"))
    alice, bob = circle.users("alice", "bob")
    channel = alice.group(bob)
    alice.say(channel, "one")
    bob.say(channel, "two")
    problem(bob.patch(f"/v1/channels/{channel['id']}/messages/1", {"text": "mine"}), 403, "forbidden")
    alice.group()
    return circle.known("root"), alice, bob, channel


def listed(operator, **params):
    return operator.read("/v1/admin/commands", **params)["commands"]


def kinds(commands):
    return [(c["type"], c["status"]) for c in commands]


def test_operators_see_all(place):
    root, alice, bob, channel = place
    commands = listed(root)
    assert sorted(kinds(commands)) == sorted(
        [("create_channel", "accepted")] * 2 + [("post_message", "accepted")] * 2 + [("edit_message", "rejected")]
    )


def test_by_user_and_by_channel(place):
    root, alice, bob, channel = place
    assert sorted(kinds(listed(root, user=bob.id))) == [("edit_message", "rejected"), ("post_message", "accepted")]
    assert {c["channel_id"] for c in listed(root, channel=channel["id"])} == {channel["id"]}
    assert listed(root, user=bob.id, channel=channel["id"])[0]["seq"] == 2
    assert listed(root, user="nobody") == []


def test_in_pages(place):
    root, *_ = place
    whole, paged, page = listed(root), [], {"next": None, "has_more": True}
    while page["has_more"]:
        after = {"after": page["next"]} if page["next"] else {}
        page = root.read("/v1/admin/commands", limit=2, **after)
        paged += page["commands"]
    assert paged == whole
    assert len(whole) == 5


def test_a_rejection_has_its_code_and_each_can_be_read_alone(place):
    root, alice, bob, channel = place
    rejected = next(c for c in listed(root, user=bob.id) if c["status"] == "rejected")
    assert rejected["code"] == "forbidden"
    alone = root.read(f"/v1/commands/{rejected['command_id']}")
    assert alone == {key: rejected[key] for key in alone}


def test_everybody_else_is_refused(alice):
    problem(alice.get("/v1/admin/commands"), 403, "forbidden")


@pytest.mark.parametrize("query", ["user=a/b", "channel=7", "after=x", "limit=0", "limit=201", "what=1"])
def test_bad_queries(place, query):
    root, *_ = place
    problem(root.get(f"/v1/admin/commands?{query}"), 400, "invalid_argument")
