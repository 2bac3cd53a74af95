"""Reading one's writes: Parley-Position and Parley-Min-Position."""

import shutil

import pytest

from harness.client import ok, path_of, problem
from harness.raw import Connection, bearer, request


def read_at(user, channel, *positions):
    headers = {"Parley-Min-Position": ",".join(positions)}
    return user.get(f"/v1/channels/{channel['id']}/messages?limit=1", headers=headers)


def test_every_write_and_read_tells_its_position(alice, bob):
    channel = alice.group(bob)
    answers = [
        alice.post(f"/v1/channels/{channel['id']}/messages", {"text": "x"}),
        alice.put(f"/v1/channels/{channel['id']}/read", {"seq": 1}),
        alice.get(f"/v1/channels/{channel['id']}"),
        alice.get(f"/v1/channels/{channel['id']}/messages"),
        alice.get("/v1/inbox"),
        alice.get("/v1/users/me"),
        alice.get(f"/v1/direct/{path_of(bob)}"),  # there is none, as of a position
    ]
    assert all(answer.headers.get("Parley-Position") for answer in answers)


def test_who_is_given_a_position_reads_what_was_written_there(alice, bob):
    channel = alice.group(bob)
    for number in range(1, 51):
        posted = alice.post(f"/v1/channels/{channel['id']}/messages", {"text": str(number)})
        page = ok(read_at(bob, channel, posted.headers["Parley-Position"]), 200)
        assert page["messages"][-1]["text"] == str(number)


def test_the_position_of_a_websocket_reply_serves_too(alice, bob):
    channel = alice.group(bob)
    with alice.socket() as socket:
        for number in range(1, 51):
            reply = socket.ok("post_message", channel_id=channel["id"], text=str(number))
            page = ok(read_at(bob, channel, reply["position"]), 200)
            assert page["messages"][-1]["seq"] == reply["seq"]
            again = socket.ok("get_history", channel_id=channel["id"], limit=1, min_position=reply["position"])
            assert again["messages"][-1]["seq"] == reply["seq"]


def test_a_position_of_another_log_is_refused(alice):
    channel = alice.group()
    position = alice.post(f"/v1/channels/{channel['id']}/messages", {"text": "x"}).headers["Parley-Position"]
    version, epoch, *rest = position.split("-")
    foreign = "-".join([version, epoch[:-1] + ("0" if epoch[-1] != "0" else "1"), *rest])
    assert read_at(alice, channel, foreign).status_code == 400
    with alice.socket() as socket:
        socket.refused("invalid_argument", "get_history", channel_id=channel["id"], min_position=foreign)


def test_of_several_positions_those_that_are_read_count(alice, bob):
    """The channels lie in any partitions; each read is given the positions of all."""
    channels = [alice.group(bob) for _ in range(8)]
    positions = [
        alice.post(f"/v1/channels/{c['id']}/messages", {"text": "x"}).headers["Parley-Position"] for c in channels
    ]
    for channel in channels:
        assert ok(read_at(bob, channel, *positions), 200)["last_seq"] == 1


def test_all_lines_of_the_header_count(alice, parley):
    channel = alice.group()
    here = alice.post(f"/v1/channels/{channel['id']}/messages", {"text": "x"}).headers["Parley-Position"]
    later = "-".join([*here.split("-")[:-1], "99999999"])

    def status(first, second):
        lines = {"Parley-Min-Position": first, "parley-min-position": second}
        with Connection(parley.address) as connection:
            connection.send(request("GET", f"/v1/channels/{channel['id']}", {**bearer(alice), **lines}))
            return connection.answer().status

    assert status(here, here) == 200
    assert status(here, later) == 503 and status(later, here) == 503
    assert status(here, "x") == 400
    assert status(here, ",") == 200  # what is empty is no element


def test_the_inbox_is_as_new_as_the_positions_say(alice, bob):
    channels = [alice.group(bob) for _ in range(8)]
    for channel in channels:
        alice.say(channel, "x")
    assert [c["unread_count"] for c in bob.read("/v1/inbox")["channels"]] == [1] * 8


@pytest.mark.parametrize("position", ["x", "1", "1:2", "1:2:3:4", "-1:0:0", "9" * 400, ",", "1:0:x"])
def test_a_position_that_is_none_is_refused(alice, position):
    channel = alice.group()
    problem(read_at(alice, channel, position), 400, "invalid_argument")


def test_what_is_not_written_yet_is_not_waited_for_longer_than_promised(serve, circle_at, tmp_path):
    """The log is put back to an earlier copy, so that a position which the server once gave lies in its future."""
    server = serve()
    alice = circle_at(server).user("alice")
    channel = alice.group()
    server.stop()
    shutil.copytree(server.data, tmp_path / "copy")
    server.start()
    alice = circle_at(server).known(alice)
    future = alice.post(f"/v1/channels/{channel['id']}/messages", {"text": "later"}).headers["Parley-Position"]
    server.stop()
    shutil.rmtree(server.data)
    shutil.copytree(tmp_path / "copy", server.data)
    server.start()
    alice = circle_at(server).known(alice)
    answer = read_at(alice, channel, future)
    problem(answer, 503, "not_caught_up")
    assert int(answer.headers["Retry-After"]) >= 0
    assert alice.history(channel)["last_seq"] == 0
