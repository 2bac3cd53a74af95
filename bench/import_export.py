#!/usr/bin/env python3
"""Writes an export in Slack's form, or in Parley's own, of as many messages as are asked for: `bench/run.sh import` moves it in.

    bench/import_export.py slack-export|jsonl PATH [--messages 500000] [--channels 40] [--users 200] [--days 250]

Of every hundred messages some 10 answer another, 3 were edited, 15 have a reaction or two: as in a busy workspace. The same
arguments write the same export.
"""

import argparse
import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

WORDS = "the build is green again and we can ship it after lunch if nobody minds that its docs are late by a day or so".split()
FIRST_DAY = datetime(2023, 1, 2, tzinfo=timezone.utc)


class Talk:
    """What is said in one channel on one day, message by message, in order."""

    def __init__(self, dice, users):
        self.dice, self.users = dice, users
        self.threads = []

    def day(self, day, count):
        step = 36_000_000_000 // max(count, 1)  # ten hours, in microseconds
        at = int((day + timedelta(hours=8)).timestamp()) * 1_000_000
        for _ in range(count):
            at += self.dice.randrange(1, 2 * step)
            yield at, self.message(at)

    def message(self, at):
        dice = self.dice
        said = {"user": dice.choice(self.users), "text": " ".join(dice.choices(WORDS, k=dice.randrange(4, 40)))}
        luck = dice.random()
        if luck < 0.10 and self.threads:
            said["thread"] = dice.choice(self.threads[-5:])
        elif luck < 0.15:
            self.threads.append(at)
        if dice.random() < 0.03:
            said["edited"] = at + dice.randrange(1_000_000, 600_000_000)
        if dice.random() < 0.15:
            said["reactions"] = {name: dice.sample(self.users, dice.choice([1, 1, 2])) for name in dice.sample(["+1", "tada", "eyes"], 1)}
        if dice.random() < 0.05:
            said["text"] = f"<@{dice.choice(self.users)}> {said['text']}"
        return said


def conversations(args):
    """(channel's number, day, [(time, message)]), channel by channel."""
    dice = random.Random(args.seed)
    users = [f"U{n:05}" for n in range(args.users)]
    for channel in range(args.channels):
        talk = Talk(dice, users)
        share = args.messages // args.channels + (channel < args.messages % args.channels)
        for number in range(args.days):
            count = share * (number + 1) // args.days - share * number // args.days
            day = FIRST_DAY + timedelta(days=number)
            if count:
                yield channel, day, list(talk.day(day, count))


def ts(micros):
    return f"{micros // 1_000_000}.{micros % 1_000_000:06}"


def as_slack(at, said):
    message = {"type": "message", "user": said["user"], "text": said["text"], "ts": ts(at), "team": "T0BENCH", "client_msg_id": f"{at:032x}"}
    if "thread" in said:
        message |= {"thread_ts": ts(said["thread"]), "parent_user_id": said["user"]}
    if "edited" in said:
        message["edited"] = {"user": said["user"], "ts": ts(said["edited"])}
    if "reactions" in said:
        message["reactions"] = [{"name": name, "users": users, "count": len(users)} for name, users in said["reactions"].items()]
    return message


def write(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")


def write_slack(args):
    args.path.mkdir(parents=True)
    born = int(FIRST_DAY.timestamp()) - 86_400
    users = [f"U{n:05}" for n in range(args.users)]
    write(args.path / "users.json", [{"id": u, "team_id": "T0BENCH", "name": u.lower(), "real_name": f"User {u}", "is_primary_owner": n == 0,
                                      "profile": {"email": f"{u.lower()}@example.com"}} for n, u in enumerate(users)])
    write(args.path / "channels.json", [{"id": f"C{n:04}", "name": f"channel-{n}", "created": born, "creator": users[0], "members": users,
                                         "topic": {"value": f"All about {n}"}, "purpose": {"value": ""}} for n in range(args.channels)])
    for channel, day, messages in conversations(args):
        folder = args.path / f"channel-{channel}"
        folder.mkdir(exist_ok=True)
        write(folder / f"{day:%Y-%m-%d}.json", [as_slack(at, said) for at, said in messages])


def time(micros):
    return datetime.fromtimestamp(micros // 1_000_000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{micros // 1000 % 1000:03}Z"


def as_lines(channel, at, said):
    about = {"channel": channel, "user": said["user"]}
    line = {"type": "message", "id": str(at), **about, "at": time(at), "text": said["text"]}
    if "thread" in said:
        line["reply_to"] = str(said["thread"])
    yield line
    for name, users in said.get("reactions", {}).items():
        for user in users:
            yield {"type": "reaction", "channel": channel, "message": str(at), "user": user, "at": time(at), "emoji": f":{name}:"}
    if "edited" in said:
        yield {"type": "edit", "message": str(at), **about, "at": time(at), "text": said["text"] + "!"}


def write_jsonl(args):
    users = [f"U{n:05}" for n in range(args.users)]
    born = time(int((FIRST_DAY - timedelta(days=1)).timestamp()) * 1_000_000)
    with args.path.open("w", encoding="utf-8") as out:
        def line(**fields):
            out.write(json.dumps(fields) + "\n")

        line(type="workspace", id="w", user=users[0], at=born, name="Bench")
        for user in users:
            line(type="user", user=user, at=born, name=f"User {user}")
            line(type="member", workspace="w", user=users[0], member=user, at=born)
        for channel in range(args.channels):
            line(type="channel", id=f"c{channel}", kind="public", workspace="w", name=f"channel-{channel}", user=users[0], members=users, at=born)
        for channel, _, messages in conversations(args):
            for at, said in messages:
                for fields in as_lines(f"c{channel}", at, said):
                    line(**fields)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("form", choices=["slack-export", "jsonl"])
    parser.add_argument("path", type=Path)
    for name, default in [("messages", 500_000), ("channels", 40), ("users", 200), ("days", 250), ("seed", 1)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    (write_slack if wanted.form == "slack-export" else write_jsonl)(wanted)
