"""A user of Parley over HTTP, and the circle of users of one test, who see each other's writes.

Each write's position is kept, and each read asks for it: that is how a client reads what it (or the one who told it) wrote,
in whatever shape Parley runs.
"""

import secrets
from contextlib import contextmanager
from urllib.parse import quote

import httpx

from harness.documented_http import saw_answer
from harness.socket import open_socket
from harness.waiting import DEADLINE_S

POSITIONS_KEPT = 16


class Circle:
    """The users of one test: names of their own, and the positions of what they wrote."""

    def __init__(self, url):
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=DEADLINE_S, event_hooks={"response": [check]})
        self.positions = []
        self._suffix = secrets.token_hex(4)

    def user(self, name="user", **token_fields):
        return User(self, f"{name}-{self._suffix}", **token_fields)

    def known(self, user):
        """A user of another circle, as he comes back to a server that was started again."""
        return User(self, str(user))

    def users(self, *names):
        return [self.user(name) for name in names]

    def wrote(self, position):
        if position and position not in self.positions:
            self.positions = [*self.positions, position][-POSITIONS_KEPT:]

    def close(self):
        self.http.close()


def check(answer):
    saw_answer(answer.request.method, answer.request.url.raw_path.decode(), answer.status_code, answer.headers, answer.read())


def token_for(circle, user_id, **fields):
    answer = circle.http.post("/v1/dev/tokens", json={"user_id": user_id, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["token"]


class User:
    def __init__(self, circle, user_id, token=None, **token_fields):
        self.circle = circle
        self.id = user_id
        self.token = token or token_for(circle, user_id, **token_fields)

    def __str__(self):
        return self.id

    # --- any call
    def call(self, method, path, body=None, key=None, headers=None, **options):
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if key:
            sent["Idempotency-Key"] = key
        if method == "GET" and self.circle.positions:
            sent.setdefault("Parley-Min-Position", ",".join(self.circle.positions))
        if body is not None:
            options["json"] = body
        answer = self.circle.http.request(method, path, headers=sent, **options)
        if method != "GET":
            self.circle.wrote(answer.headers.get("Parley-Position"))
        return answer

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.call("POST", path, body, **options)

    def put(self, path, body=None, **options):
        return self.call("PUT", path, body, **options)

    def patch(self, path, body=None, **options):
        return self.call("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.call("DELETE", path, **options)

    # --- calls that must succeed
    def read(self, path, **params):
        return ok(self.get(path, params=params), 200)

    def workspace(self, name="Acme"):
        return ok(self.post("/v1/workspaces", {"name": name}), 201)

    def invite(self, thing, user, role=None):
        """Into a workspace or a channel, as `thing` is one or the other."""
        kind = "channels" if "kind" in thing else "workspaces"
        return ok(self.put(f"/v1/{kind}/{thing['id']}/members/{path_of(user)}", {"role": role} if role else None), 200)

    def channel(self, workspace, kind="public", name=None, **fields):
        body = {"kind": kind, "workspace_id": workspace["id"], "name": name or f"c-{secrets.token_hex(3)}", **fields}
        return ok(self.post("/v1/channels", body), 201)

    def group(self, *members, **fields):
        return ok(self.post("/v1/channels", {"kind": "group", "members": [str(m) for m in members], **fields}), 201)

    def direct(self, other):
        return ok(self.put(f"/v1/direct/{path_of(other)}"), 200)

    def say(self, channel, text, **fields):
        return ok(self.post(f"/v1/channels/{channel['id']}/messages", {"text": text, **fields}), 201)

    def history(self, channel, **params):
        return self.read(f"/v1/channels/{channel['id']}/messages", **params)

    # --- WebSocket
    @contextmanager
    def socket(self, subprotocol=None, query="", **options):
        with open_socket(self.circle.url, self.token, subprotocol, query, **options) as socket:
            socket.circle = self.circle
            yield socket


def path_of(user):
    return quote(str(user), safe="")


def ok(answer, status):
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def problem(answer, status, code):
    """The answer is the problem of that code, whole and well formed; returns it."""
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    assert answer.headers["Content-Type"].split(";")[0] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code, body
    assert body["status"] == status
    for field in ["type", "title", "detail", "trace_id"]:
        assert isinstance(body[field], str), body
    assert code != "invalid_argument" or body["errors"], body
    return body
