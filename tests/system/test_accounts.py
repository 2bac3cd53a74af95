"""Accounts with a password, for sites without an issuer."""

import base64
import json
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.client import User, ok, path_of, problem
from harness.deployment import parley as tool
from harness.shapes import is_time

PASSWORD = "correct horse battery"


def new_email():
    return f"ann.{secrets.token_hex(5)}@example.org"


@pytest.fixture
def email():
    return new_email()


def post(circle, path, body):
    answer = circle.http.post(path, json=body)
    circle.wrote(answer.headers.get("Parley-Position"))
    return answer


def create(circle, email, password=PASSWORD, name="Ann", **fields):
    return post(circle, "/v1/accounts", {"email": email, "password": password, "name": name, **fields})


def log_in(circle, email, password=PASSWORD):
    return post(circle, "/v1/accounts/token", {"email": email, "password": password})


def logged_in(circle, email, password=PASSWORD):
    """Its user, with a token of the account."""
    given = ok(log_in(circle, email, password), 201)
    return User(circle, given["user_id"], given["token"])


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


# --- making one and logging in
def test_an_account_is_made_and_logged_in_to(circle, bob, email):
    made = ok(create(circle, email), 201)
    is_time(made.pop("created_at"))
    assert made == {"user_id": email, "email": email, "name": "Ann", "role": "NORMAL", "enabled": True}
    ann = logged_in(circle, email)
    me = ann.read("/v1/users/me")
    assert (me["id"], me["name"]) == (email, "Ann")
    assert bob.read(f"/v1/users/{path_of(email)}") == me
    channel = ann.direct(bob)
    ann.say(channel, "hello")
    assert bob.history(channel)["messages"][0]["author"] == email
    with ann.socket() as socket:
        socket.ok("post_message", channel_id=channel["id"], text="live")


def test_any_user_reads_whose_account_it_is_and_nothing_of_the_password(circle, bob, email):
    made = ok(create(circle, email, role="OFFICIAL"), 201)
    assert bob.read(f"/v1/users/{path_of(email)}/account") == made
    ok(logged_in(circle, email).put("/v1/users/me", {"name": "Anna"}), 200)
    assert bob.read(f"/v1/users/{path_of(email)}/account") == {**made, "name": "Anna"}
    problem(bob.get(f"/v1/users/{path_of(bob.id)}/account"), 404, "not_found")


def test_it_can_be_logged_in_to_at_once(circle):
    """Without a position, in the topology too."""
    for _ in range(5):
        email = new_email()
        ok(create(circle, email), 201)
        ok(circle.http.post("/v1/accounts/token", json={"email": email, "password": PASSWORD}), 201)


def test_a_token_says_who_he_is(circle, email):
    ok(create(circle, email, role="SITE_ADMIN", name="Ann Onym"), 201)
    given = ok(log_in(circle, email), 201)
    assert given["user_id"] == email
    is_time(given["expires_at"])
    claims = claims_of(given["token"])
    assert claims.pop("exp") - claims.pop("iat") == 3600
    assert claims.pop("userId") == User(circle, email, given["token"]).read("/v1/users/me")["number"]
    assert claims == {"sub": email, "name": "Ann Onym", "email": email, "userEmail": email, "userRole": "SITE_ADMIN"}
    problem(User(circle, email, given["token"]).get("/v1/admin/commands"), 403, "forbidden")


def test_the_name_in_a_token_is_that_of_the_profile(circle, email):
    ok(create(circle, email), 201)
    ok(logged_in(circle, email).put("/v1/users/me", {"name": "Anna", "avatar_url": "https://example.org/a.png"}), 200)
    assert claims_of(ok(log_in(circle, email), 201)["token"])["name"] == "Anna"


def test_an_address_is_the_same_in_upper_and_lower_case(circle, email):
    assert ok(create(circle, email.upper()), 201)["user_id"] == email
    problem(create(circle, email), 409, "conflict")
    assert ok(log_in(circle, email.title()), 201)["user_id"] == email


@pytest.mark.parametrize("password", ["12345678", "x" * 1024, "pässwörd 語", "a\0b\0c\0d\0", "        "])
def test_a_password_is_any_8_to_1024_bytes(circle, email, password):
    ok(create(circle, email, password), 201)
    ok(log_in(circle, email, password), 201)
    for wrong in [password[:-1] + "!", password + " ", password.swapcase() + "1"]:
        if 8 <= len(wrong.encode()) <= 1024:
            problem(log_in(circle, email, wrong), 401, "unauthenticated")


def test_there_is_one_account_for_an_address(circle, email):
    ok(create(circle, email), 201)
    problem(create(circle, email, "another password"), 409, "conflict")
    problem(log_in(circle, email, "another password"), 401, "unauthenticated")
    ok(log_in(circle, email), 201)


def test_of_many_who_make_it_at_once_one_does(circle, email):
    passwords = [f"password {i}" for i in range(6)]
    with ThreadPoolExecutor(len(passwords)) as pool:
        answers = list(pool.map(lambda password: create(circle, email, password, name=password), passwords))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    [winner] = [password for password, answer in zip(passwords, answers) if answer.status_code == 201]
    for password in passwords:
        assert log_in(circle, email, password).status_code == (201 if password == winner else 401)
    assert logged_in(circle, email, winner).read("/v1/users/me")["name"] == winner


def test_a_wrong_password_and_an_unknown_address_are_told_alike(circle, email):
    ok(create(circle, email), 201)
    wrong, unknown = log_in(circle, email, "wrong password"), log_in(circle, new_email())
    bodies = [problem(answer, 401, "unauthenticated") for answer in [wrong, unknown]]
    for body in bodies:
        body.pop("trace_id")
    assert bodies[0] == bodies[1]
    assert {name for name in wrong.headers} == {name for name in unknown.headers}


# --- what is refused
@pytest.mark.parametrize(
    "wrong",
    [
        *[{"email": bad} for bad in ["", "ann", "@x", "a@", "a b@c.d", "a\n@c.d", "a\0@c.d", "a\u0085@c.d", "a/b@c.d", "a@c/d", "ä@c.d"]],
        *[{"email": bad} for bad in ["a@b@c", "<a@b.c>", ".a@b.c", "a@b..c", "a@-b.c", "x" * 65 + "@b.c", "a@" + "b" * 127, 7, None, ["a@b.c"]]],
        *[{"password": bad} for bad in ["", "1234567", "x" * 1025, "語" * 342, 12345678, None, {}]],
        *[{"name": bad} for bad in ["", "x" * 201, "a\nb", 7, None]],
        *[{"role": bad} for bad in ["", "normal", "A1", "A B", "A" * 33, 7, None]],
        {"enabled": True},
        {"user_id": "bob"},
    ],
    ids=lambda wrong: repr(wrong)[:40],
)
def test_bad_accounts(circle, email, wrong):
    body = {"email": email, "password": PASSWORD, "name": "Ann", **wrong}
    refused = problem(post(circle, "/v1/accounts", body), 400, "invalid_argument")
    assert [error["field"] for error in refused["errors"]] == list(wrong)
    if not {"name", "role"} & wrong.keys():
        del body["name"]
        refused = problem(post(circle, "/v1/accounts/token", body), 400, "invalid_argument")
        assert [error["field"] for error in refused["errors"]] == list(wrong)
    problem(log_in(circle, email), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["/v1/accounts", "/v1/accounts/token"])
def test_bodies_that_are_none(circle, email, path):
    for content in [b"", b"{", b"\xff", b'{"email":"a@b","email":"c@d"}', b"[]", b"null"]:
        answer = circle.http.post(path, content=content)
        assert answer.status_code == 400, content
        assert answer.json()["code"] in ("invalid_json", "invalid_argument")
    problem(circle.http.post(path), 400, "invalid_json")
    problem(circle.http.post(path + "?x=1", json={"email": email, "password": PASSWORD}), 400, "invalid_argument")
    assert circle.http.post(path, content=b"x" * (1 << 20) + b"x").status_code == 413
    assert circle.http.put(path, json={}).status_code == 405


# --- the end of one
def test_an_account_ends_with_the_words_of_its_user_and_can_be_made_anew(circle, bob, email):
    ok(create(circle, email), 201)
    ann = logged_in(circle, email)
    ok(ann.delete("/v1/users/me"), 204)
    problem(log_in(circle, email), 401, "unauthenticated")
    assert bob.read(f"/v1/users/{path_of(email)}")["name"] == email
    ok(create(circle, email, "another password", name="Ann again"), 201)
    problem(log_in(circle, email), 401, "unauthenticated")
    assert logged_in(circle, email, "another password").read("/v1/users/me")["name"] == "Ann again"


# --- servers of their own
@pytest.fixture
def own(serve, circle_at):
    def start(*options, **settings):
        server = serve(*options, **settings)
        return server, circle_at(server)

    return start


def test_the_sixth_attempt_in_a_minute_is_too_much_for_an_address_even_the_right_one(own):
    server, circle = own("--account-attempts-per-email", "5")
    email, other = new_email(), new_email()
    ok(create(circle, email), 201)
    answers = [log_in(circle, email, "wrong password") for _ in range(10)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 6
    for answer in answers[4:]:
        problem(answer, 429, "rate_limited")
        assert 1 <= int(answer.headers["Retry-After"]) <= 12
    problem(log_in(circle, email), 429, "rate_limited")
    problem(create(circle, email.upper()), 429, "rate_limited")
    ok(create(circle, other), 201)
    ok(log_in(circle, other), 201)
    metrics = circle.http.get("/metrics").text
    assert 'parley_account_requests_total{result="refused",what="token"} 4' in metrics
    assert 'parley_account_requests_total{result="limited",what="token"} 7' in metrics
    assert 'parley_account_requests_total{result="done",what="create"} 2' in metrics


def test_an_address_has_so_many_attempts_whoever_it_asks_for(own):
    server, circle = own("--account-attempts-per-address", "3", "--trusted-proxies", "127.0.0.1")

    def attempt(address):
        body = {"email": new_email(), "password": PASSWORD}
        return circle.http.post("/v1/accounts/token", json=body, headers={"X-Forwarded-For": address}).status_code

    assert [attempt("192.0.2.1") for _ in range(5)] == [401] * 3 + [429] * 2
    assert attempt("192.0.2.2") == 401


def test_a_body_that_is_refused_is_no_attempt(own):
    server, circle = own("--account-attempts-per-address", "2")
    for _ in range(5):
        problem(create(circle, "nobody"), 400, "invalid_argument")
    ok(create(circle, new_email()), 201)


def test_too_many_passwords_at_once_are_refused_and_the_others_looked_at(own):
    server, circle = own("--password-queue", "1", "--password-memory-kib", "65536", "--password-operations", "4")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: log_in(circle, new_email()), range(8)))
    assert {answer.status_code for answer in answers} == {401, 429}
    for answer in answers:
        if answer.status_code == 429:
            assert answer.headers["Retry-After"] == "1"
    problem(log_in(circle, new_email()), 401, "unauthenticated")


def test_accounts_and_attempts_outlive_what_they_should(own):
    """An account is there after a restart, and in a state that is built from the log alone."""
    server, circle = own("--account-token-ttl-s", "10")
    email, gone = new_email(), new_email()
    ok(create(circle, email), 201)
    ok(create(circle, gone), 201)
    ok(logged_in(circle, gone).delete("/v1/users/me"), 204)
    claims = claims_of(ok(log_in(circle, email), 201)["token"])
    assert claims["exp"] - claims["iat"] == 10
    server.stop()
    replayed = server.folder / "replayed"
    assert tool("replay", "--data", server.data, "--from", "0", "--out", replayed).returncode == 0
    compared = tool("verify", server.data / "state", replayed)
    assert compared.returncode == 0, compared.stdout
    assert "accounts" in compared.stdout
    server.start()
    circle.http.base_url = server.url
    ok(log_in(circle, email), 201)
    problem(log_in(circle, gone), 401, "unauthenticated")


def test_no_password_and_no_hash_is_told_or_written_where_it_should_not_be(own):
    server, circle = own("--log-level", "trace")
    email, password = new_email(), f"secret {secrets.token_hex(8)}"
    answers = [create(circle, email, password), create(circle, email, password), log_in(circle, email, password)]
    answers.append(log_in(circle, email, password + "x"))
    ann = logged_in(circle, email, password)
    answers += [ann.get("/v1/users/me"), ann.get(f"/v1/users/{path_of(email)}"), circle.http.get("/metrics")]
    for answer in answers:
        assert "argon2" not in answer.text and password not in answer.text
    server.stop()
    words = [password.encode(), b"argon2id"]
    for path in [*(server.data / "log").rglob("*"), *(server.data / "keys").rglob("*"), server.folder / "serve.log"]:
        content = path.read_bytes() if path.is_file() else b""
        assert not any(word in content for word in words), path
    for path in (server.data / "state").rglob("*"):
        assert not path.is_file() or password.encode() not in path.read_bytes(), path


def secret_file(tmp_path):
    file = tmp_path / "auth.secret"
    file.write_text(secrets.token_hex(32))
    return file


def test_beyond_development_mode_there_are_none_unless_a_site_wants_them(own, tmp_path):
    secret = ["--dev", "off", "--auth-secret-file", secret_file(tmp_path)]
    for options, status in [([], 501), (["--accounts", "off"], 501), (["--accounts", "on"], 201)]:
        server, circle = own(*secret, *options, name=f"own{status}{len(options)}")
        answer = create(circle, new_email())
        assert answer.status_code == status, answer.text
        if status == 501:
            problem(answer, 501, "not_configured")
            problem(log_in(circle, new_email()), 501, "not_configured")


def test_development_mode_can_do_without(own):
    server, circle = own("--accounts", "off")
    problem(create(circle, new_email()), 501, "not_configured")


def test_tokens_are_made_and_checked_with_issuer_and_audience(own):
    server, circle = own("--auth-issuer", "https://chat.example", "--auth-audience", "chat", "--auth-user-claim", "uid")
    email = new_email()
    ok(create(circle, email), 201)
    ann = logged_in(circle, email)
    claims = claims_of(ann.token)
    assert (claims["iss"], claims["aud"], claims["uid"]) == ("https://chat.example", "chat", email)
    assert ann.read("/v1/users/me")["id"] == email


def test_accounts_need_a_secret(tmp_path):
    options = ["--dev", "off", "--auth-jwks-url", "https://issuer.example/keys", "--accounts", "on"]
    refused = tool("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", *options)
    assert refused.returncode == 2 and "--auth-secret-file" in refused.stderr
