"""The part of the page that is about the WebSocket."""

from fields import field_table, name_of
from markup import block, inline, json_block


def sent(websocket: dict) -> list[str]:
    return [name for name, op in websocket["operations"].items() if op["action"] == "receive"]


def told(websocket: dict) -> list[str]:
    return [name_of(each) for each in websocket["operations"]["events"]["messages"]]


def socket_part(websocket: dict) -> str:
    messages = websocket["components"]["messages"]
    out = block(websocket["info"]["description"]) + "<h3>Commands</h3>"
    out += "".join(command(websocket, name) for name in sent(websocket))
    out += "<h3>Events</h3>" + "".join(
        frame(f"event-{name}", messages[name], websocket["components"]["schemas"]) for name in told(websocket)
    )
    return out


def command(websocket: dict, name: str) -> str:
    messages, named = websocket["components"]["messages"], websocket["components"]["schemas"]
    replies = [name_of(each) for each in websocket["operations"][name].get("reply", {}).get("messages", [])]
    said = "".join(reply(messages[each], named) for each in replies)
    return frame(f"command-{name}", messages[name], named, said or "<p>It is not answered.</p>")


def reply(message: dict, named: dict) -> str:
    if message["name"] == "error":
        return ""
    kind = message["payload"]["properties"]["type"]["const"]
    return f"<h5>Answer: <code>{kind}</code></h5>" + field_table(message["payload"], named, ["id", "type"]) + example(message)


def frame(target: str, message: dict, named: dict, more: str = "") -> str:
    about = f'<p class="summary">{inline(message["summary"])}</p>' + block(message.get("description", ""))
    fields = field_table(message["payload"], named, ["type"])
    return f'<article id="{target}"><h4><code>{message["name"]}</code></h4>{about}{fields}{example(message)}{more}</article>'


def example(message: dict) -> str:
    return json_block(message["examples"][0]["payload"], "For example")
