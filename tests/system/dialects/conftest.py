"""What the tests of the dialects share. Each test is named after a row of docs/compatibility.md: test_W_04b_… is of row W-04b."""

import pytest

from dialects.frames import Sockets


@pytest.fixture
def sockets(parley):
    """Opens WebSockets at any path; they are closed with the test."""
    opened = Sockets(parley.url)
    yield opened
    opened.close()
