"""What the documents say: the tables of docs/operations.md, and the links of every document."""

import re
from pathlib import Path
from typing import Iterator, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
LEFT_OUT = {"build", "node_modules", "venv", "data"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


class DocumentedOption(NamedTuple):
    of: str  # the letters of the verbs
    default: str
    range: str
    meaning: str


def rows(header: str) -> Iterator[list[str]]:
    """The rows of every table of operations.md that begins with this header row, as cells."""
    inside = False
    for line in OPERATIONS.read_text(encoding="utf-8").splitlines():
        if line == header:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def documented_verbs() -> dict[str, str]:
    return {letter: verb.strip("`") for letter, verb, *_ in rows("| letter | verb | does | keeps below `--data` |")}


def documented_options() -> dict[str, DocumentedOption]:
    options = {}
    for name, of, default, within, meaning in rows("| option | of | default | range | what it is |"):
        assert name.strip("`") not in options, f"{name} stands twice"
        options[name.strip("`")] = DocumentedOption(of, default.strip("`").replace("–", ""), within, meaning)
    return options


def documented_metrics() -> set[str]:
    return {name.strip("`") for name, *_ in rows("| metric | type | labels | of | what it counts |")}


def markdown_files() -> list[Path]:
    def is_ours(path):
        parts = path.relative_to(ROOT).parts
        return not LEFT_OUT & set(parts) and not any(part.startswith(".") for part in parts)

    return sorted(path for path in ROOT.rglob("*.md") if is_ours(path))


def headings(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def leads_somewhere(path: Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True  # of the wide world
    file, _, anchor = link.partition("#")
    target = (path.parent / file) if file else path
    if not target.exists():
        return False
    return not anchor or anchor in headings(target)


def broken_links(path: Path) -> list[str]:
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if not leads_somewhere(path, link)]
