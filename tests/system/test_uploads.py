"""Uploads: a link to a real S3 server for exactly what was announced, and one to get it again, for the channel's members."""

import json
import re
from urllib.parse import quote, urlsplit, urlunsplit

import httpx
import pytest

from harness.client import ok, problem
from harness.deployment import parley as run_parley
from harness.waiting import until

PNG = b"\x89PNG\r\n\x1a\nnot really"
SOMEWHERE = "01234567-89ab-8def-8123-456789abcdef"


def announce(user, channel, name="picture.png", content_type="image/png", size=len(PNG)):
    """Uploads are looked up, not written: like a read, this asks for what was written before."""
    body = {"channel_id": channel["id"], "name": name, "content_type": content_type, "size": size}
    return user.post("/v1/uploads", body, headers={"Parley-Min-Position": ",".join(user.circle.positions)})


def path_of(upload):
    return f"/v1/uploads/{quote(upload['key'])}"


def put(upload, body=PNG, **headers):
    return httpx.put(upload["url"], content=body, headers={"Content-Type": upload["headers"]["Content-Type"], **headers})


@pytest.fixture
def channel(alice, bob):
    return alice.group(bob)


def test_a_file_goes_up_and_every_member_can_have_it(s3, alice, bob, channel):
    upload = ok(announce(alice, channel), 201)
    assert upload["method"] == "PUT"
    assert upload["headers"] == {"Content-Type": "image/png", "Content-Length": str(len(PNG))}
    assert upload["key"].startswith(channel["id"] + "/") and upload["key"].endswith("/picture.png")
    sent = httpx.request(upload["method"], upload["url"], headers=upload["headers"], content=PNG)
    assert sent.status_code == 200, sent.text
    assert upload["key"] in s3.objects()
    for user in [alice, bob]:
        link = ok(user.get(path_of(upload)), 200)
        assert link["expires_at"].endswith("Z")
        got = httpx.get(link["url"])
        assert (got.status_code, got.content) == (200, PNG)
        assert got.headers["Content-Type"] == "image/png"
        assert got.headers["Content-Disposition"].startswith('attachment; filename="picture.png"')


def test_its_key_is_told_to_the_others_as_an_attachment(s3, alice, bob, channel):
    upload = ok(announce(alice, channel), 201)
    assert put(upload).status_code == 200
    attachment = {"key": upload["key"], "name": "My picture.png", "size": len(PNG)}
    alice.say(channel, "look", attachments=[attachment])
    seen = bob.history(channel)["messages"][-1]["attachments"][0]
    assert seen == attachment
    assert httpx.get(ok(bob.get(path_of(seen)), 200)["url"]).content == PNG


def test_nothing_but_what_was_announced_is_taken(s3, alice, channel):
    upload = ok(announce(alice, channel), 201)
    assert put(upload, PNG + b"x").status_code == 403
    assert put(upload, PNG[:-1]).status_code == 403
    assert put(upload, **{"Content-Type": "text/html"}).status_code == 403
    assert upload["key"] not in s3.objects()
    assert put(upload).status_code == 200


@pytest.mark.parametrize(
    "old, new",
    [
        ("picture.png", "other.png"),
        ("X-Amz-Expires=900", "X-Amz-Expires=9000"),
        ("SignedHeaders=content-length%3Bcontent-type%3Bhost", "SignedHeaders=host"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
        ("/uploads/", "/uploads/x/"),
    ],
)
def test_a_link_that_was_tampered_with_is_refused_by_the_server(s3, alice, channel, old, new):
    upload = ok(announce(alice, channel), 201)
    assert old in upload["url"]
    upload["url"] = upload["url"].replace(old, new)
    assert put(upload).status_code in (400, 403)


def test_a_link_to_get_does_not_put_nor_get_another(s3, alice, channel):
    one, two = (ok(announce(alice, channel, name), 201) for name in ["one.png", "two.png"])
    assert put(one).status_code == put(two).status_code == 200
    link = ok(alice.get(path_of(one)), 200)["url"]
    assert httpx.put(link, content=PNG).status_code == 403
    parts = urlsplit(link)
    other = urlunsplit(parts._replace(path=f"/uploads/{two['key']}"))
    assert httpx.get(other).status_code == 403
    assert httpx.get(urlunsplit(parts._replace(query=""))).status_code == 403


def test_a_link_expires(s3, serve, circle_at, bucket):
    ann = circle_at(serve(*bucket.options(), "--upload-expires-s", "1")).user("ann")
    channel = ann.group()
    upload = ok(announce(ann, channel), 201)
    until(lambda: put(upload).status_code == 403)
    assert "expired" in put(upload).text.lower()


# --- of one's own
def test_an_upload_of_ones_own_names_the_user_and_the_day_and_may_leave_type_and_size_open(s3, alice):
    number = alice.read("/v1/users/me")["number"]
    upload = ok(alice.post("/v1/uploads", {"name": "me and you.png"}), 201)
    assert re.fullmatch(rf"temp/usrs/{number}/files/\d{{4}}/\d\d/\d\d/[0-9a-f-]{{36}}\.png", upload["key"])
    assert upload["headers"] == {}
    assert httpx.put(upload["url"], content=PNG + b"and more").status_code == 200
    assert upload["key"] in s3.objects()
    assert ok(alice.post("/v1/uploads", {"name": "me"}), 201)["key"] != upload["key"]


def test_an_upload_of_ones_own_is_held_to_what_it_announces(s3, alice):
    upload = ok(alice.post("/v1/uploads", {"name": "me.png", "content_type": "image/png", "size": len(PNG)}), 201)
    assert put(upload, PNG + b"x").status_code == put(upload, **{"Content-Type": "text/html"}).status_code == 403
    assert put(upload).status_code == 200


# --- who may
def test_who_is_not_in_the_channel_gets_what_he_would_get_of_none(alice, bob, channel, carol):
    upload = ok(announce(alice, channel), 201)
    strange = problem(carol.get(path_of(upload)), 404, "not_found")
    nowhere = problem(carol.get(f"/v1/uploads/{SOMEWHERE}/{'a' * 32}/picture.png"), 404, "not_found")
    assert strange["detail"] == nowhere["detail"]
    problem(announce(carol, channel), 404, "not_found")
    problem(announce(carol, {"id": SOMEWHERE}), 404, "not_found")


def test_who_leaves_loses_it(alice, bob, channel):
    upload = ok(announce(alice, channel), 201)
    ok(bob.get(path_of(upload)), 200)
    ok(bob.delete(f"/v1/channels/{channel['id']}/members/{quote(bob.id)}"), 204)
    problem(bob.get(path_of(upload)), 404, "not_found")
    problem(announce(bob, channel), 404, "not_found")


def test_in_a_public_channel_one_has_to_join(alice, bob):
    workspace = alice.workspace()
    alice.invite(workspace, bob)
    channel = alice.channel(workspace)
    upload = ok(announce(alice, channel), 201)
    problem(announce(bob, channel), 403, "forbidden")
    problem(bob.get(path_of(upload)), 404, "not_found")
    bob.invite(channel, bob)
    ok(announce(bob, channel), 201)
    ok(bob.get(path_of(upload)), 200)


def test_an_archived_channel_takes_none_and_still_gives(alice, channel):
    upload = ok(announce(alice, channel), 201)
    ok(alice.patch(f"/v1/channels/{channel['id']}", {"archived": True}), 200)
    problem(announce(alice, channel), 403, "forbidden")
    ok(alice.get(path_of(upload)), 200)


def test_a_token_is_needed(parley, alice, channel):
    upload = ok(announce(alice, channel), 201)
    assert httpx.get(f"{parley.url}{path_of(upload)}").status_code == 401
    assert httpx.post(f"{parley.url}/v1/uploads", json={}).status_code == 401


# --- bad input
@pytest.mark.parametrize(
    "name",
    [
        "a\r\nX-Evil: yes",
        'a"; filename="b.exe',
        "../../../etc/passwd",
        "..",
        ".",
        "/",
        "\\\\server\\share",
        "%2e%2e%2f",
        "a?b#c&d=e+f g",
        "\u202egnp.exe",
        "\u0000\u0007",
        "写真 2026.png",
        "💥.gif",
        "x" * 1024,
        "'; DROP TABLE--",
    ],
)
def test_any_name_makes_a_key_that_works_and_a_header_that_is_one(s3, alice, channel, name):
    upload = ok(announce(alice, channel, name), 201)
    where, random, safe = upload["key"].split("/")
    assert where == channel["id"] and len(random) == 32
    assert 1 <= len(safe.encode()) <= 100 and not safe.startswith(".")
    assert not set(safe) & set("/\\\"'\r\n\t %?#;\u202e\u0000")
    assert put(upload).status_code == 200
    got = httpx.get(ok(alice.get(path_of(upload)), 200)["url"])
    assert got.content == PNG
    assert "X-Evil" not in got.headers
    assert got.headers["Content-Disposition"].count("filename=") == 1
    assert s3.objects() >= {upload["key"]}


@pytest.mark.parametrize(
    "change, field",
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 1025}, "name"),
        ({"name": 1}, "name"),
        ({"name": None}, "name"),
        ({"content_type": "png"}, "content_type"),
        ({"content_type": "image/png\r\nX: y"}, "content_type"),
        ({"content_type": "text/html; charset=x"}, "content_type"),
        ({"content_type": "*/*"}, "content_type"),
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": "5"}, "size"),
        ({"size": 1_000_001}, "size"),
        ({"size": 2**64}, "size"),
        ({"extra": 1}, "extra"),
    ],
)
def test_what_can_not_be_is_said_by_field(alice, channel, change, field):
    body = {"channel_id": channel["id"], "name": "a", "content_type": "image/png", "size": 1, **change}
    body = {name: value for name, value in body.items() if value is not None}
    refused = problem(alice.post("/v1/uploads", body), 400, "invalid_argument")
    assert [error["field"] for error in refused["errors"]] == [field]


@pytest.mark.parametrize("channel_id", ["", "x", "../..", None, 7])
def test_a_channel_that_can_not_be_one(alice, channel_id):
    body = {"channel_id": channel_id, "name": "a", "content_type": "image/png", "size": 1}
    assert alice.post("/v1/uploads", body).status_code in (400, 404)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null"])
def test_a_body_that_is_none(alice, body):
    assert alice.call("POST", "/v1/uploads", content=body).status_code == 400


@pytest.mark.parametrize(
    "key", ["{c}/{r}", "{c}/{r}/a/b", "{c}/{r}/..", "{c}/{r}/a%2Fb", "{c}/{r}/a%0d%0ab", "{C}/{r}/a", "{c}/{R}/a", "x/y/z", ""]
)
def test_what_is_no_key_is_not_found(alice, channel, key):
    spelt = key.format(c=channel["id"], C=channel["id"].upper(), r="a" * 32, R="A" * 32)
    answer = alice.get(f"/v1/uploads/{spelt}")
    assert answer.status_code == 404, answer.text


def test_a_wrong_method_is_told_so(alice):
    answer = alice.get("/v1/uploads")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "POST, OPTIONS"


# --- as it is set up
def test_without_s3_both_say_that_there_is_no_place(serve, circle_at):
    ann = circle_at(serve()).user("ann")
    channel = ann.group()
    for answer in [announce(ann, channel), ann.get(f"/v1/uploads/{channel['id']}/{'a' * 32}/a.png")]:
        assert "S3" in problem(answer, 501, "not_configured")["detail"]


def test_types_can_be_limited(serve, circle_at, bucket):
    ann = circle_at(serve(*bucket.options(), "--upload-types", "image/*,application/pdf")).user("ann")
    channel = ann.group()
    for content_type in ["image/png", "image/svg+xml", "application/pdf"]:
        ok(announce(ann, channel, content_type=content_type), 201)
    for content_type in ["text/html", "application/zip", "imagex/png"]:
        refused = problem(announce(ann, channel, content_type=content_type), 400, "invalid_argument")
        assert refused["errors"][0]["field"] == "content_type"
    ok(ann.post("/v1/uploads", {"name": "a.png", "content_type": "image/png"}), 201)
    assert problem(ann.post("/v1/uploads", {"name": "a.png"}), 400, "invalid_argument")["errors"][0]["field"] == "content_type"


def test_the_bucket_may_be_in_the_hosts_name(serve, circle_at, bucket):
    options = [*bucket.options(), "--s3-endpoint", "https://s3.example.com", "--s3-addressing", "virtual"]
    ann = circle_at(serve(*options)).user("ann")
    assert ok(announce(ann, ann.group()), 201)["url"].startswith("https://uploads.s3.example.com/")


@pytest.mark.parametrize(
    "options, word",
    [
        (["--s3-endpoint", "https://s3.example.com"], "--s3-bucket"),
        (["--s3-bucket", "uploads"], "--s3-endpoint"),
        (["--s3-endpoint", "s3.example.com", "--s3-bucket", "uploads", "--s3-credentials-file", "FILE"], "'s3.example.com'"),
        (["--s3-endpoint", "https://x", "--s3-bucket", "Up", "--s3-credentials-file", "FILE"], "'Up'"),
        (["--s3-endpoint", "https://x", "--s3-bucket", "uploads", "--s3-credentials-file", "/nowhere"], "/nowhere"),
        (["--upload-types", "png"], "'png'"),
    ],
)
def test_half_a_configuration_is_refused_at_the_start(bucket, tmp_path, options, word):
    options = [str(bucket.credentials) if option == "FILE" else option for option in options]
    result = run_parley("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", *options)
    assert result.returncode in (1, 2)
    assert word in result.stderr and "Traceback" not in result.stderr


def test_the_secret_is_shown_nowhere(serve, circle_at, bucket):
    server = serve(*bucket.options())
    ann = circle_at(server).user("ann")
    answer = announce(ann, ann.group())
    secret = bucket.credentials.read_text().splitlines()[1]
    for text in [answer.text, json.dumps(dict(answer.headers)), httpx.get(f"{server.url}/metrics").text]:
        assert secret not in text
    server.stop()
    assert secret not in (server.folder / "serve.log").read_text()
