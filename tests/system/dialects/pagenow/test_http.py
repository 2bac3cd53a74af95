"""Rows P-00 to P-07: PageNow over HTTP."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from dialects.pagenow.client import NO_PARTICIPANT, UUID, made, refusal
from harness.process import run
from harness.tokens import claims_for, sign
from harness.waiting import DEADLINE_S, until


# --- P-00, P-01
def test_P_00_the_bare_token_is_taken(anna, http):
    assert anna.get("/conversations").json() == []
    bearer = {"Authorization": f"Bearer {anna.user.token}"}
    assert http.get("/conversations", headers=bearer).status_code == 200


def test_P_00_the_user_is_whom_cognito_names(http, parley, anna, ben):
    claims = claims_for("somebody-else", **{"cognito:username": anna.id, "email": "anna@example.com"})
    mine = {"Authorization": sign(claims, parley.secret)}
    conversation = anna.direct(ben)
    assert http.get(f"/conversation/direct/{ben.id}", headers=mine).json() in ({"conversationId": conversation}, None)
    until(lambda: http.get(f"/conversation/direct/{ben.id}", headers=mine).json() == {"conversationId": conversation})


def test_P_00_an_option_names_another_claim(serve):
    server = serve("--dialect-claims", "pagenow=email")
    body = {"recipientIdArr": ["ben"], "title": "", "isGroup": False}
    ids = []
    for claims in [{"email": "anna"}, {"email": "anna", "cognito:username": "cleo"}]:
        token = sign(claims_for("x", **claims), server.secret)
        ids.append(httpx.post(f"{server.url}/conversation", json=body, headers={"Authorization": token}).json())
    assert ids[0] == ids[1]
    token = sign(claims_for("x", **{"cognito:username": "cleo"}), server.secret)
    assert httpx.get(f"{server.url}/conversations", headers={"Authorization": token}).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "a.b.c"}, {"Authorization": "Bearer x"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/conversation"),
        ("GET", "/conversation/direct/x"),
        ("GET", "/conversations"),
        ("GET", "/conversations/x"),
        ("GET", "/conversations/x/messages?offset=0&limit=1"),
        ("GET", "/conversations/x/participants"),
    ],
)
def test_P_00_without_a_sound_token_it_is_401(http, method, path, headers):
    assert refusal(http.request(method, path, headers=headers))[0] == 401


def test_P_00_who_is_to_sign_in_later_is_401(http, parley, alice):
    claims = claims_for("x", **{"cognito:username": alice.id})
    for claim, status in [({}, 200), ({"auth_time": claims["iat"]}, 200), ({"auth_time": claims["iat"] + 600}, 401)]:
        token = sign({**claims, **claim}, parley.secret)
        assert http.get("/conversations", headers={"Authorization": token}).status_code == status, claim


@pytest.mark.parametrize("origin", ["http://localhost:4200", "https://elsewhere.example", None])
def test_P_00_any_page_may_read_the_answers(anna, http, origin):
    headers = {"Authorization": anna.user.token, **({"Origin": origin} if origin else {})}
    for answer in [
        http.get("/conversations", headers=headers),
        http.get("/conversations?isRead=x", headers=headers),
        http.post("/conversation", headers=headers, json={}),
        http.get("/conversations", headers={**headers, "Authorization": "x"}),
    ]:
        assert answer.headers.get_list("Access-Control-Allow-Origin") == ["*"]


@pytest.mark.parametrize("path", ["/conversation", "/conversations", "/conversations/x/messages", "/conversation/direct/x"])
def test_P_00_a_preflight_names_methods_headers_and_the_page(http, path):
    answer = http.options(path, headers={"Origin": "http://localhost:4200", "Access-Control-Request-Method": "GET"})
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:4200"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Allow-Methods"] == "OPTIONS,GET,POST,PUT,PATCH,DELETE"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type,X-Amz-Date,Authorization,X-Api-Key"


def test_P_00_the_clients_page_may_be_elsewhere_if_an_option_says_so(serve):
    server = serve("--allowed-origins", "https://pages.example")
    preflight = {
        origin: httpx.options(f"{server.url}/conversations", headers={"Origin": origin}).headers["Access-Control-Allow-Origin"]
        for origin in ["https://pages.example", "http://localhost:4200", "https://evil.example"]
    }
    assert preflight == {
        "https://pages.example": "https://pages.example",
        "http://localhost:4200": "http://localhost:4200",
        "https://evil.example": "http://localhost:4200",
    }


def test_P_01_errors_are_plain_texts(anna, ben, cleo):
    assert refusal(anna.call("POST", "/conversation", {})) == (400, "Missing 'recipientIdArr' in event body")
    assert refusal(anna.get(f"/conversations/{uuid.uuid4()}/messages")) == (400, "Missing 'offset' in event parameter")
    assert refusal(anna.get("/conversations", isRead="maybe")) == (400, "Invalid parameter 'isRead'")
    assert refusal(cleo.get(f"/conversations/{anna.direct(ben)}")) == NO_PARTICIPANT


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"1", b'{"title":"","title":"x"}'])
def test_P_01_a_body_that_is_no_object_has_nothing_in_it(anna, body):
    assert refusal(anna.call("POST", "/conversation", content=body)) == (400, "Missing 'recipientIdArr' in event body")


@pytest.mark.parametrize("field", ["recipientIdArr", "title", "isGroup"])
def test_P_01_a_key_in_capitals_is_another_and_one_that_is_there_twice_no_body(anna, ben, field):
    body = {"recipientIdArr": [ben.id], "title": "", "isGroup": False}
    capitals = {(each.title() if each == field else each): value for each, value in body.items()}
    assert refusal(anna.call("POST", "/conversation", capitals)) == (400, f"Missing '{field}' in event body")
    twice = json.dumps(body)[:-1] + f', "{field}": {json.dumps(body[field])}}}'
    assert refusal(anna.call("POST", "/conversation", content=twice)) == (400, "Missing 'recipientIdArr' in event body")
    assert anna.direct_with(ben) is None


@pytest.mark.parametrize("id", ["7", "9" * 6000, str(10**30)], ids=len)
def test_P_01_a_number_is_no_conversation(anna, id):
    for path in [f"/conversations/{id}", f"/conversations/{id}/messages?offset=0&limit=1", f"/conversations/{id}/participants"]:
        assert refusal(anna.get(path)) == NO_PARTICIPANT
    assert anna.get(f"/conversation/direct/{id}").json() is None


def test_P_02_who_starts_a_conversation_is_whom_the_token_names(anna, ben, cleo):
    body = {"recipientIdArr": [ben.id], "title": "", "isGroup": False, "userId": cleo.id, "senderId": cleo.id, "created_by": cleo.id}
    conversation = made(anna.call("POST", "/conversation", body))
    until(lambda: anna.direct_with(ben) == {"conversationId": conversation})
    assert cleo.direct_with(ben) is None


# --- P-02
def test_P_02_a_group_has_its_title_and_all_who_were_named(anna, ben, cleo):
    conversation = anna.group(ben, cleo, title="Lunch")
    assert UUID.fullmatch(conversation)
    path = f"/conversations/{conversation}"
    seen = until(lambda: (answer := cleo.get(path)).status_code == 200 and answer.json())
    assert (seen["title"], seen["isGroup"]) == ("Lunch", True)
    assert set(cleo.get(f"{path}/participants").json()) == {anna.id, ben.id, cleo.id}


def test_P_02_two_groups_with_the_same_title_and_people_are_two(anna, ben, cleo):
    assert anna.group(ben, cleo) != anna.group(ben, cleo)


@pytest.mark.parametrize("missing", ["recipientIdArr", "title", "isGroup"])
@pytest.mark.parametrize("is_null", [True, False])
def test_P_02a_a_field_that_is_missing_is_named(anna, ben, missing, is_null):
    body = {"recipientIdArr": [ben.id], "title": "", "isGroup": False}
    if is_null:
        body[missing] = None
    else:
        del body[missing]
    assert refusal(anna.call("POST", "/conversation", body)) == (400, f"Missing '{missing}' in event body")


@pytest.mark.parametrize(
    ("recipients", "is_group"),
    [
        ([], False),
        ([], True),
        (["bea", "carl"], False),
        (["bea"], True),
        (["bea", "bea"], True),
        ("bea", False),
        ([1], False),
        ([""], False),
        (["b/d"], False),
        (["x" * 51], False),
        (["bea", "x" * 51], True),
        ({"0": "bea"}, False),
    ],
)
def test_P_02b_recipients_that_are_too_few_too_many_or_none(anna, recipients, is_group):
    body = {"recipientIdArr": recipients, "title": "T", "isGroup": is_group}
    assert refusal(anna.call("POST", "/conversation", body)) == (400, "Invalid parameter 'recipientIdArr'")


@pytest.mark.parametrize("is_group", [True, False])
def test_P_02b_oneself_is_no_recipient(anna, is_group):
    others = [anna.id, "bea"] if is_group else [anna.id]
    assert refusal(anna.asks_for(others, "T", is_group)) == (400, "Invalid parameter 'recipientIdArr'")


@pytest.mark.parametrize("title", ["", "x" * 301, 7, ["T"]])
def test_P_02c_a_group_without_a_title_or_with_one_that_is_too_long(anna, title):
    body = {"recipientIdArr": ["bea", "carl"], "title": title, "isGroup": True}
    assert refusal(anna.call("POST", "/conversation", body)) == (400, "Invalid parameter 'title'")


@pytest.mark.parametrize("title", ["x" * 300, "ä" * 300, "two\nlines", "\n", "🎉" * 250, '"quoted" \\ '])
def test_P_02c_a_title_comes_back_as_it_was(anna, ben, cleo, title):
    conversation = anna.group(ben, cleo, title=title)
    seen = until(lambda: (answer := ben.get(f"/conversations/{conversation}")).status_code == 200 and answer.json())
    assert seen["title"] == title


@pytest.mark.parametrize("title", ["Lunch", "x" * 300])
def test_P_05_a_group_that_others_renamed_has_its_new_name(anna, ben, cleo, alice, title):
    conversation = anna.group(ben, cleo, title=title)
    assert alice.patch(f"/v1/channels/{conversation}", {"name": "Dinner"}).status_code == 200
    until(lambda: ben.get(f"/conversations/{conversation}").json()["title"] == "Dinner")


def test_P_02d_a_direct_conversation_has_no_title(anna, ben):
    conversation = anna.asks_for([ben], "A title").json()["conversationId"]
    seen = until(lambda: (answer := ben.get(f"/conversations/{conversation}")).status_code == 200 and answer.json())
    assert (seen["title"], seen["isGroup"]) == ("", False)


def test_P_02e_a_direct_conversation_that_is_there_is_the_one(anna, ben, alice, bob):
    conversation = anna.direct(ben)
    assert anna.direct(ben) == conversation
    assert ben.direct(anna) == conversation
    assert alice.direct(bob)["id"] == conversation, "the native channel is the same"


def test_P_02f_a_conversation_is_made_whole_or_not_at_all(anna, ben, cleo):
    refused = anna.asks_for([ben, cleo, "no/user"], "Half", True)
    assert refused.status_code == 400
    whole = anna.group(ben, cleo, title="Whole")
    anna.say(whole, "here")
    for each in [anna, ben, cleo]:
        assert [row["title"] for row in each.conversations()] == ["Whole"]


def test_P_02f_it_is_one_command_of_the_log(anna, ben, cleo, alice):
    conversation = anna.group(ben, cleo, title="One")
    alice.circle.positions.clear()
    events = until(lambda: (a := alice.get(f"/v1/channels/{conversation}/events?after=0")).status_code == 200 and a.json()["events"])
    assert [event["type"] for event in events] == ["channel_created"]


# --- P-03
def test_P_03_the_direct_conversation_of_two_or_null(anna, ben, cleo):
    assert anna.direct_with(ben) is None
    conversation = anna.direct(ben)
    until(lambda: anna.direct_with(ben) == {"conversationId": conversation})
    until(lambda: ben.direct_with(anna) == {"conversationId": conversation})
    anna.group(ben, cleo)
    assert anna.direct_with(cleo) is None
    assert anna.direct_with(anna) is None
    assert anna.get("/conversation/direct/" + "x" * 200).json() is None


# --- P-04, P-14
KEYS = ["conversationId", "title", "isGroup", "sentAt", "latestContent", "senderId", "isRead", "participantId"]


def test_P_04_a_row_for_each_conversation_with_the_latest_message_first(anna, ben, cleo):
    direct, group = anna.direct(ben), anna.group(ben, cleo, title="Lunch")
    [first] = anna.say(direct, "Hello Ben")
    [second] = cleo.say(group, "Hello all")
    rows = anna.conversations(lambda rows: len(rows) == 2)
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert rows[0].pop("participantId") in (ben.id, cleo.id)
    assert rows[0] == {
        "conversationId": group,
        "title": "Lunch",
        "isGroup": True,
        "sentAt": second["sentAt"],
        "latestContent": "Hello all",
        "senderId": cleo.id,
        "isRead": False,
    }
    assert rows[1] == {
        "conversationId": direct,
        "title": "",
        "isGroup": False,
        "sentAt": first["sentAt"],
        "latestContent": "Hello Ben",
        "senderId": anna.id,
        "isRead": True,
        "participantId": ben.id,
    }
    anna.say(direct, "Newer")
    assert anna.conversations(lambda rows: rows[0]["latestContent"] == "Newer")[1]["conversationId"] == group


def test_P_04_a_conversation_without_messages_is_not_there(anna, ben, cleo):
    anna.direct(ben)
    spoken = anna.group(ben, cleo)
    anna.say(spoken, "x")
    assert [row["conversationId"] for row in anna.conversations()] == [spoken]


def test_P_04_read_and_unread_apart(anna, ben, cleo):
    read, unread = anna.direct(ben), cleo.direct(ben)
    anna.say(read, "one")
    cleo.say(unread, "two")
    ben.conversations(lambda rows: len(rows) == 2)
    assert ben.socket().ask({"action": "read-messages", "conversationId": read})["type"] == "read-messages"
    assert [row["conversationId"] for row in ben.conversations(isRead="true")] == [read]
    assert [row["conversationId"] for row in ben.conversations(lambda rows: len(rows) == 1, isRead="false")] == [unread]
    assert {row["conversationId"]: row["isRead"] for row in ben.conversations()} == {read: True, unread: False}


def test_P_04_more_conversations_than_a_page_of_the_inbox(anna, ben, alice):
    def one(i):
        channel = alice.group(ben.id, f"other-{i}", name=f"g{i:03}")
        alice.say(channel, f"m{i}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(205)))
    rows = ben.conversations(lambda rows: len(rows) == 205)
    assert {row["title"] for row in rows} == {f"g{i:03}" for i in range(205)}, "a native channel's title is its name"
    assert [row["sentAt"] for row in rows] == sorted((row["sentAt"] for row in rows), reverse=True)
    assert {row["participantId"] for row in rows} <= {anna.id, *(f"other-{i}" for i in range(205))}


def test_P_04_what_was_hidden_is_not_the_latest(anna, ben, alice, bob):
    conversation = anna.direct(ben)
    anna.say(conversation, "first", "second")
    ben.conversations(lambda rows: rows and rows[0]["latestContent"] == "second")
    assert bob.delete(f"/v1/channels/{conversation}/messages/2?scope=me").status_code == 204
    assert ben.conversations(lambda rows: rows[0]["latestContent"] == "first")
    assert bob.delete(f"/v1/channels/{conversation}/messages/1?scope=me").status_code == 204
    until(lambda: ben.get("/conversations").json() == [])


@pytest.mark.parametrize("value", ["", "1", "TRUE", "yes", "null"])
def test_P_04a_isRead_is_true_or_false(anna, value):
    assert refusal(anna.get("/conversations", isRead=value)) == (400, "Invalid parameter 'isRead'")


def test_P_14_unread_of_a_conversation_and_of_a_user(anna, ben, cleo):
    one, two = anna.direct(ben), anna.group(ben, cleo)
    anna.say(one, "a")
    cleo.say(two, "b", "c")
    assert len(ben.conversations(lambda rows: len(rows) == 2, isRead="false")) == 2
    tab = ben.socket()
    for left, conversation in [(1, one), (0, two)]:
        tab.ask({"action": "read-messages", "conversationId": conversation})
        until(lambda left=left: len(ben.get("/conversations", isRead="false").json()) == left)
    cleo.say(two, "d")
    assert [row["latestContent"] for row in ben.conversations(isRead="false")] == ["d"]
    assert cleo.conversations(isRead="true")[0]["latestContent"] == "d", "one's own is read"


# --- P-05
def test_P_05_one_conversation(anna, ben):
    conversation = anna.direct(ben)
    seen = until(lambda: (answer := anna.get(f"/conversations/{conversation}")).status_code == 200 and answer.json())
    assert list(seen.items()) == [
        ("conversation_id", conversation),
        ("title", ""),
        ("isGroup", False),
        ("participantId", ben.id),
    ]
    assert ben.get(f"/conversations/{conversation}").json()["participantId"] == anna.id


@pytest.mark.parametrize("conversation", [str(uuid.uuid4()), "x", "%20", "0"])
def test_P_05_of_one_that_is_not_there(anna, conversation):
    assert refusal(anna.get(f"/conversations/{conversation}")) == NO_PARTICIPANT


def test_P_05_of_one_that_others_have(anna, ben, cleo):
    conversation = anna.direct(ben)
    until(lambda: anna.get(f"/conversations/{conversation}").status_code == 200)
    assert refusal(cleo.get(f"/conversations/{conversation}")) == NO_PARTICIPANT


def test_P_05_a_public_channel_is_for_those_who_are_in_it(anna, ben, alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace, name="general")
    assert until(lambda: (answer := anna.get(f"/conversations/{channel['id']}")).status_code == 200 and answer.json()) == {
        "conversation_id": channel["id"],
        "title": "general",
        "isGroup": True,
        "participantId": None,
    }
    for path in ["", "/participants", "/messages?offset=0&limit=1"]:
        assert refusal(ben.get(f"/conversations/{channel['id']}{path}")) == NO_PARTICIPANT


# --- P-06
def test_P_06_a_window_from_the_newest_on(anna, ben):
    conversation = anna.direct(ben)
    pushes = anna.say(conversation, *(f"m{i}" for i in range(1, 8)))
    newest = ben.messages(conversation, lambda rows: len(rows) == 3 and rows[0]["content"] == "m7", limit=3)
    assert [list(row) for row in newest] == [["messageId", "conversationId", "sentAt", "senderId", "content"]] * 3
    assert [row["content"] for row in newest] == ["m7", "m6", "m5"]
    assert [row["content"] for row in ben.messages(conversation, offset=3, limit=3)] == ["m4", "m3", "m2"]
    assert [row["content"] for row in ben.messages(conversation, offset=3, limit=3, order="asc")] == ["m2", "m3", "m4"]
    assert [row["content"] for row in ben.messages(conversation, offset=3, limit=3, order="desc")] == ["m4", "m3", "m2"]
    assert [row["content"] for row in ben.messages(conversation, offset=6, limit=3)] == ["m1"]
    assert ben.get(f"/conversations/{conversation}/messages", offset=7, limit=3).json() == []
    assert ben.get(f"/conversations/{conversation}/messages", offset=0, limit=0).json() == []
    told = [{key: push[key] for key in newest[0]} for push in pushes]
    assert ben.messages(conversation, order="asc") == told, "history has what was pushed"


def test_P_06_pages_of_15_and_then_20_come_to_the_end(anna, ben):
    conversation = anna.direct(ben)
    anna.say(conversation, *(f"m{i}" for i in range(50)))
    ben.messages(conversation, lambda rows: len(rows) == 50, limit=50)
    loaded, limit = [], 15
    while True:
        page = ben.get(f"/conversations/{conversation}/messages", offset=len(loaded), limit=limit).json()
        loaded += page
        if len(page) < limit:
            break
        limit = 20
    assert [row["content"] for row in loaded] == [f"m{i}" for i in reversed(range(50))]


def test_P_06_pages_beyond_those_of_the_native_contract(anna, ben, alice):
    conversation = anna.direct(ben)
    with alice.socket() as socket:
        for i in range(450):
            socket.send("post_message", channel_id=conversation, text=f"m{i}")
        for _ in range(450):
            socket.notice("ok")
    ben.messages(conversation, lambda rows: len(rows) == 450, limit=500)
    assert [row["content"] for row in ben.messages(conversation, offset=210, limit=230)] == [f"m{i}" for i in range(239, 9, -1)]


def test_P_06_what_one_has_hidden_leaves_no_short_page(anna, ben, bob):
    conversation = anna.direct(ben)
    anna.say(conversation, *(f"m{i}" for i in range(1, 9)))
    ben.messages(conversation, lambda rows: len(rows) == 8)
    for seq in [8, 6, 5]:
        assert bob.delete(f"/v1/channels/{conversation}/messages/{seq}?scope=me").status_code == 204
    assert [r["content"] for r in ben.messages(conversation, lambda rows: len(rows) == 5)] == ["m7", "m4", "m3", "m2", "m1"]
    assert [r["content"] for r in ben.messages(conversation, limit=2)] == ["m7", "m4"]
    assert [r["content"] for r in ben.messages(conversation, offset=2, limit=2)] == ["m3", "m2"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Missing 'offset' in event parameter"),
        ("limit=1", "Missing 'offset' in event parameter"),
        ("offset=0", "Missing 'limit' in event parameter"),
        ("offset=&limit=1", "Missing 'offset' in event parameter"),
        ("offset=-1&limit=1", "Invalid parameter 'offset'"),
        ("offset=x&limit=1", "Invalid parameter 'offset'"),
        ("offset=0&limit=1.5", "Invalid parameter 'limit'"),
        ("offset=0&limit=99999999999999999999", "Invalid parameter 'limit'"),
        ("offset=10001&limit=1", "Invalid parameter 'offset'"),
        ("offset=0&limit=1001", "Invalid parameter 'limit'"),
        ("offset=0&limit=1&order=up", "Invalid parameter 'order'"),
    ],
)
def test_P_06_offset_and_limit_are_needed_and_numbers(anna, ben, query, text):
    assert refusal(anna.call("GET", f"/conversations/{anna.direct(ben)}/messages?{query}")) == (400, text)


def test_P_06a_messages_are_for_those_who_are_in_it(anna, ben, cleo):
    conversation = anna.direct(ben)
    anna.say(conversation, "x")
    ben.messages(conversation)
    assert refusal(cleo.get(f"/conversations/{conversation}/messages", offset=0, limit=15)) == NO_PARTICIPANT
    assert refusal(cleo.get(f"/conversations/{uuid.uuid4()}/messages", offset=0, limit=15)) == NO_PARTICIPANT


# --- P-07
def test_P_07_all_who_are_in_it(anna, ben, cleo, dora):
    conversation = anna.group(ben, cleo, dora)
    path = f"/conversations/{conversation}/participants"
    assert sorted(until(lambda: (a := ben.get(path)).status_code == 200 and a.json())) == sorted(c.id for c in [anna, ben, cleo, dora])


def test_P_07_more_than_a_page_of_the_native_contract(anna):
    others = [f"p{i:03}" for i in range(230)]
    conversation = anna.group(*others)
    path = f"/conversations/{conversation}/participants"
    assert sorted(until(lambda: (a := anna.get(path)).status_code == 200 and a.json())) == sorted([anna.id, *others])


def test_P_07a_participants_are_for_those_who_are_in_it(anna, ben, cleo):
    path = f"/conversations/{anna.direct(ben)}/participants"
    until(lambda: ben.get(path).status_code == 200)
    assert refusal(cleo.get(path)) == NO_PARTICIPANT


# --- P-15
@pytest.mark.parametrize("stage", ["/", "/dev", "/prod"])
def test_P_15_each_stage_has_its_socket(anna, stage):
    socket = anna.socket(stage)
    socket.send({"action": "heartbeat"})
    assert socket.ask({"action": "read-messages"})["statusCode"] == 400


def test_P_15_a_dialect_is_switched_off_by_an_option(serve, circle_at):
    server = serve("--dialects", "room_chat")
    token = circle_at(server).user("u").token
    answer = httpx.get(f"{server.url}/conversations", headers={"Authorization": token})
    assert (answer.status_code, json.loads(answer.text)["code"]) == (404, "not_found")


def test_P_15_what_is_needed_is_set_up_at_the_start(serve, circle_at):
    """Log, tables and topic are made by the first start; the second finds them."""
    server = serve()
    token = circle_at(server).user("u").token
    body = {"recipientIdArr": ["v"], "title": "", "isGroup": False}
    made = httpx.post(f"{server.url}/conversation", json=body, headers={"Authorization": token}).json()
    server.restart()
    assert httpx.post(f"{server.url}/conversation", json=body, headers={"Authorization": token}).json() == made


def test_P_00_the_example_of_curl(parley, anna, ben):
    body = json.dumps({"recipientIdArr": [ben.id], "title": "", "isGroup": False})
    curl = run(["curl", "-s", f"{parley.url}/conversation", "-H", f"Authorization: {anna.user.token}", "-d", body], DEADLINE_S)
    assert list(json.loads(curl.stdout)) == ["conversationId"]
