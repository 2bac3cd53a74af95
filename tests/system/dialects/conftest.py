"""What the tests of the dialects share. Each test is named after a row of docs/compatibility.md: test_W_02a_… is of row W-02a.

--compatibility FILE writes the table of rows and results into that document.
"""

import pytest

from dialects.frames import Sockets
from dialects.rows import RESULTS, row_of
from harness.client import Circle


@pytest.fixture
def sockets(parley):
    """Opens WebSockets at any path; they are closed with the test."""
    opened = Sockets(parley.url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def folk(parley):
    """A circle for all of a module's tests, which look at one day of its users."""
    circle = Circle(parley.url)
    yield circle
    circle.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    row = row_of(item.name)
    if row and (report.when == "call" or report.failed):
        RESULTS[row].append(report.passed)
    return report
