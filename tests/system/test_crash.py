"""SIGKILL at any moment, under load, again and again: nothing that was acknowledged is lost, nothing happens twice.

PARLEY_CRASH_ROUNDS and PARLEY_CRASH_SEED choose how often and which moments; the seed is printed.
"""

import os
import random
import shutil
import threading

import pytest

from harness.broker import fresh_topic
from harness.client import Circle
from harness.deployment import Serve, parley
from harness.load import Listener, Writer, check_history, check_pushes
from harness.waiting import until

ROUNDS = int(os.environ.get("PARLEY_CRASH_ROUNDS", "12"))
CHANNELS = 3
WRITERS = 6

pytestmark = [pytest.mark.timeout(900), pytest.mark.crash]


@pytest.fixture
def chance():
    """Where all that is random here comes from; its seed is printed."""
    seed = int(os.environ.get("PARLEY_CRASH_SEED", random.randrange(1 << 30)))
    print(f"\nPARLEY_CRASH_SEED={seed}")
    return random.Random(seed)


def let_run(chance):
    """Lets it run for a random moment, often so short that start-up itself is hit. Nothing is waited for."""
    longest_s = chance.choice([0.1, 0.5, 1.5])
    threading.Event().wait(chance.uniform(0, longest_s))


class Load:
    """Writers on a few channels, and a listener who is in all of them."""

    def __init__(self, server):
        self.circle = Circle(server.url)
        self.owner = self.circle.user("owner")
        users = self.circle.users(*[f"w{n}" for n in range(WRITERS)])
        self.channels = [self.owner.group(*users) for _ in range(CHANNELS)]
        url_of = lambda: server.url  # noqa: E731
        self.writers = [Writer(url_of, user, self.channels[n % CHANNELS], f"w{n}") for n, user in enumerate(users)]
        self.listener = Listener(url_of, self.owner)

    def start(self):
        for thread in [*self.writers, self.listener]:
            thread.start()
        return self

    def acked(self):
        return sum(len(w.acked) for w in self.writers)

    def finish(self, server):
        """Lets everything be acknowledged, then compares acknowledgements, history and pushes."""
        for writer in self.writers:
            writer.finish()
        self.listener.finish()
        self.circle.close()
        reader = Circle(server.url).known(self.owner)
        for channel in self.channels:
            messages = check_history(reader, channel, self.writers)
            check_pushes(self.listener, channel, messages)
        return reader

    def wait_for_more(self, count=20):
        """That the system works again: so many more acknowledgements."""
        goal = self.acked() + count
        until(lambda: self.acked() >= goal, deadline_s=90, message=f"no {count} more acknowledgements")


def crash_rounds(server, load, chance):
    for _ in range(ROUNDS):
        load.wait_for_more()
        let_run(chance)
        server.kill()
        server.start()
    load.wait_for_more()


def replayed(server, out, *log):
    """State folded from the log alone, beside what the server had."""
    done = parley("replay", "--data", server.data, *log, "--from", "0", "--out", out, deadline_s=300)
    assert done.returncode == 0, done.stderr
    return parley("verify", server.data / "state", out, deadline_s=300)


def prove_by_replay(server, load, out, *log):
    """A fold from zero equals the live state; and with the state deleted, everything comes back."""
    reader = load.finish(server)
    before = [reader.history(c, limit=200)["messages"] for c in load.channels], reader.read("/v1/inbox")["channels"]
    server.stop()
    verdict = replayed(server, out, *log)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    shutil.rmtree(server.data / "state")
    server.start()
    reader = Circle(server.url).known(load.owner)
    until(lambda: reader.circle.http.get("/readyz").status_code == 200, deadline_s=120)
    after = [reader.history(c, limit=200)["messages"] for c in load.channels], reader.read("/v1/inbox")["channels"]
    assert after == before


@pytest.mark.shape("embedded")
def test_a_server_killed_at_random_moments_loses_nothing_and_repeats_nothing(tmp_path, chance):
    server = Serve(tmp_path, "--log", "embedded").start()
    try:
        load = Load(server).start()
        crash_rounds(server, load, chance)
        assert min(w.connections for w in load.writers) > 1
        prove_by_replay(server, load, tmp_path / "folded")
    finally:
        server.end()


@pytest.mark.shape("kafka")
def test_a_server_on_kafka_killed_at_random_moments_loses_nothing_and_repeats_nothing(tmp_path, chance, broker):
    log = ["--log", "kafka", "--brokers", broker.address, "--topic", fresh_topic()]
    server = Serve(tmp_path, *log).start()
    try:
        load = Load(server).start()
        crash_rounds(server, load, chance)
        prove_by_replay(server, load, tmp_path / "folded", *log)
    finally:
        server.end()


@pytest.mark.shape("kafka")
def test_a_broker_killed_at_random_moments_costs_time_and_nothing_else(tmp_path, chance, broker):
    if broker.external:
        pytest.skip("the broker is not ours to kill")
    server = Serve(tmp_path, "--log", "kafka", "--brokers", broker.address, "--topic", fresh_topic()).start()
    try:
        load = Load(server).start()
        for _ in range(max(2, ROUNDS // 4)):
            load.wait_for_more()
            let_run(chance)
            broker.kill()
            broker.start()
        load.wait_for_more()
        load.finish(server)
        server.stop()
    finally:
        server.end()
