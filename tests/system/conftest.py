"""Fixtures of the system tests.

`parley` is one deployment for the whole session, in the shape that --shape (or PARLEY_SHAPE) names; whatever uses it alone
runs against every shape. Tests that need a server of their own options use `serve`; those run once, with `embedded`, unless
they are marked for another shape.
"""

import os
from pathlib import Path

import pytest

from dialects import rows
from harness import contract
from harness.broker import Broker, fresh_topic
from harness.bucket import Bucket
from harness.client import Circle
from harness.deployment import BINARY, Serve
from harness.topology import Topology

SHAPES = ["embedded", "kafka", "topology"]


def pytest_addoption(parser):
    parser.addoption("--shape", choices=SHAPES, default=os.environ.get("PARLEY_SHAPE", "embedded"))
    parser.addoption("--compatibility", metavar="FILE", help="writes the results of the dialects' rows into this document")


def pytest_sessionfinish(session):
    document = session.config.getoption("--compatibility")
    if document:
        rows.write(Path(document), rows.RESULTS)


def pytest_configure(config):
    config.addinivalue_line("markers", "shape(name): runs with that shape alone")
    config.addinivalue_line("markers", "crash: kills processes under load, for minutes")
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is not there: ./dev build makes it", returncode=2)


def pytest_collection_modifyitems(config, items):
    shape = config.getoption("--shape")
    wanted = [item for item in items if runs_in(item, shape)]
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = wanted


def runs_in(item, shape):
    marker = item.get_closest_marker("shape")
    if marker:
        return shape in marker.args
    return shape == "embedded" or "parley" in item.fixturenames


@pytest.fixture(scope="session")
def shape(request):
    return request.config.getoption("--shape")


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def bucket(tmp_path_factory):
    """Where uploads go. Parley is told of it and never asks whether it is there; `s3` starts it."""
    bucket = Bucket(tmp_path_factory.mktemp("s3"))
    yield bucket
    bucket.end()


@pytest.fixture
def s3(bucket):
    return bucket.start()


@pytest.fixture(scope="session")
def parley(request, shape, bucket, tmp_path_factory):
    """The session's deployment."""
    folder = tmp_path_factory.mktemp("parley")
    if shape == "topology":
        deployment = Topology(folder, request.getfixturevalue("broker"), uploads=bucket.options())
    elif shape == "kafka":
        brokers = request.getfixturevalue("broker").address
        deployment = Serve(folder, "--log", "kafka", "--brokers", brokers, "--topic", fresh_topic(), *bucket.options())
    else:
        deployment = Serve(folder, "--log", "embedded", *bucket.options())
    try:
        yield deployment.start()
        deployment.stop()
    finally:
        deployment.end()


@pytest.fixture(autouse=True)
def nothing_died(request):
    """A test under which the deployment died has failed, and the next one has a running one again."""
    yield
    if "parley" in request.fixturenames:
        assert not request.getfixturevalue("parley").died()


@pytest.fixture(autouse=True)
def as_documented():
    """A test that saw an answer or a frame that the documents do not have has failed."""
    contract.broken.clear()
    yield
    assert not contract.broken, "\n".join(contract.broken[:10])


@pytest.fixture
def serve(tmp_path):
    """Starts servers of a test's own: serve("--option", "value"); they end with the test."""
    started = []

    def start(*options, name="own", **settings):
        deployment = Serve(tmp_path / name, *options, **settings)
        started.append(deployment)
        return deployment.start()

    yield start
    for deployment in started:
        deployment.end()


@pytest.fixture
def circle_at():
    """A circle of users at a server: circle_at(server)."""
    circles = []

    def make(server):
        circles.append(Circle(server.url))
        return circles[-1]

    yield make
    for circle in circles:
        circle.close()


@pytest.fixture
def circle(parley, circle_at):
    return circle_at(parley)


@pytest.fixture
def alice(circle):
    return circle.user("alice")


@pytest.fixture
def bob(circle):
    return circle.user("bob")


@pytest.fixture
def carol(circle):
    return circle.user("carol")
