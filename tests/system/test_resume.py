"""Coming back: exactly what was missed, in order, then what is live."""

import pytest

from harness.client import ok, path_of
from harness.waiting import until


@pytest.fixture
def channel(alice, bob):
    return alice.group(bob)


def messages(channel, *rest):
    return "/".join([f"/v1/channels/{channel['id']}/messages", *(str(part) for part in rest)])


def version_of(user, channel):
    return user.read(f"/v1/channels/{channel['id']}")["version"]


def missed(socket, seen):
    """Resumes; the events that came before the answer, and the answer."""
    sent = socket.send("resume", channels=seen)
    events = []
    while True:
        item = socket.take(bool)
        if item.get("id") == sent:
            assert item["type"] == "ok", item
            return events, item
        events.append(item)


def texts(events):
    return [event["message"]["text"] for event in events if event["type"] == "message_posted"]


def test_what_was_missed_comes_first_then_what_is_live(alice, bob, channel):
    alice.say(channel, "seen")
    seen = version_of(bob, channel)
    for text in ["one", "two", "three"]:
        alice.say(channel, text)
    ok(alice.patch(messages(channel, 1), {"text": "SEEN"}), 200)
    ok(alice.put(messages(channel, 2, "reactions", "x")), 204)
    told = bob.read(f"/v1/channels/{channel['id']}/events", after=seen)["events"]
    with bob.socket(query="?resume=1") as socket:
        alice.say(channel, "meanwhile")
        events, answer = missed(socket, {channel["id"]: seen})
        assert events[: len(told)] == told
        live = alice.say(channel, "live")
        versions = [event["version"] for event in events]
        while versions[-1] < live["version"]:
            versions.append(socket.event(channel)["version"])
        assert versions == list(range(seen + 1, live["version"] + 1))
    assert answer["channels"] == {channel["id"]: events[-1]["version"]}
    assert answer["reset"] == []


def test_who_missed_nothing_gets_nothing(bob, channel):
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert (events, answer["channels"], answer["reset"]) == ([], {channel["id"]: channel["version"]}, [])


def test_channels_joined_meanwhile_are_to_be_fetched(alice, bob, channel):
    other = alice.group(bob)
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert (events, answer["reset"]) == ([], [other["id"]])
    assert set(answer["channels"]) == {channel["id"], other["id"]}


def test_the_last_of_a_channel_left_meanwhile_is_the_leaving(alice, bob, channel):
    alice.say(channel, "one")
    ok(alice.delete(f"/v1/channels/{channel['id']}/members/{path_of(bob)}"), 204)
    alice.say(channel, "not for bob")
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert [e["type"] for e in events] == ["message_posted", "member_left"]
    assert events[-1]["user_id"] == bob.id
    assert (answer["channels"], answer["reset"]) == ({}, [])


def test_who_left_and_came_back_hears_nothing_of_what_was_said_in_between(alice, bob, channel):
    member = f"/v1/channels/{channel['id']}/members/{path_of(bob)}"
    ok(alice.delete(member), 204)
    alice.say(channel, "not for bob")
    ok(alice.put(member), 200)
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert (events, answer["reset"]) == ([], [channel["id"]])


def test_a_channel_deleted_meanwhile_ends_with_that(alice, bob, channel):
    alice.say(channel, "one")
    ok(alice.delete(f"/v1/channels/{channel['id']}"), 204)
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert [e["type"] for e in events] == ["channel_deleted"]
    assert (answer["channels"], answer["reset"]) == ({}, [channel["id"]])


def test_what_can_not_be_resumed_is_reset(alice, bob, carol, channel):
    strange = carol.group()
    nowhere = "00000000-0000-8000-8000-000000000000"
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: 10**6, strange["id"]: 1, nowhere: 5})
    assert (events, sorted(answer["reset"])) == ([], sorted([channel["id"], strange["id"], nowhere]))


def test_nothing_is_heard_before_it_resumes(alice, bob, channel):
    with bob.socket(query="?resume=1") as socket:
        posted = alice.say(channel, "held back")
        socket.refused("conflict", "get_history", channel_id=channel["id"])
        socket.refused("conflict", "mark_read", channel_id=channel["id"], seq=1)
        events, answer = missed(socket, {channel["id"]: channel["version"]})
        if not events:
            events = [socket.event(channel)]
        assert [e["version"] for e in events] == [posted["version"]]
        socket.refused("conflict", "resume", channels={})
        assert socket.ok("get_history", channel_id=channel["id"], min_position=alice.circle.positions[-1])["messages"]


def test_resume_is_for_those_who_asked(bob, channel):
    with bob.socket() as socket:
        socket.refused("conflict", "resume", channels={channel["id"]: 1})


@pytest.mark.parametrize(
    "channels", [None, [], "x", {"x": 1}, {"00000000-0000-8000-8000-000000000000": "1"}, {"00000000-0000-8000-8000-000000000000": -1}]
)
def test_bad_resumes_change_nothing(alice, bob, channel, channels):
    alice.say(channel, "one")
    with bob.socket(query="?resume=1") as socket:
        refused = socket.call("resume", **({} if channels is None else {"channels": channels}))
        assert refused["type"] == "error" and refused["code"] in ("invalid_argument", "not_found")
        events, _ = missed(socket, {channel["id"]: channel["version"]})
        assert texts(events) == ["one"]


def test_a_long_gap_comes_whole(alice, bob, channel):
    with alice.socket() as socket:
        for i in range(700):
            socket.send("post_message", channel_id=channel["id"], text=str(i))
        until(lambda: socket.event(channel)["message"]["text"] == "699")
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert texts(events) == [str(i) for i in range(700)]


def test_a_gap_of_large_messages_does_not_overrun_the_queue(alice, bob, channel):
    size = 16_000
    for i in range(150):
        alice.say(channel, str(i) + "x" * size)
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert [len(text) > size for text in texts(events)] == [True] * 150


@pytest.mark.shape("embedded")
def test_the_smallest_queue_is_enough_to_resume(serve, circle_at):
    alice, bob = circle_at(serve("--socket-queue-bytes", "65536")).users("alice", "bob")
    channel = alice.group(bob)
    for i in range(40):
        alice.say(channel, str(i) + "x" * 16_000)
    with bob.socket(query="?resume=1") as socket:
        events, answer = missed(socket, {channel["id"]: channel["version"]})
    assert len(events) == 40


def test_what_is_sent_behind_a_resume_is_done_after_it(alice, bob, channel):
    for i in range(300):
        alice.say(channel, str(i))
    with bob.socket(query="?resume=1") as socket:
        resume = socket.send("resume", channels={channel["id"]: channel["version"]})
        posts = [socket.send("post_message", channel_id=channel["id"], text=f"behind {i}") for i in range(20)]
        assert socket.reply(resume)["type"] == "ok"
        assert [socket.reply(post)["seq"] for post in posts] == list(range(301, 321))
        events = [socket.event(channel)["message"]["text"] for _ in range(320)]
    assert events == [*map(str, range(300)), *(f"behind {i}" for i in range(20))]


def test_all_come_back_at_once(alice, bob, channel):
    for i in range(5):
        alice.say(channel, str(i))
    sockets = []
    try:
        for _ in range(40):
            opened = bob.socket(query="?resume=1")
            sockets.append((opened, opened.__enter__()))
        for _, socket in sockets:
            socket.sent = socket.send("resume", channels={channel["id"]: channel["version"]})
        for _, socket in sockets:
            seen = []
            while len(seen) < 6:
                seen.append(socket.take(bool))
            assert texts(seen[:5]) == ["0", "1", "2", "3", "4"]
            assert seen[5]["id"] == socket.sent and seen[5]["type"] == "ok"
    finally:
        for opened, _ in sockets:
            opened.__exit__(None, None, None)
