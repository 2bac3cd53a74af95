"""What every connection of every member is pushed: each change once, in the order of versions, from joining to leaving."""

import pytest

from harness.client import ok
from harness.shapes import CHANNEL, MESSAGE, has


def versions(socket, channel, count):
    return [socket.event(channel)["version"] for _ in range(count)]


def member_path(channel, user):
    return f"/v1/channels/{channel['id']}/members/{user.id}"


@pytest.fixture
def channel(alice, bob):
    return alice.group(bob)


def test_a_message_reaches_every_connection_of_every_member_the_senders_too(alice, bob, channel):
    with alice.socket() as one, alice.socket() as two, bob.socket() as three, bob.socket("parley.v1.batch") as four:
        sent = one.ok("post_message", channel_id=channel["id"], text="Hello")
        for socket in [one, two, three, four]:
            event = socket.event(channel)
            assert (event["type"], event["version"]) == ("message_posted", sent["version"])
            message = has(event["message"], MESSAGE)
            assert (message["seq"], message["text"], message["author"]) == (sent["seq"], "Hello", alice.id)
            assert isinstance(event["position"], str)
    assert bob.history(channel)["messages"] == [message]


def test_what_was_written_by_http_is_pushed_too(alice, bob, channel):
    with bob.socket() as socket:
        message = alice.say(channel, "by http")
        assert socket.event(channel)["message"] == message


def test_the_position_of_a_push_reads_what_it_tells(alice, bob, channel):
    with bob.socket() as socket:
        for number in range(1, 31):
            alice.say(channel, str(number))
            event = socket.event(channel)
            headers = {"Parley-Min-Position": event["position"]}
            page = ok(bob.get(f"/v1/channels/{channel['id']}/messages?limit=1", headers=headers), 200)
            assert page["messages"][0]["seq"] == number


def test_versions_are_dense_and_in_order_under_many_writers(circle):
    users = circle.users("a", "b", "c", "d")
    channel = users[0].group(*users[1:])
    sockets = [user.socket() for user in users]
    opened = [socket.__enter__() for socket in sockets]
    try:
        for round in range(50):
            for socket in opened:
                socket.send("post_message", channel_id=channel["id"], text=f"{round}")
        first = channel["version"] + 1
        for socket in opened:
            assert versions(socket, channel, 200) == list(range(first, first + 200))
    finally:
        for socket in sockets:
            socket.__exit__(None, None, None)
    assert circle.positions and users[0].history(channel, limit=1)["last_seq"] == 200


def test_edits_and_retractions_are_pushed_with_the_whole_message(alice, bob, channel):
    path = f"/v1/channels/{channel['id']}/messages/1"
    with bob.socket() as socket:
        posted = alice.say(channel, "one")
        edited = ok(alice.patch(path, {"text": "two"}), 200)
        ok(alice.delete(path + "?scope=all"), 204)
        events = [socket.event(channel) for _ in range(3)]
    assert [e["type"] for e in events] == ["message_posted", "message_edited", "message_retracted"]
    assert [e["version"] for e in events] == [posted["version"] + n for n in range(3)]
    assert events[0]["message"] == posted and events[1]["message"] == edited
    assert events[2]["message"]["retracted"] is True and not events[2]["message"]["text"]


def test_a_new_channel_is_announced_to_those_in_it(alice, bob):
    with alice.socket() as one, bob.socket() as two:
        channel = alice.group(bob, name="lunch")
        for socket in [one, two]:
            event = socket.event(channel)
            assert (event["type"], event["version"]) == ("channel_created", channel["version"])
            assert has(event["channel"], CHANNEL)["name"] == "lunch"
        alice.say(channel, "first")
        for socket in [one, two]:
            assert socket.event(channel)["message"]["seq"] == 1


def test_changes_of_a_channel_and_its_end_are_pushed(alice, bob, channel):
    with bob.socket() as socket:
        changed = ok(alice.patch(f"/v1/channels/{channel['id']}", {"topic": "food"}), 200)
        ok(alice.delete(f"/v1/channels/{channel['id']}"), 204)
        events = [socket.event(channel) for _ in range(2)]
    assert [e["type"] for e in events] == ["channel_updated", "channel_deleted"]
    assert events[0]["channel"]["topic"] == "food" and events[0]["version"] == changed["version"]
    assert events[1]["version"] == changed["version"] + 1


def test_who_joins_is_pushed_his_joining_and_all_that_follows(alice, bob, carol, channel):
    with carol.socket() as socket:
        alice.say(channel, "before")
        alice.invite(channel, carol)
        alice.say(channel, "after")
        joined, posted = socket.event(channel), socket.event(channel)
    assert (joined["type"], joined["user_id"], joined["role"]) == ("member_joined", carol.id, "member")
    assert posted["message"]["text"] == "after" and posted["version"] == joined["version"] + 1
    assert joined["version"] == channel["version"] + 2


def test_who_leaves_is_pushed_his_leaving_and_nothing_that_follows(alice, bob, channel):
    """That nothing followed is seen when he is back: the next that he is pushed is his return."""
    with bob.socket() as socket:
        alice.say(channel, "before")
        ok(bob.delete(member_path(channel, bob)), 204)
        alice.say(channel, "between")
        alice.invite(channel, bob)
        before, left, back = [socket.event(channel) for _ in range(3)]
    assert before["message"]["text"] == "before"
    assert (left["type"], left["user_id"], left["version"]) == ("member_left", bob.id, before["version"] + 1)
    assert (back["type"], back["user_id"], back["version"]) == ("member_joined", bob.id, left["version"] + 2)


def test_members_see_others_come_and_go(alice, bob, carol, channel):
    with alice.socket() as socket:
        bob.invite(channel, carol)
        ok(carol.delete(member_path(channel, carol)), 204)
        joined, left = socket.event(channel), socket.event(channel)
    assert (joined["type"], joined["user_id"]) == ("member_joined", carol.id)
    assert (left["type"], left["user_id"], left["version"]) == ("member_left", carol.id, joined["version"] + 1)


def test_joining_and_leaving_many_times_under_load_keeps_to_the_versions(alice, bob, channel):
    """What Bob is pushed is exactly the versions of his times in the channel."""
    with alice.socket() as writer, bob.socket() as reader:
        expected, version = [], channel["version"]
        for _ in range(10):
            for _ in range(5):
                version = writer.ok("post_message", channel_id=channel["id"], text="in")["version"]
                expected.append(version)
            version = reader.ok("leave_channel", channel_id=channel["id"])["version"]
            expected.append(version)
            for _ in range(5):
                version = writer.ok("post_message", channel_id=channel["id"], text="out")["version"]
            alice.invite(channel, bob)
            version += 1
            expected.append(version)
        assert versions(reader, channel, len(expected)) == expected


def test_what_a_stranger_may_not_see_he_is_not_pushed(alice, bob, carol, channel):
    """Carol's own channel, in which she hears of everything after it, shows that nothing came in between."""
    mine = carol.group()
    with carol.socket() as socket:
        for number in range(20):
            alice.say(channel, f"{number}")
        alice.history(channel)
        carol.say(mine, "fence")
        assert socket.event()["channel_id"] == mine["id"]
        assert all(item.get("channel_id") in (None, mine["id"]) for item in socket.waiting)


def test_one_who_may_read_a_public_channel_without_being_in_it_is_not_pushed(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace)
    with bob.socket() as socket:
        alice.say(channel, "before")
        joined = socket.ok("join_channel", channel_id=channel["id"])
        assert socket.event(channel)["version"] == joined["version"]


def test_a_refused_command_is_pushed_to_nobody(alice, bob, channel):
    with bob.socket() as socket:
        assert alice.patch(f"/v1/channels/{channel['id']}/messages/9", {"text": "x"}).status_code == 404
        message = alice.say(channel, "fence")
        assert socket.event(channel)["message"] == message


def test_reading_is_told_to_ones_own_connections_and_to_the_author(alice, bob, carol):
    channel = alice.group(bob, carol)
    alice.say(channel, "one")
    with alice.socket() as author, bob.socket() as one, bob.socket() as two, carol.socket() as bystander:
        one.ok("mark_read", channel_id=channel["id"], seq=1)
        for socket in [author, one, two]:
            notice = socket.notice("read_marked")
            assert (notice["channel_id"], notice["user_id"], notice["seq"]) == (channel["id"], bob.id, 1)
        bob.say(channel, "fence")
        bystander.event(channel)
        assert not [i for i in bystander.waiting if i["type"] == "read_marked" and i["user_id"] == bob.id]


def test_delivery_is_told_to_the_author(alice, bob):
    channel = alice.direct(bob)
    alice.say(channel, "one")
    with alice.socket() as author, bob.socket() as reader:
        reader.ok("mark_delivered", channel_id=channel["id"], seq=1)
        notice = author.notice("delivered_marked")
        assert (notice["channel_id"], notice["user_id"], notice["seq"]) == (channel["id"], bob.id, 1)


def test_joining_and_leaving_a_workspace_is_told_to_ones_own_connections(alice, bob):
    workspace = alice.workspace()
    with bob.socket() as socket:
        alice.invite(workspace, bob)
        socket.notice("workspace_joined")
        ok(alice.delete(f"/v1/workspaces/{workspace['id']}/members/{bob.id}"), 204)
        socket.notice("workspace_left")


def test_who_is_removed_from_a_workspace_is_pushed_nothing_more_of_its_channels(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace, members=[bob.id])
    with bob.socket() as socket:
        ok(alice.delete(f"/v1/workspaces/{workspace['id']}/members/{bob.id}"), 204)
        alice.say(channel, "between")
        alice.invite(workspace, bob)
        alice.invite(channel, bob)
        left, back = socket.event(channel), socket.event(channel)
    assert (left["type"], left["user_id"]) == ("member_left", bob.id)
    assert (back["type"], back["version"]) == ("member_joined", left["version"] + 2)


def test_a_thousand_messages_reach_a_hundred_sockets_once_and_in_order(circle):
    writer = circle.user("writer")
    readers = circle.users(*[f"r{i}" for i in range(25)])
    channel = writer.group(*readers)
    contexts = [user.socket("parley.v1.batch") for user in readers for _ in range(4)]
    sockets = [context.__enter__() for context in contexts]
    try:
        with writer.socket("parley.v1.batch") as socket:
            ids = [socket.send("post_message", channel_id=channel["id"], text=f"{n}") for n in range(1000)]
            for id in ids:
                assert socket.reply(id)["type"] == "ok"
        for socket in sockets:
            assert [socket.event(channel)["message"]["seq"] for _ in range(1000)] == list(range(1, 1001))
    finally:
        for context in contexts:
            context.__exit__(None, None, None)
