"""Moving in: what another system had to say is here, as it was said there, once."""

import json
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from harness.client import ok, path_of
from harness.deployment import BINARY
from harness.deployment import parley as tool
from harness.exports import JsonLines, SlackExport
from harness.process import Process
from harness.waiting import until

MINUTES_S = 180


@pytest.fixture
def export(tmp_path):
    return SlackExport(tmp_path)


@pytest.fixture
def data(tmp_path):
    return tmp_path / "own" / "data"


def bring(form, path, data, *options):
    return tool("import", form, path, "--data", data, *options, deadline_s=MINUTES_S)


def last_line(done):
    return json.loads([line for line in done.stderr.splitlines() if line.startswith("{")][-1])


def brought(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return last_line(done)["brought"]


def fold_from_zero(data, out):
    done = tool("replay", "--data", data, "--from", "0", "--out", out, "--search", "off", deadline_s=MINUTES_S)
    assert done.returncode == 0, done.stderr
    return out


def assert_same(left, right):
    done = tool("verify", left, right, deadline_s=MINUTES_S)
    assert done.returncode == 0, done.stdout + done.stderr


def channels_of(user):
    """His channels by name; a direct one by its kind."""
    return {entry["name"] or entry["kind"]: entry for entry in user.read("/v1/inbox")["channels"]}


def served(serve, circle_at, *names):
    """A server on what was imported, and these users there."""
    circle = circle_at(serve())
    return [circle.known(name) for name in names]


def texts(page):
    return [message["text"] for message in page["messages"]]


# --- Slack's export
def test_an_export_is_history_with_its_times_and_authors(export, data, serve, circle_at):
    assert brought(bring("slack-export", export.path, data))["messages"] == 12
    ann, bob, dee = served(serve, circle_at, export.ann, export.bob, export.dee)
    channels = channels_of(ann)
    assert set(channels) == {export.name, "old", "direct"}
    general = channels[export.name]
    assert general["topic"] == "All & everything" and general["created_at"] == "2020-01-01T00:00:00.000Z"
    page = ann.history(general, limit=200)
    assert [(m["author"], m["posted_at"]) for m in page["messages"]] == [
        (export.ann, export.at(1, 100)),
        (export.bob, export.at(1, 200)),
        (export.cy, export.at(1, 400)),
        (export.ann, export.at(1, 500)),
        (export.dee, export.at(1, 700)),
        (export.bob, export.at(2, 100)),
        ("slack-bot-B1", export.at(2, 200)),
    ]
    first, second, third, edited, _, with_file, _ = page["messages"]
    assert first["text"] == f"Hello <@{export.bob}>, see the plan (https://example.com/a?b=1&c=2) in #old"
    assert first["mentions"] == [export.bob] and first["reply_count"] == 2
    assert second["text"] == "I like it <3" and second["reply_to"] == third["reply_to"] == first["seq"]
    assert second["reactions"] == {"👍": sorted([export.ann, export.cy])}
    assert edited["edited_at"] == export.at(1, 600) and edited["text"] == "corrected"
    assert edited["metadata"] == {"slack": {"ts": export.ts(1, 500), "text": "as last edited"}}
    assert with_file["attachments"][0]["name"] == "plan.pdf"
    assert list(with_file["reactions"]) == [":party-parrot:"]
    assert ok(ann.get(f"/v1/users/{path_of(export.bob)}"), 200)["name"] == "Bob Baker"
    members = {m["user_id"] for m in ann.read(f"/v1/channels/{general['id']}/members")["members"]}
    assert members == {export.ann, export.bob, export.cy, "slack-bot-B1"}
    assert texts(bob.history(channels_of(bob)["secret"])) == ["between us", "sure"]
    assert texts(bob.history(channels_of(bob)["direct"])) == ["Hello Ann", "Hello Bob"]
    assert channels["old"]["archived"] is True
    assert not channels_of(dee), "who is deactivated is in nothing any more"
    assert not bob.read("/v1/inbox", unread="true")["channels"], "nobody comes to a heap of what he has read elsewhere"


def test_what_could_not_be_brought_over_is_told(export, data):
    report = data.parent.parent / "report.jsonl"
    done = bring("slack-export", export.path, data, "--report", report)
    assert last_line(done)["left_out"] == {"empty_text": 1, "subtype_channel_topic": 1, "unknown_user": 1}
    assert f"{export.name}/2020-01-02.json {export.ts(1, 900)}: U9 is not in users.json" in done.stdout
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert sorted(line["kind"] for line in lines) == ["empty_text", "subtype_channel_topic", "unknown_user"]
    assert all(line["where"].startswith(export.name) and line["why"] for line in lines)


def test_the_fold_from_zero_is_the_state_that_it_leaves(export, data, tmp_path):
    brought(bring("slack-export", export.path, data))
    assert_same(data / "state", fold_from_zero(data, tmp_path / "out"))


def test_a_second_run_changes_nothing(export, data, tmp_path):
    brought(bring("slack-export", export.path, data))
    before = tmp_path / "before"
    shutil.copytree(data / "state", before)
    again = bring("slack-export", export.path, data)
    assert brought(again) == {} and last_line(again)["there"]["messages"] == 12
    assert_same(before, data / "state")
    assert_same(data / "state", fold_from_zero(data, tmp_path / "out"))


def test_a_second_run_beyond_the_window_of_keys_changes_nothing(export, data, serve, circle_at):
    """The rules have forgotten those keys: the log is years behind what a live message says."""
    brought(bring("slack-export", export.path, data))
    server = serve()
    ann = circle_at(server).known(export.ann)
    ann.say(channels_of(ann)[export.name], "here we are")
    server.stop()
    assert brought(bring("slack-export", export.path, data)) == {}
    server.start()
    ann = circle_at(server).known(export.ann)
    assert texts(ann.history(channels_of(ann)[export.name], limit=200))[-1] == "here we are"


def test_an_export_that_has_grown_adds_what_is_new(export, data, serve, circle_at):
    brought(bring("slack-export", export.path, data))
    day = [*export.second_day(), export.says("U3", 300, "late", day=2, thread_ts=export.ts(1, 100))]
    day[0]["reactions"][0]["users"].append("U1")
    export.day(export.name, 2, day)
    export.day(export.name, 3, [export.says("U1", 100, "next day", day=3)])
    new = brought(bring("slack-export", export.path, data))
    assert new["messages"] == 2 and new["reactions"] == 1 and set(new) <= {"messages", "reactions", "cursors"}
    (ann,) = served(serve, circle_at, export.ann)
    page = ann.history(channels_of(ann)[export.name], limit=200)
    assert texts(page)[-2:] == ["late", "next day"]
    assert page["messages"][-2]["reply_to"] == 1 and page["messages"][0]["reply_count"] == 3


def test_who_left_here_is_not_brought_back(export, data, serve, circle_at):
    brought(bring("slack-export", export.path, data))
    server = serve()
    bob = circle_at(server).known(export.bob)
    general = channels_of(bob)[export.name]
    ok(bob.delete(f"/v1/channels/{general['id']}/members/{path_of(export.bob)}"), 204)
    server.stop()
    assert brought(bring("slack-export", export.path, data)) == {}
    server.start()
    assert export.name not in channels_of(circle_at(server).known(export.bob))


def large(export, days=40, messages=500):
    """Weeks of talk with threads, edits and reactions; of every message the number is its text."""
    for day in range(3, 3 + days):
        said = []
        for number in range(messages):
            fields = {"thread_ts": said[number - 3]["ts"]} if number % 7 == 3 else {}
            if number % 11 == 0:
                fields["edited"] = {"user": "U1", "ts": export.ts(day, number + 5)}
            if number % 13 == 0:
                fields["reactions"] = [{"name": "tada", "users": ["U1", "U2"], "count": 2}]
            said.append(export.says(["U1", "U2", "U3"][number % 3], number, f"{day} {number}", day=day, **fields))
        export.day(export.name, day, said)
    return 12 + days * messages


def test_a_run_that_is_killed_in_the_middle_is_finished_by_the_next(export, data, tmp_path):
    messages = large(export)
    kills = 0
    for wanted in [0.05, 0.3, 0.6]:
        slowly = ["--in-flight", "32"]
        child = Process([BINARY, "import", "slack-export", export.path, "--data", data, *slowly], tmp_path / "import.log")
        done = until(lambda: progress(tmp_path / "import.log", wanted) or not child.running(), deadline_s=MINUTES_S)
        kills += child.running()
        child.send(signal.SIGKILL)
        child.wait()
        (tmp_path / "import.log").unlink()
        assert done
    assert kills > 0, "none was killed before its end"
    last = bring("slack-export", export.path, data)
    assert brought(last).get("messages", 0) + last_line(last)["there"]["messages"] == messages
    whole = tmp_path / "whole"
    assert brought(bring("slack-export", export.path, whole))["messages"] == messages
    assert [t for t in told(data)] == [t for t in told(whole)]
    assert_same(data / "state", fold_from_zero(data, tmp_path / "out"))


def progress(log, share):
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith('{"event":"progress"')] if log.exists() else []
    return bool(lines) and lines[-1]["messages"] > 0 and lines[-1]["bytes"] >= share * lines[-1]["total"]


def told(data):
    """How many commands of each kind the log has: one for each thing that was told, however often it was run."""
    done = tool("replay", "--data", data, "--from", "0", "--out", data.parent / f"{data.name}-counted", "--search", "off", deadline_s=MINUTES_S)
    assert done.returncode == 0
    return [json.loads(done.stderr.splitlines()[-1])["total"]]


def test_a_log_in_use_is_refused_in_one_line(export, data, serve):
    server = serve()
    refused = bring("slack-export", export.path, data)
    assert refused.returncode == 1 and "in use" in refused.stderr and len(refused.stderr.splitlines()) == 1
    assert server.process.running()


def test_a_day_file_that_is_cut_off_is_told_and_the_rest_is_here(export, data):
    path = export.day(export.name, 1, export.first_day())
    whole = path.read_text()
    path.write_text(whole[: whole.index("corrected")])
    cut = bring("slack-export", export.path, data)
    assert cut.returncode == 1 and f"{export.name}/2020-01-02.json: it ends in the middle" in cut.stdout
    assert last_line(bring("slack-export", export.path, data))["there"]["messages"] == 12 - 2
    path.write_text(whole)
    assert brought(bring("slack-export", export.path, data))["messages"] == 2


@pytest.mark.parametrize("path", ["nothing", "empty"])
def test_what_is_no_export_is_refused_before_anything_is_made(path, tmp_path, data):
    (tmp_path / "empty").mkdir()
    refused = bring("slack-export", tmp_path / path, data)
    assert refused.returncode == 1 and path in refused.stderr
    assert not data.exists()


# --- Parley's own form
@pytest.fixture
def lines(tmp_path):
    return JsonLines(tmp_path / "talk.jsonl")


def test_lines_are_history_with_their_times_and_authors(lines, data, serve, circle_at, tmp_path):
    done = bring("jsonl", lines.path, data)
    assert brought(done) == {
        "channels": 1, "edits": 1, "messages": 20, "reactions": 1, "retractions": 1, "users": 1, "workspace_members": 1, "workspaces": 1,
    }  # fmt: skip
    assert_same(data / "state", fold_from_zero(data, tmp_path / "out"))
    ann, bob = served(serve, circle_at, lines.ann, lines.bob)
    page = bob.history(channels_of(bob)["general"], limit=200)
    assert [m["posted_at"] for m in page["messages"]] == [lines.at(10 * n) for n in range(1, 21)]
    first, second = page["messages"][:2]
    assert (first["author"], first["text"], first["edited_at"]) == (lines.ann, "number one", lines.at(201))
    assert second["retracted"] is True and page["messages"][4]["reply_to"] == 4
    assert ann.read("/v1/inbox")["channels"][0]["unread_count"] > 0, "who wants to have read it says so"


def test_lines_come_once(lines, data):
    brought(bring("jsonl", lines.path, data))
    assert brought(bring("jsonl", lines.path, data)) == {}
    lines.lines.append(lines.line("message", lines.bob, 500, id="m21", channel="c", text="more", reply_to="m20"))
    lines.save()
    assert brought(bring("jsonl", lines.path, data)) == {"messages": 1}
    assert brought(bring("jsonl", lines.path, data, "--source", "other"))["messages"] == 21, "another source is another history"


def test_a_file_that_is_cut_off_is_brought_over_up_to_there(lines, data):
    whole = lines.path.read_bytes()
    cut_at = whole.index(b"number 15") + 3
    lines.path.write_bytes(whole[:cut_at])
    cut = bring("jsonl", lines.path, data)
    number = whole[:cut_at].count(b"\n") + 1
    assert cut.returncode == 1 and f"line {number}: the file ends in the middle of it" in cut.stdout
    assert last_line(cut)["brought"]["messages"] == 14
    lines.path.write_bytes(whole)
    assert brought(bring("jsonl", lines.path, data))["messages"] == 6


def test_lines_that_are_wrong_are_told_by_their_number(lines, data):
    lines.lines[5:5] = ["", "not JSON", '{"type":"message"}', lines.line("message", "eve", 11, id="x", channel="c", text="let me in")]
    lines.lines.append(lines.line("message", lines.ann, 10**10, id="y", channel="c", text="from the future"))
    done = bring("jsonl", lines.save().path, data)
    assert done.returncode == 1
    assert last_line(done)["left_out"] == {"damaged": 2, "not_found": 1, "wrong_time": 1}
    assert last_line(done)["brought"]["messages"] == 20
    for said in ["line 7: not valid JSON", "line 8: ", "line 9: no such channel"]:
        assert said in done.stdout


def test_options_that_are_wrong_are_refused(lines, data):
    for options in [["--source", "a b"], ["--in-flight", "0"]]:
        assert bring("jsonl", lines.path, data, *options).returncode == 2
    assert bring("mbox", lines.path, data).returncode == 2
    assert bring("jsonl", lines.path.parent / "none", data).returncode == 1
    assert bring("jsonl", lines.path, data, "--report", lines.path.parent / "none" / "report").returncode == 1
    assert not (data / "log").exists()


# --- beside a live system
@pytest.mark.shape("kafka", "topology")
def test_on_kafka_it_is_brought_in_beside_those_who_talk(parley, broker, circle, tmp_path):
    suffix = circle.user("x").id.replace("x-", "-")
    export = SlackExport(tmp_path, suffix)
    live = circle.known(export.ann)
    group = live.group()
    topic = parley.topic if hasattr(parley, "topic") else parley.options[parley.options.index("--topic") + 1]
    log = ["--log", "kafka", "--brokers", broker.address, "--topic", topic, "--source", f"slack{suffix}"]
    with live.socket() as socket:
        done = bring("slack-export", export.path, tmp_path / "own", *log)
        assert brought(done)["messages"] == 12
        live.say(group, "still here")
        assert socket.event(group)["message"]["text"] == "still here"
    bob = circle.known(export.bob)
    until(lambda: export.name in channels_of(bob))
    general = channels_of(bob)[export.name]
    page = until(lambda: (p := bob.history(general, limit=200))["last_seq"] == 7 and p)
    assert page["messages"][0]["posted_at"] == export.at(1, 100) and page["messages"][1]["reply_to"] == 1
    assert brought(bring("slack-export", export.path, tmp_path / "other", *log)) == {}


def peak_bytes(*arguments, log):
    """The most memory that it ever had. The kernel's own count for children begins with the test's."""
    child = Process([BINARY, *arguments], log)
    peak = 0
    while child.running():
        found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{child.pid}/status").read_text())
        peak = max(peak, int(found[1]) * 1024 if found else 0)
        time.sleep(0.005)
    assert child.wait() == 0, log.read_text()
    return peak


def test_memory_does_not_grow_with_messages(tmp_path):
    """80,000 more, of a kilobyte each, take a few bytes more for each; the most of that is RocksDB's, of its files."""
    few, many = [
        JsonLines(tmp_path / f"{messages}.jsonl", messages, text="x" * 1000 + " number {}").path for messages in [20_000, 100_000]
    ]
    bounds = ["--write-buffer-bytes", "1048576", "--in-flight", "1000"]
    peaks = [peak_bytes("import", "jsonl", path, "--data", tmp_path / path.stem, *bounds, log=tmp_path / "log") for path in [few, many]]
    assert peaks[1] - peaks[0] < 80_000 * 1000 / 2, peaks
