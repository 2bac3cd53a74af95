"""What the edge lets through and what it keeps to itself."""

import httpx
import pytest

from harness.raw import Connection, request

pytestmark = pytest.mark.shape("topology")


@pytest.mark.parametrize("path", ["/metrics", "/metrics?a=b", "/%6detrics", "/./metrics", "/v1/../metrics", "/metrics/", "//metrics"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_metrics_are_not_for_the_public(parley, method, path):
    with Connection(parley.address) as connection:
        connection.send(request(method, path, {"Content-Length": "0"}))
        assert connection.answer().status == 404


@pytest.mark.parametrize("part", ["projector", "broadcaster", "ingest", "query-api"])
def test_each_process_has_its_own_metrics(parley, part):
    assert "# TYPE parley_" in httpx.get(f"http://{parley.at(part)}/metrics").text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_health_of_what_is_behind_is_seen_through_it(parley, path):
    assert httpx.get(f"{parley.url}{path}").status_code == 200
