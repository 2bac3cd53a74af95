"""The Kafka broker of the tests: one of our own by tests/kafka/kafka.sh, or the one that PARLEY_TEST_KAFKA names."""

import os
import secrets
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "kafka" / "kafka.sh"


class Broker:
    def __init__(self, folder: Path):
        self._folder = folder
        self.external = os.environ.get("PARLEY_TEST_KAFKA", "")
        self.address = self.external or self._call("start")

    def _call(self, verb):
        done = subprocess.run(
            [SCRIPT, verb, self._folder], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode != 0:
            raise AssertionError(f"kafka.sh {verb}: {done.stdout}{done.stderr}")
        return done.stdout.split()[-1] if done.stdout.split() else ""

    def kill(self):
        self._call("kill9")

    def start(self):
        self._call("start")

    def stop(self):
        if not self.external:
            self._call("wipe")


def fresh_topic():
    """A topic of one's own, so that tests share a broker and nothing else."""
    return f"parley.test.{secrets.token_hex(4)}"
