"""schemathesis, which nobody here wrote, makes requests out of /openapi.json, right ones and wrong ones, and finds nothing to say."""

import os
import sys
from pathlib import Path

import pytest

from harness.process import run

SECONDS = int(os.environ.get("PARLEY_SCHEMATHESIS_SECONDS", "60"))
SEED = int(os.environ.get("PARLEY_SCHEMATHESIS_SEED", "1"))
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")

# What a request that the document allows may be answered, besides success, depends on what is there. 400 is not among these,
# save where the document can not say what is allowed: text is counted in bytes, a message may not be there to be answered, only
# one of five parameters may be given, `after` is opaque, a position may be of another partition, a time may have passed, a file
# may be too large for this site, 7.0 is an integer to a schema, and If-Match is made up by schemathesis itself. What is deleted is not what the others talk about.
CONFIG = """
max-time = {seconds}
continue-on-failure = true

[dictionaries]
channel = {{ values = {channels} }}
workspace = {{ values = {workspaces} }}
spare = {{ values = {spare} }}
user = {{ values = {users} }}
seq = {{ values = [1, 2, 3] }}
position = {{ values = ["{position}"] }}

[parameters]
"path.channel_id" = {{ dictionary = "channel", probability = 0.6 }}
"path.workspace_id" = {{ dictionary = "workspace", probability = 0.6 }}
"path.user_id" = {{ dictionary = "user", probability = 0.6 }}
"path.seq" = {{ dictionary = "seq", probability = 0.6 }}
"body.seq" = {{ dictionary = "seq", probability = 0.6 }}
"body.reply_to" = {{ dictionary = "seq", probability = 0.6 }}
"header.Parley-Min-Position" = "{position}"

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 422]

[generation]
database = "none"

[[operations]]
include-operation-id = [
  "postMessage", "putRead", "putDelivered", "putHidden", "putReaction", "deleteReaction",
  "listMessages", "getInbox", "updateWorkspace", "updateChannel", "editMessage", "createDevToken",
  "createAccount", "createAccountToken", "putBan", "deleteBan", "listChannelMembers", "createUpload", "search",
]
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 412, 422]

[[operations]]
include-operation-id = ["getMessage", "listRevisions"]
checks.use_after_free.enabled = false  # a message that was taken back stays in its place, and its revisions are the admins'

[[operations]]
include-operation-id = ["deleteChannel", "deleteWorkspace"]
parameters = {{ "path.channel_id" = {{ dictionary = "spare" }}, "path.workspace_id" = {{ dictionary = "spare" }} }}
"""


@pytest.fixture
def server(serve, bucket):
    return serve("--operators", "alice", *bucket.options())


@pytest.fixture
def config(server, circle_at, tmp_path):
    """How it runs, with the names of what is there to be talked about."""
    circle = circle_at(server)
    alice, bob, carol = [circle.known(name) for name in ["alice", "bob", "carol"]]
    workspaces = [alice.workspace(), bob.workspace()]
    alice.invite(workspaces[0], carol)
    bob.invite(workspaces[1], alice, "admin")
    channels = [alice.channel(workspaces[0]), alice.channel(workspaces[1], "private"), alice.group(bob), alice.direct(bob)]
    for channel in channels:
        for text in ["one", "two", "three"]:
            alice.say(channel, text)
    file = tmp_path / "schemathesis.toml"
    file.write_text(
        CONFIG.format(
            seconds=SECONDS,
            channels=[channel["id"] for channel in channels],
            workspaces=[workspace["id"] for workspace in workspaces],
            spare=[alice.workspace()["id"], *(alice.group()["id"] for _ in range(8))],
            users=[bob.id, carol.id],
            position=circle.positions[-1],
        )
    )
    return file, alice.token


@pytest.mark.timeout(SECONDS + 120)
def test_schemathesis_finds_nothing(server, config, tmp_path):
    file, token = config
    done = run(
        # The WebSocket has a document of its own.
        [SCHEMATHESIS, "--config-file", file, "run", f"{server.url}/openapi.json", "--checks", "all", "--exclude-path", "/v1/ws"]
        + ["-H", f"Authorization: Bearer {token}", "--no-color", "--seed", str(SEED)],
        env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(Path(__file__).parent)},
        deadline_s=SECONDS + 100,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr
    assert "Tested:" in done.stdout
