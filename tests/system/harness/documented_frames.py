"""Frames of a WebSocket, held against /asyncapi.json."""

import json
from functools import cache

from harness.contract import Checker, broken, complaints, documents


class Frames:
    def __init__(self):
        document = json.loads(documents()["asyncapi.json"])
        checker = Checker(document)
        messages = document["components"]["messages"]
        self.commands = {name for name, operation in document["operations"].items() if operation["action"] == "receive"}
        self._validators = {name: checker.compiled(message["payload"]) for name, message in messages.items()}
        self.told = set(messages) - self.commands

    def permits(self, command):
        """May a client send this?"""
        type = command.get("type") if isinstance(command, dict) else None
        return isinstance(type, str) and type in self.commands and self._validators[type].is_valid(command)

    def check(self, item, name):
        """What a frame from the server, of the message of that name, breaks."""
        if name in self.commands:  # of an event that has a command's name
            name = f"{name}_event"
        if name not in self.told:
            return [f"there is no message {name!r}"]
        return complaints(self._validators[name], item)


frames = cache(Frames)


class Conversation:
    """The frames of one connection: which command a reply is to, and whether it should have been taken."""

    def __init__(self):
        self._sent = {}  # id, as JSON -> what was sent with it

    def sent(self, text):
        try:
            command = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(command, dict):
            self._sent.setdefault(json.dumps(command.get("id")), []).append(command)

    def received(self, item):
        name = item.get("type")
        if name in ("ok", "pong"):
            self._answered(item, name)
        else:
            self._note(item, frames().check(item, name))

    def _answered(self, item, name):
        asked = self._sent.get(json.dumps(item.get("id")), [])
        taken = [command for command in asked if frames().permits(command)]
        if not taken:
            self._note(item, [f"the document does not permit {asked}"])
            return
        names = {f"{command['type']}_ok" if name == "ok" else name for command in taken}
        found = [frames().check(item, each) for each in sorted(names)]
        if all(found):
            self._note(item, found[0])

    def _note(self, item, found):
        for complaint in found:
            broken.append(f"frame {complaint}; {json.dumps(item)[:500]}")
