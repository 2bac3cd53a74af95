"""Three users of the social media, and a channel of two of them."""

import pytest

from dialects.social_media.client import client_of


@pytest.fixture
def ann(parley, alice):
    return client_of(parley, alice)


@pytest.fixture
def ben(parley, bob):
    return client_of(parley, bob)


@pytest.fixture
def cat(parley, carol):
    return client_of(parley, carol)


@pytest.fixture
def channel(ann, ben):
    channel = ann.channel()
    ben.join(channel)
    return channel
