"""Seen from outside: ready, healthy, measured; and an orderly end."""

import contextlib
import os
import re
import resource
import signal
import socket

import httpx
import pytest

from harness.deployment import BINARY
from harness.process import Process
from harness.waiting import until


def metrics_of(server):
    answer = httpx.get(f"{server.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    return answer.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_running_server_is_alive_and_ready_without_a_token(parley, path):
    assert httpx.get(f"{parley.url}{path}").status_code == 200


def test_metrics_are_prometheus_text(serve, circle_at):
    server = serve()
    user = circle_at(server).user("u")
    channel = user.group()
    user.say(channel, "x")
    text = metrics_of(server)
    for line in text.splitlines():
        assert re.match(r"^(# (HELP|TYPE) \S+ .*|[a-zA-Z_:][\w:]*(\{.*\})? \S+)$", line), line
    names = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    assert all(name.startswith("parley_") for name in names if not name.startswith(("process_", "exposer_")))


def value_of(text, name, **labels):
    """The sum of the samples of that name that have those labels."""
    total = 0.0
    for found in re.finditer(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$", text, re.MULTILINE):
        given = dict(re.findall(r'(\w+)="([^"]*)"', found[2] or ""))
        if found[1] == name and labels.items() <= given.items():
            total += float(found[3])
    return total


def test_what_happened_is_counted(serve, circle_at):
    server = serve("--partitions", "2")
    user = circle_at(server).user("u")
    with user.socket() as socket, user.socket() as second:
        channel = user.group()
        for number in range(3):
            user.say(channel, str(number))
        socket.refused("not_found", "edit_message", channel_id=channel["id"], seq=9, text="x")
        for reader in [socket, second]:
            assert [reader.event(channel)["type"] for _ in range(4)][-1] == "message_posted"
        text = metrics_of(server)
    assert value_of(text, "parley_ingest_appends_total") == 5
    assert value_of(text, "parley_fold_commands_total", outcome="accepted") == 4
    assert value_of(text, "parley_fold_commands_total", outcome="not_found") == 1
    assert value_of(text, "parley_ingest_deliveries_total") >= 8
    assert value_of(text, "parley_ingest_connections") == 2
    assert value_of(text, "parley_ingest_latency_seconds_count") == 5
    assert value_of(text, "parley_fold_next_offset") == 6, "the control record and five commands"
    assert value_of(text, "parley_fold_lag", partition="0") == value_of(text, "parley_fold_lag", partition="1") == 0


@pytest.mark.parametrize("subject", ["queue.*bytes", "slow_consumers"])
def test_how_full_the_queues_are_and_who_was_cut_off_is_measured(serve, subject):
    assert re.search(rf"^# TYPE parley_\w*{subject}", metrics_of(serve()), re.MULTILINE)


def test_a_signal_closes_sockets_for_a_restart_and_ends_with_success(serve, circle_at):
    for number in [signal.SIGTERM, signal.SIGINT]:
        server = serve(name=f"by-{number}")
        user = circle_at(server).user("u")
        with user.socket() as one, user.socket("parley.v1.batch") as two:
            server.process.send(number)
            for socket in [one, two]:
                code, reason = socket.close_code()
                assert code == 1012
                assert re.fullmatch(r"restarting; retry_ms=\d+", reason)
        assert server.process.wait() == 0


def test_a_read_that_still_waits_is_no_hindrance_to_an_orderly_end(serve, circle_at):
    server = serve()
    user = circle_at(server).user("u")
    channel = user.group()
    position = user.get(f"/v1/channels/{channel['id']}").headers["Parley-Position"]
    never = position.rsplit("-", 1)[0] + "-99999"
    with user.socket() as socket:
        for _ in range(50):
            socket.send("get_history", channel_id=channel["id"], min_position=never)
        socket.call("ping")
    server.process.send(signal.SIGTERM)
    assert server.process.wait() == 0


@pytest.mark.parametrize("path", ["/v1/inbox", "/v1/search?q=hi"])
def test_the_first_read_of_its_kind_needs_no_descriptor_that_could_be_missing(serve, circle_at, path):
    server = serve()
    user = circle_at(server).user("u")
    user.group()
    pid = server.process.pid
    used = max(map(int, os.listdir(f"/proc/{pid}/fd"))) + 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used, used))
    assert user.get(path).status_code in (200, 503)
    assert user.get("/v1/users/me").status_code == 200


def test_a_second_signal_while_it_stops_changes_nothing(serve):
    server = serve("--drain-timeout-ms", "500")
    with socket.create_connection(server.address) as half:
        half.sendall(b"POST /v1/workspaces HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        for number in [signal.SIGTERM, signal.SIGTERM, signal.SIGINT]:
            server.process.send(number)
            until(lambda: "stopping" in server.process.complaints())
        assert server.process.wait() == 0


@pytest.fixture
def few_descriptors(tmp_path):
    """A server that may have 256 of them, and begins with fewer."""
    start = f"ulimit -Sn 128; ulimit -Hn 256; exec {BINARY} serve --listen 127.0.0.1:0 --data {tmp_path}/d"
    server = Process(["bash", "-c", start], tmp_path / "log")
    yield server
    server.kill()


def test_connections_are_no_more_than_there_are_descriptors_for_and_the_rest_is_told_so(few_descriptors):
    url = httpx.URL(few_descriptors.ready())
    assert "at most 64 connections at once" in few_descriptors.complaints()
    with contextlib.ExitStack() as open_ones, httpx.Client(base_url=url) as first:
        assert first.get("/healthz").status_code == 200
        for _ in range(63):
            open_ones.enter_context(socket.create_connection((url.host, url.port)))
        assert first.get("/healthz").status_code == 200
        until(lambda: refused(url), message="one more was let in")
        first.get("/healthz").raise_for_status()
    until(lambda: not refused(url))


def refused(url):
    return httpx.get(url.join("/healthz")).status_code == 429


def test_what_was_acknowledged_before_the_end_is_there_after_it_and_the_rest_can_be_sent_again(serve, circle_at):
    server = serve()
    user = circle_at(server).user("u")
    channel = user.group()
    texts = [f"message {n}" for n in range(500)]
    with user.socket() as socket:
        sent = {socket.send("post_message", channel_id=channel["id"], text=text, key=text): text for text in texts}
        server.process.send(signal.SIGTERM)
        socket.close_code()
        acked = {sent[item["id"]]: item["seq"] for item in socket.waiting if item["type"] == "ok"}
    assert server.process.wait() == 0
    server.start()
    user = circle_at(server).known(user)
    with user.socket() as socket:
        for text in texts:
            reply = socket.ok("post_message", channel_id=channel["id"], text=text, key=text)
            assert reply["seq"] == acked.get(text, reply["seq"])
    pages = [user.history(channel, after=after, limit=200)["messages"] for after in (0, 200, 400)]
    history = [m for page in pages for m in page]
    assert [m["seq"] for m in history] == list(range(1, 501))
    assert sorted(m["text"] for m in history) == sorted(texts)


def test_an_idle_connection_is_closed_only_when_asked_for(serve, circle_at):
    server = serve("--idle-timeout", "1s")
    user = circle_at(server).user("u")
    with user.socket() as socket:
        assert socket.close_code() == (1001, "idle")


def test_a_process_needs_no_more_than_one_line_to_say_that_it_is_ready(serve):
    server = serve()
    server.stop()
    assert server.process.printed == [f"ready {server.url}"]
