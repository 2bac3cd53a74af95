"""The accepted changes of a channel in order, and the channel as it was."""

from datetime import datetime, timedelta, timezone

import pytest

from harness.client import ok, path_of, problem
from harness.waiting import until


@pytest.fixture
def workspace(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    return workspace


@pytest.fixture
def channel(alice, bob, workspace):
    channel = alice.channel(workspace, kind="private")
    alice.invite(channel, bob)
    return channel


def messages(channel, *rest):
    return "/".join([f"/v1/channels/{channel['id']}/messages", *(str(part) for part in rest)])


def position_of(answer):
    return answer.headers["Parley-Position"]


def lively(alice, bob, channel):
    """Something of everything that all members see."""
    for text in ["one", "two", "three"]:
        alice.say(channel, text)
    ok(bob.put(messages(channel, 2, "reactions", "x")), 204)
    ok(alice.patch(messages(channel, 1), {"text": "uno"}), 200)
    bob.say(channel, "four", reply_to=1)
    ok(alice.put(messages(channel, 1, "pin")), 204)
    ok(bob.delete(messages(channel, 2, "reactions", "x")), 204)
    ok(alice.patch(f"/v1/channels/{channel['id']}", {"topic": "T"}), 200)
    ok(alice.patch(messages(channel, 1), {"text": "eins"}), 200)
    alice.say(channel, "five")


def events(user, channel, **params):
    return user.read(f"/v1/channels/{channel['id']}/events", **params)


# --- events
def test_events_are_what_was_pushed(alice, bob, channel):
    with bob.socket() as socket:
        lively(alice, bob, channel)
        pushed = []
        while not pushed or pushed[-1].get("message", {}).get("text") != "five":
            pushed.append(socket.event(channel))
    told = events(bob, channel, after=pushed[0]["version"] - 1)
    assert told["events"] == pushed
    assert told["has_more"] is False


def test_events_come_in_pages_without_a_hole(alice, bob, channel):
    lively(alice, bob, channel)
    whole = events(alice, channel, limit=200)["events"]
    assert [e["version"] for e in whole] == list(range(1, len(whole) + 1))
    assert [e["type"] for e in whole[:2]] == ["channel_created", "member_joined"]
    for limit in [1, 2, 3, 7]:
        paged, more = [], True
        while more:
            page = events(alice, channel, after=len(paged), limit=limit)
            assert len(page["events"]) <= limit
            paged, more = paged + page["events"], page["has_more"]
        assert paged == whole
    assert events(alice, channel, after=len(whole))["events"] == []
    assert events(alice, channel, after=10**6) == {"events": [], "has_more": False, "version": len(whole)}


def test_a_retracted_text_is_in_no_event_but_for_the_workspaces_admins(alice, bob, channel):
    bob.say(channel, "loose words")
    ok(bob.patch(messages(channel, 1), {"text": "looser words"}), 200)
    ok(alice.delete(messages(channel, 1)), 204)
    for event in events(bob, channel, after=2)["events"]:
        assert (event["message"]["text"], event["message"]["retracted"]) == ("", True)
    seen = [(e["type"], e["message"]["text"]) for e in events(alice, channel, after=2)["events"]]
    assert seen == [("message_posted", "loose words"), ("message_edited", "looser words"), ("message_retracted", "")]


def test_events_are_for_those_who_may_read(alice, carol, channel):
    problem(carol.get(f"/v1/channels/{channel['id']}/events"), 404, "not_found")
    problem(alice.get(f"/v1/channels/{channel['id']}/events?after=-1"), 400, "invalid_argument")
    problem(alice.get(f"/v1/channels/{channel['id']}/events?limit=201"), 400, "invalid_argument")
    problem(alice.get(f"/v1/channels/{channel['id']}/events?before=5"), 400, "invalid_argument")


# --- as it was
def test_every_state_of_a_channel_can_be_had_again(alice, bob, channel):
    """What history said after each write is what it says as of that write's position."""
    seen = []

    def look(answer):
        page = alice.history(channel)
        seen.append((position_of(answer), page))

    look(alice.post(messages(channel), {"text": "one"}))
    look(bob.post(messages(channel), {"text": f"two <@{alice.id}>"}))
    look(bob.put(messages(channel, 1, "reactions", "x")))
    look(alice.put(messages(channel, 1, "reactions", "x")))
    look(alice.patch(messages(channel, 1), {"text": f"uno <@{bob.id}>"}))
    look(bob.post(messages(channel), {"text": "three", "reply_to": 1}))
    look(bob.put(messages(channel, 1, "pin")))
    look(bob.delete(messages(channel, 1, "reactions", "x")))
    look(alice.patch(messages(channel, 1), {"text": "eins"}))
    look(bob.delete(messages(channel, 1, "pin")))
    look(alice.patch(f"/v1/channels/{channel['id']}", {"topic": "T"}))
    for position, page in seen:
        assert alice.history(channel, as_of=position) == page
        with alice.socket() as socket:
            reply = socket.ok("get_history", channel_id=channel["id"], as_of=position)
        assert reply["messages"] == page["messages"]


def test_before_the_channel_there_is_nothing(alice, channel):
    page = alice.history(channel, as_of="2001-01-01T00:00:00Z")
    assert page == {"messages": [], "has_more": False, "has_before": False, "has_after": False, "last_seq": 0, "version": 0}


def test_as_of_a_time(alice, channel):
    first = alice.say(channel, "one")["posted_at"]
    until(lambda: datetime.now(timezone.utc) - datetime.fromisoformat(first) > timedelta(milliseconds=2))
    ok(alice.patch(messages(channel, 1), {"text": "later"}), 200)
    alice.say(channel, "two")
    page = alice.history(channel, as_of=first)
    assert [m["text"] for m in page["messages"]] == ["one"]
    assert [m["text"] for m in alice.history(channel, as_of="9999-01-01T00:00:00Z")["messages"]] == ["later", "two"]


def test_pages_and_threads_of_the_past(alice, channel):
    for i in range(1, 8):
        alice.say(channel, str(i), **({"reply_to": 1} if i % 2 == 0 else {}))
    position = position_of(alice.get(messages(channel)))
    for i in range(8, 12):
        alice.say(channel, str(i), reply_to=1)

    def texts(**params):
        return [m["text"] for m in alice.history(channel, as_of=position, **params)["messages"]]

    assert texts(limit=2) == ["6", "7"]
    assert texts(after=5) == ["6", "7"]
    assert texts(before=3) == ["1", "2"]
    assert texts(reply_to=1) == ["2", "4", "6"]
    assert alice.history(channel, as_of=position, after=2, limit=2)["has_after"] is True
    assert alice.history(channel, as_of=position)["messages"][0]["reply_count"] == 3
    assert alice.history(channel)["messages"][0]["reply_count"] == 7


def test_a_retracted_text_is_gone_from_the_past_but_for_the_workspaces_admins(alice, bob, channel):
    position = position_of(bob.post(messages(channel), {"text": "loose words"}))
    ok(bob.delete(messages(channel, 1)), 204)
    assert bob.history(channel, as_of=position)["messages"][0]["text"] == ""
    message = alice.history(channel, as_of=position)["messages"][0]
    assert (message["text"], message["retracted"]) == ("loose words", False)


def test_members_as_they_were(alice, bob, carol, workspace, channel):
    alice.invite(workspace, carol)
    member = f"/v1/channels/{channel['id']}/members"
    with_two = position_of(alice.get(member))
    joined = alice.put(f"{member}/{path_of(carol)}")
    promoted = alice.put(f"{member}/{path_of(bob)}", {"role": "admin"})
    left = alice.delete(f"{member}/{path_of(bob)}")

    def names(position, **params):
        return [(m["user_id"], m["role"]) for m in alice.read(member, as_of=position, **params)["members"]]

    assert names(with_two) == sorted([(alice.id, "owner"), (bob.id, "member")])
    assert names(position_of(joined)) == sorted([(alice.id, "owner"), (bob.id, "member"), (carol.id, "member")])
    assert names(position_of(promoted)) == sorted([(alice.id, "owner"), (bob.id, "admin"), (carol.id, "member")])
    assert names(position_of(left)) == sorted([(alice.id, "owner"), (carol.id, "member")])
    page = alice.read(member, as_of=position_of(joined), limit=2)
    rest = alice.read(member, as_of=position_of(joined), limit=2, after=page["next"])
    assert (len(page["members"]), len(rest["members"]), rest["has_more"]) == (2, 1, False)


@pytest.mark.parametrize("as_of", ["", "yesterday", "p1-0-0-1", "2026-13-01T00:00:00Z", "7"])
def test_what_is_no_place_in_the_past(alice, channel, as_of):
    problem(alice.get(messages(channel), params={"as_of": as_of}), 400, "invalid_argument")
    problem(alice.get(f"/v1/channels/{channel['id']}/members", params={"as_of": as_of}), 400, "invalid_argument")


def test_a_position_that_is_not_reached_yet(alice, channel):
    epoch = position_of(alice.get(messages(channel))).split("-")
    ahead = "-".join([*epoch[:3], str(10**9)])
    problem(alice.get(messages(channel), params={"as_of": ahead}), 503, "not_caught_up")
