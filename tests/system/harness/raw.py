"""HTTP written byte by byte, for what no well-behaved client sends."""

import json
import re
import socket
from dataclasses import dataclass

from harness.documented_http import saw_answer
from harness.waiting import DEADLINE_S


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    def problem(self):
        return json.loads(self.body)


class Connection:
    def __init__(self, address, deadline_s=DEADLINE_S):
        self.socket = socket.create_connection(address, timeout=deadline_s)
        self._buffer = b""
        self._sent = b""
        self._several = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self._sent += data
        self.socket.sendall(data)

    def answer(self):
        """The next answer; None if the server closed instead."""
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        answer = Answer(int(lines[0].split()[1]), headers, self._exactly(int(headers.get("content-length", 0))))
        self._check(answer)
        return answer

    def _check(self, answer):
        """If what was sent is one request, and one that can be told: what answers what in a row is not."""
        asked = re.match(rb"([A-Z]+) (/[^ \r\n]*) HTTP/1\.[01]\r\n", self._sent)
        if asked and not self._several:
            saw_answer(asked[1].decode(), asked[2].decode("latin-1"), answer.status, answer.headers, answer.body)
        self._several = True

    def closed(self):
        """Reads until the server closes; what else it sent."""
        rest = self._buffer
        try:
            while chunk := self.socket.recv(65536):
                rest += chunk
        except ConnectionResetError:
            pass
        return rest

    def _fill(self):
        try:
            chunk = self.socket.recv(65536)
        except ConnectionResetError:
            chunk = b""
        self._buffer += chunk
        return bool(chunk)

    def _until(self, end):
        while end not in self._buffer:
            if not self._fill():
                return None
        head, _, self._buffer = self._buffer.partition(end)
        return head

    def _exactly(self, count):
        while len(self._buffer) < count and self._fill():
            pass
        body, self._buffer = self._buffer[:count], self._buffer[count:]
        return body


def request(method, target, headers=None, body=b"", host="parley"):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def bearer(user):
    return {"Authorization": f"Bearer {user.token}"}
