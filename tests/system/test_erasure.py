"""Erasing a user: not a word of his is anywhere afterwards, and everything else is as it was."""

import os
import secrets
import shutil
import threading
from pathlib import Path

import pytest

from harness.client import ok, problem
from harness.deployment import parley as tool
from harness.waiting import until


def word():
    """One that is nowhere else, and that no compression hides: it would be found in any file that has it."""
    return secrets.token_hex(20)


def erase(user):
    ok(user.delete("/v1/users/me"), 204)


def is_bare(message):
    return message["erased"] is True and (message["text"], message["attachments"], message["metadata"]) == ("", [], {})


# --- what others see
def test_an_erased_users_messages_stay_in_their_places_without_a_word(alice, bob):
    channel = alice.group(bob)
    first = alice.say(channel, "one", attachments=[{"name": "picture"}], metadata={"mood": "grey"})
    bob.say(channel, "two", reply_to=1)
    alice.say(channel, "three")
    ok(alice.patch(f"/v1/channels/{channel['id']}/messages/3", {"text": "three, better"}), 200)
    before = bob.history(channel)
    erase(alice)
    after = bob.history(channel)
    assert [is_bare(m) for m in after["messages"] if m["author"] == alice.id] == [True, True]
    assert after["messages"][1] == before["messages"][1], "what others wrote is as it was"
    assert {**first, "reply_count": 1, "text": "", "attachments": [], "metadata": {}, "erased": True} == after["messages"][0]
    for field in ["last_seq", "version"]:
        assert after[field] == before[field]
    assert bob.say(channel, "four")["seq"] == 4, "seqs and versions go on"


def test_nothing_tells_what_an_erased_message_said_before(alice, bob):
    workspace = bob.workspace()
    bob.invite(workspace, alice)
    channel = bob.channel(workspace, members=[alice.id])
    alice.say(channel, "first words")
    ok(alice.patch(f"/v1/channels/{channel['id']}/messages/1", {"text": "second words"}), 200)
    edited = bob.circle.positions[-1]
    alice.say(channel, "third words")
    ok(alice.delete(f"/v1/channels/{channel['id']}/messages/2"), 204)
    erase(alice)
    path = f"/v1/channels/{channel['id']}"
    for what in ["/messages/1/revisions", "/messages/2/revisions", "/messages/1", "/messages", "/events"]:
        assert "words" not in bob.get(path + what).text, what
    assert "words" not in bob.get(path + "/messages", params={"as_of": edited}).text
    assert "words" not in bob.get("/v1/inbox").text


def test_an_erased_user_has_no_profile(alice, bob):
    ok(alice.put("/v1/users/me", {"name": "Alice Liddell", "avatar_url": "https://example.org/a.png"}), 200)
    erase(alice)
    seen = bob.read(f"/v1/users/{alice.id}")
    assert (seen["id"], seen["name"], seen["avatar_url"], seen["created_at"]) == (alice.id, alice.id, None, None)


def test_what_was_said_over_a_socket_is_erased_too_and_is_not_resumed(alice, bob):
    channel = alice.group(bob)
    with alice.socket() as socket:
        posted = socket.ok("post_message", channel_id=channel["id"], text="fleeting words")
    assert bob.history(channel)["messages"][0]["text"] == "fleeting words"
    erase(alice)
    assert is_bare(bob.history(channel)["messages"][0])
    with bob.socket(query="?resume=1") as socket:
        request = socket.send("resume", channels={channel["id"]: posted["version"] - 1})
        told = socket.take(lambda item: item["type"] == "message_posted")
        socket.reply(request)
    assert is_bare(told["message"])


def test_an_erased_user_may_come_back_and_what_was_erased_stays_so(alice, bob):
    channel = alice.group(bob)
    alice.say(channel, "long ago")
    erase(alice)
    assert alice.say(channel, "here again")["text"] == "here again"
    ok(alice.put("/v1/users/me", {"name": "New Alice"}), 200)
    old, new = bob.history(channel)["messages"]
    assert is_bare(old) and new["text"] == "here again" and "erased" not in new
    assert bob.read(f"/v1/users/{alice.id}")["name"] == "New Alice"
    erase(alice)
    assert all(is_bare(m) for m in bob.history(channel)["messages"])


def test_erasing_again_is_204_and_so_is_erasing_one_who_never_said_a_word(alice, bob):
    for user in [alice, alice, bob, bob]:
        erase(user)


def test_a_key_that_was_used_before_the_erasure_gives_no_words_back(alice, bob):
    channel = alice.group(bob)
    alice.say(channel, "one")
    path = f"/v1/channels/{channel['id']}/messages/1"
    ok(alice.patch(path, {"text": "secret edit"}, key="k"), 200)
    erase(alice)
    again = alice.patch(path, {"text": "something else"}, key="k")
    assert "secret" not in again.text
    problem(again, 422, "key_reused")


def test_a_message_says_nothing_of_erasure_unless_it_was_erased(alice):
    assert "erased" not in alice.say(alice.group(), "plain")


# --- keys and repetition go on with sealed words
def test_the_same_words_with_the_same_key_are_one_message_and_others_are_not(alice):
    path = f"/v1/channels/{alice.group()['id']}/messages"
    first = ok(alice.post(path, {"text": "once"}, key="k"), 201)
    again = alice.post(path, {"text": "once"}, key="k")
    assert again.headers["Idempotency-Replayed"] == "true" and again.json() == first
    problem(alice.post(path, {"text": "twice"}, key="k"), 422, "key_reused")


def test_the_first_commands_of_a_user_are_done_in_the_order_of_their_sending(alice):
    with alice.socket() as socket:
        asked = [socket.send("post_message", direct_to=alice.id, text=str(n)) for n in range(20)]
        seqs = [socket.reply(request)["seq"] for request in asked]
    assert seqs == list(range(1, 21))


# --- who may
def test_others_are_erased_by_operators_alone(alice, bob):
    channel = alice.group(bob)
    alice.say(channel, "mine")
    problem(bob.delete(f"/v1/admin/users/{alice.id}"), 403, "forbidden")
    assert bob.history(channel)["messages"][0]["text"] == "mine"


def test_an_operator_erases_anybody(serve, circle_at):
    circle = circle_at(serve("--operators", "root"))
    alice, bob = circle.users("alice", "bob")
    root = type(alice)(circle, "root")
    channel = alice.group(bob)
    alice.say(channel, "mine")
    ok(root.delete(f"/v1/admin/users/{alice.id}"), 204)
    assert is_bare(bob.history(channel)["messages"][0])
    ok(root.delete("/v1/admin/users/nobody-ever"), 204)


@pytest.mark.parametrize("path", ["/v1/users/me", "/v1/admin/users/x"])
def test_an_erasure_needs_a_token_and_takes_no_body(serve, circle_at, path):
    circle = circle_at(serve("--operators", "root"))
    problem(circle.http.delete(path), 401, "unauthenticated")
    root = type(circle.user())(circle, "root")
    problem(root.delete(path, json={"really": True}), 400, "invalid_argument")


# --- the bytes
class Words:
    """What one user wrote in every way there is."""

    def __init__(self, circle):
        self.alice, self.bob = circle.users("alice", "bob")
        self.all = []
        alice, bob = self.alice, self.bob
        self.channel = alice.group(bob)
        path = f"/v1/channels/{self.channel['id']}/messages"
        alice.say(self.channel, self.new(), attachments=[{"name": self.new()}], metadata={"k": self.new()})
        ok(alice.patch(f"{path}/1", {"text": self.new()}, key=secrets.token_hex(4)), 200)
        ok(alice.post(path, {"text": self.new(), "reply_to": 1}, key=secrets.token_hex(4)), 201)
        alice.say(self.channel, self.new())
        ok(alice.delete(f"{path}/3"), 204)
        alice.say(alice.direct(bob), self.new())
        ok(alice.put("/v1/users/me", {"name": self.new(), "avatar_url": "https://example.org/" + self.new()}, key="p"), 200)
        with alice.socket() as socket:
            socket.ok("post_message", channel_id=self.channel["id"], text=self.new(), key="w")
        self.others = word()
        bob.say(self.channel, self.others)

    def new(self):
        self.all.append(word())
        return self.all[-1]


def files_with(folder, words):
    """The words that some file below the folder has, and where."""
    found = {}
    for file in (Path(where, name) for where, _, names in os.walk(folder) for name in names):
        try:
            data = file.read_bytes()
        except FileNotFoundError:  # rewritten meanwhile
            continue
        for one in words:
            if one.encode() in data:
                found.setdefault(one, []).append(str(file.relative_to(folder)))
    return found


def purged(server, circle):
    lines = [line for line in circle.http.get("/metrics").text.splitlines() if line.startswith("parley_fold_purging{")]
    return lines and all(line.endswith(" 0") for line in lines)


def nowhere(server, words):
    return not files_with(server.data, words)


def test_no_file_has_a_word_of_an_erased_user(serve, circle_at, tmp_path):
    server = serve()
    circle = circle_at(server)
    words = Words(circle)
    server.restart()  # what is in memory comes to the disk
    circle = circle_at(server)
    alice, bob = circle.known(words.alice), circle.known(words.bob)

    found = files_with(server.data, words.all)
    assert len(found) > len(words.all) // 2, "they would be found if they were there"  # compression may cut one in two
    assert all(where.startswith("state/") for places in found.values() for where in places), "the log never had them"

    erase(alice)
    until(lambda: nowhere(server, words.all), message="words are still on the disk")
    assert files_with(server.data, [words.others]), "what others wrote is there"
    server.restart()
    assert not files_with(server.data, words.all)
    circle = circle_at(server)
    assert "erased" in circle.known(bob).get(f"/v1/channels/{words.channel['id']}/messages").text

    server.stop()
    done = tool("replay", "--data", server.data, "--from", "0", "--out", tmp_path / "anew", deadline_s=120)
    assert done.returncode == 0, done.stderr
    assert not files_with(tmp_path / "anew", words.all)
    same = tool("verify", server.data / "state", tmp_path / "anew", deadline_s=120)
    assert same.returncode == 0, same.stdout

    shutil.rmtree(server.data / "state")
    server.start()
    circle = circle_at(server)
    page = circle.known(bob).history(words.channel)
    assert all(is_bare(m) for m in page["messages"] if m["author"] == alice.id)
    server.stop()
    assert not files_with(server.data, words.all)


def test_what_is_to_be_rewritten_is_said_in_the_metrics(serve, circle_at):
    server = serve()
    circle = circle_at(server)
    alice = circle.user("alice")
    alice.say(alice.group(), "x")
    erase(alice)
    until(lambda: purged(server, circle), message="it is never done")


def test_a_log_is_refused_when_its_keys_are_not_there_and_they_can_be_put_back(serve, circle_at):
    server = serve()
    alice = circle_at(server).user("alice")
    channel = alice.group()
    alice.say(channel, "kept")
    server.stop()
    away = server.folder / "keys"
    (server.data / "keys").rename(away)
    for _ in range(2):
        done = tool("serve", "--listen", "127.0.0.1:0", "--data", server.data)
        assert done.returncode == 1 and "put them back" in done.stderr
        assert not (server.data / "keys").exists(), "what is refused makes none"
    away.rename(server.data / "keys")
    shutil.rmtree(server.data / "state")
    server.start()
    assert [m["text"] for m in circle_at(server).known(alice).history(channel)["messages"]] == ["kept"]


def test_without_its_keys_a_log_gives_no_words_and_the_server_says_so(serve, circle_at):
    server = serve()
    circle = circle_at(server)
    alice = circle.user("alice")
    channel = alice.group()
    alice.say(channel, "lost")
    server.stop()
    shutil.rmtree(server.data / "keys")
    shutil.rmtree(server.data / "state")
    server.options += ["--new-keys", "on"]
    server.start()
    circle = circle_at(server)
    page = circle.known(alice).history(channel)
    assert is_bare(page["messages"][0]) and page["last_seq"] == 1
    metrics = circle.http.get("/metrics").text
    assert any(l.startswith("parley_fold_unopened_total{") and l.endswith(" 1") for l in metrics.splitlines())
    circle.known(alice).say(channel, "found")
    server.options.remove("--new-keys")
    server.options.remove("on")
    server.restart()
    assert circle_at(server).known(alice).history(channel)["messages"][1]["text"] == "found"


def test_the_keys_of_another_log_are_refused(serve, circle_at):
    one, other = serve(name="one"), serve(name="other")
    for server in [one, other]:
        user = circle_at(server).user()
        user.say(user.group(), "x")
        server.stop()
    shutil.rmtree(one.data / "keys")
    shutil.copytree(other.data / "keys", one.data / "keys")
    done = tool("serve", "--listen", "127.0.0.1:0", "--data", one.data)
    assert done.returncode == 1 and "another log" in done.stderr


@pytest.mark.parametrize("round", range(6))
def test_an_erasure_that_is_cut_off_is_finished_at_the_next_start(serve, circle_at, tmp_path, round):
    """Killed at a random moment of it: afterwards either nothing was erased, or everything is."""
    server = serve()
    circle = circle_at(server)
    words = Words(circle)
    threading.Timer(secrets.randbelow(1000) / 1000 * 0.03, server.kill).start()
    try:
        words.alice.delete("/v1/users/me")
    except Exception:  # noqa: BLE001 - it was killed meanwhile
        pass
    until(lambda: not server.process.running(), message="it was not killed")
    server.start()
    circle = circle_at(server)
    bob = circle.known(words.bob)

    def messages():
        return [m for m in bob.history(words.channel)["messages"] if m["author"] == words.alice.id]

    def at_rest():
        metrics = circle.http.get("/metrics").text
        return "parley_users_erasing 0" in metrics.splitlines()

    until(at_rest, message="the erasure is never finished")
    gone = [m.get("erased", False) for m in messages()]
    assert len(set(gone)) == 1, gone
    if gone[0]:
        until(lambda: nowhere(server, words.all), message="words are still on the disk")
    server.stop()
    done = tool("replay", "--data", server.data, "--from", "0", "--out", tmp_path / "anew", deadline_s=120)
    assert done.returncode == 0, done.stderr
    same = tool("verify", server.data / "state", tmp_path / "anew", deadline_s=120)
    assert same.returncode == 0, same.stdout


def test_a_key_that_is_none_is_refused_and_erases_nothing(alice):
    channel = alice.group()
    alice.say(channel, "here to stay")
    problem(alice.delete("/v1/users/me", headers={"Idempotency-Key": "k" * 129}), 400, "invalid_argument")
    assert alice.history(channel)["messages"][0]["text"] == "here to stay"
