"""Small pieces of HTML: escaping, the little Markdown that descriptions use, tables, JSON."""

import html
import json
import re

escape = html.escape


def inline(text: str) -> str:
    out = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text, quote=False))
    return re.sub(r"`(.+?)`", r"<code>\1</code>", out)


def block(text: str) -> str:
    """Paragraphs, and lists of lines that begin with a dash."""
    parts = [part.strip() for part in (text or "").split("\n\n") if part.strip()]
    return "".join(listed(part) if part.startswith("- ") else f"<p>{inline(part)}</p>" for part in parts)


def listed(part: str) -> str:
    return "<ul>" + "".join(f"<li>{inline(item)}</li>" for item in re.split(r"^- |\n- ", part) if item) + "</ul>"


def table(head: list[str], rows: list[list[str]], style: str = "") -> str:
    """A table of cells that are HTML already; empty without rows."""
    if not rows:
        return ""
    titles = "".join(f'<th scope="col">{title}</th>' for title in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table class="{style}"><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></div>'


def json_block(value, title: str) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return f"<figure><figcaption>{escape(title)}</figcaption><pre><code>{escape(text, quote=False)}</code></pre></figure>"


def anchor(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")
