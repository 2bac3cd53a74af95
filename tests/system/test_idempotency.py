"""A key happens once, whoever repeats it and however."""

import pytest

from harness.client import ok, problem


def repeated(answer):
    return answer.headers.get("Idempotency-Replayed") == "true"


def count(user, channel):
    return user.history(channel)["last_seq"]


@pytest.fixture
def channel(alice, bob):
    return alice.group(bob)


def post(user, channel, text, key):
    return user.post(f"/v1/channels/{channel['id']}/messages", {"text": text}, key=key)


def test_a_repeated_post_gets_the_first_answer_and_happens_once(alice, channel):
    first = post(alice, channel, "once", "k1")
    again = post(alice, channel, "once", "k1")
    assert not repeated(first) and repeated(again)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert count(alice, channel) == 1


def test_a_key_with_another_payload_is_refused_and_the_first_stands(alice, channel):
    post(alice, channel, "one", "k1")
    problem(post(alice, channel, "two", "k1"), 422, "key_reused")
    assert [m["text"] for m in alice.history(channel)["messages"]] == ["one"]


def test_a_key_is_its_users_and_its_streams_own(alice, bob, channel):
    other = alice.group(bob)
    for user, place in [(alice, channel), (bob, channel), (alice, other)]:
        assert not repeated(post(user, place, f"by {user}", "k1"))
    assert (count(alice, channel), count(alice, other)) == (2, 1)


def test_without_a_key_a_repetition_is_another_message(alice, channel):
    for _ in range(2):
        alice.say(channel, "same")
    assert count(alice, channel) == 2


def test_a_repeated_creation_names_the_same_thing(alice, bob):
    for path, body in [
        ("/v1/workspaces", {"name": "Acme"}),
        ("/v1/channels", {"kind": "group", "members": [bob.id]}),
    ]:
        first, again = alice.post(path, body, key="k1"), alice.post(path, body, key="k1")
        assert first.status_code == again.status_code == 201
        assert first.json() == again.json() and repeated(again)


def test_a_refusal_is_repeated_too(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    alice.channel(workspace, name="general")
    body = {"kind": "public", "workspace_id": workspace["id"], "name": "general"}
    first = bob.post("/v1/channels", body, key="k1")
    again = bob.post("/v1/channels", body, key="k1")
    problem(first, 409, "conflict")
    problem(again, 409, "conflict")
    assert repeated(again)


@pytest.mark.parametrize("call", ["edit", "retract", "invite", "rename", "leave"])
def test_every_write_takes_a_key(alice, bob, channel, call):
    alice.say(channel, "one")
    message = f"/v1/channels/{channel['id']}/messages/1"
    member = f"/v1/channels/{channel['id']}/members/{bob.id}"
    send = {
        "edit": lambda: alice.patch(message, {"text": "two"}, key="k"),
        "retract": lambda: alice.delete(message + "?scope=all", key="k"),
        "invite": lambda: alice.put(member, {"role": "member"}, key="k"),
        "rename": lambda: alice.patch(f"/v1/channels/{channel['id']}", {"name": "x"}, key="k"),
        "leave": lambda: bob.delete(member, key="k"),
    }[call]
    first, again = send(), send()
    assert first.status_code in (200, 204) and not repeated(first)
    assert (again.status_code, again.content) == (first.status_code, first.content) and repeated(again)


def test_a_repeated_edit_answers_as_it_did_though_the_message_changed_since(alice, channel):
    alice.say(channel, "one")
    path = f"/v1/channels/{channel['id']}/messages/1"
    first = alice.patch(path, {"text": "two"}, key="k1")
    ok(alice.patch(path, {"text": "three"}), 200)
    again = alice.patch(path, {"text": "two"}, key="k1")
    assert repeated(again) and again.json() == first.json()
    assert alice.read(path)["text"] == "three"


def test_a_key_sent_twice_over_websocket_happens_once(alice, channel):
    with alice.socket() as socket, alice.socket() as second:
        first = socket.ok("post_message", channel_id=channel["id"], text="once", key="k1")
        assert not first.get("duplicate")
        for other in [socket, second]:
            again = other.ok("post_message", channel_id=channel["id"], text="once", key="k1")
            assert again["duplicate"] is True
            for field in ["channel_id", "seq", "version", "posted_at"]:
                assert again[field] == first[field]
        socket.refused("key_reused", "post_message", channel_id=channel["id"], text="twice", key="k1")
    assert count(alice, channel) == 1


def test_a_key_of_http_is_known_over_websocket_and_the_other_way_round(alice, channel):
    posted = post(alice, channel, "by http", "k1").json()
    with alice.socket() as socket:
        again = socket.ok("post_message", channel_id=channel["id"], text="by http", key="k1")
        assert again["duplicate"] is True and again["seq"] == posted["seq"]
        sent = socket.ok("post_message", channel_id=channel["id"], text="by socket", key="k2")
    repeat = post(alice, channel, "by socket", "k2")
    assert repeated(repeat) and repeat.json()["seq"] == sent["seq"]
    assert count(alice, channel) == 2


def test_a_repeated_direct_message_happens_once(alice, bob):
    with alice.socket() as socket:
        first = socket.ok("post_message", direct_to=bob.id, text="hi", key="k1")
        again = socket.ok("post_message", direct_to=bob.id, text="hi", key="k1")
    assert again["duplicate"] is True and again["seq"] == first["seq"] == 1


def test_many_at_once_with_one_key_happen_once(alice, channel):
    with alice.socket() as socket, alice.socket() as second:
        ids = [(s, s.send("post_message", channel_id=channel["id"], text="race", key="k1")) for s in [socket, second] * 10]
        replies = [s.reply(id) for s, id in ids]
    assert {r["type"] for r in replies} == {"ok"} and {r["seq"] for r in replies} == {1}
    assert sum(not r.get("duplicate") for r in replies) == 1
    assert count(alice, channel) == 1


@pytest.mark.parametrize("key", ["x" * 128, "ü-key", "{}", "a b"])
def test_a_key_is_any_text_of_1_to_128_characters(alice, channel, key):
    with alice.socket() as socket:
        socket.ok("post_message", channel_id=channel["id"], text="x", key=key)
        assert socket.ok("post_message", channel_id=channel["id"], text="x", key=key)["duplicate"] is True


def test_a_key_that_is_too_long_or_none_is_refused(alice, channel):
    problem(post(alice, channel, "x", "x" * 129), 400, "invalid_argument")
    with alice.socket() as socket:
        for key in ["", "x" * 129, 7, None]:
            socket.refused("invalid_argument", "post_message", channel_id=channel["id"], text="x", key=key)
    assert count(alice, channel) == 0
