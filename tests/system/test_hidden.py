"""What one may not see is answered as if it were not there: same status, same words."""

import pytest

UNKNOWN = "00000000-0000-8000-8000-000000000000"
MALFORMED = ["x", "1", "%20", "not-a-uuid", UNKNOWN + "0", UNKNOWN.replace("-", ""), "{" + UNKNOWN + "}"]

CHANNEL_CALLS = [
    ("GET", "", None),
    ("GET", "/messages", None),
    ("GET", "/messages/1", None),
    ("GET", "/members", None),
    ("GET", "/receipts", None),
    ("GET", "/deliveries", None),
    ("PATCH", "", {"name": "x"}),
    ("DELETE", "", None),
    ("PUT", "/members/{me}", None),
    ("DELETE", "/members/{me}", None),
    ("PUT", "/members/{other}", None),
    ("DELETE", "/members/{other}", None),
    ("POST", "/messages", {"text": "x"}),
    ("PATCH", "/messages/1", {"text": "x"}),
    ("DELETE", "/messages/1?scope=all", None),
    ("PUT", "/read", {"seq": 1}),
    ("PUT", "/delivered", {"seq": 1}),
    ("PUT", "/hidden", {"seq": 1}),
]
WORKSPACE_CALLS = [
    ("GET", "", None),
    ("GET", "/members", None),
    ("GET", "/channels", None),
    ("PATCH", "", {"name": "x"}),
    ("DELETE", "", None),
    ("PUT", "/members/{me}", None),
    ("DELETE", "/members/{me}", None),
    ("DELETE", "/members/{other}", None),
]
SOCKET_CALLS = [
    ("post_message", {"text": "x"}),
    ("edit_message", {"seq": 1, "text": "x"}),
    ("retract_message", {"seq": 1}),
    ("mark_read", {"seq": 1}),
    ("mark_delivered", {"seq": 1}),
    ("hide_messages", {"seq": 1}),
    ("join_channel", {}),
    ("leave_channel", {}),
    ("get_history", {}),
]


@pytest.fixture
def secrets(alice, bob):
    """Alice's and Bob's: a private channel, a group, their direct channel and the workspace; each with a message."""
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channels = [alice.channel(workspace, "private", members=[bob.id]), alice.channel(workspace), alice.group(bob), alice.direct(bob)]
    for channel in channels:
        alice.say(channel, "secret")
    return workspace, channels


def answer(user, other, kind, id, call):
    method, path, body = call
    path = path.replace("{me}", user.id).replace("{other}", str(other))
    got = user.call(method, f"/v1/{kind}/{id}{path}", body)
    told = got.json()
    assert told.pop("trace_id")
    told.pop("instance", None)
    return got.status_code, told, sorted(set(got.headers) - {"parley-position", "date"})


@pytest.mark.parametrize("call", CHANNEL_CALLS, ids=lambda c: f"{c[0]} {c[1]}")
def test_a_channel_of_others_is_answered_like_one_that_is_not_there(carol, alice, secrets, call):
    workspace, channels = secrets
    nothing = answer(carol, alice, "channels", UNKNOWN, call)
    assert nothing[0] == 404 and nothing[1]["code"] == "not_found"
    for id in [*[c["id"] for c in channels], workspace["id"], *MALFORMED]:
        assert answer(carol, alice, "channels", id, call) == nothing


@pytest.mark.parametrize("call", WORKSPACE_CALLS, ids=lambda c: f"{c[0]} {c[1]}")
def test_a_workspace_of_others_is_answered_like_one_that_is_not_there(carol, alice, secrets, call):
    workspace, channels = secrets
    nothing = answer(carol, alice, "workspaces", UNKNOWN, call)
    assert nothing[0] == 404 and nothing[1]["code"] == "not_found"
    for id in [workspace["id"], channels[0]["id"], *MALFORMED]:
        assert answer(carol, alice, "workspaces", id, call) == nothing


@pytest.mark.parametrize("type,fields", SOCKET_CALLS, ids=[c[0] for c in SOCKET_CALLS])
def test_over_websocket_the_answer_is_the_same_too(carol, secrets, type, fields):
    workspace, channels = secrets
    with carol.socket() as socket:

        def told(id):
            reply = socket.refused("not_found", type, channel_id=id, **fields)
            return {field: value for field, value in reply.items() if field not in ("id", "command_id", "position")}

        nothing = told(UNKNOWN)
        for id in [*[c["id"] for c in channels], workspace["id"], "x"]:
            assert told(id) == nothing


def test_a_workspace_of_others_in_a_body_is_not_there_either(carol, secrets):
    workspace, channels = secrets
    for id in [UNKNOWN, workspace["id"], channels[0]["id"], "x"]:
        got = carol.post("/v1/channels", {"kind": "public", "workspace_id": id, "name": "x"})
        assert (got.status_code, got.json()["code"]) == (404, "not_found")


def test_nothing_of_all_this_changed_anything(alice, bob, carol, secrets):
    workspace, channels = secrets
    before = [alice.read(f"/v1/channels/{c['id']}") for c in channels]
    for call in CHANNEL_CALLS:
        for channel in channels:
            answer(carol, alice, "channels", channel["id"], call)
    for call in WORKSPACE_CALLS:
        answer(carol, alice, "workspaces", workspace["id"], call)
    assert [alice.read(f"/v1/channels/{c['id']}") for c in channels] == before
    assert carol.read("/v1/inbox")["channels"] == [] and carol.read("/v1/workspaces")["workspaces"] == []
