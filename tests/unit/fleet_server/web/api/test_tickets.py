"""What a queue system tells, and what it is answered."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fleet_server.store import downlink, places, queue_events
from fleet_server.store.database import writing
from fleet_server.store.models import Change, Counter, Dossier, Downlink, Hourly, TicketEvent, Visit
from tests.fakes.desk import HOUR, MINUTE, NINE, Desk
from tests.fakes.keys import new_key
from tests.unit.fleet_server.web.api.conftest import Rest
from wire.down import CurrentTicket, open_ticket, seal_down
from wire.keys import generate


def shown(terminal: str = "t-1") -> dict[str, Any]:
    """What a terminal should show."""
    row = Downlink.get(Downlink.dev == terminal, Downlink.kind == "ticket")
    return dict(row.body)


def iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def served() -> int:
    return sum(row.served for row in Hourly.select())


def test_a_called_ticket_gets_a_visit_and_reaches_the_counters_terminal(rest: Rest) -> None:
    visit = rest.tell("called")
    assert len(visit) == 32
    assert shown() == {
        "ttl_s": 14_400,
        "counter": "C1",
        "counter_name": "Counter C1",
        "visit": visit,
        "ticket": "A017",
        "event": "called",
        "day": "2026-11-22",
        "service": None,
    }
    assert not Downlink.select().where(Downlink.dev == "t-2").exists()
    assert "counter:C1" in [row.subject for row in Change.select()]


def test_what_a_terminal_should_show_can_be_signed(rest: Rest) -> None:
    rest.tell("called", service="Chứng thực")
    (wish,) = downlink.due(0)
    seal_down(CurrentTicket(dev=wish.dev, n=1, iat=NINE, **wish.body), generate())
    assert open_ticket is not None


def test_a_visit_id_of_the_queue_system_is_kept(rest: Rest) -> None:
    assert rest.tell("called", visit="Q-4711") == "Q-4711"
    assert shown()["visit"] == "Q-4711"


def test_a_closed_visit_is_served_and_its_end_is_shown(rest: Rest) -> None:
    visit = rest.tell("called")
    rest.now += MINUTE
    assert rest.tell("closed") == visit
    assert served() == 1
    assert (shown()["visit"], shown()["event"]) == (visit, "closed")


def test_the_same_word_again_gets_the_same_answer_and_changes_nothing(rest: Rest) -> None:
    first = rest.tell("called")
    wish = Downlink.get()
    rest.now += MINUTE
    assert rest.tell("called") == first
    assert rest.tell("called", ticket="a-17") == first
    assert TicketEvent.select().count() == 1
    assert Downlink.get().changed == wish.changed


def test_the_same_word_with_its_visit_gets_the_same_answer(rest: Rest) -> None:
    for _ in range(2):
        assert rest.tell("called", visit="v1") == "v1"
        assert rest.tell("closed", visit="v1") == "v1"
    assert TicketEvent.select().count() == 2


def test_another_time_makes_another_event_of_the_same_visit(rest: Rest) -> None:
    one = rest.tell("called", at=iso(NINE - 2 * MINUTE))
    assert rest.tell("called", at=iso(NINE - MINUTE)) == one
    assert TicketEvent.select().count() == 2


def test_a_number_called_again_after_it_was_closed_is_a_new_visit(rest: Rest) -> None:
    one = rest.tell("called", at=iso(NINE - 3 * MINUTE))
    rest.tell("closed", at=iso(NINE - 2 * MINUTE))
    assert rest.tell("called", at=iso(NINE - MINUTE)) != one
    assert Visit.select().count() == 2


def test_a_no_show_called_again_is_the_same_visit(rest: Rest) -> None:
    visit = rest.tell("called")
    rest.now += MINUTE
    rest.tell("no_show")
    rest.now += MINUTE
    assert rest.tell("recalled") == visit
    rest.now += MINUTE
    rest.tell("closed")
    assert served() == 1


def test_a_number_of_another_day_is_another_visit(rest: Rest) -> None:
    one = rest.tell("called")
    rest.now += 24 * HOUR
    assert rest.tell("called") != one


def test_recalled_counts_again_only_where_another_was_called_in_between(rest: Rest) -> None:
    visit = rest.tell("called")
    rest.now += MINUTE
    assert rest.tell("recalled") == visit
    rest.now += MINUTE
    assert rest.tell("recalled") == visit
    assert TicketEvent.select().count() == 2
    rest.now += MINUTE
    rest.tell("called", ticket="A018")
    assert shown()["ticket"] == "A018"
    rest.now += MINUTE
    assert rest.tell("recalled") == visit
    assert shown()["ticket"] == "A017"
    assert TicketEvent.select().count() == 4


def test_one_service_more_than_a_month_has_room_for_is_a_conflict(
    rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_events, "MOST_SERVICES", 2)
    for number, service in enumerate(("Hộ tịch", "Chứng thực", "Hộ tịch")):
        rest.tell("called", ticket=f"A{number}", service=service)
    answer = rest.post({"ticket": "A9", "event": "called", "service": "Đất đai"})
    assert answer.status_code == 409
    assert answer.json["detail"] == (
        "service: counter C1 has had 2 services in 2026-11, and more are not taken; "
        "name one of these, or none"
    )
    assert rest.tell("called", ticket="A9")
    assert rest.tell("called", counter="C2", service="Đất đai")


def test_an_idempotency_key_gets_the_same_answer(rest: Rest) -> None:
    body = {"ticket": "A017", "event": "called", "at": iso(NINE)}
    header = {"Idempotency-Key": "abc"}
    first = rest.post(body, headers=header)
    assert rest.post(body, headers=header).json == first.json
    refused = rest.post({**body, "ticket": "A018"}, headers=header)
    assert refused.status_code == 422
    assert "Idempotency-Key" in refused.json["detail"]
    assert TicketEvent.select().count() == 1


def test_an_idempotency_key_belongs_to_its_counter(rest: Rest) -> None:
    body = {"ticket": "A017", "event": "called"}
    header = {"Idempotency-Key": "abc"}
    rest.post(body, headers=header)
    assert rest.post(body, "C2", headers=header).status_code == 422


def test_an_unusable_idempotency_key_is_refused(rest: Rest) -> None:
    body = {"ticket": "A017", "event": "called"}
    assert rest.post(body, headers={"Idempotency-Key": "x" * 256}).status_code == 400
    assert rest.post(body, headers={"Idempotency-Key": ""}).status_code == 400
    assert Visit.select().count() == 0


def test_late_news_of_an_earlier_ticket_does_not_change_what_is_shown(rest: Rest) -> None:
    rest.tell("called", ticket="A016", at=iso(NINE - 5 * MINUTE))
    now = rest.tell("called", ticket="A017", at=iso(NINE - MINUTE))
    rest.tell("closed", ticket="A016", at=iso(NINE))
    assert (shown()["visit"], shown()["event"]) == (now, "called")
    rest.tell("called", ticket="A015", at=iso(NINE - 9 * MINUTE))
    assert shown()["visit"] == now
    assert served() == 2


def test_what_is_hours_old_is_shown_to_nobody(rest: Rest) -> None:
    rest.tell("called", at=iso(NINE - 5 * HOUR))
    assert Downlink.select().count() == 0


def test_a_retired_terminal_is_told_nothing(rest: Rest) -> None:
    from fleet_server.store.models import Terminal

    Terminal.update(retired_at=1).where(Terminal.id == "t-1").execute()
    rest.tell("called")
    assert Downlink.select().count() == 0


def test_the_dossier_is_kept_apart(rest: Rest) -> None:
    visit = rest.tell("called", dossier="H29.12-221014-0005")
    assert Dossier.get_by_id(visit).dossier == "H29.12-221014-0005"
    rest.now += 1
    rest.tell("closed", dossier="H29.12-221014-0006")
    assert Dossier.get_by_id(visit).dossier == "H29.12-221014-0006"
    assert "H29" not in str(shown())


def test_the_terminals_own_visit_and_the_queues_are_one(rest: Rest) -> None:
    desk = Desk("t-9", "C1")
    desk.ticket("own-id", "called", 0)
    record = desk.rate("own-id", 1_000)
    rest.now = NINE + 2_000
    assert rest.tell("closed", visit="Q1") == "Q1"
    (visit,) = Visit.select()
    assert (visit.by_rest, visit.by_terminal, visit.ended) == (True, True, "closed")
    assert served() == 1
    assert sum(row.rated for row in Hourly.select()) == 1
    assert record


def test_the_terminal_that_comes_second_joins_the_queues_visit(rest: Rest) -> None:
    rest.tell("called", ticket="A-017", visit="Q1")
    desk = Desk("t-9", "C1")
    desk.ticket("own-id", "called", 500, ticket="A17")
    desk.rate("own-id", 1_000)
    rest.now = NINE + 2_000
    rest.tell("closed", visit="Q1")
    assert [(visit.id, visit.by_terminal) for visit in Visit.select()] == [("Q1", True)]
    assert sum(row.rated for row in Hourly.select()) == 1


def test_ratings_of_a_visit_that_turns_out_to_be_another_are_judged_together(rest: Rest) -> None:
    desk = Desk("t-9", "C1")
    desk.rate("own-id", 100)
    rest.tell("called", visit="Q1")
    desk.rate("Q1", 200, "unsatisfied")
    desk.ticket("own-id", "called", 300)
    rest.now = NINE + 2_000
    rest.tell("closed", visit="Q1")
    total = {
        name: sum(getattr(row, name) for row in Hourly.select()) for name in ("rated", "contested")
    }
    assert total == {"rated": 1, "contested": 1}


def test_an_unknown_counter_is_not_found(rest: Rest) -> None:
    for counter in ("C9", "-", "a%20b", "x" * 500):
        answer = rest.post({"ticket": "A017", "event": "called"}, counter)
        assert answer.status_code == 404, counter
        assert answer.content_type == "application/problem+json"


def closed(day: str, counter: str = "C1") -> None:
    Counter.update(closed_day=day).where(Counter.code == counter).execute()


@pytest.mark.parametrize("event", ["called", "recalled", "closed", "no_show", "transferred"])
@pytest.mark.parametrize("visit", [None, "v1"])
def test_a_closed_counter_is_told_of_no_new_visit(
    rest: Rest, event: str, visit: str | None
) -> None:
    closed("2026-11-22")
    answer = rest.post({"ticket": "A017", "event": event, "visit": visit})
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert "C1 is closed since 2026-11-22" in answer.json["detail"]
    assert (Visit.select().count(), TicketEvent.select().count()) == (0, 0)
    assert not Downlink.select().where(Downlink.dev == "t-1").exists()


def test_a_visit_that_began_before_its_counter_closed_can_be_ended(rest: Rest) -> None:
    rest.tell("called", visit="v1")
    rest.tell("called", "A018", visit="v2")
    closed("2026-11-23")
    rest.now = NINE + 24 * HOUR
    rest.tell("closed", "A018", visit="v2")
    assert Visit.get_by_id("v2").ended == "closed"
    refused = rest.post({"ticket": "A018", "event": "closed"})
    assert refused.status_code == 409


def test_the_same_word_again_gets_its_answer_after_the_counter_closed(rest: Rest) -> None:
    visit = rest.tell("called")
    closed("2026-11-22")
    assert rest.tell("called") == visit


def test_late_news_of_before_the_closing_and_news_of_days_until_then_are_taken(rest: Rest) -> None:
    closed("2026-11-22")
    rest.tell("called", at=iso(NINE - 24 * HOUR))
    closed("2026-12-01", "C2")
    rest.tell("called", counter="C2")
    assert Visit.select().count() == 2


def test_a_visit_at_another_counter_is_a_conflict(rest: Rest) -> None:
    rest.tell("called", visit="v1")
    answer = rest.post({"ticket": "A017", "event": "called", "visit": "v1"}, "C2")
    assert answer.status_code == 409
    assert "counter C1" in answer.json["detail"]


def in_another_branch(rest: Rest) -> str:
    """Add a counter of another unit, and return a key that is for that unit only."""
    unit = places.add_unit("FAR", "Xa").id
    places.add_counter("F1", "Quầy xa", unit)
    return new_key("far", unit="FAR")


def test_a_visit_id_of_another_branch_is_as_if_nobody_had_used_it(rest: Rest) -> None:
    rest.tell("called", visit="v1")
    rest.key, whole = in_another_branch(rest), rest.key
    said = {"ticket": "B5", "event": "called", "visit": "v1"}
    answer = rest.post(said, "F1")
    assert (answer.status_code, answer.json["visit"]) == (200, "v1")
    assert "C1" not in answer.text
    assert rest.post({**said, "event": "closed"}, "F1").json["visit"] == "v1"
    assert {(one.counter.code, one.ended) for one in Visit.select()} == {
        ("C1", None),
        ("F1", "closed"),
    }
    rest.key = whole
    assert rest.tell("closed", visit="v1") == "v1"


def test_a_branch_cannot_take_the_visit_ids_of_another_beforehand(rest: Rest) -> None:
    whole = rest.key
    rest.key = in_another_branch(rest)
    rest.tell("called", "B5", "F1", visit="v1")
    rest.key = new_key("near", unit="U")
    assert rest.tell("called", visit="v1") == "v1"
    desk = Desk("t-9", "C1")
    desk.rate("v1", 1_000)
    rest.now = NINE + 2_000
    rest.tell("closed", visit="v1")
    assert {row.counter.code: row.rated for row in Hourly.select()}["C1"] == 1
    rest.key = whole
    conflict = rest.post({"ticket": "A017", "event": "called", "visit": "v1"}, "C2")
    assert "counter F1" in conflict.json["detail"]


def test_a_terminal_that_names_a_visit_first_does_not_keep_the_queue_system_out(
    rest: Rest,
) -> None:
    rest.tell("called", visit="v1")
    with writing():
        Visit.update(by_rest=False, by_terminal=True).where(Visit.id == "v1").execute()
    said = {"ticket": "A017", "event": "called", "visit": "v1"}
    assert rest.post(said, "C2").json["visit"] == "v1"
    assert rest.post({"ticket": "A017", "event": "closed"}, "C2").json["visit"] == "v1"
    [told] = Visit.select().where(Visit.id != "v1")
    assert (told.counter.code, told.ended) == ("C2", "closed")


def test_a_visit_with_another_ticket_is_a_conflict(rest: Rest) -> None:
    rest.tell("called", visit="v1")
    answer = rest.post({"ticket": "A018", "event": "closed", "visit": "v1"})
    assert answer.status_code == 409
    assert "A017" in answer.json["detail"]


def test_what_was_never_called_can_not_be_closed_without_its_visit(rest: Rest) -> None:
    answer = rest.post({"ticket": "A017", "event": "closed"})
    assert answer.status_code == 404
    assert "was not called" in answer.json["detail"]
    assert rest.tell("closed", visit="v1") == "v1"
    assert served() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ticket": None}, "ticket"),
        ({"ticket": 17}, "ticket"),
        ({"ticket": ""}, "ticket"),
        ({"ticket": "A" * 17}, "ticket"),
        ({"ticket": "A\u202e017"}, "ticket"),
        ({"ticket": "A\u0000"}, "ticket"),
        ({"event": "eaten"}, "event"),
        ({"event": None}, "event"),
        ({"visit": "v 1"}, "visit"),
        ({"visit": "v1\n"}, "visit"),
        ({"visit": "x" * 65}, "visit"),
        ({"visit": "v1@C1"}, "visit"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-11-22T09:00:00"}, "at"),
        ({"at": "2026-13-22T09:00:00Z"}, "at"),
        ({"at": 1_700_000_000}, "at"),
        ({"at": iso(NINE + 6 * MINUTE)}, "at"),
        ({"at": iso(NINE - 32 * 24 * HOUR)}, "at"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "at"),
        ({"dossier": "x" * 65}, "dossier"),
        ({"dossier": "a\u0007"}, "dossier"),
        ({"service": ""}, "service"),
        ({"tiket": "A017"}, "tiket"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_changed(
    rest: Rest, change: dict[str, object], field: str
) -> None:
    answer = rest.post({"ticket": "A017", "event": "called", **change})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 422
    assert field in answer.json["detail"]
    assert Visit.select().count() == 0
    assert Change.select().count() == 0


def test_every_missing_field_is_named(rest: Rest) -> None:
    answer = rest.post({})
    assert {error["pointer"] for error in answer.json["errors"]} == {"#/ticket", "#/event"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"ticket":"A017","ticket":"A018","event":"called"}',
        b'{"ticket":"\\ud800","event":"called"}',
        b'{"ticket":"A017","event":"called","at":NaN}',
        b"\xff\xfe",
        b"[" * 16_000,
        b'{"a":' * 3_000,
    ],
)
def test_what_is_not_one_json_object_is_refused(rest: Rest, body: bytes) -> None:
    answer = rest.call(
        "POST", "/api/v1/counters/C1/tickets", data=body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json["detail"].startswith("the body is")


def test_a_body_of_another_kind_is_refused(rest: Rest) -> None:
    answer = rest.call("POST", "/api/v1/counters/C1/tickets", data={"ticket": "A017"})
    assert answer.status_code == 415


def test_a_body_that_is_too_long_is_refused(rest: Rest) -> None:
    answer = rest.post({"ticket": "A017", "event": "called", "x": "x" * 17_000})
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"
