"""Parley behind a real OpenID Connect provider."""

import httpx
import pytest

from harness.client import ok, problem
from harness.oidc import OidcProvider
from harness.socket import open_socket


@pytest.fixture(scope="module", params=["RS256", "ES256"])
def provider(request, tmp_path_factory):
    provider = OidcProvider(tmp_path_factory.mktemp("oidc"), request.param)
    yield provider
    provider.end()


def who_am_i(server, token):
    return httpx.get(f"{server.url}/v1/users/me", headers={"Authorization": f"Bearer {token}"}, timeout=20)


def behind(serve, provider, issuer=None, audience="parley", name="own"):
    told = provider.about()
    issuer = issuer or told["issuer"]
    return serve("--dev", "off", "--auth-jwks-url", told["jwks_uri"], "--auth-issuer", issuer, "--auth-audience", audience, name=name)


def test_whoever_the_provider_knows_is_let_in(serve, provider):
    server = behind(serve, provider)
    token = provider.token("alice@example.org")
    assert ok(who_am_i(server, token), 200)["id"] == "alice@example.org"
    with open_socket(server.url, token) as socket:
        assert socket.hello["user_id"] == "alice@example.org"
        socket.ok("refresh", token=provider.token("alice@example.org"))
        socket.refused("unauthenticated", "refresh", token=provider.token("bob"))


def test_tokens_for_another_application_or_of_another_issuer_are_refused(serve, provider):
    token = provider.token("alice")
    problem(who_am_i(behind(serve, provider, audience="other", name="other"), token), 401, "unauthenticated")
    problem(who_am_i(behind(serve, provider, issuer="https://issuer.example", name="strict"), token), 401, "unauthenticated")


def test_once_the_provider_has_gone_its_tokens_go_on(serve, tmp_path):
    provider = OidcProvider(tmp_path, "RS256")
    server = behind(serve, provider)
    early, late = provider.token("alice"), provider.token("bob")
    assert ok(who_am_i(server, early), 200)["id"] == "alice"
    provider.end()
    assert ok(who_am_i(server, late), 200)["id"] == "bob"
