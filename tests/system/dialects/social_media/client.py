"""A client of social media's chat: its calls below /api/v1, and its sockets."""

import json

import httpx

from harness.tokens import claims_for, sign
from harness.waiting import DEADLINE_S

ERROR = ["name", "clientMessage", "traceId", "timestamp", "metadata"]
CHAT = [
    *["id", "channelId", "senderId", "text", "ignoredUserIds", "isRetract", "createdAt", "updatedAt", "publishAt"],
    *["deliveredAt", "ackedAt"],
]
CHANNEL = ["id", "displayName", "avatarPath", "createdAt", "updatedAt"]
USER = ["id", "email", "name", "enabled", "role", "createdAt"]


class Client:
    """One user, as that system's clients know him: by his e-mail address and a number."""

    def __init__(self, url, email, token, number):
        self.http = httpx.Client(base_url=f"{url}/api/v1", timeout=DEADLINE_S)
        self.email, self.token, self.id = email, token, number

    def call(self, method, path, body=None, token=True, **params):
        headers = {"Authorization": f"Bearer {self.token}"} if token else {}
        return self.http.request(method, path, json=body, params=params or None, headers=headers)

    def get(self, path, **params):
        return self.call("GET", path, **params)

    def post(self, path, body):
        return self.call("POST", path, body)

    def put(self, path, body):
        return self.call("PUT", path, body)

    def delete(self, path, body=None):
        return self.call("DELETE", path, body)

    # --- calls that must succeed
    def channel(self, name="climbers", **fields):
        made = self.post("/channels", {"displayName": name, "type": "GROUP", "avatarPath": "/a.png", **fields})
        assert made.status_code == 201, made.text
        return in_order(made, CHANNEL)

    def join(self, channel):
        joined = self.post("/members", {"channelId": channel["id"]})
        assert (joined.status_code, joined.text) == (201, ""), joined.text

    def say(self, channel, text):
        posted = self.post("/chats", {"channelId": channel["id"], "text": text})
        assert posted.status_code == 201, posted.text
        return in_order(posted, CHAT)

    def chat(self, chat):
        found = self.get(f"/chats/{chat['id']}", channelId=chat["channelId"])
        assert found.status_code == 200, found.text
        return in_order(found, CHAT)

    def page(self, channel, **params):
        found = self.get("/chats", channelId=channel["id"], **params)
        assert found.status_code == 200, found.text
        return in_order(found, ["data", "lastTokenId"])

    def search(self, channel, search, **params):
        found = self.get("/chats-search", channelId=channel["id"], search=search, **params)
        assert found.status_code == 200, found.text
        return in_order(found, ["data", "nextTokenId"])

    def socket(self, sockets, number, path="/"):
        return sockets.open(f"{path}?clientid=clientid_{number}&email={self.email}", self.bearer())

    def bearer(self):
        return {"Authorization": f"Bearer {self.token}"}


def client_of(parley, user):
    """The user of another test helper: his token names his e-mail address, which is his id."""
    return Client(parley.url, user.id, user.token, user.read("/v1/users/me")["number"])


def token_of(parley, email, lives_s=600, **claims):
    """A token as that system makes them."""
    made = {"userEmail": email, "userRole": "NORMAL", **claims}
    return sign({key: value for key, value in {**claims_for("x", lives_s), **made}.items() if key != "sub"}, parley.secret)


def in_order(answer, keys):
    """The keys are there, in that order, and no others."""
    body = json.loads(answer.text)
    assert list(body) == keys, answer.text
    return body


def failed(answer, status, name, message=None):
    """The answer is that failure, whole; returns it."""
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    body = in_order(answer, ERROR)
    assert body["name"] == name, body
    if message is not None:
        assert body["clientMessage"] == message
    return body
