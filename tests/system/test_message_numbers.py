"""Numbers of messages: their times, rising in each channel; pages by them."""

import threading
from datetime import datetime

import pytest

from harness.client import ok, problem

LIMIT = 2**53


def ms(time):
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def page(user, channel, **query):
    found = user.history(channel, **query)
    return [message["seq"] for message in found["messages"]], found["has_before"], found["has_after"], found["has_more"]


@pytest.fixture
def spoken(alice):
    """A channel of nine messages, and their numbers by seq."""
    channel = alice.group()
    return channel, {seq: alice.say(channel, f"message {seq}")["number"] for seq in range(1, 10)}


def test_a_number_is_the_time_or_one_more_than_the_last(alice, spoken):
    channel, numbers = spoken
    last = 0
    for message in alice.history(channel)["messages"]:
        assert message["number"] == numbers[message["seq"]] == max(ms(message["posted_at"]), last + 1) < LIMIT
        last = message["number"]


def test_many_at_once_have_numbers_of_their_own(circle):
    users = circle.users("a", "b", "c", "d")
    channel = users[0].group(*users[1:])

    def speak(user):
        with user.socket() as socket:
            ids = [socket.send("post_message", channel_id=channel["id"], text="x") for _ in range(50)]
            for id in ids:
                assert socket.reply(id)["type"] == "ok"

    threads = [threading.Thread(target=speak, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = users[0].history(channel, limit=200)["messages"]
    numbers = [message["number"] for message in messages]
    assert len(numbers) == 200 and numbers == sorted(set(numbers))
    seqs = {message["number"]: message["seq"] for message in messages}
    for number in numbers[::17]:
        assert page(users[1], channel, since=number, limit=1)[0] == [seqs[number]] == page(users[1], channel, until=number, limit=1)[0]


def test_a_message_keeps_its_number_wherever_it_is_shown(alice, bob):
    channel = alice.group(bob)
    with bob.socket() as socket:
        number = alice.say(channel, "helo")["number"]
        path = f"/v1/channels/{channel['id']}/messages/1"
        assert socket.event(channel)["message"]["number"] == number
        assert ok(alice.patch(path, {"text": "hello"}), 200)["number"] == number
        assert socket.event(channel)["message"]["number"] == number
        assert bob.read(path)["number"] == bob.read("/v1/inbox")["channels"][0]["last_message"]["number"] == number
        ok(alice.delete(path), 204)
        assert socket.event(channel)["message"]["number"] == bob.read(path)["number"] == number
    told = [event["message"]["number"] for event in bob.read(f"/v1/channels/{channel['id']}/events")["events"] if "message" in event]
    assert told == [number] * 3


def test_a_repeated_post_has_the_number_of_the_first(alice):
    channel = alice.group()
    first, again = [ok(alice.post(f"/v1/channels/{channel['id']}/messages", {"text": "x"}, key="k"), 201) for _ in range(2)]
    assert first["number"] == again["number"]


def test_a_page_begins_or_ends_at_a_number_inclusively(alice, spoken):
    channel, numbers = spoken
    assert page(alice, channel, since=numbers[4], limit=3) == ([4, 5, 6], True, True, True)
    assert page(alice, channel, since=numbers[4], limit=200) == ([4, 5, 6, 7, 8, 9], True, False, False)
    assert page(alice, channel, since=0, limit=2) == ([1, 2], False, True, True)
    assert page(alice, channel, since=numbers[9] + 1) == ([], True, False, False)
    assert page(alice, channel, until=numbers[4], limit=3) == ([2, 3, 4], True, True, True)
    assert page(alice, channel, until=numbers[4], limit=200) == ([1, 2, 3, 4], False, True, False)
    assert page(alice, channel, until=LIMIT - 1, limit=2) == ([8, 9], True, False, True)
    assert page(alice, channel, until=numbers[1] - 1) == ([], False, True, False)


def test_every_number_gives_the_page_that_its_place_gives(alice, spoken):
    channel, numbers = spoken
    for number in {each + beside for each in numbers.values() for beside in (-1, 0, 1)}:
        before = sum(each < number for each in numbers.values())
        assert page(alice, channel, since=number, limit=2) == page(alice, channel, after=before, limit=2)
        until = sum(each <= number for each in numbers.values())
        assert page(alice, channel, until=number, limit=2) == page(alice, channel, before=until + 1, limit=2)


def test_over_the_socket_it_is_the_same(alice, spoken):
    channel, numbers = spoken
    with alice.socket() as socket:
        for query in [{"since": numbers[3], "limit": 2}, {"until": numbers[3], "limit": 2}]:
            reply = socket.ok("get_history", channel_id=channel["id"], min_position=alice.circle.positions[-1], **query)
            seqs = [message["seq"] for message in reply["messages"]]
            assert (seqs, reply["has_before"], reply["has_after"], reply["has_more"]) == page(alice, channel, **query)
        for query in [{"since": -1}, {"until": "x"}, {"since": 1, "until": 2}, {"since": 1, "as_of": "2026-03-01T12:00:00Z"}]:
            socket.refused("invalid_argument", "get_history", channel_id=channel["id"], **query)


def test_in_a_thread_it_is_the_same(alice, spoken):
    channel, numbers = spoken
    answers = [alice.say(channel, f"answer {i}", reply_to=1) for i in range(4)]
    seqs = [answer["seq"] for answer in answers]
    assert page(alice, channel, reply_to=1, since=answers[1]["number"]) == (seqs[1:], True, False, False)
    assert page(alice, channel, reply_to=1, until=answers[1]["number"]) == (seqs[:2], False, True, False)
    assert page(alice, channel, reply_to=1, since=numbers[5]) == (seqs, False, False, False)


def test_what_is_hidden_is_passed_over(alice, bob):
    channel = alice.group(bob)
    numbers = {seq: alice.say(channel, "x")["number"] for seq in range(1, 8)}
    for seq in [3, 4, 5]:
        ok(bob.delete(f"/v1/channels/{channel['id']}/messages/{seq}?scope=me"), 204)
    assert page(bob, channel, since=numbers[3], limit=2)[0] == [6]
    assert page(bob, channel, since=numbers[3], limit=1)[0] == [6]
    assert page(bob, channel, until=numbers[5], limit=1)[0] == [2]
    assert page(alice, channel, since=numbers[3], limit=1)[0] == [3]


def test_rooms_have_numbers_too(alice, bob):
    with alice.socket() as socket:
        room = {"id": socket.ok("join_channel", room=f"room of {alice}")["channel_id"]}
    numbers = [alice.say(room, "x")["number"] for _ in range(3)]
    assert page(bob, room, since=numbers[1])[0] == [2, 3]


def test_an_empty_channel_has_an_empty_page(alice):
    channel = alice.group()
    for query in [{"since": 0}, {"until": 0}, {"since": LIMIT - 1}, {"until": LIMIT - 1}]:
        assert page(alice, channel, **query) == ([], False, False, False)


@pytest.mark.parametrize(
    "query",
    [
        *["since=", "since=x", "since=-1", "since=1.5", f"since={LIMIT}", f"until={LIMIT}", "until=", "until=01"],
        *["since=1&until=2", "since=1&before=2", "since=1&after=2", "until=1&around=2", "since=1&since=1"],
        *["since=1&as_of=2026-03-01T12:00:00Z", "until=1&as_of=2026-03-01T12:00:00Z"],
    ],
)
def test_a_page_of_the_wrong_shape_is_refused(alice, query):
    problem(alice.get(f"/v1/channels/{alice.group()['id']}/messages?{query}"), 400, "invalid_argument")


def test_who_may_not_see_the_channel_learns_nothing(alice, bob):
    channel = alice.group()
    alice.say(channel, "x")
    problem(bob.get(f"/v1/channels/{channel['id']}/messages?since=0"), 404, "not_found")
