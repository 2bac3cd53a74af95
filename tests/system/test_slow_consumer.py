"""Who does not read is cut off, with a code that says so, and harms nobody else."""

from harness.raw import Connection, request
from test_raw_socket import Peer, upgrade_headers


def test_a_socket_that_does_not_read_is_closed_and_the_others_get_everything(parley, alice, bob):
    channel = alice.group(bob)
    text = "x" * 16000
    with Connection(parley.address) as slow, alice.socket("parley.v1.batch") as writer:
        slow.send(request("GET", "/v1/ws", upgrade_headers(bob)))
        assert slow.answer().status == 101
        count = 0
        for _ in range(100):  # 32 MB in all, more than the kernel holds for him; 320 KB at once, well below the writer's own bound
            ids = [writer.send("post_message", channel_id=channel["id"], text=text) for _ in range(20)]
            for id in ids:
                assert writer.reply(id)["type"] == "ok"
            for _ in ids:
                count += 1
                assert writer.event(channel)["message"]["seq"] == count
        assert Peer(slow).close_code() == 4408
    assert bob.history(channel, limit=1)["last_seq"] == count


def test_a_client_that_reads_slowly_but_reads_gets_everything(parley, alice, bob):
    channel = alice.group(bob)
    with bob.socket("parley.v1.batch") as reader, alice.socket() as writer:
        for number in range(1, 101):
            writer.ok("post_message", channel_id=channel["id"], text="x" * 1000)
            if number % 25 == 0:
                assert [reader.event(channel)["message"]["seq"] for _ in range(25)] == list(range(number - 24, number + 1))
