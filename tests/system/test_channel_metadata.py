"""Metadata of channels: an object of the client's own, given when one is made, replaced whole, shown wherever the channel is."""

import pytest

from harness.client import ok, problem

TAGS = {"avatar": "/a.png", "deep": [1, 2.5, None, {"ä": "👍"}]}
KINDS = ["public", "private", "group"]
LIMIT = 4096


def make(user, kind, **fields):
    return user.group(**fields) if kind == "group" else user.channel(user.workspace(), kind, **fields)


def path(channel):
    return f"/v1/channels/{channel['id']}"


def of_size(size):
    """Metadata that is so many bytes long as compact JSON."""
    return {"x": "x" * (size - len('{"x":""}'))}


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_is_made_with_metadata_and_without_it_is_empty(alice, kind):
    channel = make(alice, kind, metadata=TAGS)
    assert channel["metadata"] == alice.read(path(channel))["metadata"] == TAGS
    assert make(alice, kind)["metadata"] == {}


def test_it_is_replaced_whole_and_by_nothing_else(alice, bob):
    channel = alice.group(bob, metadata=TAGS)
    changed = ok(alice.patch(path(channel), {"metadata": {"b": 1}}), 200)
    assert (changed["metadata"], changed["version"]) == ({"b": 1}, channel["version"] + 1)
    assert ok(alice.patch(path(channel), {"metadata": {"b": 1}}), 200)["version"] == changed["version"], "nothing changes"
    assert ok(alice.patch(path(channel), {"topic": "t"}), 200)["metadata"] == {"b": 1}
    problem(bob.patch(path(channel), {"metadata": {}}), 403, "forbidden")
    assert ok(alice.patch(path(channel), {"metadata": {}}), 200)["metadata"] == {}


def test_it_is_shown_wherever_the_channel_is(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    with bob.socket() as socket:
        channel = alice.channel(workspace, metadata=TAGS, members=[bob.id])
        assert socket.notice("channel_created")["channel"]["metadata"] == TAGS
        ok(alice.patch(path(channel), {"metadata": {"n": 2}}), 200)
        assert socket.notice("channel_updated")["channel"]["metadata"] == {"n": 2}
    assert [c["metadata"] for c in bob.read("/v1/inbox")["channels"]] == [{"n": 2}]
    assert [c["metadata"] for c in bob.read(f"/v1/workspaces/{workspace['id']}/channels")["channels"]] == [{"n": 2}]
    told = [event["channel"]["metadata"] for event in bob.read(path(channel) + "/events")["events"] if "channel" in event]
    assert told == [TAGS, {"n": 2}], "as they were pushed"


def test_rooms_and_direct_channels_have_none(alice, bob):
    direct = alice.direct(bob)
    assert direct["metadata"] == {}
    problem(alice.patch(path(direct), {"metadata": TAGS}), 403, "forbidden")
    with alice.socket() as socket:
        room = socket.ok("join_channel", room=f"room of {alice}")["channel_id"]
    assert alice.read(f"/v1/channels/{room}")["metadata"] == {}
    problem(alice.patch(f"/v1/channels/{room}", {"metadata": TAGS}), 403, "forbidden")


def test_it_may_be_large_but_not_too_large(alice):
    assert alice.group(metadata=of_size(LIMIT))["metadata"] == of_size(LIMIT)
    channel = alice.group()
    for answer in [
        alice.post("/v1/channels", {"kind": "group", "members": [], "metadata": of_size(LIMIT + 1)}),
        alice.patch(path(channel), {"metadata": of_size(LIMIT + 1)}),
    ]:
        problem(answer, 400, "invalid_argument")
    assert alice.read(path(channel))["version"] == channel["version"]


@pytest.mark.parametrize("metadata", [None, [], "{}", 1, True])
def test_what_is_no_object_is_refused(alice, metadata):
    for kind in ["group", "public"]:
        body = {"kind": kind, "name": "x", "members": [], "metadata": metadata}
        if kind == "public":
            body["workspace_id"] = alice.workspace()["id"]
        problem(alice.post("/v1/channels", body), 400, "invalid_argument")
    problem(alice.patch(path(alice.group()), {"metadata": metadata}), 400, "invalid_argument")


def test_a_key_tells_one_metadata_from_another(alice):
    body = {"kind": "group", "members": [], "metadata": {"a": 1}}
    first = ok(alice.post("/v1/channels", body, key="k"), 201)
    assert ok(alice.post("/v1/channels", body, key="k"), 201) == first
    problem(alice.post("/v1/channels", {**body, "metadata": {"a": 2}}, key="k"), 422, "key_reused")
    problem(alice.post("/v1/channels", {"kind": "group", "members": []}, key="k"), 422, "key_reused")
