"""GET …/deliveries: when messages were first delivered to somebody, and first read."""

import shutil

import pytest

from harness.client import ok, problem
from harness.shapes import is_time
from harness.waiting import until


@pytest.fixture
def channel(alice, bob, carol):
    channel = alice.group(bob, carol)
    for number in range(1, 6):
        alice.say(channel, str(number))
    return channel


def path(channel):
    return f"/v1/channels/{channel['id']}/deliveries"


def move(user, channel, kind, seq):
    ok(user.put(f"/v1/channels/{channel['id']}/{kind}", {"seq": seq}), 204)


def states(user, channel, **query):
    """Of each message, by seq: "" for nobody, "d" delivered, "dr" also read."""
    listed = user.read(path(channel), **query)["deliveries"]
    for one in listed:
        assert list(one) == ["seq", "delivered_at", "read_at"]
        for at in (one["delivered_at"], one["read_at"]):
            assert at is None or is_time(at)
    return {one["seq"]: ("d" if one["delivered_at"] else "") + ("r" if one["read_at"] else "") for one in listed}


# --- what it says
def test_of_nobody_yet_it_says_so(alice, channel):
    assert alice.read(path(channel)) == {
        "deliveries": [{"seq": n, "delivered_at": None, "read_at": None} for n in range(1, 6)],
        "has_more": False,
    }


def test_the_first_cursor_that_comes_to_a_message_or_past_it_counts(alice, bob, carol, channel):
    move(bob, channel, "delivered", 2)
    move(carol, channel, "read", 1)
    assert states(alice, channel) == {1: "dr", 2: "d", 3: "", 4: "", 5: ""}
    move(carol, channel, "read", 4)
    assert states(bob, channel) == {1: "dr", 2: "dr", 3: "dr", 4: "dr", 5: ""}
    before = alice.read(path(channel))
    move(bob, channel, "read", 4)
    move(carol, channel, "delivered", 3)
    assert alice.read(path(channel)) == before, "who comes later changes nothing"


def test_times_are_those_of_the_commands(alice, bob, carol, channel):
    with bob.socket() as socket:
        socket.ok("mark_read", channel_id=channel["id"], seq=3)
        read_at = socket.notice("read_marked")["read_at"]
    move(carol, channel, "read", 5)
    listed = alice.read(path(channel))["deliveries"]
    assert {one["read_at"] for one in listed[:3]} == {one["delivered_at"] for one in listed[:3]} == {read_at}
    assert listed[3]["read_at"] == listed[4]["read_at"] >= read_at


def test_posting_and_joining_deliver_nothing(alice, bob, carol, circle, channel):
    bob.say(channel, "6")
    dave = circle.user("dave")
    alice.invite(channel, dave)
    assert set(states(alice, channel).values()) == {""}
    move(alice, channel, "read", 6)
    assert set(states(alice, channel).values()) == {"dr"}, "her own cursor came past what she said herself"


def test_what_one_says_to_have_read_counts_after_an_answer_too_and_nobody_is_told(alice, bob, channel):
    bob.say(channel, "6")
    with bob.socket() as his:
        move(bob, channel, "delivered", 4)
        move(bob, channel, "read", 3)
        assert states(alice, channel) == {1: "dr", 2: "dr", 3: "dr", 4: "d", 5: "", 6: ""}
        alice.say(channel, "7")
        assert his.event(channel)["message"]["text"] == "7"
        assert not [item for item in his.waiting if item["type"] in ("read_marked", "delivered_marked")], "his cursor stayed"


def test_retracted_and_hidden_messages_keep_their_place(alice, bob, channel):
    move(bob, channel, "read", 5)
    ok(alice.delete(f"/v1/channels/{channel['id']}/messages/2"), 204)
    ok(bob.put(f"/v1/channels/{channel['id']}/hidden", {"seq": 4}), 204)
    assert states(bob, channel) == {n: "dr" for n in range(1, 6)}


# --- pages
@pytest.mark.parametrize(
    ("query", "seqs", "has_more"),
    [
        ({}, [1, 2, 3, 4, 5], False),
        ({"limit": 2}, [4, 5], True),
        ({"after": 0, "limit": 2}, [1, 2], True),
        ({"after": 3, "limit": 2}, [4, 5], False),
        ({"before": 4, "limit": 2}, [2, 3], True),
        ({"before": 3, "limit": 2}, [1, 2], False),
        ({"after": 1, "before": 4}, [2, 3], False),
        ({"after": 1, "before": 5, "limit": 2}, [2, 3], True),
        ({"after": 5}, [], False),
        ({"after": 99}, [], False),
        ({"before": 1}, [], False),
        ({"after": 3, "before": 4}, [], False),
    ],
    ids=str,
)
def test_a_page_lies_between_two_messages(alice, bob, channel, query, seqs, has_more):
    move(bob, channel, "read", 4)
    page = alice.read(path(channel), **query)
    assert ([one["seq"] for one in page["deliveries"]], page["has_more"]) == (seqs, has_more)
    assert [one["read_at"] is not None for one in page["deliveries"]] == [seq <= 4 for seq in seqs]


def test_a_page_has_two_hundred_at_most(alice, bob):
    channel = alice.group(bob)
    for number in range(203):
        alice.say(channel, "x")
    move(bob, channel, "delivered", 202)
    page = alice.read(path(channel), after=0, limit=200)
    assert len(page["deliveries"]) == 200 and page["has_more"]
    assert all(one["delivered_at"] for one in page["deliveries"])
    assert states(alice, channel, after=200) == {201: "d", 202: "d", 203: ""}


def test_an_empty_channel_and_a_room_have_none(alice, channel):
    assert alice.read(path(alice.group())) == {"deliveries": [], "has_more": False}
    with alice.socket() as socket:
        room = {"id": socket.ok("join_channel", room=f"lobby-{alice.id}")["channel_id"]}
    alice.say(room, "x")
    assert states(alice, room) == {1: ""}


# --- who may ask, and how
def test_it_is_for_those_who_see_the_channel(alice, bob, circle, channel):
    stranger = circle.user("stranger")
    for id in (channel["id"], "x"):
        problem(stranger.get(f"/v1/channels/{id}/deliveries"), 404, "not_found")
    workspace = alice.workspace()
    alice.invite(workspace, stranger)
    public = alice.channel(workspace)
    alice.say(public, "x")
    assert states(stranger, public) == {1: ""}


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "before=0", "before=x", "after=-1", "around=1", "after=1&after=2", "as_of=x"])
def test_what_is_out_of_range_is_refused(alice, channel, query):
    problem(alice.get(f"{path(channel)}?{query}"), 400, "invalid_argument")


def test_they_go_with_the_channel(alice, bob, channel):
    move(bob, channel, "read", 5)
    ok(alice.delete(f"/v1/channels/{channel['id']}"), 204)
    problem(alice.get(path(channel)), 404, "not_found")


def test_they_outlive_the_server_and_are_folded_again(serve, circle_at):
    server = serve()
    circle = circle_at(server)
    alice, bob = circle.users("alice", "bob")
    channel = alice.group(bob)
    for number in range(4):
        alice.say(channel, str(number))
    move(bob, channel, "delivered", 3)
    move(bob, channel, "read", 2)
    before = alice.read(path(channel))
    server.stop()
    server.start()
    alice = circle_at(server).known(alice)
    assert alice.read(path(channel)) == before
    move(alice.circle.known(bob), channel, "delivered", 2)
    assert alice.read(path(channel)) == before, "how far they had come is known"
    server.stop()
    shutil.rmtree(server.data / "state")
    server.start()
    again = circle_at(server).known(alice)
    until(lambda: again.get(path(channel)).status_code == 200 and again.read(path(channel)) == before)
