"""PageNow's client, as its pages are: the bare token over HTTP, and in the query of the socket."""

import re

from harness.client import path_of
from harness.waiting import until

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Client:
    def __init__(self, http, sockets, user):
        self.http = http
        self.sockets = sockets
        self.user = user
        self.id = user.id

    # --- HTTP
    def call(self, method, path, body=None, **options):
        if body is not None:
            options["json"] = body
        return self.http.request(method, path, headers={"Authorization": self.user.token}, **options)

    def get(self, path, **params):
        return self.call("GET", path, params=params or None)

    def asks_for(self, recipients, title="", is_group=False):
        body = {"recipientIdArr": [str(getattr(r, "id", r)) for r in recipients], "title": title, "isGroup": is_group}
        return self.call("POST", "/conversation", body)

    def direct(self, other):
        return made(self.asks_for([other]))

    def group(self, *others, title="The group"):
        return made(self.asks_for(others, title, True))

    def direct_with(self, other):
        return self.get(f"/conversation/direct/{path_of(other.id)}").json()

    def conversations(self, wanted=bool, **params):
        """The list, once it is as wanted: what was just written may not be in it yet."""
        return until(lambda: keep(self.get("/conversations", **params), wanted), message="no such list of conversations")

    def messages(self, conversation, wanted=bool, offset=0, limit=15, **params):
        path = f"/conversations/{conversation}/messages"
        return until(lambda: keep(self.get(path, offset=offset, limit=limit, **params), wanted), message="no such messages")

    # --- WebSocket
    def socket(self, path="/"):
        return self.sockets.open(f"{path}?Authorization={self.user.token}")

    def say(self, conversation, *contents):
        """Sends messages and takes their pushes."""
        socket = self.socket()
        pushes = [socket.ask(message(conversation, content, f"temp-{i}-{content[:20]}")) for i, content in enumerate(contents)]
        socket.connection.close()
        return pushes


def made(answer):
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["conversationId"]
    return answer.json()["conversationId"]


def keep(answer, wanted):
    assert answer.status_code == 200, answer.text
    return answer.json() if wanted(answer.json()) else None


def message(conversation, content, temp="temp-1"):
    return {"action": "send-message", "tempMessageId": temp, "conversationId": conversation, "content": content}


def refusal(answer):
    """Status and text of an answer that is a plain text."""
    assert answer.headers["Content-Type"].split(";")[0] == "text/plain", answer.headers
    return answer.status_code, answer.text


NO_PARTICIPANT = (401, "Unauthorized access error")
