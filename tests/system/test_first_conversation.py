"""The conversation of the README, by the programs that it names: curl and wscat."""

import json
import os
import subprocess

from harness.deployment import ROOT
from harness.process import run
from harness.waiting import DEADLINE_S


def curl(*arguments):
    done = run(["curl", "--silent", "--show-error", "--max-time", "20", *arguments])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def token(parley, user):
    return curl("-X", "POST", f"{parley.url}/v1/dev/tokens", "-d", json.dumps({"user_id": user}))["token"]


def test_two_users_talk_by_curl(parley, circle):
    alice, bob = (f"{name}-{circle.user().id}" for name in ["alice", "bob"])
    as_alice = ["-H", f"Authorization: Bearer {token(parley, alice)}"]
    as_bob = ["-H", f"Authorization: Bearer {token(parley, bob)}"]

    channel = curl("-X", "PUT", f"{parley.url}/v1/direct/{bob}", *as_alice)["id"]
    messages = f"{parley.url}/v1/channels/{channel}/messages"
    posted = curl("-X", "POST", messages, *as_alice, "-d", '{"text":"Hello Bob"}')
    assert (posted["seq"], posted["text"]) == (1, "Hello Bob")
    answer = curl("-X", "POST", messages, *as_bob, "-d", '{"text":"Hello Alice","reply_to":1}')
    assert answer["seq"] == 2

    headers = run(["curl", "-sD", "-", "-o", "/dev/null", "-X", "PUT", f"{parley.url}/v1/channels/{channel}/read", *as_bob, "-d", '{"seq":2}'])
    position = next(line.split(":", 1)[1].strip() for line in headers.stdout.splitlines() if line.lower().startswith("parley-position"))
    history = curl(messages, *as_bob, "-H", f"Parley-Min-Position: {position}")
    assert [m["text"] for m in history["messages"]] == ["Hello Bob", "Hello Alice"]


def test_the_lines_that_dev_run_prints_work_when_pasted(parley):
    hints = run([ROOT / "infra/dev/hints"], input=f"ready {parley.url}\n")
    assert hints.stdout.splitlines()[0] == f"ready {parley.url}"
    lines = [line.strip() for line in hints.stdout.splitlines() if line.startswith("  ")]
    pasted = "\n".join(line for line in lines if not line.startswith(("wscat", "{")))
    shell = run(["bash", "-eu", "-c", pasted])
    assert shell.returncode == 0, shell.stderr
    history = json.loads("{" + shell.stdout[shell.stdout.index('"messages"') :])
    assert history["messages"][-1]["text"] == "Hello Bob"


def test_two_users_talk_by_wscat(parley, alice, bob):
    with Wscat(parley, alice) as first, Wscat(parley, bob) as second:
        assert first.expect("hello")["user_id"] == alice.id
        assert second.expect("hello")["user_id"] == bob.id
        first.say({"id": 1, "type": "post_message", "direct_to": bob.id, "text": "Hello Bob"})
        assert first.expect("ok")["seq"] == 1
        got = second.expect("message_posted")
        assert (got["message"]["author"], got["message"]["text"]) == (alice.id, "Hello Bob")
        second.say({"id": 1, "type": "post_message", "channel_id": got["channel_id"], "text": "Hello Alice"})
        while (heard := first.expect("message_posted"))["message"]["author"] == alice.id:
            pass
        assert heard["message"]["text"] == "Hello Alice"


class Wscat:
    """wscat with its prompt at a pipe: what it prints is lines beginning with `< `."""

    def __init__(self, parley, user):
        address = "ws" + parley.url.removeprefix("http") + "/v1/ws"
        command = ["wscat", "--no-color", "-c", address, "-H", f"Authorization: Bearer {user.token}"]
        env = {**os.environ, "NODE_PATH": "/usr/share/nodejs"}  # where Debian puts modules, for a node that is not Debian's
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._child.kill()
        self._child.wait(DEADLINE_S)

    def say(self, item):
        self._child.stdin.write(json.dumps(item) + "\n")
        self._child.stdin.flush()

    def expect(self, type):
        for line in self._child.stdout:
            start = line.find("{")
            if start >= 0 and (item := json.loads(line[start:]))["type"] == type:
                return item
        raise AssertionError(f"wscat ended before {type!r} came")
