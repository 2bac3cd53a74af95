"""Fixtures of rows S: two users of Slack clone, and a workspace and a channel of the first one's."""

import pytest

from dialects.slack_clone.client import Slack
from harness.client import token_for


@pytest.fixture
def slack(parley, circle, sockets):
    client = Slack(parley.url, sockets, lambda email: token_for(circle, email))
    yield client
    client.close()


@pytest.fixture
def kim(slack):
    return slack.user("kim")


@pytest.fixture
def lee(slack):
    return slack.user("lee")


@pytest.fixture
def workspace(slack, kim):
    return slack.workspace(kim)


@pytest.fixture
def channel(slack, workspace, kim):
    return slack.channel(workspace, kim)
