"""Rows N-21 to N-24: social media's search feed, uploads, what that system still had to do, and how it is started."""

import re
import subprocess
import threading
import time

import httpx
import pytest
import yaml

from dialects.frames import Sockets
from dialects.social_media.client import client_of, failed, in_order
from harness.client import ok
from harness.deployment import ROOT
from harness.waiting import until
from test_replay import replay, verify

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def texts(page):
    return [chat["text"] for chat in page["data"]]


# --- N-21
def test_N_21_what_is_created_updated_and_retracted_is_in_the_index(ann, alice, channel):
    chats = [ann.say(channel, text) for text in ["apple", "pear", "plum"]]
    until(lambda: len(ann.search(channel, "apple pear plum")["data"]) == 3)
    native = alice.read("/v1/channels", number=channel["id"])["channels"][0]
    ok(alice.patch(f"/v1/channels/{native['id']}/messages/2", {"text": "quince"}), 200)
    found = until(lambda: (page := ann.search(channel, "quince"))["data"] and page)
    assert found["data"][0]["id"] == chats[1]["id"] and found["data"][0]["updatedAt"] >= chats[1]["createdAt"]
    assert texts(ann.search(channel, "pear")) == []
    retract = {"channelId": channel["id"], "chatIds": [chats[0]["id"]]}
    assert ann.put("/chats/retract-multiple", retract).status_code == 204
    assert texts(ann.search(channel, "apple")) == []


def test_N_21_a_feed_from_the_beginning_gives_the_same_index(serve, circle_at, tmp_path):
    server = serve()
    ann = client_of(server, circle_at(server).user("ann"))
    channel = ann.channel()
    for number in range(25):
        ann.say(channel, f"chat {number}")
    until(lambda: len(ann.search(channel, "chat", perPage=50)["data"]) == 25)
    server.stop()
    for out in ["once", "again"]:
        done = replay(server, tmp_path / out)
        assert done.returncode == 0, done.stderr
    same = verify(tmp_path / "once", tmp_path / "again")
    assert same.returncode == 0, same.stdout
    assert len([line for line in same.stdout.splitlines() if line.split()[1:2] == ["search"]]) == 4


# --- N-22
def sign_urls(client, **body):
    answer = client.post("/signed-url", {"userId": client.id, **body})
    assert answer.status_code == 201, answer.text
    made = in_order(answer, ["userId", "signedUrls"])
    assert made["userId"] == client.id
    for each in made["signedUrls"]:
        assert list(each) == ["key", "url"]
    return made["signedUrls"]


def test_N_22_a_link_for_each_extension_takes_any_file_for_an_hour(s3, ann):
    png, mp4 = sign_urls(ann, fileExtensions=["png", "mp4"])
    shape = rf"/temp/usrs/{ann.id}/files/\d{{4}}/\d\d/\d\d/{UUID}"
    assert re.fullmatch(shape + r"\.png", png["key"]) and re.fullmatch(shape + r"\.mp4", mp4["key"])
    for link in [png, mp4]:
        assert "X-Amz-Expires=3600&" in link["url"]
        assert httpx.put(link["url"], content=b"whatever it is", headers={"Content-Type": "x/y"}).status_code == 200
        assert link["key"].removeprefix("/") in s3.objects()
    tampered = png["url"].replace(".png", ".exe")
    assert httpx.put(tampered, content=b"x").status_code == 403


def test_N_22_without_extensions_there_is_one_key_without(s3, ann):
    for body in [{}, {"fileExtensions": []}]:
        (link,) = sign_urls(ann, **body)
        assert re.fullmatch(rf"/temp/usrs/{ann.id}/files/\d{{4}}/\d\d/\d\d/{UUID}", link["key"])
        assert httpx.put(link["url"], content=b"x").status_code == 200


def test_N_22_for_oneself_and_well_asked(ann, ben):
    failed(ann.post("/signed-url", {"userId": ben.id, "fileExtensions": ["png"]}), 403, "AUTH_PERMISSION_DENIED")
    for wrong in ["png", [1], [""], ["../x"], ["a" * 17], ["p\r\nng"]]:
        failed(ann.post("/signed-url", {"userId": ann.id, "fileExtensions": wrong}), 400, "PARAMETER_INVALID")
    failed(ann.post("/signed-url", {}), 400, "PARAMETER_INVALID")


# --- N-23
def test_N_23_an_api_document_is_served(parley):
    document = httpx.get(f"{parley.url}/openapi.json")
    assert document.status_code == 200 and document.json()["openapi"].startswith("3.")


def test_N_23_a_channel_is_deleted_by_who_made_it(ann, ben, channel):
    failed(ben.delete(f"/channels/{channel['id']}"), 403, "AUTH_PERMISSION_DENIED")
    deleted = ann.delete(f"/channels/{channel['id']}")
    assert (deleted.status_code, deleted.text) == (204, "")
    for client in [ann, ben]:
        failed(client.get(f"/channels/{channel['id']}"), 404, "RESUOURCE_NOT_FOUND")
        failed(client.post("/chats", {"channelId": channel["id"], "text": "x"}), 404, "RESUOURCE_NOT_FOUND")
    failed(ben.post("/members", {"channelId": channel["id"]}), 404, "RESUOURCE_NOT_FOUND")


@pytest.mark.parametrize("form", ["/members", "/channels/{id}/members/me"])
def test_N_23_a_channel_is_left(ann, ben, channel, form):
    body = {"channelId": channel["id"]} if form == "/members" else None
    path = form.format(id=channel["id"])
    assert ben.delete(path, body).status_code == 204
    failed(ben.get(f"/channels/{channel['id']}"), 404, "RESUOURCE_NOT_FOUND")
    failed(ben.delete(path, body), 404, "RESUOURCE_NOT_FOUND")
    assert ann.get(f"/channels/{channel['id']}").status_code == 200
    ben.join(channel)


def test_N_23_a_ping_is_answered(ann, sockets):
    socket = ann.socket(sockets, ann.id)
    assert socket.connection.ping().wait(10)


@pytest.mark.shape("topology")
def test_N_23_a_call_between_the_services_needs_their_secret(parley, tmp_path):
    body = tmp_path / "empty"
    body.write_bytes(bytes(5))
    url = f"http://{parley.at('projector-grpc')}/parley.internal.v1.ReadModel/Read"
    headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"]
    command = ["curl", "-si", "--http2-prior-knowledge", "--max-time", "10", *headers, "--data-binary", f"@{body}", url]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    assert "grpc-status: 16" in answer.lower(), answer


@pytest.mark.shape("topology")
@pytest.mark.parametrize("part", ["ingest", "broadcaster"])
def test_N_23_a_gateway_killed_in_the_middle_loses_nothing_that_was_acknowledged(parley, ann, ben, channel, part):
    said, ending = [], threading.Event()

    def talk():
        for number in range(10_000):
            if ending.is_set():
                return
            try:
                answer = ann.post("/chats", {"channelId": channel["id"], "text": f"chat {number}"})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 201:
                said.append(answer.json()["text"])
            else:
                time.sleep(0.05)  # the pace of trying again

    thread = threading.Thread(target=talk)
    thread.start()
    until(lambda: len(said) > 10)
    parley.kill_part(part)
    parley.start_part(part)
    before = len(said)
    until(lambda: len(said) > before + 10, deadline_s=60)
    ending.set()
    thread.join(30)
    history = texts(ben.page(channel, scrolling="DOWN", perPage=1000))
    assert len(set(history)) == len(history)
    assert [text for text in history if text in set(said)] == said


# --- N-24
def test_N_24_one_command_starts_it_on_the_ports_of_that_system():
    services = {}
    for name in ["docker-compose.yml", "docker-compose.social-media.yml"]:
        for service, given in yaml.safe_load((ROOT / "infra" / name).read_text())["services"].items():
            services.setdefault(service, []).extend(given.get("ports", []))
    assert services["edge"] == ["127.0.0.1:8080:8080", "127.0.0.1:3000:8080", "127.0.0.1:3030:8080"]


def test_N_24_calls_and_sockets_are_served_by_one_origin(serve, circle_at):
    server = serve()
    ann = client_of(server, circle_at(server).user("ann"))
    channel = ann.channel()
    sockets = Sockets(server.url)
    socket = ann.socket(sockets, channel["id"])
    socket.send("begun?")
    assert socket.text() == "event is not found"
    chat = ann.say(channel, "hello")
    assert socket.frame() == {key: chat[key] for key in ("channelId", "text", "createdAt")}
    sockets.close()
