"""What `./dev topology` starts talks, stops cleanly, and is as it was when started again."""

import os

import pytest

from harness.client import Circle
from harness.deployment import BINARY, ROOT
from harness.ports import free_ports_in_a_row
from harness.process import Process, run
from harness.waiting import until

PORTS = 7  # the edge and the six behind it

pytestmark = pytest.mark.shape("topology")


@pytest.fixture
def start(tmp_path):
    """Starts it on ports of its own, always with the same data; returns the process and its URL."""
    first = free_ports_in_a_row(PORTS)
    env = {"PARLEY_TOPOLOGY_DATA": str(tmp_path / "data"), "EDGE_PORT": str(first), "PARLEY_BINARY": str(BINARY)}
    started = []

    def start():
        process = Process([ROOT / "infra/dev/topology"], tmp_path / "topology.log", env, cwd=ROOT)
        started.append(process)
        return process, process.ready(120)

    yield start
    for process in started:
        process.terminate()
    run([ROOT / "tests/kafka/kafka.sh", "wipe", tmp_path / "data/kafka"])


def sessions_left(tmp_path):
    """Processes whose command line names the folder: whatever was started and is still there."""
    left = []
    for process in os.listdir("/proc"):
        try:
            with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="replace") as line:
                if str(tmp_path) in line.read():
                    left.append(process)
        except (OSError, NotADirectoryError):
            continue
    return left


def test_it_talks_stops_cleanly_and_comes_back_as_it_was(start, tmp_path):
    process, url = start()
    user = Circle(url).user("u")
    channel = user.group()
    user.say(channel, "hello")
    assert process.terminate() == 0
    assert sessions_left(tmp_path) == []

    process, url = start()
    user = Circle(url).known(user)
    until(lambda: user.get(f"/v1/channels/{channel['id']}").status_code == 200)
    assert [m["text"] for m in user.history(channel)["messages"]] == ["hello"]
    assert user.say(channel, "again")["seq"] == 2
    assert process.terminate() == 0
