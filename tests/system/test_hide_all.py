"""PUT …/hidden and hide_messages: everything said so far is gone for one, and stays for the others."""

import shutil
import threading

import pytest

from harness.client import ok, path_of, problem
from harness.waiting import until

LENGTH = 8


@pytest.fixture
def channel(alice, bob):
    channel = alice.group(bob)
    for number in range(1, LENGTH + 1):
        alice.say(channel, f"herring {number}", **({"reply_to": 2} if number in (4, 6, 8) else {}))
    return channel


def hide(user, channel, seq, key=None):
    return user.put(f"/v1/channels/{channel['id']}/hidden", {"seq": seq}, key=key)


def page(user, channel, **query):
    page = user.history(channel, **query)
    return [m["seq"] for m in page["messages"]], page["has_before"], page["has_after"]


# --- what is hidden
def test_it_is_gone_for_its_hider_alone(alice, bob, channel):
    before = alice.history(channel)
    ok(hide(bob, channel, 5), 204)
    assert page(bob, channel) == ([6, 7, 8], False, False)
    assert alice.history(channel) == before
    assert bob.history(channel)["version"] == before["version"] and bob.history(channel)["last_seq"] == LENGTH
    assert ok(alice.get(f"/v1/channels/{channel['id']}/messages/5"), 200)["text"] == "herring 5"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"limit": 2}, ([7, 8], True, False)),
        ({"limit": 3}, ([6, 7, 8], False, False)),
        ({"after": 0, "limit": 2}, ([6, 7], False, True)),
        ({"after": 3}, ([6, 7, 8], False, False)),
        ({"after": 6}, ([7, 8], True, False)),
        ({"after": 8}, ([], True, False)),
        ({"before": 3}, ([], False, True)),
        ({"before": 6}, ([], False, True)),
        ({"before": 7}, ([6], False, True)),
        ({"before": 8, "limit": 1}, ([7], True, True)),
        ({"around": 2, "limit": 2}, ([6, 7], False, True)),
        ({"around": 8, "limit": 2}, ([7, 8], True, False)),
        ({"around": 100, "limit": 2}, ([8], True, False)),
        ({"reply_to": 2}, ([6, 8], False, False)),
        ({"reply_to": 2, "limit": 1}, ([8], True, False)),
        ({"reply_to": 2, "after": 0, "limit": 1}, ([6], False, True)),
        ({"reply_to": 2, "around": 4, "limit": 2}, ([6, 8], False, False)),
    ],
    ids=str,
)
def test_to_him_the_channel_begins_behind_it(alice, bob, channel, query, expected):
    ok(hide(bob, channel, 5), 204)
    assert page(bob, channel, **query) == expected
    with bob.socket() as socket:
        reply = socket.ok("get_history", channel_id=channel["id"], **query)
        assert ([m["seq"] for m in reply["messages"]], reply["has_before"], reply["has_after"]) == expected


def test_single_messages_and_their_texts_are_not_there(alice, bob, channel):
    ok(hide(bob, channel, 5), 204)
    for seq in (1, 5):
        problem(bob.get(f"/v1/channels/{channel['id']}/messages/{seq}"), 404, "not_found")
        problem(bob.get(f"/v1/channels/{channel['id']}/messages/{seq}/revisions"), 404, "not_found")
    ok(bob.get(f"/v1/channels/{channel['id']}/messages/6"), 200)


def test_the_past_is_hidden_too(alice, bob, channel):
    then = alice.post(f"/v1/channels/{channel['id']}/messages", {"text": "nine"}).headers["Parley-Position"]
    alice.say(channel, "ten")
    ok(hide(bob, channel, 8), 204)
    assert page(bob, channel, as_of=then) == ([9], False, False)
    ok(hide(bob, channel, 10), 204)
    assert page(bob, channel, as_of=then) == ([], False, False)


def test_neither_search_nor_the_inbox_has_any_of_it(alice, bob, channel):
    found = lambda user: sorted(hit["seq"] for hit in user.read("/v1/search", q="herring", limit=200)["hits"])  # noqa: E731
    ok(hide(bob, channel, 7), 204)
    assert found(bob) == [8] and found(alice) == list(range(1, LENGTH + 1))
    entry = lambda: bob.read("/v1/inbox")["channels"][0]  # noqa: E731
    assert entry()["last_message"]["seq"] == 8
    ok(hide(bob, channel, 8), 204)
    assert found(bob) == [] and entry()["last_message"] is None
    assert (entry()["last_seq"], entry()["unread_count"]) == (LENGTH, LENGTH), "hidden is not read"
    alice.say(channel, "mackerel")
    assert entry()["last_message"]["text"] == "mackerel"
    assert page(bob, channel) == ([9], False, False)


def test_what_is_hidden_by_itself_stays_so(alice, bob, channel):
    for seq in (2, 7):
        ok(bob.delete(f"/v1/channels/{channel['id']}/messages/{seq}?scope=me"), 204)
    ok(hide(bob, channel, 5), 204)
    assert page(bob, channel) == ([6, 8], False, False)
    ok(bob.delete(f"/v1/channels/{channel['id']}/messages/3?scope=me"), 204)
    assert page(bob, channel) == ([6, 8], False, False)


def test_events_have_no_hole(alice, bob, channel):
    ok(hide(bob, channel, 5), 204)
    events = bob.read(f"/v1/channels/{channel['id']}/events", after=0)
    assert [e["version"] for e in events["events"]] == list(range(1, events["version"] + 1))


# --- how
def test_it_goes_forward_only_and_not_past_the_end(alice, bob, channel):
    ok(hide(bob, channel, 5), 204)
    ok(hide(bob, channel, 3), 204)
    assert page(bob, channel)[0] == [6, 7, 8]
    problem(hide(bob, channel, LENGTH + 1), 400, "invalid_argument")
    assert page(bob, channel)[0] == [6, 7, 8]
    with bob.socket() as socket:
        assert socket.ok("hide_messages", channel_id=channel["id"], seq=2)["seq"] == 5
        assert socket.ok("hide_messages", channel_id=channel["id"], seq=6)["seq"] == 6
        socket.refused("invalid_argument", "hide_messages", channel_id=channel["id"], seq=99)
    assert page(bob, channel)[0] == [7, 8]


def test_his_own_connections_are_told(alice, bob, channel):
    with bob.socket() as one, bob.socket() as two, alice.socket() as other:
        assert one.ok("hide_messages", channel_id=channel["id"], seq=4)["seq"] == 4
        for socket in (one, two):
            told = socket.notice("messages_hidden")
            assert (told["channel_id"], told["seq"]) == (channel["id"], 4)
        one.ok("hide_messages", channel_id=channel["id"], seq=4)  # changes nothing, and tells nobody
        ok(hide(bob, channel, 6), 204)
        assert two.notice("messages_hidden")["seq"] == 6
        alice.say(channel, "nine")
        other.take(lambda item: item["type"] == "message_posted")
        assert not [item for item in other.waiting if item["type"] == "messages_hidden"]


def test_a_key_hides_once(alice, bob, channel):
    first = hide(bob, channel, 5, key="k")
    again = hide(bob, channel, 5, key="k")
    assert (first.status_code, again.status_code) == (204, 204)
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(hide(bob, channel, 6, key="k"), 422, "key_reused")


def test_who_left_and_came_back_sees_everything(alice, bob, channel):
    ok(hide(bob, channel, 8), 204)
    ok(bob.delete(f"/v1/channels/{channel['id']}/members/{path_of(bob)}"), 204)
    problem(hide(bob, channel, 8), 404, "not_found")
    alice.invite(channel, bob)
    assert page(bob, channel)[0] == list(range(1, LENGTH + 1))


def test_it_is_for_members(alice, bob, carol, channel):
    problem(hide(carol, channel, 1), 404, "not_found")
    workspace = alice.workspace()
    alice.invite(workspace, carol)
    public = alice.channel(workspace)
    alice.say(public, "x")
    problem(hide(carol, public, 1), 403, "forbidden")
    assert page(carol, public)[0] == [1]


@pytest.mark.parametrize("body", [{}, {"seq": 0}, {"seq": -1}, {"seq": "1"}, {"seq": 1.5}, {"seq": None}, {"seq": 1, "x": 1}, {"seq": 2**53}])
def test_what_is_no_number_of_a_message_is_refused(bob, channel, body):
    problem(bob.put(f"/v1/channels/{channel['id']}/hidden", body), 400, "invalid_argument")
    assert page(bob, channel)[0] == list(range(1, LENGTH + 1))


def test_an_id_that_is_none_is_not_found(bob):
    problem(bob.put("/v1/channels/x/hidden", {"seq": 1}), 404, "not_found")
    with bob.socket() as socket:
        socket.refused("not_found", "hide_messages", channel_id="x", seq=1)


def test_many_at_once_come_to_the_furthest(alice, bob, channel):
    threads = [threading.Thread(target=lambda n=n: ok(hide(bob, channel, n), 204)) for n in range(1, LENGTH)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: page(bob, channel)[0] == [8])


def test_it_outlives_the_server_and_is_folded_again(serve, circle_at):
    server = serve()
    circle = circle_at(server)
    alice, bob = circle.users("alice", "bob")
    channel = alice.group(bob)
    for number in range(1, 6):
        alice.say(channel, str(number))
    ok(hide(bob, channel, 3), 204)
    server.stop()
    server.start()
    assert page(circle_at(server).known(bob), channel) == ([4, 5], False, False)
    server.stop()
    shutil.rmtree(server.data / "state")
    server.start()
    again = circle_at(server).known(bob)
    until(lambda: page(again, channel) == ([4, 5], False, False))
