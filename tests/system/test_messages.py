"""Posting, editing and retracting."""

import pytest

from harness.client import ok, problem
from harness.shapes import MESSAGE, has, is_time


@pytest.fixture
def channel(alice, bob):
    return alice.group(bob)


def path(channel, seq=None):
    return f"/v1/channels/{channel['id']}/messages" + (f"/{seq}" if seq is not None else "")


def one(user, channel, seq):
    return user.read(path(channel, seq))


def test_a_posted_message_has_all_its_fields(alice, bob, channel):
    message = has(alice.say(channel, "Hello Bob 👋"), MESSAGE)
    is_time(message["posted_at"])
    expected = {"channel_id": channel["id"], "seq": 1, "author": alice.id, "text": "Hello Bob 👋", "edited_at": None}
    expected |= {"retracted": False, "reply_to": None, "reply_count": 0, "reactions": {}, "pinned": False}
    assert {field: message[field] for field in expected} == expected
    assert one(bob, channel, 1) == message
    assert bob.history(channel)["messages"] == [message]


def test_seq_and_version_are_dense_over_all_authors(alice, bob, channel):
    posted = [user.say(channel, "x") for user in [alice, bob, alice, bob]]
    assert [m["seq"] for m in posted] == [1, 2, 3, 4]
    first = posted[0]["version"]
    assert [m["version"] for m in posted] == [first, first + 1, first + 2, first + 3]
    assert first == channel["version"] + 1


def test_attachments_and_metadata_come_back_as_they_were_given(alice, bob, channel):
    attachments = [{"type": "image", "url": "https://example.org/x.png", "size": 12}]
    metadata = {"client": "cli", "nested": {"list": [1, 2.5, None, True, "é"]}}
    message = alice.say(channel, "see", attachments=attachments, metadata=metadata)
    assert (message["attachments"], message["metadata"]) == (attachments, metadata)
    assert one(bob, channel, 1) == message


@pytest.mark.parametrize("text", ["a", "a" * 16384, "é" * 8192, "\u0000", "\U0010ffff", " ", "line\nline\u2028"])
def test_text_of_1_to_16384_bytes_is_taken_whole(alice, bob, channel, text):
    alice.say(channel, text)
    assert bob.history(channel)["messages"][-1]["text"] == text


@pytest.mark.parametrize("text", ["", "a" * 16385, "é" * 8193, None, 7, ["a"], {"a": 1}, True])
def test_other_text_is_refused_and_nothing_changes(alice, channel, text):
    body = problem(alice.post(path(channel), {"text": text}), 400, "invalid_argument")
    assert body["errors"][0]["field"] == "text"
    assert alice.history(channel)["messages"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": "red"},
        {"reply_to": "1"},
        {"reply_to": -1},
        {"reply_to": 1.5},
        {"reply_to": 2**53},
        {"attachments": {}},
        {"attachments": "x"},
        {"metadata": []},
        {"metadata": 1},
    ],
)
def test_fields_of_the_wrong_kind_are_refused(alice, channel, fields):
    alice.say(channel, "first")
    problem(alice.post(path(channel), {"text": "x", **fields}), 400, "invalid_argument")
    assert alice.history(channel)["last_seq"] == 1


def test_a_reply_names_its_message_and_is_counted_there(alice, bob, channel):
    alice.say(channel, "question")
    reply = bob.say(channel, "answer", reply_to=1)
    assert reply["reply_to"] == 1
    assert one(alice, channel, 1)["reply_count"] == 1


def test_a_reply_to_nothing_is_refused(alice, channel):
    assert alice.post(path(channel), {"text": "x", "reply_to": 7}).status_code in (400, 404)
    assert alice.history(channel)["messages"] == []


def test_the_author_alone_edits(circle, alice, bob, channel):
    stranger = circle.user("stranger")
    posted = alice.say(channel, "Helo")
    problem(bob.patch(path(channel, 1), {"text": "mine"}), 403, "forbidden")
    problem(stranger.patch(path(channel, 1), {"text": "mine"}), 404, "not_found")
    edited = ok(alice.patch(path(channel, 1), {"text": "Hello"}), 200)
    is_time(edited["edited_at"])
    assert (edited["text"], edited["seq"], edited["posted_at"]) == ("Hello", 1, posted["posted_at"])
    assert edited["version"] == posted["version"] + 1
    assert one(bob, channel, 1) == edited


def test_an_edit_of_an_old_version_is_refused(alice, channel):
    posted = alice.say(channel, "one")
    match = {"If-Match": f'"{posted["version"]}"'}
    ok(alice.patch(path(channel, 1), {"text": "two"}, headers=match), 200)
    problem(alice.patch(path(channel, 1), {"text": "three"}, headers=match), 412, "version_mismatch")
    assert one(alice, channel, 1)["text"] == "two"


@pytest.mark.parametrize("match", ["1", "*x", '"a"', '"-1"', "W/"])
def test_an_if_match_that_is_no_version_is_refused(alice, channel, match):
    alice.say(channel, "one")
    problem(alice.patch(path(channel, 1), {"text": "two"}, headers={"If-Match": match}), 400, "invalid_argument")


@pytest.mark.parametrize("seq", ["0", "2", "99999999999", "-1", "x", "1x", "1.0", "%31%30"])
def test_what_is_not_there_can_not_be_edited_or_retracted(alice, channel, seq):
    alice.say(channel, "one")
    problem(alice.patch(path(channel, seq), {"text": "two"}), 404, "not_found")
    problem(alice.delete(path(channel, seq) + "?scope=all"), 404, "not_found")
    problem(alice.get(path(channel, seq)), 404, "not_found")
    assert one(alice, channel, 1)["text"] == "one"


def test_the_author_retracts_and_the_place_remains(alice, bob, channel):
    for text in ["one", "two", "three"]:
        alice.say(channel, text)
    ok(alice.delete(path(channel, 2) + "?scope=all"), 204)
    messages = bob.history(channel)["messages"]
    assert [m["seq"] for m in messages] == [1, 2, 3]
    assert messages[1]["retracted"] is True and not messages[1]["text"]
    assert messages[1]["retracted_at"] >= messages[2]["posted_at"] and "retracted_at" not in messages[0]
    assert [m["text"] for m in (messages[0], messages[2])] == ["one", "three"]
    assert one(bob, channel, 2) == messages[1]


def test_a_workspace_admin_retracts_what_others_wrote_and_a_member_may_not(circle):
    owner, author, member = circle.users("owner", "author", "member")
    workspace = owner.workspace()
    for user in [author, member]:
        owner.invite(workspace, user)
    channel = author.channel(workspace, members=[owner.id, member.id])
    author.say(channel, "one")
    problem(member.delete(path(channel, 1) + "?scope=all"), 403, "forbidden")
    assert one(member, channel, 1)["text"] == "one"
    ok(owner.delete(path(channel, 1) + "?scope=all"), 204)
    assert one(member, channel, 1)["retracted"]


def test_a_retracted_message_is_not_edited_any_more(alice, channel):
    alice.say(channel, "one")
    ok(alice.delete(path(channel, 1) + "?scope=all"), 204)
    assert alice.patch(path(channel, 1), {"text": "two"}).status_code in (403, 404, 409)
    assert one(alice, channel, 1)["retracted"]


def test_an_unknown_scope_is_refused(alice, channel):
    alice.say(channel, "one")
    problem(alice.delete(path(channel, 1) + "?scope=everyone"), 400, "invalid_argument")
    assert not one(alice, channel, 1)["retracted"]


def test_what_became_of_a_command_is_told_to_its_sender_alone(alice, bob, channel):
    with alice.socket() as socket:
        posted = socket.ok("post_message", channel_id=channel["id"], text="x")
    told = alice.read(f"/v1/commands/{posted['command_id']}")
    assert (told["status"], told["channel_id"], told["seq"], told["version"]) == ("accepted", channel["id"], 1, posted["version"])
    problem(bob.get(f"/v1/commands/{posted['command_id']}"), 404, "not_found")
