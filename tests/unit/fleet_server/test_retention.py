"""What is kept long enough goes; signed records, and what proves them, stay for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server import retention
from fleet_server.cli import main
from fleet_server.core.retention import DAY_MS, KEPT_DAYS
from fleet_server.settings import Settings, load
from fleet_server.store import accounts, audit_log, database, models
from fleet_server.store.models import Dossier, Matter, Quarantine, Record, Visit
from fleet_server.store.retention import RULES
from tests.fakes import databases, former
from tests.fakes.fleets import new_fleet

pytestmark = pytest.mark.usefixtures("engine")

NOW = former._NOW
LATER = NOW + 5_000 * DAY_MS
EVIDENCE = {
    "record", "chain", "boot", "rating", "ticket_event", "visit", "visit_alias", "parked_record",
    "terminal", "terminal_key", "audit_entry", "hourly", "case_file", "case_event",
    "case_attachment", "complaint", "rating_reason", "signal", "signal_ruling", "contact_look",
    "weekly_draw", "draw_line", "sheet_try", "interview_sheet", "unsigned_rating",
    "unsigned_withdrawal",
}  # fmt: skip

BOUNDED = {
    "unit", "unit_place", "unit_branch", "counter", "counter_place", "terminal_place", "daily",
    "running_day",
    "monthly", "unit_daily", "target", "downlink", "change", "tally", "api_key", "opening_plan",
    "opening_week", "special_day", "button_silence", "wall_link", "rating_change", "webhook",
    "role", "user", "user_role", "passkey", "webhook_delivery", "update_bundle", "case_terms",
    "tally_due", "report_template", "score_scale", "score_entry", "alarm_rule", "chat_room",
    "running_block", "kept_file", "report_schedule", "report_reader",
    "public_unit",
}  # fmt: skip
"""What people make by hand, figures, one row for each of something, and what goes with its owner or
trims itself."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[None]:
    """An office with rows in every table, all of about `NOW`."""
    url = databases.empty(tmp_path)
    former.filled(url, database.known_steps()[-1])
    database.open_database(url)
    yield
    database.close()


def counts() -> dict[str, int]:
    return {table._meta.table_name: table.select().count() for table in models.ALL}


def test_there_is_a_rule_for_each_kind_and_none_for_evidence() -> None:
    assert set(RULES) == set(KEPT_DAYS)
    assert not {rule.table for rules in RULES.values() for rule in rules} & EVIDENCE


def test_no_table_that_grows_with_time_is_forgotten() -> None:
    """Whoever adds a table says whether it is evidence, bounded, or how long it is kept."""
    erased = {rule.table for rules in RULES.values() for rule in rules}
    known = {table._meta.table_name for table in (*models.ALL, *accounts.ALL)}
    assert erased | EVIDENCE | BOUNDED == known
    assert not erased & BOUNDED
    assert not EVIDENCE & BOUNDED


def test_what_is_younger_stays(office: None) -> None:
    before = counts()
    assert set(retention.erase(dict.fromkeys(KEPT_DAYS, 1), NOW, "server").values()) == {0}
    assert counts() == before
    assert audit_log.newest(1)[0].action != retention.ERASED


def test_what_is_older_goes_and_the_audit_log_says_what(office: None) -> None:
    before = counts()
    gone = retention.erase(KEPT_DAYS, LATER, "command:me")
    assert gone == {
        "dossiers": 1, "samples": 1, "requests": 1, "tokens": 1, "commands": 1, "matters": 1,
        "statuses": 0, "sessions": 1, "links": 1, "drafts": 1, "deliveries": 0, "history": 5,
        "tallies": 1, "contacts": 1, "alarms": 1, "letters": 1, "reports": 1,
    }  # fmt: skip
    now = counts()
    assert {name: now[name] for name in EVIDENCE - {"audit_entry"}} == {
        name: before[name] for name in EVIDENCE - {"audit_entry"}
    }
    assert now["dossier"] == now["quarantine"] == 0
    [entry] = audit_log.newest(1)
    assert (entry.actor, entry.action) == ("command:me", "retention.erase")
    assert '"dossiers":1' in entry.details


def test_an_open_matter_and_a_command_that_nobody_answered_stay(office: None) -> None:
    retention.erase(KEPT_DAYS, LATER, "server")
    assert [row.closed_at for row in Matter.select()] == [None]


def test_an_event_that_is_still_to_be_sent_stays_and_goes_with_its_deliveries(
    office: None,
) -> None:
    assert models.WebhookDelivery.select().count() == 1
    models.WebhookDelivery.update(state="waiting").execute()
    assert retention.erase({"deliveries": 30}, LATER, "server") == {"deliveries": 0}
    models.WebhookDelivery.update(state="dead").execute()
    assert retention.erase({"deliveries": 30}, LATER, "server") == {"deliveries": 1}
    assert models.WebhookDelivery.select().count() == 0


def test_what_lasts_and_since_when_a_terminal_is_there_are_no_history(office: None) -> None:
    with database.writing():
        models.TerminalSpan.update(until=NOW).execute()
        models.TerminalSpan.create(terminal="t-1", kind="alert", since=NOW)
        models.TerminalEvent.create(terminal="t-1", at=NOW, kind="first", details={})
    retention.erase({"history": 1_100}, LATER, "server")
    assert [row.until for row in models.TerminalSpan.select()] == [None]
    assert [row.kind for row in models.TerminalEvent.select()] == ["first"]
    assert models.TerminalDay.select().count() == models.DeafSpan.select().count() == 0


def test_where_nothing_is_old_nobody_waits_for_a_transaction(
    office: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "writing", lambda: pytest.fail("others had to wait"))
    assert set(retention.erase(KEPT_DAYS, NOW, "server").values()) == {0}


def test_a_dossier_goes_by_the_day_of_its_visit(office: None) -> None:
    assert retention.due({"dossiers": 10}, NOW + 9 * DAY_MS) == {"dossiers": 0}
    assert retention.due({"dossiers": 10}, NOW + 11 * DAY_MS) == {"dossiers": 1}
    retention.erase({"dossiers": 10}, NOW + 11 * DAY_MS, "server")
    assert Dossier.select().count() == 0
    assert Visit.select().count() == 1


def test_much_goes_in_steps_and_no_more_than_is_allowed_at_once(
    office: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", 3)
    with database.writing():
        for number in range(10):
            Quarantine.create(terminal="t", bytes=b"", reason=str(number), received_at=NOW)
    assert retention.erase({"samples": 1}, LATER, "server", most=6) == {"samples": 6}
    assert retention.erase({"samples": 1}, LATER, "server") == {"samples": 5}
    assert Quarantine.select().count() == 0


def test_the_last_word_of_a_retired_terminal_goes(office: None) -> None:
    models.Terminal.update(retired_at=NOW).execute()
    assert retention.erase({"statuses": 400}, LATER, "server") == {"statuses": 1}


@pytest.fixture
def fleet(tmp_path: Path) -> Settings:
    return new_fleet(tmp_path / "fleet")


def test_the_command_says_what_would_go_and_then_erases_it(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    database.open_database(fleet.database.url)
    Quarantine.create(terminal="t", bytes=b"", reason="x", received_at=5)
    database.close()
    config = ["--config", str(fleet.path)]
    capsys.readouterr()
    assert main(["retain", "--dry-run", *config]) == 0
    assert "samples\t90 days\t1 would go" in capsys.readouterr().out
    assert main(["retain", *config]) == 0
    assert "samples\t90 days\t1 gone" in capsys.readouterr().out
    assert main(["retain", *config]) == 0
    assert "samples\t90 days\t0 gone" in capsys.readouterr().out
    database.open_database(fleet.database.url)
    assert Record.select().count() == 0


def test_days_are_set_in_the_settings_and_older_settings_have_the_usual_ones(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fleet.retention == KEPT_DAYS
    text = fleet.path.read_text()
    fleet.path.write_text(text.replace("dossiers = 400", "dossiers = 30"))
    assert load(fleet.path).retention["dossiers"] == 30
    fleet.path.write_text(text[: text.index("[retention]")])
    assert load(fleet.path).retention == KEPT_DAYS
    fleet.path.write_text(text.replace("dossiers = 400", "dossiers = 0"))
    assert main(["retain", "--config", str(fleet.path)]) == 2
    assert "[retention] dossiers must be a whole number" in capsys.readouterr().err
