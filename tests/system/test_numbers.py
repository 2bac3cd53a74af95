"""Integers for clients that want them: every channel and user has one, made of its id, and is found by it."""

import pytest

from harness.client import ok, problem

LIMIT = 2**52


def number_of(id):
    """As docs/log_format.md says."""
    digits = id.replace("-", "")
    return int(digits[:12] + digits[13], 16)


def found(user, channel_or_number):
    number = channel_or_number if isinstance(channel_or_number, int) else channel_or_number["number"]
    return [channel["id"] for channel in user.read("/v1/channels", number=number)["channels"]]


def test_a_channels_number_follows_from_its_id(alice, bob):
    workspace = alice.workspace()
    channels = [alice.channel(workspace), alice.channel(workspace, "private"), alice.group(), alice.direct(bob)]
    with alice.socket() as socket:
        room = socket.ok("join_channel", room=f"room of {alice}")["channel_id"]
    channels.append(bob.read(f"/v1/channels/{room}"))
    for channel in channels:
        assert channel["number"] == number_of(channel["id"]) < LIMIT
        assert alice.read(f"/v1/channels/{channel['id']}")["number"] == channel["number"]
        assert found(alice, channel) == [channel["id"]]
    inbox = {channel["id"]: channel["number"] for channel in alice.read("/v1/inbox")["channels"]}
    assert inbox == {channel["id"]: channel["number"] for channel in channels[:-1]}


def test_what_is_found_is_what_one_reads_by_id(alice):
    channel = alice.group(metadata={"a": 1})
    assert alice.read("/v1/channels", number=channel["number"])["channels"] == [alice.read(f"/v1/channels/{channel['id']}")]


def test_a_number_finds_nothing_that_one_may_not_see(alice, bob, carol):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    hidden = [alice.channel(workspace, "private"), alice.group(), alice.group(open=True), alice.direct(alice)]
    for channel in hidden:
        assert found(bob, channel) == found(carol, channel) == []
    public = alice.channel(workspace)
    assert (found(bob, public), found(carol, public)) == ([public["id"]], [])
    ok(alice.delete(f"/v1/channels/{public['id']}"), 204)
    assert found(alice, public) == found(bob, public) == []


def test_of_an_open_group_its_number_tells_the_id_to_those_who_may_join(alice, bob):
    group = ok(alice.post("/v1/channels", {"kind": "group", "open": True, "name": "climbing"}), 201)
    assert alice.read("/v1/channels", number=group["number"])["joinable"] == []
    assert bob.read("/v1/channels", number=group["number"]) == {"channels": [], "joinable": [group["id"]]}
    ok(bob.put(f"/v1/channels/{group['id']}/members/{bob.id}"), 200)
    assert found(bob, group) == [group["id"]] and not bob.read("/v1/channels", number=group["number"])["joinable"]
    ok(alice.put(f"/v1/channels/{group['id']}/bans/{bob.id}"), 200)
    assert not any(bob.read("/v1/channels", number=group["number"]).values())


def test_a_user_is_found_by_his_number_when_he_has_a_profile(alice, bob):
    number = alice.read("/v1/users/me")["number"]
    assert bob.read("/v1/users", number=number)["users"] == []
    profile = ok(alice.put("/v1/users/me", {"name": "Alice"}), 200)
    assert profile["number"] == number == bob.read(f"/v1/users/{alice.id}")["number"] < LIMIT
    assert bob.read("/v1/users", number=number)["users"] == [profile]
    renamed = ok(alice.put("/v1/users/me", {"name": "Alice Liddell"}), 200)
    assert bob.read("/v1/users", number=number)["users"] == [renamed]
    assert bob.read("/v1/users", number=bob.read("/v1/users/me")["number"])["users"] == []


def test_an_erased_user_is_not_found(alice, bob):
    number = ok(alice.put("/v1/users/me", {"name": "Alice"}), 200)["number"]
    ok(alice.delete("/v1/users/me"), 204)
    assert bob.read("/v1/users", number=number)["users"] == []


@pytest.mark.parametrize("path", ["/v1/channels", "/v1/users"])
def test_what_is_no_number_is_refused_and_one_of_nothing_finds_nothing(alice, path):
    for query in ["", "?number=", "?number=x", "?number=-1", "?number=1.5", f"?number={LIMIT}", f"?number={2**64}", "?number=1&number=1", "?id=1"]:
        problem(alice.get(path + query), 400, "invalid_argument")
    for number in [0, 1, LIMIT - 1]:
        assert not any(alice.read(path, number=number).values())
