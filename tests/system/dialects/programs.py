"""Front ends of the other systems: the Node programs of clients/, which use nothing but `ws` and `fetch`."""

import json
import sys
from pathlib import Path

from harness.process import run

CLIENTS = Path(__file__).with_name("clients")
NODE = Path(sys.executable).parent / "node"
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
