"""A WebSocket client of Parley's own protocol, on top of the `websockets` library."""

import itertools
import json
from contextlib import contextmanager

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness.documented_frames import Conversation
from harness.waiting import DEADLINE_S


@contextmanager
def open_socket(url, token=None, subprotocol=None, query="", headers=None, **options):
    sent = {"Authorization": f"Bearer {token}", **(headers or {})} if token else headers
    address = "ws" + url.removeprefix("http").rstrip("/") + "/v1/ws" + query
    options.setdefault("compression", None)
    options.setdefault("max_size", None)
    with connect(
        address,
        additional_headers=sent,
        subprotocols=subprotocol.split() if subprotocol else None,
        open_timeout=DEADLINE_S,
        close_timeout=2,
        ping_interval=None,
        **options,
    ) as connection:
        socket = Socket(connection)
        socket.hello = socket.take(lambda item: item["type"] == "hello")
        yield socket


class Socket:
    def __init__(self, connection):
        self.connection = connection
        self.waiting = []  # what has arrived and was not taken yet, in order
        self.circle = None
        self.hello = None
        self._conversation = Conversation()
        self._ids = itertools.count(1)

    # --- sending
    def send_raw(self, message):
        message = message if isinstance(message, (str, bytes)) else list(message)  # fragments
        self._conversation.sent("".join(message) if isinstance(message, list) else message)
        self.connection.send(message)

    def send(self, type, id=None, **fields):
        """Sends a command and does not wait; its id."""
        id = next(self._ids) if id is None else id
        self.send_raw(json.dumps({"id": id, "type": type, **fields}))
        return id

    def call(self, type, **fields):
        """Sends a command and waits for its reply, whatever arrives meanwhile."""
        return self.reply(self.send(type, **fields))

    def ok(self, type, **fields):
        reply = self.call(type, **fields)
        assert reply["type"] == "ok", reply
        return reply

    def refused(self, code, type, **fields):
        reply = self.call(type, **fields)
        assert reply["type"] == "error" and reply["code"] == code, reply
        assert isinstance(reply["detail"], str) and isinstance(reply["retryable"], bool), reply
        return reply

    # --- receiving
    def reply(self, id):
        reply = self.take(lambda item: item.get("id") == id and item["type"] in ("ok", "error", "pong"))
        if self.circle:
            self.circle.wrote(reply.get("position"))
        return reply

    def event(self, channel=None, deadline_s=DEADLINE_S):
        """The next event that has a version: of that channel, or of any."""
        wanted = channel and channel["id"]
        return self.take(lambda item: "version" in item and is_event(item) and wanted in (None, item["channel_id"]), deadline_s)

    def notice(self, type, deadline_s=DEADLINE_S):
        """The next item of that type, wherever it stands among the others."""
        return self.take(lambda item: item["type"] == type, deadline_s)

    def take(self, wanted, deadline_s=DEADLINE_S):
        for position, item in enumerate(self.waiting):
            if wanted(item):
                return self.waiting.pop(position)
        while True:
            for item in self._receive(deadline_s):
                self.waiting.append(item)
            for position, item in enumerate(self.waiting):
                if wanted(item):
                    return self.waiting.pop(position)

    def _receive(self, deadline_s):
        try:
            message = self.connection.recv(timeout=deadline_s)
        except TimeoutError:
            raise AssertionError(f"nothing came within {deadline_s} s; waiting: {self.waiting[:5]}") from None
        assert isinstance(message, str), "a binary message from the server"
        items = [json.loads(line) for line in message.split("\n") if line]
        for item in items:
            self._conversation.received(item)
        return items

    def close_code(self, deadline_s=DEADLINE_S):
        """Waits until the server has closed; its code and reason."""
        try:
            while True:
                self.waiting.extend(self._receive(deadline_s))
        except ConnectionClosed as closed:
            frame = closed.rcvd
            return (frame.code, frame.reason) if frame else (1006, "")


def is_event(item):
    return item["type"] not in ("ok", "error", "pong", "hello")
