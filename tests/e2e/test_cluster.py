"""A broker of three nodes: one of them may be away, and everything goes on."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.system import OFTEN, System, Terminal
from tests.fakes.cluster import (
    NODES,
    Cluster,
    connections,
    new_cluster_fleet,
    running_cluster,
    seeing,
)
from tests.fakes.wait import eventually

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.timeout(300)]
UNBOUND = '[tickets]\nwithout = "unbound"\n'


@pytest.fixture
def cluster(engine: str, tmp_path: Path) -> Iterator[Cluster]:
    """Three nodes and the process that answers for them."""
    fleet = new_cluster_fleet(tmp_path / "fleet", OFTEN)
    with running_cluster(fleet, tmp_path / "nodes") as one:
        yield one


@pytest.fixture
def system(cluster: Cluster) -> Iterator[System]:
    """A server whose ingest is at node c."""
    system = System(cluster.fleet, cluster)
    system.ingest.env.update(seeing("c", "a", "b"))
    try:
        system.start()
        yield system
    finally:
        system.stop()


def terminal_at(system: System, name: str, counter: str, *order: str) -> Terminal:
    """Return a terminal that runs, connected to the first of these nodes that is there."""
    terminal = system.add_terminal(name, counter, UNBOUND)
    terminal.uplink.env.update(seeing(*order))
    terminal.start()
    return terminal


def press(system: System, *terminals: Terminal) -> None:
    """Press once at each, and wait until the server holds it and the terminal has its receipt."""
    for terminal in terminals:
        said = terminal.press_apart()
        eventually(
            lambda terminal=terminal, seq=said["seq"]: terminal.receipted() >= seq,
            60,
            f"the receipt of {terminal.id}",
        )
        assert ("satisfied", said["seq"]) in system.held(terminal)


def test_a_node_that_dies_is_missed_by_nobody(
    system: System, cluster: Cluster, figure: Callable[[str], None]
) -> None:
    first = terminal_at(system, "t-1", "Q1", "a", "b", "c")
    second = terminal_at(system, "t-2", "Q2", "b", "c", "a")
    press(system, first, second)
    for process, node in ((first.uplink, "a"), (second.uplink, "b"), (system.ingest, "c")):
        assert connections(process, NODES[node]), f"{process.command[:2]} is not at {node}"
    for node in ("c", "a"):
        cluster.kill(node)
        since = time.monotonic()
        press(system, first, second)
        figure(f"node {node} killed: pressed and receipted {time.monotonic() - since:.1f} s later")
        cluster.start_again(node)


def test_without_two_nodes_terminals_wait_and_nothing_is_lost(
    system: System, cluster: Cluster
) -> None:
    terminal = terminal_at(system, "t-1", "Q1", "a", "b", "c")
    press(system, terminal)
    for node in ("b", "c"):
        cluster.nodes[node].kill()
    pressed = [terminal.press_apart()["seq"] for _ in range(3)]
    for node in ("b", "c"):
        cluster.nodes[node].start()
    eventually(lambda: terminal.receipted() >= pressed[-1], 120, "the receipts")
    assert [seq for _, seq in system.held(terminal)][-3:] == pressed
