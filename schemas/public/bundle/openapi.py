"""/openapi.json out of schemas/public/http."""

import re

from asyncapi import payload
from source import ROOT, error_schemas, errors, example_of, load, ref, schema, schemas

HEAD = {"openapi.yaml", "requests.yaml", "answers.yaml"}
METHODS = ("get", "put", "post", "patch", "delete")
PROBLEM = {
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string", "pattern": "^urn:parley:error:[a-z_]+$", "example": "urn:parley:error:not_found"},
        "title": {"type": "string", "example": "Not found"},
        "status": {"type": "integer", "minimum": 200, "maximum": 599, "example": 404},
        "detail": {"type": "string", "description": "For people.", "example": "there is no such thing, or you may not see it"},
        "code": {"$ref": "ErrorCode"},
        "trace_id": {
            "type": "string",
            "description": "Names the request in the server's logs.",
            "example": "0af7651916cd43dd8448eb211c80319c",
        },
        "errors": {
            "type": "array",
            "maxItems": 20,
            "description": "Of `invalid_argument`: what is wrong, field by field.",
            "items": {
                "properties": {
                    "field": {"type": "string", "example": "text"},
                    "detail": {"type": "string", "example": "is missing"},
                }
            },
        },
        "command_id": {"$ref": "CommandId", "description": "Of `outcome_unknown`."},
        "position": {"$ref": "Position", "description": "Of `outcome_unknown`."},
    },
    "optional": ["errors", "command_id", "position"],
}
SAYS_WHEN = {429, 503}  # with Retry-After
RATE_LIMIT = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]


OF_HTTP = {426, 431, 501}  # said of what is no HTTP that is spoken here, with the code invalid_argument


def problem_schema(status: int) -> dict:
    """A problem of that status: which codes it may have."""
    codes = [code for code, of in errors()["codes"].items() if of["status"] == status]
    if status in OF_HTTP:
        codes.append("invalid_argument")
    return {**ref("Problem"), "properties": {"status": {"const": status}, "code": {"enum": codes}}}


def events() -> dict:
    """The events that have a version, as a channel's list gives them: those of the WebSocket."""
    given = {name: each for name, each in load("websocket/events.yaml").items() if "version" in each["properties"]}
    named = {name: payload(name, each["properties"], each.get("optional", [])) for name, each in given.items()}
    return {"Event": {"oneOf": [ref(name) for name in named], "description": "By its `type`."}, **named}


class OpenApi:
    def __init__(self):
        self.head = load("http/openapi.yaml")
        self.named = {
            **schemas(load("objects.yaml")),
            **schemas(load("http/answers.yaml")),
            **schemas(load("http/requests.yaml"), closed=True),
            **events(),
            **error_schemas(),
            "Problem": schema(PROBLEM),
        }
        self.responses = {}

    def document(self) -> dict:
        files = sorted((ROOT / "http").glob("*.yaml"))
        given = {path: item for file in files if file.name not in HEAD for path, item in load(f"http/{file.name}").items()}
        by_tag = [tag["name"] for tag in self.head["tags"]]
        in_order = sorted(given.items(), key=lambda entry: by_tag.index(next(iter(entry[1].values()))["tags"][0]))
        paths = {
            path: {method: self.operation(path, item[method]) for method in METHODS if method in item} for path, item in in_order
        }
        head = {key: self.head[key] for key in ("openapi", "info", "servers", "tags")}
        components = {
            "schemas": self.named,
            "responses": dict(sorted(self.responses.items())),
            "securitySchemes": self.head["components"]["securitySchemes"],
        }
        return {**head, "paths": paths, "components": components}

    def operation(self, path: str, given: dict) -> dict:
        kind = given["kind"]
        out = {key: given[key] for key in ("operationId", "tags", "summary", "description") if key in given}
        out["security"] = [{"token": []}] if kind in ("token", "read", "write") else []
        if parameters := self.parameters(path, given):
            out["parameters"] = parameters
        if body := given.get("body") or given.get("optional_body"):
            content = {"schema": ref(body), "example": example_of(self.named[body], self.named)}
            out["requestBody"] = {"required": "body" in given, "content": {"application/json": content}}
        out["responses"] = {str(status): each for status, each in sorted(self.answers(kind, given).items())}
        return out

    def parameters(self, path: str, given: dict) -> list:
        known = self.head["parameters"]
        headers = {"read": ["min_position"], "write": ["key"]}.get(given["kind"], []) + given.get("header", [])
        wanted = [("path", name) for name in re.findall(r"{(\w+)}", path)]
        wanted += [("query", name) for name in given.get("query", [])] + [("header", name) for name in headers]
        return [parameter(where, name, known[where][name]) for where, name in wanted]

    def answers(self, kind: str, given: dict) -> dict:
        out = {}
        refused = self.head["refused"]
        kinds = ["any"] + (["token"] if kind in ("token", "read", "write") else []) + ([kind] if kind in ("read", "write") else [])
        said = {status: text for each in kinds for status, text in refused[each].items()} | given.get("refused", {})
        said = {status: text for status, text in said.items() if text is not None}  # null: not here
        for status, text in said.items():
            out[status] = {"$ref": f"#/components/responses/{self.refusal(status)}", "description": text}
        for status, answer in given["answers"].items():
            out[status] = self.answer(kind, status, answer)
        return out

    def refusal(self, status: int) -> str:
        name = f"Problem{status}"
        headers = self.headers(["Retry-After"] if status in SAYS_WHEN else ["WWW-Authenticate"] if status == 401 else [])
        headers |= self.headers(["Parley-Position", "Idempotency-Replayed", *RATE_LIMIT], required=False)
        self.named[name] = problem_schema(status)
        self.responses[name] = {
            "description": f"Status {status}.",
            "headers": headers,
            "content": {"application/problem+json": {"schema": ref(name)}},
        }
        return name

    def answer(self, kind: str, status: int, given) -> dict:
        if not isinstance(given, dict):
            given = {"schema": {"$ref": given}} if given else {}
        says = {101: "The WebSocket is open.", 201: "Made.", 204: "Done.", 304: "What you have is still so (`If-None-Match`)."}
        out = {"description": given.get("description", says.get(status, "As asked."))}
        headers = {}
        if kind in ("read", "write"):
            headers |= self.headers(["Parley-Position"])
        if kind == "write":
            headers |= self.headers(["Idempotency-Replayed"], required=False)
        if kind == "document":
            headers |= self.headers(["ETag"])
        if status != 101:
            headers |= self.headers(RATE_LIMIT, required=False)
        if headers:
            out["headers"] = headers
        if "schema" in given:
            body = schema(given["schema"])
            content = {"schema": body}
            if "content" not in given:
                content["example"] = example_of(body, self.named)
            out["content"] = {given.get("content", "application/json"): content}
        return out

    def headers(self, names: list, required=True) -> dict:
        return {
            name: {**self.head["headers"][name], "schema": schema(self.head["headers"][name]["schema"]), "required": required}
            for name in names
        }


def parameter(where: str, name: str, given: dict) -> dict:
    out = {"name": given.get("name", name), "in": where, "required": where == "path" or given.get("required", False)}
    out |= {key: given[key] for key in ("description", "example") if key in given}
    return {**out, "schema": schema(given["schema"])}
