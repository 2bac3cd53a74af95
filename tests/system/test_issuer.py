"""Tokens of an issuer that publishes its keys: who is let in, and what happens when keys change or the issuer goes away."""

import json
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.exceptions import InvalidStatus

from harness.client import ok, problem
from harness.deployment import Serve
from harness.issuer import JwksServer, SigningKey, forged_with_secret
from harness.shapes import is_time
from harness.socket import open_socket
from harness.tokens import claims_for, part, sign
from harness.topology import Topology
from harness.waiting import until

ISSUER = "https://issuer.example"
SECRET = "a secret of more than thirty-two characters"


@pytest.fixture(scope="module")
def rsa_key():
    return SigningKey("rsa-1", "RS256")


@pytest.fixture(scope="module")
def ec_key():
    return SigningKey("ec-1")


@pytest.fixture
def issuer(rsa_key, ec_key):
    server = JwksServer(rsa_key, ec_key)
    yield server
    server.stop()


def options(url, *more, cooldown_ms=100):
    checked = ["--auth-issuer", ISSUER, "--auth-audience", "parley"]
    return ["--auth-jwks-url", url, "--auth-jwks-cooldown-ms", cooldown_ms, "--dev", "off", *checked, *more]


@pytest.fixture
def guarded(serve, issuer):
    return serve(*options(issuer.url))


def claims(user="alice", lives_s=600, **changed):
    whole = claims_for(user, lives_s, iss=ISSUER, aud="parley")
    whole.update(changed)
    return {name: value for name, value in whole.items() if value is not None}


def who_am_i(server, token):
    return httpx.get(f"{server.url}/v1/users/me", headers={"Authorization": f"Bearer {token}"}, timeout=20)


def lets_in(server, token):
    return who_am_i(server, token).status_code == 200


def test_tokens_of_both_algorithms_name_their_user(guarded, rsa_key, ec_key):
    for key in [rsa_key, ec_key]:
        token = key.token(claims("alice@example.org"))
        assert ok(who_am_i(guarded, token), 200)["id"] == "alice@example.org"
        with open_socket(guarded.url, token) as socket:
            assert socket.hello["user_id"] == "alice@example.org"
        assert lets_in(guarded, key.token(claims(aud=["other", "parley"])))
        assert lets_in(guarded, key.token(claims(), kid=None)), "the only key of its algorithm"


def test_a_secret_beside_the_issuer_goes_with_its_own_algorithm_alone(serve, issuer, rsa_key, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    server = serve(*options(issuer.url, "--auth-secret-file", secret))
    assert lets_in(server, sign(claims(), SECRET))
    assert lets_in(server, rsa_key.token(claims()))
    assert not lets_in(server, sign(claims(), SECRET, header={"alg": "RS256", "kid": rsa_key.kid}))
    assert not lets_in(server, rsa_key.token(claims(), alg="HS256"))


def test_without_a_secret_there_are_no_tokens_but_the_issuers(guarded, tmp_path):
    assert not (guarded.data / "secret").exists()
    problem(who_am_i(guarded, sign(claims(), SECRET)), 401, "unauthenticated")
    problem(who_am_i(guarded, sign(claims(), "")), 401, "unauthenticated")
    problem(httpx.post(f"{guarded.url}/v1/dev/tokens", json={"user_id": "a"}), 404, "not_found")


def test_another_claim_can_name_the_user(serve, issuer, ec_key):
    server = serve(*options(issuer.url, "--auth-user-claim", "email"))
    token = ec_key.token(claims("id-17", email="alice@example.org"))
    assert ok(who_am_i(server, token), 200)["id"] == "alice@example.org"
    assert not lets_in(server, ec_key.token(claims("id-17")))


def now(offset):
    return int(time.time()) + offset


def twice(name, first, second):
    """Claims in which a name stands twice."""
    return json.dumps(claims()).encode()[:-1] + f',"{name}":{json.dumps(first)},"{name}":{json.dumps(second)}}}'.encode()


# Each makes a token of the issuer's RSA key, its EC key, and an attacker's.
FORGED = {
    "alg none": lambda r, e, a: f"{part({'alg': 'none', 'kid': e.kid})}.{part(claims())}.",
    "alg nOnE, signed": lambda r, e, a: e.token(claims(), alg="nOnE"),
    "the public key as a secret, PEM": lambda r, e, a: forged_with_secret(claims(), r.pem(), kid=r.kid),
    "the public key as a secret, JWK": lambda r, e, a: forged_with_secret(claims(), json.dumps(r.jwk()).encode(), kid=r.kid),
    "the modulus as a secret": lambda r, e, a: forged_with_secret(claims(), r.jwk()["n"].encode(), kid=r.kid),
    "an empty secret": lambda r, e, a: forged_with_secret(claims(), b"", kid=r.kid),
    "the RSA key's signature as ES256": lambda r, e, a: r.token(claims(), alg="ES256", kid=e.kid),
    "the EC key's signature as RS256": lambda r, e, a: e.token(claims(), alg="RS256", kid=r.kid),
    "PS256": lambda r, e, a: r.token(claims(), alg="PS256"),
    "RS512": lambda r, e, a: r.token(claims(), alg="RS512"),
    "another key under the issuer's name": lambda r, e, a: a.token(claims(), kid=e.kid),
    "another key without a name": lambda r, e, a: a.token(claims(), kid=None),
    "another key that it brings": lambda r, e, a: a.token(claims(), jwk=a.jwk()),
    "a key that it brings, under the issuer's name": lambda r, e, a: a.token(claims(), kid=e.kid, jwk=a.jwk()),
    "a key elsewhere, jku": lambda r, e, a: a.token(claims(), jku="https://evil.example/jwks.json"),
    "a key elsewhere, x5u": lambda r, e, a: a.token(claims(), x5u="https://evil.example/cert.pem"),
    "a certificate of its own": lambda r, e, a: a.token(claims(), x5c=["MIIB"]),
    "a path for a kid": lambda r, e, a: a.token(claims(), kid="../../../../dev/null"),
    "a query for a kid": lambda r, e, a: a.token(claims(), kid="x' UNION SELECT 'key"),
    "an address for a kid": lambda r, e, a: a.token(claims(), kid="https://evil.example/key"),
    "a kid that is no text": lambda r, e, a: e.token(claims(), kid=["ec-1"]),
    "a critical header": lambda r, e, a: e.token(claims(), crit=["b64"], b64=False),
    "a signature in DER": lambda r, e, a: e.token(claims(), der=True),
    "no signature": lambda r, e, a: e.token(claims()).rsplit(".", 1)[0] + ".",
    "a signature of zeros": lambda r, e, a: e.token(claims()).rsplit(".", 1)[0] + "." + part(b"\0" * 64),
    "two users": lambda r, e, a: e.token(twice("sub", "alice", "bob")),
    "two expiries": lambda r, e, a: e.token(twice("exp", 1, now(600))),
    "a token of 9 KiB": lambda r, e, a: e.token(claims(pad="x" * 9000)),
    "expired": lambda r, e, a: e.token(claims(exp=now(-1))),
    "not yet good": lambda r, e, a: e.token(claims(nbf=now(120))),
    "made in the future": lambda r, e, a: e.token(claims(iat=now(120))),
    "another issuer": lambda r, e, a: e.token(claims(iss="https://evil.example")),
    "another audience": lambda r, e, a: e.token(claims(aud=["parley2"])),
    "no audience": lambda r, e, a: e.token(claims(aud=None)),
}


@pytest.fixture(scope="module")
def attacker():
    return SigningKey("attacker")


@pytest.fixture(scope="module")
def besieged(tmp_path_factory, rsa_key, ec_key):
    """One server for all that is forged."""
    issuer = JwksServer(rsa_key, ec_key)
    server = Serve(tmp_path_factory.mktemp("besieged"), *options(issuer.url, "--auth-jwks-wait-ms", "500")).start()
    yield server
    server.end()
    issuer.stop()


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_lets_nobody_in(besieged, rsa_key, ec_key, attacker, kind):
    token = FORGED[kind](rsa_key, ec_key, attacker)
    problem(who_am_i(besieged, token), 401, "unauthenticated")
    with pytest.raises(InvalidStatus) as refused, open_socket(besieged.url, token):
        pass
    assert refused.value.response.status_code == 401
    assert lets_in(besieged, ec_key.token(claims())), "whoever is right is still let in"


USELESS = {
    "for encryption": {"use": "enc"},
    "that may only sign": {"key_ops": ["sign"]},
    "of another algorithm": {"alg": "ES384"},
    "of another curve": {"crv": "P-384"},
    "of another kind": {"kty": "OKP"},
    "that tells its private part": {"d": "AQAB"},
}


def counts(serve, key, told, sound):
    """Does a key that is published like that count, beside a sound one?"""
    issuer = JwksServer()
    issuer.body = json.dumps({"keys": [told, sound.jwk()]}).encode()
    try:
        server = serve(*options(issuer.url, "--auth-jwks-wait-ms", "200"))
        assert lets_in(server, sound.token(claims()))
        return lets_in(server, key.token(claims()))
    finally:
        issuer.stop()


@pytest.mark.parametrize("kind", USELESS)
def test_a_key_for_something_else_does_not_count(serve, rsa_key, kind):
    key = SigningKey("useless")
    assert not counts(serve, key, key.jwk(**USELESS[kind]), rsa_key)


def test_a_weak_key_does_not_count(serve, ec_key):
    key = SigningKey("weak", "RS256", bits=1024)
    assert not counts(serve, key, key.jwk(), ec_key)


# --- keys that change
def test_a_new_key_is_known_at_once_over_http_and_for_sockets(guarded, issuer, ec_key):
    for number in range(2, 5):
        fresh = SigningKey(f"ec-{number}")
        issuer.keys.append(fresh)
        if number % 2:
            assert lets_in(guarded, fresh.token(claims()))
            continue
        with open_socket(guarded.url, fresh.token(claims())) as socket:
            assert socket.hello["user_id"] == "alice"
    assert lets_in(guarded, ec_key.token(claims()))


def test_a_withdrawn_key_is_forgotten_and_with_it_the_tokens_that_were_taken(serve, issuer, rsa_key, ec_key):
    server = serve(*options(issuer.url, "--auth-jwks-refresh-ms", "200"))
    token = ec_key.token(claims())
    assert lets_in(server, token)
    issuer.keys.remove(ec_key)
    until(lambda: not lets_in(server, token))
    assert lets_in(server, rsa_key.token(claims()))


def test_made_up_keys_do_not_hammer_the_issuer(serve, issuer, attacker):
    server = serve(*options(issuer.url, cooldown_ms=60_000))
    until(lambda: issuer.asked == 1)
    for number in range(200):
        assert not lets_in(server, attacker.token(claims(), kid=f"made up {number}"))
    assert issuer.asked == 1


def test_an_expired_token_of_an_old_key_asks_for_nothing(guarded, issuer, attacker):
    until(lambda: issuer.asked == 1)
    for _ in range(20):
        assert not lets_in(guarded, attacker.token(claims(exp=now(-10))))
        assert not lets_in(guarded, attacker.token(claims(iss="https://other.example")))
    assert issuer.asked == 1


# --- an issuer that is away
def test_while_the_issuer_is_away_its_keys_go_on(serve, issuer, rsa_key, ec_key):
    server = serve(*options(issuer.url, "--auth-jwks-refresh-ms", "200"))
    assert lets_in(server, ec_key.token(claims()))
    issuer.stop()
    fresh = SigningKey("ec-2")
    issuer.keys.append(fresh)
    until(lambda: metric(server, 'parley_auth_key_fetches_total{result="failed"}') > 2)
    assert lets_in(server, ec_key.token(claims("bob")))
    assert lets_in(server, rsa_key.token(claims("bob")))
    assert not lets_in(server, fresh.token(claims()))
    assert httpx.get(f"{server.url}/readyz").status_code == 200
    issuer.start()
    until(lambda: lets_in(server, fresh.token(claims())))


def metric(server, name):
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    return next(float(line.removeprefix(name)) for line in lines if line.startswith(f"{name} "))


NONSENSE = {
    "an error": {"status": 503},
    "a redirect": {"status": 302},
    "no JSON": {"body": b"<html>sorry</html>"},
    "no keys": {"body": b'{"keys":[]}'},
    "keys that are none": {"body": b'{"keys":[1,null,{}]}'},
    "too much": {"body": b'{"keys":[' + b" " * 300_000 + b"]}"},
    "a deep hole": {"body": b'{"keys":' + b"[" * 50_000},
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_whatever_nonsense_the_issuer_tells_its_keys_go_on(serve, issuer, ec_key, kind):
    server = serve(*options(issuer.url, "--auth-jwks-refresh-ms", "100"))
    assert lets_in(server, ec_key.token(claims()))
    for name, value in NONSENSE[kind].items():
        setattr(issuer, name, value)
    until(lambda: metric(server, 'parley_auth_key_fetches_total{result="failed"}') > 1)
    assert lets_in(server, ec_key.token(claims("bob")))
    assert metric(server, "parley_auth_keys") == 2


def test_an_issuer_that_comes_after_us_is_found(serve, issuer, ec_key):
    issuer.stop()
    server = serve(*options(issuer.url, "--auth-jwks-wait-ms", "100"))
    problem(who_am_i(server, ec_key.token(claims())), 401, "unauthenticated")
    unready = httpx.get(f"{server.url}/readyz")
    assert unready.status_code == 503 and unready.json()["checks"]["keys"] is False
    assert httpx.get(f"{server.url}/healthz").status_code == 200
    issuer.start()
    until(lambda: lets_in(server, ec_key.token(claims())))
    assert httpx.get(f"{server.url}/readyz").status_code == 200


def test_an_issuer_that_hangs_keeps_nobody_waiting_but_who_needs_it(serve, issuer, ec_key, attacker):
    server = serve(*options(issuer.url, "--shards", "1", "--auth-jwks-wait-ms", "1500"))
    good = ec_key.token(claims())
    assert lets_in(server, good)
    issuer.delay_s = 30
    with httpx.Client() as impatient:
        time_of_asking = time.monotonic()
        until(lambda: not lets_in(server, attacker.token(claims())))  # begins a fetch that does not end
        until(lambda: issuer.asked >= 2)
        for _ in range(50):
            answer = impatient.get(f"{server.url}/v1/users/me", headers={"Authorization": f"Bearer {good}"}, timeout=5)
            assert answer.status_code == 200
        assert lets_in(server, ec_key.token(claims("bob")))
        assert time.monotonic() - time_of_asking < 20


def test_a_stop_in_the_middle_of_a_fetch_does_not_wait_for_it(serve, issuer):
    issuer.delay_s = 30
    server = serve(*options(issuer.url, "--auth-jwks-timeout-ms", "60000"))
    until(lambda: issuer.asked == 1)
    before = time.monotonic()
    server.stop()
    assert time.monotonic() - before < 15


# --- sockets
def test_an_issuers_token_ends_its_socket_when_it_expires(guarded, rsa_key, ec_key):
    for key in [rsa_key, ec_key]:
        with open_socket(guarded.url, key.token(claims(lives_s=2))) as socket:
            code, reason = socket.close_code()
            assert (code, reason) == (4401, "token expired")


def test_a_socket_is_refreshed_by_a_token_of_a_key_that_was_not_known(guarded, issuer, rsa_key, attacker):
    with open_socket(guarded.url, rsa_key.token(claims(lives_s=3))) as first, open_socket(guarded.url, rsa_key.token(claims(lives_s=3))) as second:
        fresh = SigningKey("ec-refresh")
        issuer.keys.append(fresh)
        is_time(first.ok("refresh", token=fresh.token(claims()))["expires_at"])
        first.refused("unauthenticated", "refresh", token=attacker.token(claims()))
        first.refused("unauthenticated", "refresh", token=fresh.token(claims("bob")))
        assert second.close_code()[0] == 4401
        assert first.call("ping")["type"] == "pong"


def test_a_ticket_is_given_for_an_issuers_token(guarded, ec_key):
    answer = httpx.post(f"{guarded.url}/v1/tickets", headers={"Authorization": f"Bearer {ec_key.token(claims())}"})
    with open_socket(guarded.url, query=f"?ticket={ok(answer, 201)['ticket']}") as socket:
        assert socket.hello["user_id"] == "alice"


# --- TLS
@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody but itself vouches for, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    return folder / "cert.pem", folder / "key.pem"


def test_keys_come_over_tls_from_whom_the_authorities_vouch_for(serve, ec_key, certificate):
    issuer = JwksServer(ec_key, tls=certificate)
    try:
        trusting = serve(*options(issuer.url, "--auth-jwks-ca-file", certificate[0]), name="trusting")
        assert lets_in(trusting, ec_key.token(claims()))
        wary = serve(*options(issuer.url, "--auth-jwks-wait-ms", "500"), name="wary")
        assert not lets_in(wary, ec_key.token(claims()))
        until(lambda: metric(wary, 'parley_auth_key_fetches_total{result="failed"}') > 0)
    finally:
        issuer.stop()


# --- four processes
@pytest.mark.shape("topology")
def test_every_process_knows_a_new_key_by_itself(broker, issuer, rsa_key, tmp_path):
    topology = Topology(tmp_path / "topology", broker, options(issuer.url)).start()
    try:
        until(lambda: lets_in(topology, rsa_key.token(claims())))
        fresh = SigningKey("ec-topology")
        issuer.keys.append(fresh)
        bearer = {"Authorization": f"Bearer {fresh.token(claims())}"}
        channel = ok(httpx.post(f"{topology.url}/v1/channels", headers=bearer, json={"kind": "group", "members": ["bob"]}), 201)
        said = httpx.post(f"{topology.url}/v1/channels/{channel['id']}/messages", headers=bearer, json={"text": "Hello"})
        after = {**bearer, "Parley-Min-Position": said.headers["Parley-Position"]}
        page = httpx.get(f"{topology.url}/v1/channels/{channel['id']}/messages", headers=after)
        assert [message["text"] for message in ok(page, 200)["messages"]] == ["Hello"]
        with open_socket(topology.url, fresh.token(claims(lives_s=2))) as socket:
            assert socket.close_code()[0] == 4401
        topology.stop()
    finally:
        topology.end()
