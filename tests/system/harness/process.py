"""A program that a test started: it is ended with the test, and nothing else is."""

import os
import queue
import signal
import subprocess
import threading
from pathlib import Path

from harness.waiting import DEADLINE_S


class Process:
    def __init__(self, command, log: Path, env=None, cwd=None, stdin=subprocess.DEVNULL):
        self.command = [str(part) for part in command]
        self.log = log
        self._lines = queue.Queue()
        self.printed = []
        with log.open("ab") as stderr:
            self._child = subprocess.Popen(
                self.command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                start_new_session=True,
            )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._child.stdout:
            self._lines.put(line.decode("utf-8", "replace").rstrip("\n"))
        self._lines.put(None)

    @property
    def pid(self):
        return self._child.pid

    def running(self):
        return self._child.poll() is None

    def line(self, deadline_s=DEADLINE_S):
        """The next line of standard output; None at its end."""
        try:
            line = self._lines.get(timeout=deadline_s)
        except queue.Empty:
            raise AssertionError(f"{self} printed nothing within {deadline_s} s\n{self.complaints()}") from None
        if line is not None:
            self.printed.append(line)
        return line

    def tell(self, line):
        """A line for its standard input, which is a pipe."""
        self._child.stdin.write(f"{line}\n".encode())
        self._child.stdin.flush()

    def ready(self, deadline_s=60.0):
        """The URL of the `ready URL` line."""
        while (line := self.line(deadline_s)) is not None:
            if line.startswith("ready "):
                return line.removeprefix("ready ").strip()
        raise AssertionError(f"{self} ended with {self._child.wait()} before it was ready\n{self.complaints()}")

    def complaints(self):
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-30:]) if self.log.exists() else ""

    def send(self, number):
        self._child.send_signal(number)

    def wait(self, deadline_s=60.0):
        return self._child.wait(timeout=deadline_s)

    def terminate(self, deadline_s=60.0):
        """Asks it to end; its exit code."""
        if self.running():
            self.send(signal.SIGTERM)
        return self.wait(deadline_s)

    def kill(self):
        """Ends it, and what it started, as a power cut would."""
        try:
            os.killpg(self.pid, signal.SIGKILL)  # its own session, so its own group
        except ProcessLookupError:
            pass
        self.wait()

    def __str__(self):
        return " ".join(self.command[:2])


def run(command, deadline_s=60.0, env=None, input="", **options):
    """Runs a program to its end: its exit code and what it printed."""
    return subprocess.run(
        [str(part) for part in command],
        input=input,
        capture_output=True,
        timeout=deadline_s,
        check=False,
        text=True,
        env={**os.environ, **(env or {})},
        **options,
    )
