"""The documented lines, by the programs that they are for: curl and wscat."""

import json

from dialects.frames import wscat
from dialects.slack_clone.client import direct, message
from harness.process import run


def curl(*arguments):
    done = run(["curl", "--silent", "--show-error", "--max-time", "20", *arguments])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_S_02_the_example_of_curl(parley, slack, kim):
    body = {"workspace_name": slack.name("acme"), "user_email": kim}
    made = curl("-X", "POST", f"{parley.url}/workspace", "-d", json.dumps(body))
    assert (made["message"], made["admin"]) == ("workspace created successfully", kim)


def test_S_08_the_example_of_curl(parley, kim, workspace):
    body = {"workspace_id": workspace, "channel_name": f"of {kim}", "user_email": kim}
    line = ["-X", "POST", f"{parley.url}/channel", "-H", "Content-Type: application/json", "-d", json.dumps(body)]
    assert curl(*line)["message"] == "channel created successfully"
    assert curl(*line) == message("exist channel name")


def test_S_11_the_example_of_curl(parley, kim, workspace, channel):
    assert curl("-X", "DELETE", f"{parley.url}/channels/{workspace}/{kim}") == [channel]
    assert curl(f"{parley.url}/channels/{workspace}/{kim}") == [channel]


def test_S_15_the_example_of_curl(parley, kim, lee):
    assert curl("-X", "PATCH", f"{parley.url}/dm/{kim}/{lee}") == []


def test_S_19_the_example_of_wscat(parley, slack, kim, lee):
    receiver = slack.socket(lee)
    url = parley.url.replace("http", "ws", 1).rstrip("/") + "/dev"
    frame = json.dumps(direct(kim, lee))
    assert not wscat(url, frame, "-H", f"Authorization:{slack.token_for(kim)}").strip(), "the sender hears nothing"
    assert receiver.text() == json.dumps(direct(kim, lee), separators=(",", ":"))
