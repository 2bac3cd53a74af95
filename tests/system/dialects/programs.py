"""Front ends of the other systems: the Node programs of clients/, which use nothing but `ws` and `fetch`."""

import json
import subprocess
import sys
from pathlib import Path

from harness.process import Process, run

CLIENTS = Path(__file__).with_name("clients")
NODE = Path(sys.executable).parent / "node"
DEADLINE_S = 60.0  # for what one of many has to say
MODULES = {"NODE_PATH": "/usr/share/nodejs"}  # where Debian puts `ws`, for a node that is not Debian's


def day(name, url, settings):
    """What a program has seen, by its words for it; of a word that it has said several times a list."""
    done = run([NODE, CLIENTS / f"{name}_day.js", url, json.dumps(settings)], deadline_s=120, env=MODULES)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr}"
    seen = {}
    for line in done.stdout.splitlines():
        ((what, value),) = json.loads(line).items()
        seen.setdefault(what, []).append(value)
    return {what: values[0] if len(values) == 1 else values for what, values in seen.items()}


class Talker:
    """clients/talk.js: one client of a dialect in one conversation, which talks and reads when it is told to."""

    def __init__(self, url, folder, dialect, name, user, **settings):
        given = {"dialect": dialect, "name": name, "user": user.id, "token": user.token, **settings}
        command = [NODE, CLIENTS / "talk.js", url, json.dumps(given)]
        self.dialect, self.name, self.user = dialect, name, user
        self.program = Process(command, folder / f"{name}.log", MODULES, stdin=subprocess.PIPE)

    def answer(self, word):
        line = self.program.line(DEADLINE_S)
        assert line is not None, f"{self.name}: {self.program.complaints()}"
        return json.loads(line)[word]

    def ready(self):
        assert self.answer("ready")

    def go(self):
        self.program.tell("go")

    def wrote(self):
        """What it has written: its text, and what it is now (none: retracted)."""
        return self.answer("wrote")

    def read(self, last):
        """What it has heard, up to `last`, and what it was told of the conversation when it asked."""
        self.program.tell(f"read {last}")
        answer = self.answer("read")
        return answer["heard"], answer["history"]

    def end(self):
        self.program.kill()
