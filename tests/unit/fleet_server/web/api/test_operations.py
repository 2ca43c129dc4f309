"""What those who run the server ask."""

import pytest
from peewee import OperationalError

from fleet_server.store import listening
from fleet_server.store import rest as queries
from fleet_server.store.models import Tally
from fleet_server.store.tallies import INGEST, JOBS
from tests.fakes.desk import NINE, Desk
from tests.unit.fleet_server.web.api.conftest import Rest


def test_a_server_that_lives_says_so_to_anybody(rest: Rest) -> None:
    assert rest.client.get("/healthz").json == {"status": "alive"}


def test_a_server_is_ready_when_its_database_can_be_written(rest: Rest) -> None:
    answer = rest.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "database": "ok", "ingest": "unknown"}


def test_a_server_is_not_ready_without_its_database(
    rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("disk full at /secret/path")

    monkeypatch.setattr(queries, "check_writable", fail)
    answer = rest.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert "secret" not in answer.text


def test_a_server_is_not_ready_when_ingest_has_been_silent(rest: Rest) -> None:
    Tally.insert(name=INGEST, value=NINE).execute()
    rest.now = NINE + 60_000
    assert rest.client.get("/readyz").json["ingest"] == "ok"
    rest.now += 1
    answer = rest.client.get("/readyz")
    assert answer.status_code == 503
    assert "ingest has been silent for 60 s" in answer.json["detail"]


def test_metrics_come_from_the_database(rest: Rest) -> None:
    desk = Desk("t-9", "C1")
    desk.ticket("v1", "closed", 0)
    desk.rate("v1", 1)
    Tally.insert(name="taken", value=7).execute()
    Tally.insert(name=INGEST, value=NINE - 2_000).execute()
    Tally.insert(name=JOBS, value=NINE - 3_000).execute()
    listening.beat(NINE)
    answer = rest.call("GET", "/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    lines = answer.text.splitlines()
    assert 'hailong_visits_and_ratings{kind="served"} 1.0' in lines
    assert 'hailong_visits_and_ratings{kind="rated"} 1.0' in lines
    assert 'hailong_ingest_total{what="taken"} 7.0' in lines
    assert "hailong_ingest_silence_seconds 2.0" in lines
    assert "hailong_jobs_silence_seconds 3.0" in lines
    counted = [line for line in lines if line.startswith("hailong_ingest_total")]
    assert len(counted) == 1, "moments are no counts"
    assert "hailong_records_waiting 0.0" in lines
