"""Pages of history: every boundary of before, after, around and limit, against a model of a dozen lines."""

import pytest

from harness.client import ok, problem
from harness.shapes import PAGE, has

LENGTH = 7


@pytest.fixture(scope="module")
def spoken(parley):
    """Someone, with a channel of LENGTH messages."""
    from harness.client import Circle

    circle = Circle(parley.url)
    speaker = circle.user("speaker")
    channel = speaker.group()
    for number in range(1, LENGTH + 1):
        speaker.say(channel, f"message {number}")
    yield speaker, channel
    circle.close()


def expected(length, limit, before=None, after=None, around=None):
    """What protocol.md says of a channel with messages 1 … length: (seqs, has_before, has_after, has_more)."""
    seqs = range(1, length + 1)
    if around is not None:
        earlier = [s for s in seqs if s < around][-(limit // 2) :] if limit > 1 else []
        page = earlier + [s for s in seqs if s >= around][: limit - len(earlier)]
    elif after is not None:
        page = [s for s in seqs if s > after][:limit]
    else:
        page = [s for s in seqs if before is None or s < before][-limit:]
    first, last = (page[0], page[-1]) if page else empty_place(length, before, after, around)
    has_before, has_after = first > 1, last < length
    has_more = has_after if after is not None else has_before or has_after if around is not None else has_before
    return page, has_before, has_after, has_more


def empty_place(length, before, after, around):
    """Between which numbers an empty page stands: (the one behind it, the one in front of it)."""
    if around is not None:
        return min(around, length + 1), length
    if after is not None:
        return min(after, length) + 1, length
    return 1, 0


def check(page, length, limit, **query):
    has(page, PAGE)
    seqs = [m["seq"] for m in page["messages"]]
    assert (seqs, page["has_before"], page["has_after"], page["has_more"]) == expected(length, limit, **query)
    assert page["last_seq"] == length


LIMITS = [1, 2, 3, 6, 7, 8, 200]
PLACES = [1, 2, 3, 4, 6, 7, 8, 100]


@pytest.mark.parametrize("limit", LIMITS)
def test_without_a_place_the_newest_come(spoken, limit):
    user, channel = spoken
    check(user.history(channel, limit=limit), LENGTH, limit)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("direction", ["before", "after", "around"])
def test_every_place_and_limit_gives_what_the_model_says(spoken, direction, limit):
    user, channel = spoken
    for place in PLACES + ([0] if direction == "after" else []):
        check(user.history(channel, limit=limit, **{direction: place}), LENGTH, limit, **{direction: place})


def test_the_default_limit_is_50(alice):
    channel = alice.group()
    for number in range(51):
        alice.say(channel, str(number))
    check(alice.history(channel), 51, 50)


def test_an_empty_channel_has_an_empty_page(alice):
    channel = alice.group()
    for query in [{}, {"before": 5}, {"after": 0}]:
        page = alice.history(channel, **query)
        assert (page["messages"], page["has_before"], page["has_after"], page["has_more"]) == ([], False, False, False)
        assert page["last_seq"] == 0 and page["version"] == channel["version"]


def test_going_back_and_forth_meets_every_message_once(spoken):
    user, channel = spoken
    for limit in [1, 2, 3]:
        back, page = [], user.history(channel, limit=limit)
        while True:
            back = [m["seq"] for m in page["messages"]] + back
            if not page["has_more"]:
                break
            page = user.history(channel, limit=limit, before=back[0])
        forth, page = [], user.history(channel, limit=limit, after=0)
        while True:
            forth += [m["seq"] for m in page["messages"]]
            if not page["has_more"]:
                break
            page = user.history(channel, limit=limit, after=forth[-1])
        assert back == forth == list(range(1, LENGTH + 1))


def test_a_thread_is_its_replies(alice, bob):
    channel = alice.group(bob)
    for reply_to in [None, None, 1, 2, 1, None, 1]:
        alice.say(channel, "x", **({"reply_to": reply_to} if reply_to else {}))
    page = bob.history(channel, reply_to=1)
    assert [m["seq"] for m in page["messages"]] == [3, 5, 7]
    assert [m["seq"] for m in bob.history(channel, reply_to=1, limit=2)["messages"]] == [5, 7]


def test_the_page_has_the_version_of_the_channel(alice):
    channel = alice.group()
    alice.say(channel, "one")
    edited = ok(alice.patch(f"/v1/channels/{channel['id']}/messages/1", {"text": "two"}), 200)
    assert alice.history(channel)["version"] == edited["version"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1e1", "before=x", "after=-1", "around=", "before=99999999999999999999"],
)
def test_a_page_out_of_range_is_refused(spoken, query):
    user, channel = spoken
    problem(user.get(f"/v1/channels/{channel['id']}/messages?{query}"), 400, "invalid_argument")


def test_the_same_page_comes_over_websocket(spoken):
    user, channel = spoken
    with user.socket() as socket:
        for query in [{}, {"before": 4}, {"after": 3}, {"around": 4}]:
            reply = socket.ok("get_history", channel_id=channel["id"], limit=3, **query)
            check(reply, LENGTH, 3, **query)
            assert reply["messages"] == user.history(channel, limit=3, **query)["messages"]
        socket.refused("invalid_argument", "get_history", channel_id=channel["id"], limit=201)
