"""Clients of PageNow's, of four users."""

import httpx
import pytest

from dialects.pagenow.client import Client
from harness.waiting import DEADLINE_S


@pytest.fixture
def http(parley):
    with httpx.Client(base_url=parley.url, timeout=DEADLINE_S) as client:
        yield client


@pytest.fixture
def client(http, sockets):
    return lambda user: Client(http, sockets, user)


@pytest.fixture
def anna(client, alice):
    return client(alice)


@pytest.fixture
def ben(client, bob):
    return client(bob)


@pytest.fixture
def cleo(client, carol):
    return client(carol)


@pytest.fixture
def dora(client, circle):
    return client(circle.user("dora"))
