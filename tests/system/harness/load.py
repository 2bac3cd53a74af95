"""Writers that post with keys for as long as they are told, through whatever happens to the server, and what became of it.

A writer sends a few posts at once, waits for the replies, and after a broken connection sends what was not acknowledged
again with the same keys: so at the end every text is in history once, wherever its acknowledgement went.
"""

import itertools
import threading
import time

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from harness.socket import open_socket

WINDOW = 8
RETRY_S = 0.05
GONE = (ConnectionClosed, InvalidHandshake, OSError, AssertionError, TimeoutError)


class Writer(threading.Thread):
    def __init__(self, url_of, user, channel, name):
        super().__init__(daemon=True)
        self.url_of = url_of  # the server's address may change with each start
        self.user = user
        self.channel = channel
        self.prefix = name
        self.acked = {}  # text -> (seq, version)
        self.connections = 0
        self.refused = []
        self._pending = []
        self._numbers = itertools.count(1)
        self._ending = threading.Event()

    def run(self):
        while not self._ending.is_set() or self._pending:
            try:
                with open_socket(self.url_of(), self.user.token, "parley.v1.batch") as socket:
                    self.connections += 1
                    self._converse(socket)
            except GONE:
                time.sleep(RETRY_S)  # the pace of reconnecting, as a client's back-off; nothing waits for it

    def _converse(self, socket):
        while not self._ending.is_set() or self._pending:
            if not self._ending.is_set():
                while len(self._pending) < WINDOW:
                    self._pending.append(f"{self.prefix}-{next(self._numbers)}")
            sent = {socket.send("post_message", channel_id=self.channel["id"], text=t, key=t): t for t in self._pending}
            for id, text in sent.items():
                self._settle(text, socket.reply(id))
            socket.waiting.clear()

    def _settle(self, text, reply):
        if reply["type"] == "ok":
            self.acked[text] = (reply["seq"], reply["version"])
            self._pending.remove(text)
        elif not reply["retryable"]:
            self.refused.append(reply)
            self._pending.remove(text)

    def finish(self, deadline_s=120):
        """Stops when everything sent is acknowledged."""
        self._ending.set()
        self.join(deadline_s)
        assert not self.is_alive(), f"{self.prefix}: never acknowledged: {self._pending}"
        assert not self.refused, self.refused[:3]


class Listener(threading.Thread):
    """A member's socket that keeps what it is pushed, connection by connection."""

    def __init__(self, url_of, user):
        super().__init__(daemon=True)
        self.url_of = url_of
        self.user = user
        self.connections = []  # of each, the events in order
        self._ending = threading.Event()

    def run(self):
        while not self._ending.is_set():
            try:
                with open_socket(self.url_of(), self.user.token, "parley.v1.batch") as socket:
                    self.connections.append([])
                    while not self._ending.is_set():
                        self._keep(socket)
            except GONE:
                time.sleep(RETRY_S)

    def _keep(self, socket):
        try:
            self.connections[-1].append(socket.event(deadline_s=0.5))
        except AssertionError:  # nothing for a while: look whether it is time to end
            if not socket.connection.close_code is None:
                raise

    def finish(self):
        self._ending.set()
        self.join(30)
        assert not self.is_alive()


def whole_history(user, channel):
    messages, after = [], 0
    while True:
        page = user.history(channel, after=after, limit=200)
        messages += page["messages"]
        if not page["has_more"]:
            return messages
        after = messages[-1]["seq"]


def check_history(user, channel, writers):
    """Every acknowledged text is there once, where its acknowledgement said; the numbers have no hole; nothing is foreign."""
    messages = whole_history(user, channel)
    assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))
    first = messages[0]["version"] if messages else 0
    assert [m["version"] for m in messages] == list(range(first, first + len(messages)))
    at = {m["text"]: (m["seq"], m["version"]) for m in messages}
    assert len(at) == len(messages), "a text stands twice"
    acked = {text: place for w in writers if w.channel["id"] == channel["id"] for text, place in w.acked.items()}
    assert at == acked
    return messages


def check_pushes(listener, channel, messages):
    """On each connection the versions came dense and in order, and each message as history has it."""
    by_version = {m["version"]: m for m in messages}
    for number, events in enumerate(listener.connections):
        mine = [e for e in events if e["channel_id"] == channel["id"]]
        versions = [e["version"] for e in mine]
        assert versions == list(range(versions[0], versions[0] + len(versions))) if versions else True, f"connection {number}"
        for event in mine:
            if event["type"] == "message_posted":
                assert by_version[event["version"]]["text"] == event["message"]["text"]
