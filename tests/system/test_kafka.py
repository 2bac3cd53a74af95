"""What is special about Kafka: what lies on the topic, how it must be made, and what happens without the broker."""

import json

import pytest

from harness.broker import fresh_topic
from harness.client import Circle, problem
from harness.deployment import parley as tool
from harness.process import run
from harness.waiting import until

pytestmark = pytest.mark.shape("kafka")


@pytest.fixture
def on_kafka(serve, broker):
    """Starts servers on a topic of the test's own: on_kafka(topic, "--option", …)."""

    def start(topic, *options, **settings):
        return serve("--log", "kafka", "--brokers", broker.address, "--topic", topic, *options, **settings)

    return start


def records(broker, topic):
    """Every record of the topic, as kcat reads it: partition, offset, key (hex), headers."""
    layout = r'{"partition":%p,"offset":%o,"key_bytes":%K,"value_bytes":%S,"headers":"%h"}\n'
    done = run(["kcat", "-b", broker.address, "-C", "-t", topic, "-e", "-q", "-o", "beginning", "-f", layout])
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def headers_of(record):
    return dict(pair.partition("=")[::2] for pair in record["headers"].split(","))


def test_every_command_is_a_record_that_others_can_read(on_kafka, broker, circle_at):
    topic = fresh_topic()
    server = on_kafka(topic, "--partitions", "8")
    user = circle_at(server).user("u")
    channels = [user.group() for _ in range(6)]
    for channel in channels:
        user.say(channel, "secret words")
    read = records(broker, topic)
    control = [r for r in read if headers_of(r)["ce_type"] == "parley.control.v1"]
    assert [(r["partition"], r["offset"]) for r in control] == [(0, 0)]
    commands = [r for r in read if r not in control]
    assert len(commands) == 2 * len(channels)
    for record in commands:
        headers = headers_of(record)
        for name in ["ce_id", "ce_source", "ce_type", "ce_time", "ce_subject"]:
            assert headers[name], name
        assert headers["ce_specversion"] == "1.0"
        assert headers["content-type"] == "application/protobuf"
        assert record["key_bytes"] == 16
    expected = sorted(int(c["id"][:4], 16) * 8 // 65536 for c in channels for _ in range(2))
    assert sorted(r["partition"] for r in commands) == expected, "the partition is that of the slot"


def test_a_record_that_is_none_of_ours_is_stepped_over(on_kafka, broker, circle_at):
    topic = fresh_topic()
    server = on_kafka(topic, "--partitions", "1")
    user = circle_at(server).user("u")
    channel = user.group()
    user.say(channel, "before")
    run(["sh", "-c", f"printf 'rubbish' | kcat -b {broker.address} -P -t {topic} -p 0"])
    assert user.say(channel, "after")["seq"] == 2
    assert [m["text"] for m in user.history(channel)["messages"]] == ["before", "after"]


def test_a_topic_with_another_number_of_partitions_is_refused(on_kafka, broker, tmp_path):
    topic = fresh_topic()
    on_kafka(topic, "--partitions", "4").stop()
    refused = tool("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "x", "--log", "kafka", "--brokers", broker.address,
                   "--topic", topic, "--partitions", "8")  # fmt: skip
    assert refused.returncode > 0 and "partitions" in refused.stderr


def test_a_second_server_on_the_same_log_sees_the_same(on_kafka, circle_at):
    topic = fresh_topic()
    first = on_kafka(topic, name="first")
    user = circle_at(first).user("u")
    channel = user.group()
    user.say(channel, "hello")
    first.stop()
    second = on_kafka(topic, name="second")
    again = circle_at(second).known(user)
    until(lambda: again.circle.http.get("/readyz").status_code == 200, deadline_s=60)
    assert [m["text"] for m in again.history(channel)["messages"]] == ["hello"]


def test_without_its_broker_it_refuses_writes_serves_reads_and_resumes(on_kafka, broker):
    if broker.external:
        pytest.skip("the broker is not ours to kill")
    server = on_kafka(fresh_topic())
    user = Circle(server.url).user("u")
    channel = user.group()
    user.say(channel, "before")
    with user.socket() as socket:
        broker.kill()
        try:
            # What was on its way to the broker when that died may be in the log: the first answer may say so.
            first = user.post(f"/v1/channels/{channel['id']}/messages", {"text": "in doubt"}, timeout=60)
            assert first.json()["code"] in ("log_unavailable", "outcome_unknown")
            refused = user.post(f"/v1/channels/{channel['id']}/messages", {"text": "lost"}, timeout=60)
            problem(refused, 503, "log_unavailable")
            reply = socket.call("post_message", channel_id=channel["id"], text="lost too")
            assert (reply["code"], reply["retryable"]) == ("log_unavailable", True)
            assert user.history(channel)["messages"][0]["text"] == "before"
            assert user.get("/readyz").status_code == 503 and user.get("/healthz").status_code == 200
            assert socket.call("ping")["type"] == "pong"
        finally:
            broker.start()
        until(lambda: user.post(f"/v1/channels/{channel['id']}/messages", {"text": "after"}, key="k").status_code == 201, deadline_s=60)
        while (event := socket.event(channel))["message"]["text"] != "after":
            pass
        assert socket.ok("post_message", channel_id=channel["id"], text="again")["seq"] == event["message"]["seq"] + 1
    texts = [m["text"] for m in user.history(channel)["messages"]]
    assert texts in (["before", "after", "again"], ["before", "in doubt", "after", "again"])
    until(lambda: user.get("/readyz").status_code == 200)
