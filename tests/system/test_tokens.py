"""Who is let in: tokens of every wrong kind, origins, tickets, the development issuer."""

import json
import time
from datetime import datetime

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from harness.client import ok, problem
from harness.deployment import parley as tool
from harness.shapes import is_time
from harness.socket import open_socket
from harness.tokens import claims_for, part, sign
from harness.waiting import until

SECRET = "a secret of more than thirty-two characters"


@pytest.fixture
def guarded(serve, tmp_path):
    """A server with our own secret, an issuer and an audience."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    return serve("--auth-secret-file", secret, "--auth-issuer", "https://issuer.example", "--auth-audience", "parley")


def claims(user="alice", **changed):
    whole = claims_for(user, iss="https://issuer.example", aud="parley")
    whole.update(changed)
    return {name: value for name, value in whole.items() if value is not None}


def who_am_i(server, token):
    return httpx.get(f"{server.url}/v1/users/me", headers={"Authorization": f"Bearer {token}"})


def test_a_good_token_names_its_user(guarded):
    assert ok(who_am_i(guarded, sign(claims("alice@example.org"), SECRET)), 200)["id"] == "alice@example.org"
    assert ok(who_am_i(guarded, sign(claims(aud=["other", "parley"]), SECRET)), 200)["id"] == "alice"


def now(offset):
    return int(time.time()) + offset


def with_claims(token, others):
    head, _, signature = token.split(".")
    return f"{head}.{part(others)}.{signature}"


FORGED = {
    "nonsense": lambda: "nonsense",
    "three parts of nonsense": lambda: "a.b.c",
    "alg none": lambda: f"{part({'alg': 'none'})}.{part(claims())}.",
    "alg none with a signature part": lambda: sign(claims(), SECRET, algorithm="none"),
    "alg nOnE": lambda: sign(claims(), SECRET, header={"alg": "nOnE"}),
    "alg of another family": lambda: sign(claims(), SECRET, header={"alg": "RS256"}),
    "alg HS512 over HS256": lambda: sign(claims(), SECRET, header={"alg": "HS512"}),
    "another secret": lambda: sign(claims(), "another secret of more than 32 characters"),
    "a cut signature": lambda: sign(claims(), SECRET)[:-2],
    "a longer signature": lambda: sign(claims(), SECRET) + "A",
    "other claims under the signature": lambda: with_claims(sign(claims(), SECRET), claims("bob")),
    "expired": lambda: sign(claims(exp=now(-1)), SECRET),
    "no expiry": lambda: sign(claims(exp=None), SECRET),
    "an expiry that is no number": lambda: sign(claims(exp="tomorrow"), SECRET),
    "not yet good": lambda: sign(claims(nbf=now(120)), SECRET),
    "made in the future": lambda: sign(claims(iat=now(120)), SECRET),
    "another issuer": lambda: sign(claims(iss="https://evil.example"), SECRET),
    "no issuer": lambda: sign(claims(iss=None), SECRET),
    "another audience": lambda: sign(claims(aud="other"), SECRET),
    "no audience": lambda: sign(claims(aud=None), SECRET),
    "no user": lambda: sign(claims(sub=None), SECRET),
    "a user that is no text": lambda: sign(claims(sub=7), SECRET),
    "an empty user": lambda: sign(claims(sub=""), SECRET),
    "a user with a slash": lambda: sign(claims(sub="a/b"), SECRET),
    "a user with a line feed": lambda: sign(claims(sub="a\nb"), SECRET),
    "a user of 129 characters": lambda: sign(claims(sub="x" * 129), SECRET),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_token_that_is_wrong_in_any_way_lets_nobody_in(guarded, kind):
    forged = FORGED[kind]()
    problem(who_am_i(guarded, forged), 401, "unauthenticated")
    with pytest.raises(InvalidStatus) as refused, open_socket(guarded.url, forged):
        pass
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize("changed", [{"nbf": 50}, {"iat": 50}])
def test_nbf_and_iat_have_a_minute_of_leeway(guarded, changed):
    ok(who_am_i(guarded, sign(claims(**{name: now(offset) for name, offset in changed.items()}), SECRET)), 200)


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "bearer", "Token x", "Bearer x y"])
def test_a_header_without_a_bearer_token_lets_nobody_in(parley, header):
    problem(httpx.get(f"{parley.url}/v1/users/me", headers={"Authorization": header}), 401, "unauthenticated")


def test_without_a_token_nothing_is_told_of_what_exists(parley, alice):
    channel = alice.group()
    known = httpx.get(f"{parley.url}/v1/channels/{channel['id']}")
    unknown = httpx.get(f"{parley.url}/v1/channels/00000000-0000-8000-8000-000000000000")
    problem(known, 401, "unauthenticated")
    assert unknown.status_code == 401 and {**known.json(), "trace_id": 0} == {**unknown.json(), "trace_id": 0}


# --- the development issuer
def test_the_development_issuer_gives_a_token_to_any_name(parley):
    answer = httpx.post(f"{parley.url}/v1/dev/tokens", json={"user_id": "dora", "name": "Dora", "expires_in": 60})
    given = ok(answer, 201)
    is_time(given["expires_at"])
    assert given["user_id"] == "dora"
    assert ok(who_am_i(parley, given["token"]), 200)["id"] == "dora"


@pytest.mark.parametrize("body", [{}, {"user_id": 7}, {"user_id": "a", "expires_in": -1}, {"user_id": "a", "x": 1}])
def test_the_issuer_refuses_what_has_the_wrong_shape(parley, body):
    problem(httpx.post(f"{parley.url}/v1/dev/tokens", json=body), 400, "invalid_argument")


@pytest.mark.parametrize("user", ["", "a/b", "a\nb", "x" * 129])
def test_the_issuer_knows_no_user_whose_id_can_be_nobodys(parley, user):
    problem(httpx.post(f"{parley.url}/v1/dev/tokens", json={"user_id": user}), 404, "not_found")


def test_an_issued_token_ends_when_it_says(circle):
    brief = circle.user("brief", expires_in=1)
    ok(brief.get("/v1/users/me"), 200)
    deadline = time.monotonic() + 10
    while brief.get("/v1/users/me").status_code == 200:
        assert time.monotonic() < deadline, "still let in"
    problem(brief.get("/v1/users/me"), 401, "unauthenticated")


def test_without_development_mode_there_is_no_issuer(serve, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    server = serve("--dev", "off", "--auth-secret-file", secret)
    problem(httpx.post(f"{server.url}/v1/dev/tokens", json={"user_id": "a"}), 404, "not_found")
    ok(who_am_i(server, sign(claims_for("a"), SECRET)), 200)


def test_the_token_tool_prints_a_token_that_the_server_takes(serve):
    server = serve()
    made = tool("token", "dora", "--data", server.data)
    assert made.returncode == 0, made.stderr
    assert ok(who_am_i(server, made.stdout.strip()), 200)["id"] == "dora"


def test_the_token_tool_makes_no_secret_that_no_server_has(tmp_path):
    made = tool("token", "dora", "--data", tmp_path / "typo")
    assert made.returncode == 1 and made.stdout == ""
    assert "can't read the secret file" in made.stderr and "typo" in made.stderr
    assert not (tmp_path / "typo").exists()


def test_another_claim_can_name_the_user(serve, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    server = serve("--auth-secret-file", secret, "--auth-user-claim", "email")
    assert ok(who_am_i(server, sign(claims_for("1", email="a@example.org"), SECRET)), 200)["id"] == "a@example.org"
    problem(who_am_i(server, sign(claims_for("1"), SECRET)), 401, "unauthenticated")


# --- browsers
def test_a_foreign_origin_is_refused_and_the_own_one_and_none_pass(parley, alice):
    own = parley.url.rstrip("/")
    for origin, allowed in [(own, True), ("https://evil.example", False), ("null", False), (own + ".evil.example", False)]:
        if allowed:
            with open_socket(parley.url, alice.token, headers={"Origin": origin}) as socket:
                assert socket.hello["user_id"] == alice.id
            continue
        with pytest.raises(InvalidStatus) as refused, open_socket(parley.url, alice.token, headers={"Origin": origin}):
            pass
        assert refused.value.response.status_code == 403
        assert json.loads(refused.value.response.body)["code"] == "forbidden"


def test_a_preflight_from_a_foreign_origin_is_refused(parley):
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{parley.url}/v1/workspaces", headers=asked)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


# --- tickets
def test_a_ticket_ends_with_its_token(parley, alice):
    short = ok(httpx.post(f"{parley.url}/v1/dev/tokens", json={"user_id": alice.id, "expires_in": 2}), 201)
    ticket = ok(httpx.post(f"{parley.url}/v1/tickets", headers={"Authorization": f"Bearer {short['token']}"}), 201)
    assert ticket["expires_at"] == short["expires_at"]
    until(lambda: time.time() > datetime.fromisoformat(short["expires_at"]).timestamp())
    with pytest.raises(InvalidStatus) as refused, open_socket(parley.url, query=f"?ticket={ticket['ticket']}"):
        pass
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(("body", "code"), [(b"{", "invalid_json"), (b"\xff", "invalid_json"), (b'{"x":1}', "invalid_argument")])
def test_a_ticket_is_asked_for_without_a_body(parley, alice, body, code):
    answer = httpx.post(f"{parley.url}/v1/tickets", content=body, headers={"Authorization": f"Bearer {alice.token}"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_ticket_opens_one_socket_once(parley, alice):
    ticket = ok(alice.post("/v1/tickets"), 201)
    is_time(ticket["expires_at"])
    query = f"?ticket={ticket['ticket']}"
    with open_socket(parley.url, query=query) as socket:
        assert socket.hello["user_id"] == alice.id
    with pytest.raises(InvalidStatus) as refused, open_socket(parley.url, query=query):
        pass
    assert refused.value.response.status_code == 401
