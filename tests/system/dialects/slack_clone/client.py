"""A client of Slack clone: its calls without a token, as its documentation has them, or with one."""

import json
import re
import secrets
import time

import httpx

from harness.waiting import DEADLINE_S

NOWHERE = "12345678-1234-8234-8234-123456789abc"
SECONDS = re.compile(r"\d{10}\.\d+")
NAMED = ["workspace_id", "channel_name", "user_email"]
DENIED = {"message": "Authorization error"}
NOT_VALID = {"message": "not valid workspace or channel"}


class Slack:
    def __init__(self, url, sockets, token_for):
        self.http = httpx.Client(base_url=url, timeout=DEADLINE_S)
        self.sockets = sockets
        self.token_for = token_for
        self.suffix = secrets.token_hex(4)

    def call(self, method, path, body=None, token=None, **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        if body is not None:
            options["json"] = body
        return self.http.request(method, path, headers=headers, **options)

    def ask(self, method, path, body=None, token=None):
        """The JSON of an answer, which is 200 whatever it says."""
        answer = self.call(method, path, body, token)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()

    def refused(self, method, path, body=None, token=None):
        answer = self.call(method, path, body, token)
        assert answer.status_code == 401, f"{method} {path}: {answer.status_code} {answer.text}"
        assert list(answer.json()) == ["message"]

    # --- calls that must succeed
    def user(self, name="user", registered=True):
        """An e-mail of this test's."""
        email = f"{name}-{self.suffix}@example.org"
        if registered:
            self.ask("POST", "/user", event(email))
        return email

    def workspace(self, email, name=None):
        made = self.ask("POST", "/workspace", {"workspace_name": name or self.name("workspace"), "user_email": email})
        assert made["message"] == "workspace created successfully", made
        return made["workspace_id"]

    def channel(self, workspace, email, name=None):
        made = self.ask("POST", "/channel", wanted(workspace, name or self.name("channel"), email))
        assert made["message"] == "channel created successfully", made
        return made["channel_id"]

    def invite(self, workspace, *emails, channel=None):
        for email in emails:
            body = {"workspace_id": workspace, "user_email": email}
            assert email in self.ask("PATCH", "/workspace", body)
            if channel:
                assert email in self.ask("PATCH", "/channel", {**body, "channel_id": channel})

    def name(self, kind):
        """A name that nobody else has."""
        return f"{kind}-{secrets.token_hex(6)}"

    def socket(self, email, path="/dev", header="Authorization", scheme=""):
        return self.sockets.open(path, {header: scheme + self.token_for(email)})

    def close(self):
        self.http.close()


def event(email, nickname="Kim"):
    """What the identity provider sends when somebody has confirmed his registration."""
    return {"userName": email.split("@")[0], "request": {"userAttributes": {"nickname": nickname, "email": email}}}


def wanted(workspace, name, email):
    return dict(zip(NAMED, [workspace, name, email]))


def message(text):
    return {"message": text}


def keys(text):
    """The keys of a JSON object in their order."""
    return [key for key, _ in json.loads(text, object_pairs_hook=list)]


def direct(sender, receiver, text="Hello", **fields):
    return {"action": "dm_chat", "sender": sender, "receiver": receiver, "message": text, "createdAt": "1692441630571", **fields}


def chat(sender, channel, workspace, text="Hello", action="channelChat"):
    return {"action": action, "message": text, "sender": sender, "channel_id": channel, "workspace_id": workspace}


def is_quiet(socket):
    """Whatever it was sent before this was answered has come; the answer is the next that does."""
    return socket.ask({"action": "nothing"}) == message("invalid action")


def is_now(seconds):
    return abs(float(seconds) - time.time()) < 60


def take_away(user, path):
    """By the public contract, for all to see."""
    assert user.delete(path).status_code == 204
    assert user.get(path).status_code == 404
