"""What the program itself says: its verbs, their options by `--help`, and the metrics that its source makes."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

METRIC = re.compile(r'"(parley_[a-z_]+)"')
SOURCES = ["app", "broadcaster", "ingest", "lib", "projector", "query-api"]
# "  --max-lag UINT:INT in [1 - 1000000000]=10000"; a long one has its meaning on the next line, a short one behind it.
OPTION = re.compile(r"^ {2}(?P<name>--[a-z0-9-]+)(?: (?P<kind>(?:UINT|INT|TEXT|FILE|DURATION|RATE)\S*(?: in \[[^\]]*\]\S*)?))?", re.MULTILINE)
VERB = re.compile(r"^ {2}([a-z-]+) ", re.MULTILINE)


class Option(NamedTuple):
    default: str  # empty: none
    range: str  # "1–4096"; empty: none


def run(parley: str, *arguments: str) -> str:
    return subprocess.run([parley, *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def verbs(parley: str) -> set[str]:
    return set(VERB.findall(run(parley, "--help").partition("Subcommands:")[2]))


def help_of(parley: str, verb: str) -> dict[str, Option]:
    """The long options of a verb, without --help."""
    options = {}
    for found in OPTION.finditer(run(parley, verb, "--help")):
        kind = found["kind"] or ""
        within = re.search(r"in \[(-?\d+) - (-?\d+)\]", kind)
        options[found["name"]] = Option(kind.partition("=")[2], "–".join(within.groups()) if within else "")
    return options


def metrics_in_source(root: Path) -> set[str]:
    found = set()
    for folder in SOURCES:
        for file in (root / folder).rglob("*.cpp"):
            found |= set(METRIC.findall(file.read_text(encoding="utf-8")))
    return found
