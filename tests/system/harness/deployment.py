"""Parley as a test sees it: one origin, started in one of its shapes (`serve` here, the topology in topology.py)."""

import os
from pathlib import Path

from harness.process import Process, run

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("PARLEY_BINARY", ROOT / "build" / "parley"))


# Tests log in often, and all from one address.
EASY_ACCOUNTS = ["--account-attempts-per-email", "0", "--account-attempts-per-address", "0", "--password-memory-kib", "1024"]


class Serve:
    """`parley serve`: all parts in one process, on a free port, with its data in `data`."""

    def __init__(self, folder: Path, *options, env=None, rate_limits="off"):
        self.folder = folder
        self.data = folder / "data"
        self.options = ["--rate-limits", rate_limits, *EASY_ACCOUNTS, *options]
        self.env = env
        self.process = None
        self.url = None
        folder.mkdir(parents=True, exist_ok=True)

    def command(self):
        return [BINARY, "serve", "--listen", "127.0.0.1:0", "--data", self.data, *self.options]

    def start(self):
        self.process = Process(self.command(), self.folder / "serve.log", self.env)
        self.url = self.process.ready()
        return self

    def stop(self):
        """Asks it to end, which it must do well: a sanitizer reports what has leaked by the exit code."""
        code = self.process.terminate() if self.process else 0
        assert code == 0, f"{self.process} ended with {code}\n{self.process.complaints()}"

    def kill(self):
        self.process.kill()

    def restart(self):
        self.stop()
        return self.start()

    def died(self):
        """The last words of what has ended though nobody asked it to, which is then started again; none: an empty list."""
        if self.process.running():
            return []
        words = f"{self.process} died\n{self.process.complaints()}"
        self.start()
        return [words]

    def end(self):
        """At the end of a test: whatever state it is in, nothing of it is left running."""
        if self.process:
            self.process.kill()

    @property
    def secret(self):
        """The one that it made for its tokens."""
        return (self.data / "secret").read_text().strip()

    @property
    def address(self):
        host, port = self.url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        return host, int(port)


def parley(*arguments, deadline_s=60.0, env=None, **options):
    """A tool of the executable, run to its end."""
    return run([BINARY, *arguments], deadline_s, env, **options)
