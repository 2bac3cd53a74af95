"""Each of the four processes killed in turn under load: what the others still can they do, and nothing is lost."""

import pytest

from harness.topology import PARTS, Topology
from test_crash import Load, chance, let_run  # noqa: F401

pytestmark = [pytest.mark.timeout(900), pytest.mark.crash, pytest.mark.shape("topology")]


@pytest.fixture
def topology(tmp_path, broker):
    topology = Topology(tmp_path, broker)
    try:
        yield topology.start()
    finally:
        topology.end()


@pytest.mark.parametrize("part", PARTS)
def test_killing_one_process_at_random_moments_loses_nothing_and_repeats_nothing(topology, part, chance):  # noqa: F811
    load = Load(topology).start()
    for _ in range(3):
        load.wait_for_more()
        let_run(chance)
        topology.kill_part(part)
        topology.start_part(part)
    load.wait_for_more()
    load.finish(topology)
    topology.stop()


def test_killing_any_of_the_processes_in_any_order_loses_nothing(topology, chance):  # noqa: F811
    load = Load(topology).start()
    for _ in range(6):
        load.wait_for_more()
        part = chance.choice(PARTS)
        topology.kill_part(part)
        let_run(chance)
        topology.start_part(part)
    load.wait_for_more()
    load.finish(topology)


def test_without_the_projector_sockets_still_talk(topology):
    load = Load(topology).start()
    load.wait_for_more()
    topology.kill_part("projector")
    load.wait_for_more()
    topology.start_part("projector")
    load.wait_for_more()
    load.finish(topology)


def test_without_query_api_writes_go_on(topology):
    load = Load(topology).start()
    topology.kill_part("query-api")
    load.wait_for_more()
    topology.start_part("query-api")
    load.finish(topology)
