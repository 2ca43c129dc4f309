"""What those who run the server ask: does it live, is it ready, how is it doing.

``/healthz`` and ``/readyz`` say no more than yes or no, and need no key. ``/metrics`` has figures
of the whole fleet, and needs one.
"""

from collections.abc import Iterator, Mapping

from apiflask import APIBlueprint
from flask import Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from fleet_server.store import deliveries, rest, tallies
from fleet_server.store.database import reading
from fleet_server.web.access import allow
from fleet_server.web.api.guard import authenticate, demand, handle_errors
from fleet_server.web.api.problems import Problem
from fleet_server.web.services import services

SILENT_MS = 60_000
"""Ingest notes it every ten seconds; a minute without means that it is down or stuck."""

blueprint = APIBlueprint("api_operations", __name__, enable_openapi=False)
handle_errors(blueprint)


@blueprint.get("/healthz")
@allow("public")
def healthz() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "alive"}


@blueprint.get("/readyz")
@allow("public")
def readyz() -> dict[str, str]:
    """Say whether the database can be read and written, and whether ingest lives.

    Raises:
        Problem: it is not ready, and why.
    """
    rest.check_writable()
    counts = tallies.read()
    if counts.get(tallies.INGEST) == tallies.ENDED:
        raise Problem(503, "ingest has been ended", {"Retry-After": "10"})
    age = _silence(counts, tallies.INGEST, services().clock())
    if age is not None and age > SILENT_MS:
        raise Problem(503, f"ingest has been silent for {age // 1_000} s", {"Retry-After": "10"})
    return {"status": "ready", "database": "ok", "ingest": "unknown" if age is None else "ok"}


@blueprint.get("/metrics")
@allow("public")
def metrics() -> Response:
    """Give figures for Prometheus, all from the database."""
    authenticate()
    demand("metrics:read")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(services().clock()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """The fleet's figures at one moment."""

    def __init__(self, now_ms: int) -> None:
        """Read them."""
        with reading():
            self._figures, self._counts = rest.figures(), tallies.read()
            self._deliveries = deliveries.by_state()
        self._silences = {
            name: _silence(self._counts, process, now_ms)
            for name, process in (("ingest", tallies.INGEST), ("jobs", tallies.JOBS))
        }

    def collect(self) -> Iterator[Metric]:
        """Yield the families."""
        held = self._figures
        yield _gauges("hailong_terminals", "Terminals by state", "state", held.terminals)
        yield _gauges("hailong_open_matters", "Matters to look at", "kind", held.matters)
        yield _gauges("hailong_visits_and_ratings", "All days together", "kind", held.sums)
        yield _gauges(
            "hailong_webhook_deliveries", "Deliveries of events", "state", self._deliveries
        )
        waiting = "Records that terminals say are waiting"
        yield GaugeMetricFamily("hailong_records_waiting", waiting, held.waiting)
        for process, silence in self._silences.items():
            if silence is not None:
                age = f"Seconds since {process} said that it lives"
                name = f"hailong_{process}_silence_seconds"
                yield GaugeMetricFamily(name, age, silence / 1_000)
        counter = CounterMetricFamily("hailong_ingest", "What ingest did", labels=["what"])
        for name, value in self._counts.items():
            if name not in tallies.NO_COUNTS:
                counter.add_metric([name], value)
        yield counter


def _gauges(name: str, explained: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, explained, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _silence(counts: Mapping[str, int], process: str, now_ms: int) -> int | None:
    """Return for how long a process has been silent, in milliseconds; None if it never spoke."""
    at = counts.get(process)
    return None if at is None else max(0, now_ms - at)
