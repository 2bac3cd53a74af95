"""Rows S-16 to S-18: sockets come and go."""

import pytest

from dialects.slack_clone.client import direct, is_quiet
from harness.tokens import claims_for, sign


@pytest.mark.parametrize("path", ["/", "/dev", "/prod"])
@pytest.mark.parametrize(("header", "scheme"), [("Authorization", ""), ("Authorization", "Bearer "), ("IDToken", "")])
def test_S_16_either_header_connects(slack, kim, path, header, scheme):
    assert is_quiet(slack.socket(kim, path, header, scheme))


def test_S_16_no_header_or_an_unknown_user_is_401(slack, sockets):
    nobody = slack.token_for(slack.user("nobody", registered=False))
    for headers in [None, {"IDToken": ""}, {"Authorization": "nonsense"}, {"IDToken": nobody}, {"Authorization": f"Bearer {nobody}"}]:
        assert sockets.refused("/dev", headers) == (401, "Authorization error"), headers


def test_S_16_the_signature_is_verified(parley, sockets, kim):
    def refusal(claims, secret=parley.secret, **header):
        return sockets.refused("/dev", {"IDToken": sign(claims, secret, **header)})

    good = claims_for("anybody", email=kim)
    sockets.open("/dev", {"IDToken": sign(good, parley.secret)})
    for refused in [
        refusal(good, secret="another secret, as long as the real one is ......"),
        refusal(claims_for(kim)),  # without an e-mail
        refusal(claims_for("anybody", lives_s=-1, email=kim)),
        refusal(good, algorithm="none"),
    ]:
        assert refused == (401, "Authorization error")


def test_S_17_a_user_has_several_sockets(slack, kim, lee):
    sockets = [slack.socket(lee) for _ in range(3)]
    slack.socket(kim).send(direct(kim, lee))
    assert [socket.frame()["message"] for socket in sockets] == ["Hello"] * 3


def test_S_18_a_socket_that_goes_is_that_socket_alone(slack, kim, lee):
    gone, here = slack.socket(lee), slack.socket(lee)
    gone.connection.close()
    slack.socket(kim).send(direct(kim, lee))
    assert here.frame() == direct(kim, lee)
