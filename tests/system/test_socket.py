"""The conversation on one WebSocket: hello, commands, replies, errors, the batch sub-protocol, pings."""

import json
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from harness.client import token_for
from harness.shapes import is_id, is_time
from harness.socket import open_socket


@pytest.fixture
def channel(alice, bob):
    return alice.group(bob)


def test_the_first_thing_said_is_hello(alice):
    with alice.socket() as one, alice.socket() as other:
        assert one.hello["user_id"] == alice.id
        assert one.hello["connection_id"] != other.hello["connection_id"]
        assert one.hello["ping_interval_ms"] == 25000
        is_time(one.hello["server_time"])


@pytest.mark.parametrize("subprotocol", [None, "parley.v1", "parley.v1.batch"])
def test_the_subprotocol_asked_for_is_spoken(alice, channel, subprotocol):
    with alice.socket(subprotocol) as socket:
        assert socket.connection.subprotocol == subprotocol
        assert socket.ok("post_message", channel_id=channel["id"], text="x")["seq"] == 1
        assert socket.event(channel)["type"] == "message_posted"


def test_of_subprotocols_unknown_and_known_the_known_one_is_chosen(alice):
    with alice.socket("chat parley.v1.batch parley.v1") as socket:
        assert socket.connection.subprotocol == "parley.v1.batch"


def test_with_the_batch_subprotocol_a_message_may_hold_several_lines(alice, channel):
    with alice.socket("parley.v1.batch") as socket:
        ids = [socket.send("post_message", channel_id=channel["id"], text=f"{n}") for n in range(200)]
        assert sorted(socket.reply(id)["seq"] for id in ids) == list(range(1, 201))
        assert [socket.event(channel)["message"]["seq"] for _ in ids] == list(range(1, 201))


def test_a_post_is_answered_with_its_place(alice, channel):
    with alice.socket() as socket:
        reply = socket.ok("post_message", channel_id=channel["id"], text="Hello")
    assert (reply["channel_id"], reply["seq"], reply["version"]) == (channel["id"], 1, channel["version"] + 1)
    is_time(reply["posted_at"])
    is_id(reply["command_id"])
    assert isinstance(reply["position"], str)


@pytest.mark.parametrize("id", ["7", 7, "a b", "ü", "", 0, -1, 9007199254740991])
def test_the_id_of_a_command_comes_back_unchanged(alice, id):
    with alice.socket() as socket:
        socket.send("ping", id=id)
        assert socket.reply(id)["id"] == id


def test_ping_is_answered_with_pong(alice):
    with alice.socket() as socket:
        assert socket.call("ping")["type"] == "pong"


def test_a_message_to_a_user_makes_their_direct_channel(alice, bob):
    with alice.socket() as socket:
        first = socket.ok("post_message", direct_to=bob.id, text="hi")
        second = socket.ok("post_message", direct_to=bob.id, text="you")
    assert (first["seq"], second["seq"]) == (1, 2)
    assert first["channel_id"] == second["channel_id"] == bob.read(f"/v1/direct/{alice.id}")["channel_id"]
    assert [m["text"] for m in bob.history({"id": first["channel_id"]})["messages"]] == ["hi", "you"]


def test_edit_retract_and_cursors_over_websocket_do_what_they_do_over_http(alice, bob, channel):
    id = channel["id"]
    with alice.socket() as socket, bob.socket() as reader:
        socket.ok("post_message", channel_id=id, text="one")
        version = socket.ok("post_message", channel_id=id, text="two")["version"]
        assert socket.ok("edit_message", channel_id=id, seq=1, text="One")["version"] == version + 1
        assert socket.ok("retract_message", channel_id=id, seq=2)["version"] == version + 2
        assert reader.ok("mark_read", channel_id=id, seq=1)["seq"] == 1
        assert reader.ok("mark_read", channel_id=id, seq=2)["seq"] == 2
        assert reader.ok("mark_read", channel_id=id, seq=1)["seq"] == 2
        reader.refused("invalid_argument", "mark_read", channel_id=id, seq=3)
        assert reader.ok("mark_delivered", channel_id=id, seq=2)["seq"] == 2
        reader.refused("forbidden", "edit_message", channel_id=id, seq=1, text="mine")
        reader.refused("not_found", "edit_message", channel_id=id, seq=9, text="mine")
    assert [(m["text"] or "", m["retracted"]) for m in bob.history(channel)["messages"]] == [("One", False), ("", True)]


def test_joining_and_leaving_over_websocket(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace)
    alice.say(channel, "before")
    with bob.socket() as socket:
        joined = socket.ok("join_channel", channel_id=channel["id"])
        assert (joined["channel_id"], joined["last_seq"]) == (channel["id"], 1)
        left = socket.ok("leave_channel", channel_id=channel["id"])
        assert left["version"] == joined["version"] + 1


@pytest.mark.parametrize(
    "frame,code",
    [
        ("{", "invalid_json"),
        ("", "invalid_json"),
        ("nonsense", "invalid_json"),
        ('{"id":1,"type":"ping"} x', "invalid_json"),
        ("[1]", "invalid_argument"),
        ("7", "invalid_argument"),
        ("{}", "invalid_argument"),
        ('{"id":1}', "invalid_argument"),
        ('{"id":1,"type":7}', "invalid_argument"),
        ('{"id":1,"type":"fly"}', "invalid_argument"),
        ('{"id":[],"type":"ping"}', "invalid_argument"),
        ('{"id":null,"type":"ping"}', "invalid_argument"),
        ('{"id":1,"type":"ping","x":1}', "invalid_argument"),
        ('{"id":1,"id":2,"type":"ping"}', None),
        ('{"id":1,"type":"post_message"}', "invalid_argument"),
        ('{"id":1,"type":"post_message","text":"x"}', "invalid_argument"),
        ('{"id":1,"type":"post_message","direct_to":"","text":"x"}', "not_found"),
        ('{"id":1,"type":"post_message","direct_to":"a/b","text":"x"}', "not_found"),
        ('{"id":1,"type":"post_message","channel_id":7,"text":"x"}', "invalid_argument"),
        ('{"type":"post_message","direct_to":"x","text":"x"}', "invalid_argument"),
        ("[" * 20000, None),
        ('{"a":' * 5000, None),
    ],
)
def test_a_frame_that_is_no_command_gets_an_error_and_the_connection_lives(alice, frame, code):
    with alice.socket() as socket:
        socket.send_raw(frame)
        error = socket.notice("error")
        assert error["code"] == code if code else error["code"] in ("invalid_json", "invalid_argument")
        assert error["retryable"] is False
        assert socket.call("ping")["type"] == "pong"


@pytest.mark.parametrize(
    "fields",
    [{"text": ""}, {"text": "a" * 16385}, {"text": 7}, {"text": "x", "colour": 1}, {"text": "x", "reply_to": "1"}, {}],
)
def test_a_command_of_the_wrong_shape_is_refused_and_changes_nothing(alice, channel, fields):
    with alice.socket() as socket:
        socket.refused("invalid_argument", "post_message", channel_id=channel["id"], **fields)
        assert socket.ok("post_message", channel_id=channel["id"], text="a" * 16384)["seq"] == 1


def test_neither_or_both_of_channel_and_user_is_refused(alice, bob, channel):
    with alice.socket() as socket:
        socket.refused("invalid_argument", "post_message", text="x")
        socket.refused("invalid_argument", "post_message", channel_id=channel["id"], direct_to=bob.id, text="x")


def test_an_error_carries_the_id_of_its_command_even_when_its_fields_are_wrong(alice):
    with alice.socket() as socket:
        socket.send("post_message", id="mine", text=7)
        assert socket.reply("mine")["type"] == "error"


def test_ten_frames_in_a_row_that_are_no_objects_close_the_connection(alice):
    with alice.socket() as socket:
        for _ in range(10):
            socket.send_raw("[]")
        assert socket.close_code()[0] == 4400
        assert sum(item["type"] == "error" for item in socket.waiting) >= 9


def test_nine_bad_frames_and_a_good_one_are_forgiven(alice):
    with alice.socket() as socket:
        for _ in range(3):
            for _ in range(9):
                socket.send_raw("nonsense")
            assert socket.call("ping")["type"] == "pong"


def test_objects_that_are_no_commands_do_not_close_the_connection(alice):
    with alice.socket() as socket:
        for _ in range(30):
            socket.send_raw("{}")
        assert socket.call("ping")["type"] == "pong"


def test_a_binary_message_closes_the_connection(alice):
    with alice.socket() as socket:
        socket.send_raw(b'{"id":1,"type":"ping"}')
        assert socket.close_code()[0] == 1003


def test_a_message_of_64_kib_is_read_and_one_byte_more_closes_the_connection(alice):
    ping = json.dumps({"id": 1, "type": "ping"})
    with alice.socket() as socket:
        socket.send_raw(ping.ljust(65536))
        assert socket.reply(1)["type"] == "pong"
        socket.send_raw(ping.ljust(65537))
        assert socket.close_code()[0] == 1009


def test_a_fragmented_message_is_one_message(alice, channel):
    command = json.dumps({"id": 1, "type": "post_message", "channel_id": channel["id"], "text": "in pieces ✂"}, ensure_ascii=False)
    with alice.socket() as socket:
        socket.send_raw(iter([command[:1], command[1:20], "", command[20:]]))
        assert socket.reply(1)["seq"] == 1
        assert socket.event(channel)["message"]["text"] == "in pieces ✂"


def test_fragments_that_are_too_much_together_close_the_connection(alice):
    with alice.socket() as socket:
        with suppress(ConnectionClosed):  # it may be closed before all is sent
            socket.send_raw(iter([" " * 30000] * 3))
        assert socket.close_code()[0] == 1009


def test_a_client_that_closes_is_answered(alice):
    with alice.socket() as socket:
        socket.connection.close(1000, "bye")
        assert socket.connection.close_code == 1000


def test_a_websocket_ping_is_answered(alice):
    with alice.socket() as socket:
        pong = socket.connection.ping(b"payload")
        socket.call("ping")
        assert pong.wait(10)


# --- who may connect
@pytest.mark.parametrize("token", [None, "", "x", "a.b.c"])
def test_without_a_good_token_there_is_no_upgrade(circle, token):
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    with pytest.raises(InvalidStatus) as refused, open_socket(circle.url, headers=headers):
        pass
    response = refused.value.response
    assert response.status_code == 401
    assert json.loads(response.body)["code"] == "unauthenticated"


def test_a_connection_ends_when_its_token_does(circle):
    brief = circle.user("brief", expires_in=2)
    with brief.socket() as socket:
        assert socket.call("ping")["type"] == "pong"
        assert socket.close_code()[0] == 4401


def test_a_refreshed_connection_outlives_its_first_token(circle):
    brief = circle.user("brief", expires_in=2)
    with brief.socket() as first, brief.socket() as second:
        renewed = first.ok("refresh", token=token_for(circle, brief.id))
        is_time(renewed["expires_at"])
        assert second.close_code()[0] == 4401
        assert first.call("ping")["type"] == "pong"


def test_a_refresh_with_a_bad_token_or_another_users_is_refused(circle, alice, bob):
    with alice.socket() as socket:
        socket.refused("unauthenticated", "refresh", token="a.b.c")
        assert socket.call("refresh", token=bob.token)["type"] == "error"
        assert socket.ok("post_message", direct_to=bob.id, text="still me")["seq"] == 1
    assert bob.history(bob.direct(alice))["messages"][0]["author"] == alice.id
