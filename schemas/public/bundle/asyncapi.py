"""/asyncapi.json out of schemas/public/websocket."""

from source import error_schemas, errors, example_of, load, schema, schemas

KEY = {"$ref": "Key"}
WRITTEN = {"command_id": {"$ref": "CommandId"}, "position": {"$ref": "Position"}}
DUPLICATE = {"type": "boolean", "const": True, "description": "This key was used before; the outcome is the first one's."}


class AsyncApi:
    def __init__(self):
        self.head = load("websocket/asyncapi.yaml")
        self.commands = load("websocket/commands.yaml")
        self.events = load("websocket/events.yaml")
        frame_id = self.commands.pop("FrameId")
        self.named = {**schemas(load("objects.yaml")), **error_schemas(), "FrameId": schema(frame_id)}
        self.messages = {}

    def document(self) -> dict:
        for name, given in self.commands.items():
            self.message(name, given["summary"], self.command(name, given), given.get("description"))
            if "ok" in given:
                self.message(f"{name}_ok", f"The answer to `{name}`", self.ok(given))
        self.message("pong", "The answer to `ping`", payload("pong", {}, [], frame_id="optional"))
        self.message("error", "A command was refused, or a message was none", self.error())
        for name, given in self.events.items():
            to = given.get("to", "all connections of everybody in the channel")
            told = f"To {to}." + (f" {given['description']}" if "description" in given else "")
            self.message(self.key_of(name), given["summary"], payload(name, given["properties"], given.get("optional", [])), told)
        document = {key: self.head[key] for key in ("asyncapi", "info", "defaultContentType", "servers")}
        socket = {**self.head["channels"]["socket"], "description": closing()}
        socket["messages"] = {name: {"$ref": f"#/components/messages/{name}"} for name in self.messages}
        components = {
            "messages": self.messages,
            "schemas": self.named,
            "securitySchemes": self.head["components"]["securitySchemes"],
        }
        return {**document, "channels": {"socket": socket}, "operations": self.operations(), "components": components}

    def key_of(self, event: str) -> str:
        """`typing` is a command too."""
        return f"{event}_event" if event in self.commands else event

    def message(self, name: str, summary: str, body: dict, description=None):
        out = {"name": name.removesuffix("_event"), "title": name.removesuffix("_event"), "summary": summary}
        if description:
            out["description"] = description
        self.messages[name] = {**out, "payload": body, "examples": [{"payload": example_of(body, self.named)}]}

    def command(self, name: str, given: dict) -> dict:
        fields = {**given["properties"], **({"key": KEY} if given.get("write") else {})}
        optional = [*given.get("optional", []), "key", *given.get("one_of", [])]
        needs_id = "optional" if given.get("silent") or given.get("pong") else "required"
        body = payload(name, fields, optional, frame_id=needs_id, closed=True)
        if "one_of" in given:
            body["oneOf"] = [{"required": [field]} for field in given["one_of"]]
            body["examples"] = [
                {n: example_of(p, self.named) for n, p in body["properties"].items() if n not in given["one_of"][1:]}
            ]
        if "at_most_one_of" in given:
            fields = given["at_most_one_of"]
            pairs = [[a, b] for i, a in enumerate(fields) for b in fields[i + 1 :]]
            body["not"] = {"anyOf": [{"required": pair} for pair in pairs]}
            body["examples"] = [{n: example_of(p, self.named) for n, p in body["properties"].items() if n not in fields[1:]}]
        return body

    def ok(self, given: dict) -> dict:
        fields = given["ok"] if isinstance(given["ok"], dict) else load("objects.yaml")[given["ok"]]["properties"]
        if not given.get("write"):
            return payload("ok", fields, [], frame_id="required")
        return payload("ok", {**WRITTEN, **fields, "duplicate": DUPLICATE}, ["duplicate", *given.get("ok_optional", [])], frame_id="required")

    def error(self) -> dict:
        fields = {
            "code": {"$ref": "ErrorCode"},
            "detail": {"type": "string", "description": "For people.", "example": "there is no such thing, or you may not see it"},
            "retryable": {"type": "boolean", "description": "Send it again with the same key.", "example": False},
            "duplicate": DUPLICATE,
            **{name: {**each, "description": "Of `outcome_unknown`."} for name, each in WRITTEN.items()},
        }
        body = payload("error", fields, ["duplicate", *WRITTEN], frame_id="optional")
        body["examples"] = [
            {"id": 7, "type": "error", "code": "not_found", "detail": fields["detail"]["example"], "retryable": False}
        ]
        return body

    def operations(self) -> dict:
        def refs(names):
            return [{"$ref": f"#/channels/socket/messages/{name}"} for name in names]

        channel = {"$ref": "#/channels/socket"}
        out = {}
        for name, given in self.commands.items():
            out[name] = {"action": "receive", "channel": channel, "summary": given["summary"], "messages": refs([name])}
            replies = ["pong"] if given.get("pong") else [f"{name}_ok"] if "ok" in given else []
            if replies:
                out[name]["reply"] = {"channel": channel, "messages": refs([*replies, "error"])}
        out["events"] = {
            "action": "send",
            "channel": channel,
            "summary": "What the server says of itself",
            "messages": refs(map(self.key_of, self.events)),
        }
        return out


def payload(type: str, fields: dict, optional: list, frame_id="", closed=False) -> dict:
    first = {"id": {"$ref": "FrameId"}} if frame_id else {}
    given = {"properties": {**first, "type": {"type": "string", "const": type}, **fields}}
    given["optional"] = [*optional, *(["id"] if frame_id == "optional" else [])]
    return schema(given, closed)


def closing() -> str:
    lines = [f"- {code}: {of['means']} Then {of['then']}." for code, of in errors()["close_codes"].items()]
    return "Why the server closes it:\n\n" + "\n".join(lines)
