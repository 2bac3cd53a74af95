"""The page /docs: both documents to be read. One file, no script, nothing from elsewhere; it reads well without its styles too."""

from pathlib import Path

from fields import field_table, kind_of
from markup import anchor, block, escape, inline, table
from page_http import http_part, operations
from page_websocket import sent, socket_part, told
from source import errors

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def page(http: dict, websocket: dict) -> str:
    parts = [("http", "HTTP", http_part(http)), ("websocket", "WebSocket", socket_part(websocket))]
    parts += [("errors", "Errors", errors_part()), ("types", "Types", types_part(http, websocket))]
    body = "".join(f'<section id="{name}"><h2>{title}</h2>{text}</section>' for name, title, text in parts)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Parley: the contract</title>
<style>
{STYLE}</style>
</head>
<body>
<a class="skip" href="#http">To the text</a>
<nav aria-label="Contents">{contents(http, websocket)}</nav>
<main>
<h1>Parley</h1>
<p class="lead">{escape(http["info"]["summary"])} The same in JSON: <a href="/openapi.json">openapi.json</a> (HTTP) and
<a href="/asyncapi.json">asyncapi.json</a> (WebSocket).</p>
{body}
</main>
</body>
</html>
"""


# --- contents
def contents(http: dict, websocket: dict) -> str:
    lists = []
    for tag in http["tags"]:
        items = [
            (op["operationId"], f'<span class="m {m}">{m.upper()}</span> {short(path)}')
            for m, path, op in operations(http, tag["name"])
        ]
        lists.append(menu(tag["name"], items))
    lists.append(menu("Commands", [(f"command-{name}", name) for name in sent(websocket)]))
    lists.append(menu("Events", [(f"event-{name}", name) for name in told(websocket)]))
    lists.append(menu("Also", [("error-codes", "Error codes"), ("close-codes", "Close codes"), ("types", "Types")]))
    return '<p class="name"><a href="#">Parley</a></p>' + "".join(lists)


def menu(title: str, items: list) -> str:
    links = "".join(f'<li><a href="#{target}">{label}</a></li>' for target, label in items)
    return f"<details open><summary>{escape(title)}</summary><ul>{links}</ul></details>"


def short(path: str) -> str:
    return escape(path.removeprefix("/v1")).replace("/", "/<wbr>")


# --- errors and types
def errors_part() -> str:
    codes = [
        [f"<code>{code}</code>", str(of["status"]), inline(of["means"]), "yes" if of.get("retryable") else ""]
        for code, of in errors()["codes"].items()
    ]
    closes = [[str(code), inline(of["means"]), inline(of["then"])] for code, of in errors()["close_codes"].items()]
    over_http = "<p>Over HTTP an error is an <code>application/problem+json</code> with that <code>code</code>; over a WebSocket a message of the type <code>error</code>.</p>"
    return (
        f'<h3 id="error-codes">Error codes</h3>{over_http}{table(["code", "status", "", "try again with the same key"], codes)}'
        f'<h3 id="close-codes">Close codes of the WebSocket</h3>{table(["code", "", "then"], closes)}'
    )


def types_part(http: dict, websocket: dict) -> str:
    named = {**websocket["components"]["schemas"], **http["components"]["schemas"]}
    named = {name: each for name, each in named.items() if not name.removeprefix("Problem").isdigit()}
    return "".join(named_type(name, each, named) for name, each in sorted(named.items())) + problems(http)


def named_type(name: str, schema: dict, named: dict) -> str:
    has_fields = any("properties" in form for form in [schema, *schema.get("oneOf", [])])
    kind = "" if has_fields else f"<p>{kind_of(schema)}</p>"
    return f'<article id="type-{anchor(name)}"><h4>{name}</h4>{kind}{block(schema.get("description", ""))}{field_table(schema, named)}</article>'


def problems(http: dict) -> str:
    named = [name for name in http["components"]["schemas"] if name.removeprefix("Problem").isdigit()]
    return "".join(
        f'<p id="type-{name}"><strong>{name}</strong>: a <a href="#type-Problem">Problem</a> of that status.</p>'
        for name in sorted(named)
    )
