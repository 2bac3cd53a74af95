"""Rows N-00 to N-14: social media over HTTP."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from dialects.social_media.client import CHAT, USER, client_of, failed, in_order, token_of
from harness.client import ok
from harness.waiting import until

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HUGE = [2**53, 2**64, 10**30]


def not_a_member(answer, client, channel):
    failed(answer, 404, "RESUOURCE_NOT_FOUND", f"member {client.id} is not found in channel {channel['id']}")


def texts(page):
    return [chat["text"] for chat in page["data"]]


# --- N-00, N-01
def test_N_00_a_token_with_that_systems_claims_is_taken(parley, ann):
    ann.token = token_of(parley, ann.email, userId=ann.id, userRole="OFFICIAL")
    assert ann.get("/users/me").json()["id"] == ann.id


def test_N_00_a_token_without_that_systems_claim_is_not_counted_as_refused(serve, circle_at):
    server = serve()
    user = circle_at(server).user("ann")
    assert client_of(server, user).get("/users/me").json()["email"] == user.id
    refused = re.findall(r"^parley_auth_refused_total\{.*\} (\S+)$", httpx.get(f"{server.url}/metrics").text, re.M)
    assert refused
    assert {float(count) for count in refused} == {0}


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic YTpi"}])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/users/me"), ("POST", "/chats"), ("DELETE", "/chats/remove-multiple"), ("POST", "/signed-url")]
)
def test_N_00_without_a_good_token_it_is_401(ann, header, method, path):
    failed(ann.http.request(method, path, headers=header), 401, "AUTH_NOT_AUTHENTICATED")


def test_N_00_an_expired_token_and_one_of_another_secret_are_401(parley, ann):
    for token in [token_of(parley, ann.email, lives_s=-1), token_of(parley, ann.email)[:-4] + "AAAA"]:
        ann.token = token
        failed(ann.get("/users/me"), 401, "AUTH_NOT_AUTHENTICATED")


def test_N_01_a_failure_has_its_shape_and_no_stack(ann):
    body = failed(ann.get("/chats/1", channelId=1), 404, "RESUOURCE_NOT_FOUND")
    assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d", body["timestamp"])
    assert UUID.fullmatch(body["traceId"]) and body["metadata"] == {}


def test_N_01_the_trace_is_what_the_client_calls_his_request(ann):
    body = {"requestId": "r-1", "channelId": 1, "text": "x"}
    assert failed(ann.post("/chats", body), 404, "RESUOURCE_NOT_FOUND")["traceId"] == "r-1"
    assert failed(ann.call("POST", "/chats", body, token=False), 401, "AUTH_NOT_AUTHENTICATED")["traceId"] == "r-1"


def test_N_01_all_that_is_wrong_with_a_body_is_said_at_once(ann):
    metadata = failed(ann.post("/chats", {"channelId": "1"}), 400, "PARAMETER_INVALID")["metadata"]
    assert list(metadata) == ["context", "errors"]
    assert metadata["errors"] == [
        {"property": "channelId", "message": ["channelId must be an integer number"]},
        {"property": "text", "message": ["text must be a string"]},
    ]


@pytest.mark.parametrize("body", ["", "[]", "nonsense", "1", '{"channelId":1,"channelId":2,"text":"x"}', '{"ChannelId":1,"Text":"x"}'])
def test_N_01_what_is_no_body_is_refused(ann, body):
    answer = ann.http.post("/chats", content=body, headers=ann.bearer())
    assert failed(answer, 400, "PARAMETER_INVALID")["metadata"]["errors"]


@pytest.mark.parametrize("number", HUGE)
def test_N_01_a_number_beyond_all_is_refused(ann, number):
    for answer in [ann.post("/chats", {"channelId": number, "text": "x"}), ann.get(f"/chats/{number}", channelId=1)]:
        assert answer.json()["name"] in ("PARAMETER_OUT_OF_RANGE", "PARAMETER_INVALID") and answer.status_code == 400
    failed(ann.post("/members", {"channelId": -1}), 400, "PARAMETER_OUT_OF_RANGE")


WITH_A_BODY = [
    *[("POST", "/users"), ("POST", "/auth/token"), ("POST", "/channels"), ("POST", "/members"), ("DELETE", "/members"), ("POST", "/chats")],
    *[("DELETE", "/chats/remove-multiple"), ("PUT", "/chats/retract-multiple"), ("POST", "/signed-url")],
]


@pytest.mark.parametrize("call", WITH_A_BODY, ids=" ".join)
def test_N_01_no_call_takes_what_is_not_json_or_keys_in_capitals(ann, ben, channel, call):
    capitals = {"ChannelId": channel["id"], "Text": "x", "DisplayName": "x", "Type": "GROUP", "UserId": ann.id, "ChatIds": [1]}
    twice = '{"channelId":1,"channelId":1,"email":"a@b.c","email":"a@b.c","displayName":"x","displayName":"x","userId":1,"userId":1}'
    for body in ["", "nonsense", "[]", "[" * 3000, twice, json.dumps(capitals)]:
        answer = ann.http.request(*call, content=body, headers=ann.bearer())
        failed(answer, 400, "PARAMETER_INVALID")
    assert ben.page(channel) == {"data": [], "lastTokenId": "0"}
    assert ben.get(f"/channels/{channel['id']}").status_code == 200, "he is still in it"


def test_N_01_a_number_of_nothing_is_404_in_every_call(ann):
    number = {"channelId": 7}
    for answer in [
        *[ann.get("/channels/7"), ann.get("/users/7"), ann.get("/chats/7", channelId=7), ann.get("/chats", channelId=7)],
        *[ann.get("/chats-search", channelId=7, search="x"), ann.post("/chats", {**number, "text": "x"}), ann.post("/members", number)],
        *[ann.delete("/members", number), ann.delete("/channels/7"), ann.delete("/channels/7/members/me")],
        ann.delete("/chats/remove-multiple", {**number, "isAll": False, "chatIds": [1]}),
        ann.put("/chats/retract-multiple", {**number, "chatIds": [1]}),
    ]:
        failed(answer, 404, "RESUOURCE_NOT_FOUND")


@pytest.mark.parametrize("claimed", ["senderId", "userId", "ownerId"])
def test_N_09_the_sender_is_whom_the_token_names(ann, ben, channel, claimed):
    posted = ben.post("/chats", {"channelId": channel["id"], "text": "x", claimed: ann.id})
    assert (posted.status_code, posted.json()["senderId"]) == (201, ben.id)


def test_N_01_too_many_requests(serve, circle_at):
    server = serve("--rate-limits", "on", "--user-reads", "1/2")
    client = client_of(server, circle_at(server).user("ann"))
    answers = [client.get("/users/me") for _ in range(5)]
    refused = next(answer for answer in answers if answer.status_code != 200)
    failed(refused, 429, "TOO_MANY_REQUESTS")
    assert int(refused.headers["Retry-After"]) >= 1


# --- N-02 to N-05
@pytest.fixture
def account(parley, circle):
    """What one makes an account of."""
    return {"email": f"ann-{circle._suffix}@example.org", "name": "Ann", "password": "correct horse", "role": "OFFICIAL"}


def test_N_03_a_user_is_made_and_his_password_is_not_told(ann, account):
    made = ann.call("POST", "/users", account, token=False)
    assert made.status_code == 201
    user = in_order(made, USER)
    assert isinstance(user["id"], int) and ISO.fullmatch(user["createdAt"])
    assert user == {**user, "email": account["email"], "name": "Ann", "enabled": True, "role": "OFFICIAL"}
    failed(ann.call("POST", "/users", account, token=False), 409, "CONFLICT")
    assert ann.get(f"/users/{user['id']}").json() == user


def test_N_02_a_token_for_the_password_and_for_nothing_else(parley, ann, account):
    user = ann.call("POST", "/users", account, token=False).json()
    made = ann.call("POST", "/auth/token", {"email": account["email"], "password": account["password"]}, token=False)
    assert made.status_code == 201
    ann.token = in_order(made, ["accessToken"])["accessToken"]
    assert ann.get("/users/me").json() == user
    for wrong in [{"password": "wrong horse"}, {"email": "nobody@example.org"}]:
        body = {"email": account["email"], "password": account["password"], **wrong}
        failed(ann.call("POST", "/auth/token", body, token=False), 401, "AUTH_NOT_AUTHENTICATED")


def test_N_02_the_token_says_who_it_is(ann, account):
    user = ann.call("POST", "/users", account, token=False).json()
    body = {"email": account["email"], "password": account["password"]}
    claims = claims_in(ann.call("POST", "/auth/token", body, token=False).json()["accessToken"])
    assert (claims["userId"], claims["userEmail"], claims["userRole"]) == (user["id"], account["email"], "OFFICIAL")
    assert claims["exp"] - claims["iat"] == 3600


def claims_in(token):
    import base64
    import json

    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.mark.parametrize(
    "wrong",
    [{"email": "nonsense"}, {"email": 1}, {"name": None}, {"password": "short"}, {"role": "ADMIN"}, {"role": None}, {"name": ""}],
)
def test_N_03_what_can_not_be_an_account_is_400(ann, account, wrong):
    assert failed(ann.call("POST", "/users", {**account, **wrong}, token=False), 400, "PARAMETER_INVALID")["metadata"]["errors"]


def test_N_04_me(ann, alice):
    ok(alice.put("/v1/users/me", {"name": "Ann"}), 200)
    me = until(lambda: (found := ann.get("/users/me")).json()["name"] == "Ann" and found)
    user = in_order(me, USER)
    assert user == {**user, "id": ann.id, "email": ann.email, "enabled": True, "role": "NORMAL"}


def test_N_05_another_by_his_number(ann, ben, alice, bob):
    failed(ann.get(f"/users/{ben.id}"), 404, "RESUOURCE_NOT_FOUND")
    ok(bob.put("/v1/users/me", {"name": "Ben"}), 200)
    until(lambda: ann.get(f"/users/{ben.id}").status_code == 200)
    assert in_order(ann.get(f"/users/{ben.id}"), USER) == ben.get("/users/me").json()
    for text in ["x", "1.5", "-", "me2"]:
        failed(ann.get(f"/users/{text}"), 400, "PARAMETER_INVALID")
    for number in [0, 2**52, 2**53 - 1]:
        failed(ann.get(f"/users/{number}"), 404, "RESUOURCE_NOT_FOUND")


# --- N-06 to N-08
def test_N_06_who_makes_a_channel_is_in_it_and_its_admin(ann, alice):
    channel = ann.channel("Climbers", avatarPath="/temp/a.png")
    assert channel == {**channel, "displayName": "Climbers", "avatarPath": "/temp/a.png", "updatedAt": None}
    assert isinstance(channel["id"], int) and ISO.fullmatch(channel["createdAt"])
    native = alice.read("/v1/channels", number=channel["id"])["channels"][0]
    assert native["metadata"]["social_media"] == {"type": "GROUP", "avatarPath": "/temp/a.png"}
    members = alice.read(f"/v1/channels/{native['id']}/members")["members"]
    assert [(member["user_id"], member["role"]) for member in members] == [(alice.id, "owner")]


def test_N_06_one_to_one_and_without_an_avatar(ann):
    made = ann.post("/channels", {"displayName": "Ben", "type": "ONE_TO_ONE"})
    assert made.status_code == 201 and made.json()["avatarPath"] is None


@pytest.mark.parametrize("wrong", [{"displayName": None}, {"displayName": 1}, {"type": "ROOM"}, {"type": None}, {"avatarPath": 1}])
def test_N_06_what_can_be_no_channel_is_400(ann, wrong):
    body = {"displayName": "x", "type": "GROUP", "avatarPath": "/a.png", **wrong}
    failed(ann.post("/channels", body), 400, "PARAMETER_INVALID")


def test_N_07_a_channel_is_for_its_members(ann, ben, cat, channel):
    for client in [ann, ben]:
        assert client.get(f"/channels/{channel['id']}").json() == channel
    not_a_member(cat.get(f"/channels/{channel['id']}"), cat, channel)
    not_a_member(cat.get("/channels/7"), cat, {"id": 7})
    failed(cat.get("/channels/x"), 400, "PARAMETER_INVALID")


def test_N_08_joining_once(ann, ben):
    channel = ann.channel()
    ben.join(channel)
    failed(ben.post("/members", {"channelId": channel["id"]}), 409, "CONFLICT")
    failed(ann.post("/members", {"channelId": channel["id"]}), 409, "CONFLICT")
    failed(ben.post("/members", {"channelId": 7}), 404, "RESUOURCE_NOT_FOUND")
    failed(ben.post("/members", {"channelId": "7"}), 400, "PARAMETER_INVALID")


def test_N_08_who_is_banned_stays_out(ann, ben, alice, bob, channel):
    native = alice.read("/v1/channels", number=channel["id"])["channels"][0]
    ok(alice.put(f"/v1/channels/{native['id']}/bans/{bob.id}"), 200)
    until(lambda: ben.get(f"/channels/{channel['id']}").status_code == 404)
    failed(ben.post("/members", {"channelId": channel["id"]}), 404, "RESUOURCE_NOT_FOUND")


# --- N-09 to N-11
def test_N_09_a_chat_is_as_it_was_posted(ann, ben, channel):
    chat = ann.say(channel, "Hello 👋")
    assert chat == {
        **{"id": chat["id"], "channelId": channel["id"], "senderId": ann.id, "text": "Hello 👋", "ignoredUserIds": []},
        **{"isRetract": False, "createdAt": chat["createdAt"], "updatedAt": None, "publishAt": chat["createdAt"]},
        **{"deliveredAt": None, "ackedAt": None},
    }
    assert ISO.fullmatch(chat["createdAt"]) and ben.chat(chat) == chat


def test_N_09_ids_are_times_and_no_two_are_the_same(ann, ben, channel):
    with ThreadPoolExecutor(8) as pool:
        chats = list(pool.map(lambda i: (ann, ben)[i % 2].say(channel, f"chat {i}"), range(40)))
    ids = {chat["id"] for chat in chats}
    assert len(ids) == 40
    for chat in chats:
        assert millis(chat["createdAt"]) == chat["id"]


def millis(iso):
    from datetime import datetime, timedelta, timezone

    return (datetime.fromisoformat(iso) - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def test_N_09_who_is_not_in_it_says_nothing_there(cat, channel):
    not_a_member(cat.post("/chats", {"channelId": channel["id"], "text": "x"}), cat, channel)


def test_N_10_one_chat(ann, ben, cat, channel):
    chat = ann.say(channel, "one")
    assert ben.chat(chat) == chat
    missing = chat["id"] + 1
    failed(ben.get(f"/chats/{missing}", channelId=channel["id"]), 404, "RESUOURCE_NOT_FOUND", f"specified chat {missing} is not found")
    not_a_member(cat.get(f"/chats/{chat['id']}", channelId=channel["id"]), cat, channel)
    failed(ben.get("/chats/x", channelId=channel["id"]), 400, "PARAMETER_INVALID")
    failed(ben.get(f"/chats/{chat['id']}"), 400, "PARAMETER_INVALID")


@pytest.fixture
def chats(ann, channel):
    return [ann.say(channel, str(i)) for i in range(1, 8)]


def test_N_11_up_is_newest_first_from_the_end_id_on(ben, channel, chats):
    assert texts(ben.page(channel, scrolling="UP")) == list("7654321")
    page = ben.page(channel, endId=chats[4]["id"], perPage=3, scrolling="UP")
    assert texts(page) == list("543") and page["lastTokenId"] == str(chats[2]["id"])
    page = ben.page(channel, endId=page["lastTokenId"], perPage=3, scrolling="UP")
    assert texts(page) == list("321") and page["lastTokenId"] == "0"


def test_N_11_down_is_oldest_first_from_the_start_id_on(ben, channel, chats):
    assert texts(ben.page(channel, scrolling="DOWN")) == list("1234567")
    page = ben.page(channel, startId=chats[4]["id"], endId=0, perPage=2, scrolling="DOWN")
    assert texts(page) == list("56") and page["lastTokenId"] == str(chats[5]["id"])
    assert ben.page(channel, startId=chats[5]["id"], perPage=2, scrolling="DOWN") == {"data": [*chats[5:]], "lastTokenId": "0"}


def test_N_11_no_page_is_short_while_there_is_more(ann, ben, channel, chats):
    said = [ann.say(channel, f"more {i}") for i in range(30)]
    gone = {chat["id"] for chat in [*chats[1:6], *said[:25]]}
    assert ann.put("/chats/retract-multiple", {"channelId": channel["id"], "chatIds": [c["id"] for c in chats[1:6]]}).status_code == 204
    remove(ben, channel, said[:25])
    left = [chat["text"] for chat in [*chats, *said] if chat["id"] not in gone]
    page = ben.page(channel, scrolling="DOWN", perPage=3)
    assert texts(page) == left[:3] and page["lastTokenId"] != "0"
    page = ben.page(channel, scrolling="UP", perPage=6)
    assert texts(page) == left[::-1][:6] and page["lastTokenId"] != "0"
    assert ben.page(channel, scrolling="UP", perPage=7)["lastTokenId"] == "0"


def test_N_11_what_can_not_be_asked_for(ben, cat, channel):
    for params in [{"scrolling": "LEFT"}, {"perPage": "x"}, {"startId": "x"}, {"endId": "1.5"}]:
        failed(ben.get("/chats", channelId=channel["id"], **params), 400, "PARAMETER_INVALID")
    for params in [{"perPage": 0}, {"perPage": 1001}, {"endId": 2**53}]:
        failed(ben.get("/chats", channelId=channel["id"], **params), 400, "PARAMETER_OUT_OF_RANGE")
    failed(ben.get("/chats"), 400, "PARAMETER_INVALID")
    not_a_member(cat.get("/chats", channelId=channel["id"]), cat, channel)
    assert ben.page(channel) == {"data": [], "lastTokenId": "0"}


def test_N_11_what_was_said_natively_is_there(ann, ben, alice, channel):
    native = alice.read("/v1/channels", number=channel["id"])["channels"][0]
    message = alice.say(native, "from elsewhere")
    page = until(lambda: (found := ben.page(channel))["data"] and found)
    assert texts(page) == ["from elsewhere"] and page["data"][0]["id"] == message["number"]
    assert alice.history(native)["messages"][0]["text"] == "from elsewhere"


# --- N-12, N-13
def remove(client, channel, chats, **fields):
    body = {"channelId": channel["id"], "isAll": False, "chatIds": [chat["id"] for chat in chats], **fields}
    answer = client.delete("/chats/remove-multiple", body)
    assert (answer.status_code, answer.text) == (204, ""), answer.text


def retract(client, channel, chats):
    return client.put("/chats/retract-multiple", {"channelId": channel["id"], "chatIds": [chat["id"] for chat in chats]})


def test_N_12_removed_is_gone_for_me_alone(ann, ben, channel, chats):
    remove(ben, channel, chats[:2])
    assert texts(ben.page(channel)) == list("76543")
    assert texts(ann.page(channel)) == list("7654321")
    failed(ben.get(f"/chats/{chats[0]['id']}", channelId=channel["id"]), 404, "RESUOURCE_NOT_FOUND")
    assert ann.chat(chats[0]) == chats[0]
    remove(ben, channel, chats[:3])
    assert texts(ben.page(channel)) == list("7654")


def test_N_12_all_so_far_is_gone_for_me_and_what_comes_is_not(ann, ben, channel, chats):
    remove(ben, channel, [], isAll=True)
    assert ben.page(channel) == {"data": [], "lastTokenId": "0"}
    chat = ann.say(channel, "new")
    assert ben.page(channel)["data"] == [chat] and len(ann.page(channel)["data"]) == 8
    assert ben.delete("/chats/remove-multiple", {"channelId": channel["id"], "isAll": True}).status_code == 204


def test_N_12_what_can_not_be_removed(ben, cat, channel, chats):
    body = {"channelId": channel["id"], "isAll": False}
    for wrong in [{}, {"chatIds": "x"}, {"chatIds": ["1"]}, {"chatIds": [1.5]}, {"chatIds": [1], "isAll": "yes"}]:
        failed(ben.delete("/chats/remove-multiple", {**body, **wrong}), 400, "PARAMETER_INVALID")
    failed(ben.delete("/chats/remove-multiple", {**body, "chatIds": [1] * 101}), 400, "PARAMETER_OUT_OF_RANGE")
    not_a_member(cat.delete("/chats/remove-multiple", {**body, "chatIds": [chats[0]["id"]]}), cat, channel)
    assert len(ben.page(channel)["data"]) == 7


def test_N_13_retracted_is_gone_for_everybody(ann, ben, channel, chats):
    assert retract(ann, channel, chats[:2]).status_code == 204
    for client in [ann, ben]:
        assert texts(client.page(channel)) == list("76543")
        chat = client.chat(chats[0])
        assert (chat["isRetract"], chat["text"]) == (True, "")
        assert ISO.fullmatch(chat["updatedAt"]) and chat["updatedAt"] >= chat["createdAt"]
    assert retract(ann, channel, chats[:2]).status_code == 204


def test_N_13_its_sender_or_an_admin_and_nobody_else(ann, ben, cat, channel):
    hers, his = ann.say(channel, "hers"), ben.say(channel, "his")
    failed(retract(ben, channel, [his, hers]), 403, "AUTH_PERMISSION_DENIED")
    assert texts(ann.page(channel)) == ["his", "hers"], "nothing was retracted"
    failed(retract(ann, channel, [hers, {"id": 1}]), 404, "RESUOURCE_NOT_FOUND", "specified chat 1 is not found")
    assert texts(ann.page(channel)) == ["his", "hers"]
    not_a_member(retract(cat, channel, [hers]), cat, channel)
    assert retract(ann, channel, [hers, his]).status_code == 204, "she made the channel"
    assert texts(ben.page(channel)) == []


# --- N-14
@pytest.fixture
def talk(ann, ben, channel):
    lines = ["the red boat", "a blue boat", "the green house", "red and blue", "nothing here"]
    chats = [ann.say(channel, line) for line in lines]
    until(lambda: len(ben.search(channel, "boat nothing")["data"]) == 3)
    return chats


def test_N_14_any_of_the_words_by_time(ben, channel, talk):
    assert texts(ben.search(channel, "red boat", order="ASC")) == ["the red boat", "a blue boat", "red and blue"]
    assert texts(ben.search(channel, "red boat", order="DESC")) == ["red and blue", "a blue boat", "the red boat"]
    assert ben.search(channel, "boat red")["nextTokenId"] == ""
    assert list(ben.search(channel, "boat")["data"][0]) == CHAT


def test_N_14_pages_begin_with_one(ben, channel, talk):
    first = ben.search(channel, "red boat", order="ASC", page=1, perPage=2)
    assert texts(first) == ["the red boat", "a blue boat"] and first["nextTokenId"] == "2"
    for page in [0, -5]:
        assert ben.search(channel, "red boat", order="ASC", page=page, perPage=2) == first
    second = ben.search(channel, "red boat", order="ASC", page=2, perPage=2)
    assert texts(second) == ["red and blue"] and second["nextTokenId"] == ""
    for page in [3, 10**9]:
        assert ben.search(channel, "red boat", page=page, perPage=2) == {"data": [], "nextTokenId": ""}


def test_N_14_what_is_retracted_or_removed_is_not_found(ann, ben, channel, talk):
    assert retract(ann, channel, talk[:1]).status_code == 204
    remove(ben, channel, talk[1:2])
    assert texts(ben.search(channel, "boat")) == []
    assert texts(ann.search(channel, "boat")) == ["a blue boat"]


@pytest.mark.parametrize("search", ['"red boat"', "-red boat", "author:x", "red*", "((", '"', "AND", "red OR"])
def test_N_14_signs_mean_nothing(ben, channel, talk, search):
    plain = re.sub(r"[^\w']", " ", search)
    found = ben.search(channel, search)
    assert found == (ben.search(channel, plain) if plain.strip() else {"data": [], "nextTokenId": ""})


def test_N_14_for_members_and_well_asked(ben, cat, channel):
    not_a_member(cat.get("/chats-search", channelId=channel["id"], search="x"), cat, channel)
    for params in [{}, {"search": "x", "order": "UP"}, {"search": "x", "page": "two"}]:
        failed(ben.get("/chats-search", channelId=channel["id"], **params), 400, "PARAMETER_INVALID")
    failed(ben.get("/chats-search", channelId=channel["id"], search="x", perPage=201), 400, "PARAMETER_OUT_OF_RANGE")


# --- other methods
def test_N_01_a_method_that_is_not_there_is_told_which_are(ann):
    answer = ann.http.request("PATCH", "/chats", headers=ann.bearer())
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST, GET, OPTIONS"
    assert httpx.options(f"{ann.http.base_url}chats").headers["Access-Control-Allow-Methods"] == "POST, GET, OPTIONS"
