"""The rows of docs/compatibility.md, and the table that the results of their tests make of them."""

import re
from collections import defaultdict
from pathlib import Path

ROWS = Path(__file__).with_name("rows.txt")
NAME = re.compile(r"test_([SWPN])_(\d\d[a-z]?)_")
RESULTS = defaultdict(list)  # of this run: for each row, whether each of its tests passed
BEGIN, END = "<!-- results: tests/system/dialects -->", "<!-- end of results -->"


def rows():
    """Headings as (None, text), rows as (id, what it is)."""
    for line in ROWS.read_text().splitlines():
        first, rest = line.split(" ", 1)
        yield (None, rest) if first == "#" else (first, rest)


def row_of(test_name):
    found = NAME.match(test_name)
    return f"{found[1]}-{found[2]}" if found else None


def table(results):
    lines = []
    for row, what in rows():
        if row is None:
            lines += ["", f"### {what}", "", "| row | what it is | tests |", "|---|---|---|"]
            continue
        outcomes = results.get(row, [])
        verdict = "none" if not outcomes else f"{len(outcomes)} pass" if all(outcomes) else f"{outcomes.count(False)} fail"
        lines.append(f"| {row} | {what} | {verdict} |")
    return "\n".join(lines).strip() + "\n"


def write(document, results):
    text = document.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n\n{table(results)}\n{END}{after}")
