"""WebSockets as clients of other systems open them: any path, any headers, JSON objects or plain texts."""

import json
import os
import subprocess

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from harness.waiting import DEADLINE_S


class Sockets:
    def __init__(self, url):
        self.url = "ws" + url.removeprefix("http").rstrip("/")
        self.opened = []

    def open(self, path, headers=None, deadline_s=DEADLINE_S):
        socket = Socket(self._connect(path, headers, deadline_s))
        self.opened.append(socket)
        return socket

    def refused(self, path, headers=None):
        """The status and body with which a handshake is refused."""
        try:
            self._connect(path, headers).close()
        except InvalidStatus as refusal:
            return refusal.response.status_code, refusal.response.body.decode()
        raise AssertionError("the handshake was taken")

    def _connect(self, path, headers, deadline_s=DEADLINE_S):
        return connect(
            self.url + path,
            additional_headers=headers,
            open_timeout=deadline_s,
            close_timeout=2,
            ping_interval=None,
            compression=None,
        )

    def close(self):
        for socket in self.opened:
            socket.connection.close()


class Socket:
    def __init__(self, connection):
        self.connection = connection

    def send(self, frame):
        self.connection.send(frame if isinstance(frame, str) else json.dumps(frame))

    def text(self, deadline_s=DEADLINE_S):
        return self.connection.recv(timeout=deadline_s)

    def frame(self, deadline_s=DEADLINE_S):
        return json.loads(self.text(deadline_s))

    def ask(self, frame):
        """Sends a frame and takes the next that comes."""
        self.send(frame)
        return self.frame()

    def closed(self, deadline_s=DEADLINE_S):
        """The close code; whatever comes before it is passed over."""
        try:
            while True:
                self.connection.recv(timeout=deadline_s)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


def wscat(url, frame, *options):
    """What comes within two seconds of a frame, by wscat: it ends with its input, so that stays open."""
    command = ["wscat", "-c", url, "-x", frame, "-w", "2", *options]
    env = {**os.environ, "NODE_PATH": "/usr/share/nodejs"}  # where Debian puts modules, for a node that is not Debian's
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as child:
        return child.stdout.read()
