"""GET /v1/search: what is found, by whom, and how soon."""

import shutil
import threading
import time
from urllib.parse import quote

import pytest

from harness.client import ok, path_of, problem
from harness.waiting import until

UNKNOWN = "00000000-0000-8000-8000-000000000000"


def search(user, q, **params):
    return ok(user.get("/v1/search", params={"q": q, **params}), 200)


def texts(user, q, **params):
    return [hit["text"] for hit in search(user, q, **params)["hits"]]


@pytest.fixture
def talk(alice, bob):
    return alice.group(bob)


# --- what is found
def test_a_hit_is_the_message_with_a_snippet(alice, bob, talk):
    said = alice.say(talk, "We were walking <b>slowly</b>", metadata={"k": 1})
    found = search(bob, "walk")
    assert found["has_more"] is False and "next" not in found
    [hit] = found["hits"]
    assert hit.pop("snippet") == "We were <mark>walking</mark> &lt;b&gt;slowly&lt;/b&gt;"
    assert hit == said


def test_all_words_in_any_form_the_best_first(alice, talk):
    for text in [
        "The deployment failed, and here is a long text that is about many other things",
        "deployments fail",
        "deploy",
        "a failure",
    ]:
        alice.say(talk, text)
    assert texts(alice, "deployment fail") == [
        "deployments fail",
        "The deployment failed, and here is a long text that is about many other things",
    ]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ('"quick brown"', ["the quick brown fox"]),
        ("qui* -brown", ["quite another"]),
        ("fox author:{alice}", ["the quick brown fox"]),
        ("author:{bob}", ["the brown quick dog"]),
        ("東京", ["東京都に行きました"]),
        ("TÖÖT", ["tööt tööt"]),
        ("nothing of it", []),
        ("...", []),
    ],
)
def test_the_language_of_queries(alice, bob, talk, q, expected):
    bob.say(talk, "the brown quick dog")
    for text in ["the quick brown fox", "quite another", "東京都に行きました", "京都", "tööt tööt"]:
        alice.say(talk, text)
    assert texts(bob, q.format(alice=alice.id, bob=bob.id)) == expected


def test_author_channel_and_dates(alice, bob, talk):
    other = alice.group(bob)
    first = alice.say(talk, "fish one")
    second = bob.say(talk, "fish two")
    third = alice.say(other, "fish three")
    everywhere = {"fish one", "fish two", "fish three"}
    assert set(texts(alice, "fish")) == everywhere
    assert set(texts(alice, "fish", channel_id=talk["id"])) == {"fish one", "fish two"}
    assert texts(alice, "fish", author=bob.id) == ["fish two"]
    assert texts(alice, "fish", author="nobody-at-all") == []
    assert set(texts(alice, "fish", before="2999-01-01T00:00:00Z", after="1999-01-01T00:00:00Z")) == everywhere
    assert texts(alice, "fish", before=first["posted_at"]) == [], "exclusive"
    assert "fish three" not in texts(alice, "fish", after=third["posted_at"])
    if first["posted_at"] != second["posted_at"]:
        assert texts(alice, "fish", before=second["posted_at"]) == ["fish one"]


def test_pages_follow_each_other_and_end(alice, bob, talk):
    channels = [talk, *(alice.group(bob) for _ in range(4))]  # in several partitions
    for number in range(25):
        alice.say(channels[number % 5], f"herring {number}")
    seen, page = [], {}
    for _ in range(20):
        found = search(bob, "herring", limit=4, **page)
        assert len(found["hits"]) <= 4
        seen += [hit["text"] for hit in found["hits"]]
        assert found["has_more"] == ("next" in found)
        if not found["has_more"]:
            break
        page = {"page": found["next"]}
    assert sorted(seen) == sorted(f"herring {number}" for number in range(25)), "each once"


# --- in which order, and how much of it
def pages_of(user, q, limit, **params):
    """All hits, page by page."""
    seen, page = [], {}
    while True:
        found = search(user, q, limit=limit, **params, **page)
        assert len(found["hits"]) <= limit and found["has_more"] == ("next" in found)
        seen += found["hits"]
        if not found["has_more"]:
            return seen
        page = {"page": found["next"]}


def place(hit):
    return hit["posted_at"], hit["channel_id"], hit["seq"]


@pytest.mark.parametrize("limit", [1, 4, 200])
def test_by_time_pages_are_in_order_over_all_partitions(alice, bob, talk, limit):
    channels = [talk, *(alice.group(bob) for _ in range(5))]
    said = [alice.say(channels[number % 6], "herring " * (1 + number % 4) + str(number)) for number in range(14)]
    oldest = [place(hit) for hit in pages_of(bob, "herring", limit, order="oldest")]
    assert oldest == sorted(map(place, said)), "each once, in order"
    assert [place(hit) for hit in pages_of(bob, "herring", limit, order="newest")] == oldest[::-1]
    in_one = [place(m) for m in said if m["channel_id"] == talk["id"]]
    assert [place(hit) for hit in pages_of(bob, "herring", limit, order="oldest", channel_id=talk["id"])] == in_one
    assert sorted(place(hit) for hit in pages_of(bob, "herring", limit, order="relevance")) == oldest


def test_by_time_too_nothing_hidden_or_retracted_is_found_and_no_page_is_short(alice, bob, talk):
    for number in range(9):
        said = alice.say(talk, f"herring {number}")
        if number % 3 == 1:
            ok(bob.delete(f"/v1/channels/{talk['id']}/messages/{said['seq']}", params={"scope": "me"}), 204)
        if number % 3 == 2:
            ok(alice.delete(f"/v1/channels/{talk['id']}/messages/{said['seq']}"), 204)
    ok(bob.put(f"/v1/channels/{talk['id']}/hidden", {"seq": 1}), 204)
    first = search(bob, "herring", order="newest", limit=1)
    assert ([hit["text"] for hit in first["hits"]], first["has_more"]) == (["herring 6"], True)
    assert [hit["text"] for hit in pages_of(bob, "herring", 1, order="newest")] == ["herring 6", "herring 3"]
    assert [hit["text"] for hit in pages_of(alice, "herring", 2, order="oldest")] == [f"herring {n}" for n in (0, 1, 3, 4, 6, 7)]


def test_one_of_the_words_is_enough_if_so_asked(alice, bob, talk):
    for text in ["red fish", "blue fish", "a yellow bird", "nothing"]:
        alice.say(talk, text)
    assert texts(bob, "red bird") == texts(bob, "red bird", match="all") == []
    assert sorted(texts(bob, "red birds", match="any")) == ["a yellow bird", "red fish"]
    assert texts(bob, "fish -blue", match="any") == ["red fish"]
    assert texts(bob, "red fish", match="any") == ["red fish", "blue fish"], "the better first"
    assert texts(bob, "red fish bird", match="any", order="newest") == ["a yellow bird", "blue fish", "red fish"]
    [hit] = search(bob, "yellow nonsense", match="any", order="oldest")["hits"]
    assert hit["snippet"] == "a <mark>yellow</mark> bird"


# --- what changed since
def test_an_edit_is_found_by_what_it_says_now(alice, bob, talk):
    said = alice.say(talk, "herring")
    assert texts(bob, "herring") == ["herring"]
    ok(alice.patch(f"/v1/channels/{talk['id']}/messages/{said['seq']}", {"text": "mackerel"}), 200)
    assert texts(bob, "herring") == []
    assert texts(bob, "mackerel") == ["mackerel"]


def test_a_retracted_message_is_never_found(alice, bob, talk):
    said = alice.say(talk, "herring")
    ok(alice.delete(f"/v1/channels/{talk['id']}/messages/{said['seq']}"), 204)
    alice.circle.positions.clear()  # not even by an index that has not heard of it
    assert texts(bob, "herring") == [] and texts(alice, "herring") == []


def test_a_hidden_message_is_not_found_by_who_hid_it(alice, bob, talk):
    said = alice.say(talk, "herring")
    ok(bob.delete(f"/v1/channels/{talk['id']}/messages/{said['seq']}", params={"scope": "me"}), 204)
    bob.circle.positions.clear()
    assert texts(bob, "herring") == []
    until(lambda: texts(alice, "herring") == ["herring"])


def test_a_page_goes_on_behind_what_is_hidden(alice, bob, talk):
    for number in range(8):
        said = alice.say(talk, f"herring {number}")
        if number >= 2:
            ok(bob.delete(f"/v1/channels/{talk['id']}/messages/{said['seq']}", params={"scope": "me"}), 204)
    found = search(bob, "herring", limit=1)
    assert found["has_more"] and len(found["hits"]) == 1
    assert sorted(texts(bob, "herring", limit=5)) == ["herring 0", "herring 1"]


def test_who_is_not_in_the_channel_finds_nothing_there(alice, bob, carol, talk):
    alice.say(talk, "herring")
    assert texts(carol, "herring") == []
    alice.invite(talk, carol)
    assert texts(carol, "herring") == ["herring"], "who joins finds what was said before, as he may read it"
    ok(carol.delete(f"/v1/channels/{talk['id']}/members/{path_of(carol)}"), 204)
    carol.circle.positions.clear()
    assert texts(carol, "herring") == []


def test_a_public_channel_is_searched_by_its_members(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace)
    alice.say(channel, "herring")
    assert texts(bob, "herring") == []
    assert texts(bob, "herring", channel_id=channel["id"]) == [], "he may read it, but is not in it"
    ok(bob.put(f"/v1/channels/{channel['id']}/members/{path_of(bob)}"), 200)
    assert texts(bob, "herring", channel_id=channel["id"]) == ["herring"]


def test_with_a_channel_go_its_messages(alice, bob, talk):
    alice.say(talk, "herring")
    ok(alice.delete(f"/v1/channels/{talk['id']}"), 204)
    assert texts(alice, "herring") == [] and texts(bob, "herring") == []


def test_a_channel_that_one_may_not_see_is_not_found(alice, carol, talk):
    words = {
        problem(carol.get("/v1/search", params={"q": "x", "channel_id": id}), 404, "not_found")["detail"]
        for id in [talk["id"], UNKNOWN, "x", ""]
    }
    assert len(words) == 1


# --- when
def test_a_message_is_found_within_a_second(alice, talk):
    took = []
    for number in range(5):
        alice.say(talk, f"needle{number}")
        alice.circle.positions.clear()
        begun = time.monotonic()
        until(lambda n=number: texts(alice, f"needle{n}"), message="never found")
        took.append(time.monotonic() - begun)
    assert min(took) < 1, took


def test_a_search_waits_for_the_position_that_it_is_asked_for(alice, talk):
    for number in range(5):
        alice.say(talk, f"needle{number}")
        assert texts(alice, f"needle{number}"), "at once"
    answer = alice.get("/v1/search", params={"q": "x"})
    assert answer.headers["Parley-Position"].startswith("p1-")


# --- bad input
@pytest.mark.parametrize(
    ("field", "value"),
    [("q", ""), ("q", "x" * 513), ("limit", "0"), ("limit", "201"), ("before", "7"), ("after", "yesterday"), ("page", "x")]
    + [("page", "1-2-3-4-5-6"), ("page", "-1-0-0-0"), ("page", "99999999999-0-0-0"), ("around", "1"), ("min", "1")]
    + [("order", "time"), ("order", ""), ("order", "NEWEST"), ("match", "some"), ("match", "")],
)
def test_what_is_wrong_with_a_search_is_said(alice, field, value):
    refused = problem(alice.get("/v1/search", params={"q": "x", field: value}), 400, "invalid_argument")
    assert [e["field"] for e in refused["errors"]] == [field]


def test_without_q_or_with_bytes_that_are_no_text(alice):
    problem(alice.get("/v1/search"), 400, "invalid_argument")
    problem(alice.get("/v1/search?q=%ff"), 400, "invalid_argument")
    problem(alice.get("/v1/search?q=%zz"), 400, "invalid_argument")
    problem(alice.get("/v1/search", params={"q": "x", "author": "a/b"}), 404, "not_found")


@pytest.mark.parametrize(
    "q",
    ["(" * 512, '"' * 511, "*" * 512, "-" * 512, "a* " * 170, '"a b" ' * 85, "~" * 512, "author:" * 73, "x NEAR/999999999 y"]
    + ["AND OR NOT (", "a" * 512, "\0", "..", "1..9", "東" * 170, "\U0001f600" * 128, "%00", "'; drop table --", "Q\0\0"],
    ids=lambda q: repr(q[:12]),
)
def test_any_text_is_a_query(alice, talk, q):
    alice.say(talk, "quick question")
    answer = alice.circle.http.get(
        f"/v1/search?q={quote(q)}", headers={"Authorization": f"Bearer {alice.token}"}
    )
    assert answer.status_code == 200, answer.text
    search(alice, q, match="any", order="oldest")
    assert texts(alice, "question") == ["quick question"]


def test_without_a_token_nothing_is_searched(circle):
    assert circle.http.get("/v1/search?q=x").status_code == 401


# --- with a server of its own
def test_switched_off_it_is_not_served(serve, circle_at):
    server = serve("--search", "off")
    user = circle_at(server).user("u")
    channel = user.group()
    user.say(channel, "herring")
    problem(user.get("/v1/search", params={"q": "herring"}), 501, "not_configured")
    assert not list(server.data.glob("state/*/*/search"))


def test_switched_on_again_it_finds_what_was_said_meanwhile(serve, circle_at):
    server = serve()
    user = circle_at(server).user("u")
    channel = user.group()
    user.say(channel, "herring one")
    server.stop()
    server.options = [*server.options, "--search", "off"]
    server.start()
    user = circle_at(server).known(user)
    user.say(channel, "herring two")
    server.stop()
    server.options = server.options[:-2]
    server.start()
    user = circle_at(server).known(user)
    until(lambda: sorted(texts(user, "herring")) == ["herring one", "herring two"])


def test_another_language_makes_another_index(serve, circle_at):
    server = serve("--search-language", "none")
    user = circle_at(server).user("u")
    user.say(user.group(), "Die Häuser brennen")
    assert texts(user, "haus") == []
    server.stop()
    server.options = [*server.options, "--search-language", "german"]
    server.start()
    user = circle_at(server).known(user)
    until(lambda: texts(user, "haus") == ["Die Häuser brennen"])


def test_a_lost_index_is_built_again(serve, circle_at):
    server = serve()
    user = circle_at(server).user("u")
    channel = user.group()
    for number in range(50):
        user.say(channel, f"herring {number}")
    assert len(texts(user, "herring", limit=200)) == 50
    server.stop()
    for index in server.data.glob("state/*/*/search"):
        shutil.rmtree(index)
    server.start()
    user = circle_at(server).known(user)
    until(lambda: len(texts(user, "herring", limit=200)) == 50)


def test_the_index_is_measured(serve, circle_at):
    server = serve()
    user = circle_at(server).user("u")
    user.say(user.group(), "herring")
    texts(user, "herring")
    lines = user.circle.http.get("/metrics").text.splitlines()
    values = {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("parley_search")}
    assert sum(v for k, v in values.items() if k.startswith("parley_search_indexed_total")) == 1
    assert values["parley_search_seconds_count"] >= 1


def test_more_searches_than_may_wait_are_refused_and_pages_of_history_are_not(serve, circle_at):
    server = serve("--search-queue", "1", "--search-threads", "1", "--search-interval-ms", "60000")
    user = circle_at(server).user("u")
    channel = user.group()
    position = user.post(f"/v1/channels/{channel['id']}/messages", {"text": "herring"}).headers["Parley-Position"]
    user.circle.positions.clear()
    params = {"q": "x", "channel_id": channel["id"]}
    seen_enough = threading.Event()

    def hold_the_only_place():
        asker = circle_at(server).known(user)
        while not seen_enough.is_set():
            asker.get("/v1/search", params=params, headers={"Parley-Min-Position": position})
        asker.circle.close()

    holder = threading.Thread(target=hold_the_only_place)
    holder.start()
    try:
        until(lambda: user.get("/v1/search", params=params).status_code == 503, message="nothing was refused")
        assert user.history(channel)["last_seq"] == 1
    finally:
        seen_enough.set()
        holder.join()
