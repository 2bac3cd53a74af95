"""State out of the log alone: replay, verify, and starting without any state."""

import json
import os
import secrets
import shutil

import pytest

from harness.deployment import parley as tool
from harness.waiting import until


@pytest.fixture
def spoken(serve, circle_at):
    """A server with something in its log: (server, user, channel)."""
    server = serve()
    user = circle_at(server).user("u")
    channel = user.group()
    for number in range(100):
        user.say(channel, f"message {number}")
    return server, user, channel


def replay(server, out, *options):
    return tool("replay", "--data", server.data, "--from", "0", "--out", out, *options, deadline_s=120)


def verify(left, right):
    return tool("verify", left, right, deadline_s=120)


def test_a_replay_beside_a_running_server_gives_its_state(spoken, tmp_path):
    server, user, channel = spoken
    done = replay(server, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    user.say(channel, "still here")
    server.stop()
    again = replay(server, tmp_path / "again")
    assert again.returncode == 0, again.stderr
    same = verify(server.data / "state", tmp_path / "again")
    assert same.returncode == 0, same.stdout + same.stderr
    different = verify(server.data / "state", tmp_path / "out")
    assert different.returncode == 1
    assert "p000" in different.stdout + different.stderr, "it names where they differ first"


def test_a_replay_finds_in_the_log_how_many_partitions_there_are(serve, circle_at, tmp_path):
    server = serve("--partitions", "2")
    user = circle_at(server).user("u")
    user.say(user.group(), "in one of two")
    server.stop()
    done = replay(server, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    same = verify(server.data / "state", tmp_path / "out")
    assert same.returncode == 0, same.stdout + same.stderr


def test_a_damaged_state_is_named(spoken, tmp_path):
    server, _, _ = spoken
    server.stop()
    (damaged,) = (server.data / "state" / "p0001").glob("gen-*")
    (damaged / "CURRENT").write_text("rubbish")
    for refused in [verify(server.data / "state", server.data / "state"), tool("serve", "--listen", "127.0.0.1:0", "--data", server.data)]:
        assert refused.returncode == 1
        assert str(damaged) in refused.stderr


def test_a_replay_tells_how_far_it_is(spoken, tmp_path):
    server, _, _ = spoken
    server.stop()
    done = replay(server, tmp_path / "out")
    lines = [json.loads(line) for line in (done.stdout + done.stderr).splitlines() if line.startswith("{")]
    assert lines, "progress is JSON lines where no terminal is"


def test_a_replay_does_not_write_over_what_is_there(spoken, tmp_path):
    server, _, _ = spoken
    server.stop()
    out = tmp_path / "out"
    out.mkdir()
    (out / "precious").write_text("x")
    refused = replay(server, out)
    assert refused.returncode > 0 and str(out) in refused.stderr
    assert (out / "precious").read_text() == "x"


def test_verify_of_what_is_no_state_is_refused(tmp_path):
    assert verify(tmp_path, tmp_path / "nothing").returncode > 0


def test_without_its_state_a_server_folds_it_again(spoken, circle_at):
    server, user, channel = spoken
    before = user.history(channel, limit=200), user.read("/v1/inbox")["channels"]
    server.stop()
    shutil.rmtree(server.data / "state")
    server.start()
    user = circle_at(server).known(user)
    assert user.circle.http.get("/readyz").status_code == 200, "`ready` is said when it can serve"
    assert (user.history(channel, limit=200), user.read("/v1/inbox")["channels"]) == before


def test_what_was_written_outlives_a_restart(spoken, circle_at):
    server, user, channel = spoken
    before = user.history(channel, limit=200)
    server.restart()
    user = circle_at(server).known(user)
    assert user.history(channel, limit=200) == before
    assert user.say(channel, "next")["seq"] == before["last_seq"] + 1


def test_a_key_is_remembered_over_a_restart(spoken, circle_at):
    server, user, channel = spoken
    path = f"/v1/channels/{channel['id']}/messages"
    first = user.post(path, {"text": "once"}, key="k")
    server.restart()
    user = circle_at(server).known(user)
    again = user.post(path, {"text": "once"}, key="k")
    assert again.headers["Idempotency-Replayed"] == "true" and again.json() == first.json()


def test_a_state_that_is_ahead_of_its_log_is_refused_until_it_is_removed(spoken, circle_at, tmp_path):
    server, user, channel = spoken
    before = user.history(channel, limit=200)
    server.stop()
    shutil.copytree(server.data / "log", tmp_path / "backup")
    server.start()
    circle_at(server).known(user).say(channel, "after the backup")
    server.stop()
    shutil.rmtree(server.data / "log")
    shutil.copytree(tmp_path / "backup", server.data / "log")
    done = tool("serve", "--listen", "127.0.0.1:0", "--data", server.data)
    assert done.returncode == 1 and "ahead of the log" in done.stderr
    shutil.rmtree(server.data / "state")
    server.start()
    assert circle_at(server).known(user).history(channel, limit=200) == before


def damage(path):
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 0xFF]))


def test_a_server_ends_in_order_though_it_can_not_fold_any_more(serve, circle_at):
    server = serve("--outcome-timeout-ms", "300")
    circle = circle_at(server)
    user = circle.user()
    channel = user.group()
    messages = [user.say(channel, secrets.token_hex(1000))["seq"] for _ in range(50)]
    server.stop()
    damage(max(server.data.glob("state/p*/gen-*/*.sst"), key=lambda path: path.stat().st_size))
    server.start()
    user = circle_at(server).known(user)
    path = f"/v1/channels/{channel['id']}/messages"
    assert any(user.put(f"{path}/{seq}/reactions/x").status_code == 202 for seq in messages), "nothing was damaged"
    assert user.circle.http.get("/readyz").json()["checks"]["state"] is False
    server.stop()


def indexed(server, user):
    """Everything that is folded is in the search index."""

    def lag():
        lines = user.circle.http.get("/metrics").text.splitlines()
        return sum(float(line.split()[1]) for line in lines if line.startswith("parley_search_lag"))

    until(lambda: lag() == 0, message="the index does not catch up")


def test_a_replay_gives_the_search_index_again(spoken, tmp_path):
    server, user, channel = spoken
    path = f"/v1/channels/{channel['id']}/messages"
    assert user.patch(f"{path}/3", {"text": "edited"}).status_code == 200
    assert user.delete(f"{path}/4").status_code == 204
    indexed(server, user)
    server.stop()
    done = replay(server, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    same = verify(server.data / "state", tmp_path / "out")
    assert same.returncode == 0, same.stdout
    digests = [line for line in same.stdout.splitlines() if line.split()[1:2] == ["search"]]
    assert len(digests) == 4 and not [line for line in digests if "not compared" in line], same.stdout
    last = json.loads(done.stderr.splitlines()[-1])
    assert last["event"] == "done" and last["indexed"] == 99


def test_a_replay_without_the_index_is_of_the_rows_alone(spoken, tmp_path, circle_at):
    server, user, _ = spoken
    server.stop()
    assert replay(server, tmp_path / "out", "--search", "off").returncode == 0
    same = verify(server.data / "state", tmp_path / "out")
    assert same.returncode == 0 and not [line for line in same.stdout.splitlines() if line.split()[1:2] == ["search"]]
    shutil.rmtree(server.data / "state")
    (tmp_path / "out").rename(server.data / "state")
    server.start()
    user = circle_at(server).known(user)
    until(lambda: user.read("/v1/search", q="message 7")["hits"], message="the index is not built")
