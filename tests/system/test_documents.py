"""/openapi.json, /asyncapi.json and /docs: there for anybody, sound to validators that are not ours, and what the tests go by."""

import json
import sys
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness import contract
from harness.documented_frames import Conversation, frames
from harness.documented_http import http as documented
from harness.process import run

TYPES = {
    "/openapi.json": "application/json",
    "/asyncapi.json": "application/json",
    "/docs": "text/html; charset=utf-8",
}
BUILT = {"/openapi.json": "openapi.json", "/asyncapi.json": "asyncapi.json", "/docs": "docs.html"}
TOOLS = Path(sys.executable).parent


@pytest.fixture
def http(parley):
    with httpx.Client(base_url=parley.url) as client:
        yield client


@pytest.mark.parametrize("path", TYPES)
def test_a_document_is_there_for_anybody(http, path):
    answer = http.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[path])
    assert answer.text == contract.documents()[BUILT[path]]


@pytest.mark.parametrize("path", TYPES)
def test_who_has_a_document_is_not_sent_it_again(http, path):
    tag = http.get(path).headers["ETag"]
    for known in [tag, f'"other", {tag}', f"W/{tag}", "*"]:
        answer = http.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert http.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", TYPES)
def test_its_head_can_be_asked_for(http, path):
    answer = http.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(http.get(path).content)


# --- to others
def test_openapi_is_valid(http):
    OpenAPIV31SpecValidator(http.get("/openapi.json").json()).validate()


def test_asyncapi_is_valid(http, tmp_path):
    file = tmp_path / "asyncapi.json"
    file.write_text(http.get("/asyncapi.json").text, encoding="utf-8")
    packages = TOOLS.parents[1] / "node" / "node_modules"
    done = run([TOOLS / "node", Path(__file__).with_name("asyncapi.js"), file], env={"NODE_PATH": str(packages)})
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_examples_are_as_the_documents_say():
    """Bodies, answers and frames that are given as examples fit the schemas beside them."""
    openapi, asyncapi = documented().document, json.loads(contract.documents()["asyncapi.json"])
    components = {"schemas": openapi["components"]["schemas"]}
    seen = 0
    for operation in (op for item in openapi["paths"].values() for op in item.values()):
        for content in contents_of(operation):
            if "example" in content:
                validator = Draft202012Validator({**content["schema"], "components": components}, validate_formats=True)
                assert contract.complaints(validator, content["example"]) == [], operation["operationId"]
                seen += 1
    for name, message in asyncapi["components"]["messages"].items():
        example = message["examples"][0]["payload"]
        sound = frames().permits(example) if name in frames().commands else not frames().check(example, name)
        assert sound, name
    assert seen > 30


def contents_of(operation):
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    return [content for body in bodies for content in body.get("content", {}).values()]


# --- the page
class Page(HTMLParser):
    """A page's tags: which are open, the names that can be linked to, and the links."""

    EMPTY = {"meta", "wbr", "br"}

    def __init__(self, text):
        super().__init__()
        self.open, self.names, self.links, self.tags = [], [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        given = dict(attributes)
        self.names += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.getpos()


@pytest.fixture
def page(http):
    return Page(http.get("/docs").text)


def test_the_page_is_whole_and_its_links_lead_somewhere(page):
    assert page.open == []
    assert len(page.names) == len(set(page.names))
    targets = {f"#{name}" for name in page.names} | {"#", *BUILT}
    assert set(page.links) <= targets


def test_the_page_tells_of_every_operation_and_every_message(http, page):
    operations = [op["operationId"] for item in http.get("/openapi.json").json()["paths"].values() for op in item.values()]
    assert set(operations) <= set(page.names)
    for name, operation in http.get("/asyncapi.json").json()["operations"].items():
        if operation["action"] == "receive":
            assert f"command-{name}" in page.names
        else:
            assert {f"event-{each['$ref'].rsplit('/', 1)[1]}" for each in operation["messages"]} <= set(page.names)


def test_the_page_may_load_nothing_and_run_nothing(http, page):
    policy = http.get("/docs").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy
    assert not page.tags & {"script", "link", "img", "iframe", "form", "object"}


# --- the check that all the other tests rely on would notice
CHANNEL = "/v1/channels/4c1f03b2-77aa-8c1e-8d34-6f0a2b9c1d22"
JSON = {"content-type": "application/json", "parley-position": "p1-1-2-3"}


@pytest.mark.parametrize(
    "method,target,status,headers,body",
    [
        ("GET", "/v1/users/me", 207, JSON, b"{}"),
        ("GET", "/v1/users/me", 200, {**JSON, "content-type": "text/plain"}, b"{}"),
        ("GET", "/v1/users/me", 200, JSON, b'{"id":"a","name":"a","avatar_url":null}'),
        ("GET", "/v1/users/me", 200, JSON, b'{"id":"a","name":"a","avatar_url":null,"created_at":null,"number":1,"more":1}'),
        (
            "GET",
            "/v1/users/me",
            200,
            {"content-type": "application/json"},
            b'{"id":"a","name":"a","avatar_url":null,"created_at":null,"number":1}',
        ),
        ("GET", "/v1/users/me", 200, JSON, b""),
        (
            "GET",
            CHANNEL + "/receipts?x=1",
            200,
            JSON,
            b'{"receipts":[{"user_id":"a","read_seq":1,"delivered_seq":1,"read_at":"now"}]}',
        ),
        ("POST", "/v1/users/me", 405, {}, b""),
        ("GET", "/v1/nothing", 200, JSON, b"{}"),
    ],
)
def test_an_answer_that_is_not_documented_is_noticed(method, target, status, headers, body):
    assert documented().check(method, target, status, headers, body)


@pytest.mark.parametrize(
    "item",
    [
        {"type": "pang"},
        {"type": "hello", "user_id": "a"},
        {"type": "ok", "id": 1},
        {"type": "error", "id": 1, "code": "strange", "detail": "", "retryable": False},
        {"type": "message_hidden", "channel_id": CHANNEL[-36:], "position": "p1-1-2-3", "seq": 1, "more": 1},
    ],
)
def test_a_frame_that_is_not_documented_is_noticed(item):
    Conversation().received(item)
    assert contract.broken
    contract.broken.clear()


def test_a_command_that_is_taken_although_it_is_not_documented_is_noticed():
    conversation = Conversation()
    conversation.sent(json.dumps({"id": 1, "type": "refresh", "token": "x", "more": 1}))
    conversation.received({"id": 1, "type": "ok", "expires_at": "2026-03-01T12:00:00.000Z"})
    assert contract.broken
    contract.broken.clear()
