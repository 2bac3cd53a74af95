"""Exports of other systems, small and whole: what Slack gives, unpacked, and Parley's own form."""

import json
from datetime import datetime, timezone

DAY = 86_400
BORN = 1_577_836_800  # 2020-01-01T00:00:00Z


class SlackExport:
    """A team of four with two channels, a group and a direct message. `suffix` makes its people a test's own."""

    def __init__(self, folder, suffix="", name="Acme export"):
        self.path = folder / name
        self.path.mkdir(parents=True)
        self.ann, self.bob, self.cy, self.dee = [f"{who}{suffix}@example.com" for who in ["ann", "bob", "cy", "dee"]]
        self.name = f"general{suffix}"
        self._days = {}
        self.team = f"T0{suffix or 'ACME'}"
        users = [
            self._user("U1", "ann", self.ann, real_name="Ann Archer", is_owner=True, is_primary_owner=True),
            self._user("U2", "bob", self.bob, real_name="Bob Baker"),
            self._user("U3", "cy", self.cy, real_name="Cy Cook"),
            self._user("U4", "dee", self.dee, real_name="Dee Dyer", deleted=True),
        ]
        self.write("users.json", users)
        channel = {"created": BORN, "creator": "U1", "purpose": {"value": ""}}
        self.write(
            "channels.json",
            [
                {**channel, "id": "C1", "name": self.name, "members": ["U1", "U2", "U3"], "topic": {"value": "All & everything"}},
                {**channel, "id": "C2", "name": f"old{suffix}", "members": ["U1"], "topic": {"value": ""}, "is_archived": True},
            ],
        )
        self.write("groups.json", [{**channel, "id": "G1", "name": f"secret{suffix}", "creator": "U2", "members": ["U2", "U3"]}])
        self.write("dms.json", [{"id": "D1", "created": BORN, "members": ["U1", "U2"]}])
        self.day(self.name, 1, self.first_day())
        self.day(self.name, 2, self.second_day())
        self.day(f"old{suffix}", 1, [self.says("U1", 100, "the last word here")])
        self.day(f"secret{suffix}", 1, [self.says("U2", 100, "between us"), self.says("U3", 200, "sure", thread_ts=self.ts(1, 100))])
        self.day("D1", 1, [self.says("U2", 100, "Hello Ann"), self.says("U1", 101, "Hello Bob")])

    @staticmethod
    def _user(slack_id, name, email, **fields):
        return {"id": slack_id, "team_id": "", "name": name, "deleted": False, "profile": {"email": email}, **fields}

    def write(self, file, value):
        path = self.path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    @staticmethod
    def ts(day, second):
        return f"{BORN + day * DAY + second}.000200"

    @staticmethod
    def at(day, second):
        return datetime.fromtimestamp(BORN + day * DAY + second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def says(self, user, second, text, day=1, **fields):
        return {"type": "message", "user": user, "text": text, "ts": self.ts(day, second), **fields}

    def day(self, folder, day, messages):
        """The messages of a day, in the place of what was there."""
        name = datetime.fromtimestamp(BORN + day * DAY, timezone.utc).strftime("%Y-%m-%d.json")
        return self.write(f"{folder}/{name}", messages)

    def first_day(self):
        return [
            self.says("U1", 100, "Hello <@U2>, see <https://example.com/a?b=1&amp;c=2|the plan> in <#C2|old>", thread_ts=self.ts(1, 100)),
            self.says("U2", 200, "I like it &lt;3", thread_ts=self.ts(1, 100), reactions=[{"name": "+1", "users": ["U1", "U3"], "count": 2}]),
            self.says("U3", 300, "came", subtype="channel_join", inviter="U1"),
            self.says("U3", 400, "Thanks", thread_ts=self.ts(1, 100)),
            self.says("U1", 500, "corrected", edited={"user": "U1", "ts": self.ts(1, 600)}),
            self.says("U4", 700, "bye all"),
            self.says("U4", 800, "left", subtype="channel_leave"),
            self.says("U9", 900, "a stranger"),
            self.says("U1", 950, ""),
            self.says("U1", 960, "set the topic", subtype="channel_topic"),
        ]

    def second_day(self):
        files = [{"id": "F1", "name": "plan.pdf", "mimetype": "application/pdf", "size": 12, "url_private": "https://files.example.com/plan.pdf"}]
        return [
            self.says("U2", 100, "here it is", day=2, files=files, reactions=[{"name": "party-parrot", "users": ["U3"], "count": 1}]),
            {"type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "deploy", "text": "shipped", "ts": self.ts(2, 200)},
        ]


class JsonLines:
    """A workspace with one channel in Parley's own form, with as many messages as are asked for."""

    def __init__(self, path, messages=20, suffix="", text="number {}"):
        self.path = path
        self.ann, self.bob = f"ann{suffix}", f"bob{suffix}"
        self.lines = [
            self.line("user", self.ann, 0, name="Ann"),
            self.line("workspace", self.ann, 0, id="w", name="Acme"),
            self.line("member", self.ann, 1, workspace="w", member=self.bob),
            self.line("channel", self.ann, 2, id="c", kind="private", workspace="w", name="general", members=[self.bob]),
        ]
        for number in range(1, messages + 1):
            who = self.ann if number % 2 else self.bob
            answer = {"reply_to": f"m{number - 1}"} if number % 5 == 0 else {}
            self.lines.append(self.line("message", who, 10 * number, id=f"m{number}", channel="c", text=text.format(number), **answer))
        self.lines.append(self.line("edit", self.ann, 10 * messages + 1, channel="c", message="m1", text="number one"))
        self.lines.append(self.line("reaction", self.bob, 10 * messages + 2, channel="c", message="m1", emoji="🎉"))
        self.lines.append(self.line("retract", self.bob, 10 * messages + 3, channel="c", message="m2"))
        self.save()

    @staticmethod
    def at(second):
        return SlackExport.at(1, second)

    def line(self, what, user, second, **fields):
        return json.dumps({"type": what, "user": user, "at": self.at(second), **fields}, ensure_ascii=False)

    def save(self):
        self.path.write_text("".join(line + "\n" for line in self.lines), encoding="utf-8")
        return self
