"""The part of the page that is about HTTP."""

from fields import about, field_table, kind_of, limits_of, name_of, type_of
from markup import block, escape, inline, json_block, table
from source import load

COMMON = {text for each in load("http/openapi.yaml")["refused"].values() for text in each.values()}


def operations(http: dict, tag: str) -> list:
    return [(m, path, op) for path, item in http["paths"].items() for m, op in item.items() if tag in op["tags"]]


def http_part(http: dict) -> str:
    out = block(http["info"]["description"]) + everywhere()
    for tag in http["tags"]:
        out += f"<h3>{tag['name']}</h3>" + block(tag.get("description", ""))
        out += "".join(operation(http, *each) for each in operations(http, tag["name"]))
    return out


def everywhere() -> str:
    refused = load("http/openapi.yaml")["refused"]
    of = {"any": "any", "token": "with a token", "read": "reads", "write": "writes"}
    rows = [[str(status), of[kind], inline(text)] for kind, each in refused.items() for status, text in each.items()]
    return '<h3 id="everywhere">What any request may be answered</h3>' + table(["status", "of", ""], sorted(rows))


def operation(http: dict, method: str, path: str, op: dict) -> str:
    head = f'<h4><span class="m {method}">{method.upper()}</span> <code>{short_code(path)}</code></h4>'
    free = "" if op["security"] else ' <span class="note">no token</span>'
    parts = [head, f'<p class="summary">{inline(op["summary"])}{free}</p>', block(op.get("description", ""))]
    parts += [parameters(op, http["components"]["schemas"]), body_of(http, op), answers(http, op)]
    return f'<article id="{op["operationId"]}">{"".join(parts)}</article>'


def short_code(path: str) -> str:
    return escape(path).replace("/", "<wbr>/")


def parameters(op: dict, named: dict) -> str:
    rows = []
    for each in op.get("parameters", []):
        said = inline(each["description"]) if "description" in each else about(each["schema"], named)
        rows.append([f"<code>{each['name']}</code> <em>{each['in']}</em>", kind_of(each["schema"]), said])
    return table(["parameter", "type", ""], rows, "fields")


def body_of(http: dict, op: dict) -> str:
    if "requestBody" not in op:
        return ""
    content = op["requestBody"]["content"]["application/json"]
    named = http["components"]["schemas"]
    schema = named[name_of(content["schema"])]
    title = "Body" if op["requestBody"]["required"] else "Body, which may be left out"
    limits = f"<p>{limits_of(schema)}</p>" if limits_of(schema) else ""
    example = json_block(content["example"], "For example") if content["example"] else ""
    return f"<h5>{title}</h5>{limits}{field_table(schema, named)}{example}"


def answers(http: dict, op: dict) -> str:
    rows, examples = [], ""
    for status, each in op["responses"].items():
        if each["description"] in COMMON:
            continue
        content = next(iter(each.get("content", {}).values()), {})
        rows.append(
            [
                f'<span class="s s{status[0]}">{status}</span>',
                type_of(content["schema"]) if content else "",
                inline(each["description"]),
            ]
        )
        if "example" in content and status.startswith("2"):
            examples += json_block(content["example"], f"{status}, for example")
    also = ' <p class="note">And what <a href="#everywhere">any request</a> may be answered.</p>'
    return "<h5>Answers</h5>" + table(["status", "", ""], rows, "answers") + also + examples
