"""What the server found out by itself: signs of cheating, alarms and their letters."""

from fleet_server.store.models import AlarmRow, CounterTally, Letter, Signal, SignalRuling
from tests.fakes.office.moment import DAY_MS, HOUR_MS, MINUTE_MS, day


def signals(now: int) -> None:
    """Add signs of cheating: one that waits, one that was ruled on twice, one long ago."""
    for counter, unit, rule, severity, (hits, of), honest, chance, verdict, ago in (
        (5, 2, "soon_after_close", "strong", (64, 70), 0.5, 1.2e-13, None, 1),
        (1, 1, "outside_hours", "notable", (6, 7), 0.05, 1.04e-7, "dismissed", 1),
        (4, 2, "too_good", "notable", (412, 413), 0.97, 5e-5, "upheld", 600),
    ):
        end = now - ago * DAY_MS
        moments = [] if rule == "too_good" else [end - n * HOUR_MS for n in range(4, 0, -1)]
        row = Signal.create(
            counter=counter, unit=unit, rule=rule, opened_at=end, severity=severity,
            since=day(end - 6 * DAY_MS), until=day(end), hits=hits, of=of, honest=honest,
            chance=chance, moments=moments, last_day=day(end), verdict=verdict,
        )  # fmt: skip
        for n, said in enumerate(("upheld", verdict) if verdict else ()):
            why = "Đèn và cửa mở khi tạp vụ lau sàn." if n else "Không ai được phép ở lại."
            by, at = "person:quality_officer@hailong.example", end + (n + 1) * HOUR_MS
            SignalRuling.create(signal=row, verdict=said, by=by, at=at, why=why)
    for counter, rule, hits, few, of in (
        (5, "soon_after_close", 10, 4, 10),
        (1, "outside_hours", 1, 0, 1),
    ):
        for back in range(1, 8):
            found = {rule: [hits if back % 5 else few, of, []]}
            name = day(now - back * DAY_MS)
            CounterTally.create(counter=counter, day=name, tallies=found)


def alarms(now: int) -> None:
    """Add alarms as they can stand, and letters in every state."""
    ago, raised = now - HOUR_MS, {"heard_at": now - HOUR_MS, "stages": 1}
    complaint = {"case": "2", "counter": "P1-01", "items": ["waiting_time", "attitude"]}
    lost = {"terminal": "p1-03-t1", "minutes": 40}
    few = {"counter": "Q3-01", "served": 210, "rated": 60, "target": 40}
    for kind, subject, unit, details, took, ended in (
        ("complaint", "2", 1, complaint, None, None),
        ("terminal_lost", "p1-03-t1", 1, lost, "technician@hailong.example", None),
        ("participation", "Q3-01@2026-11", 2, few, None, now - MINUTE_MS),
    ):
        AlarmRow.create(
            kind=kind, subject=subject, unit=unit, raised_at=ago, details=details,
            acknowledged_at=ago if took else None, acknowledged_by=took, ended_at=ended,
            **raised,
        )  # fmt: skip
    for number, (state, reply, trouble, error) in enumerate(
        (
            ("sent", 250, None, None), ("waiting", None, "silent", "timed out"),
            ("dead", 550, "address", "no such person"),
        )
    ):  # fmt: skip
        Letter.create(
            key=f"complaint:2@{ago}/raised/0/{number}", person=1, kind="complaint",
            what="raised", details=complaint, path="/alarms/1", made_at=ago, state=state,
            since=ago, attempts=1, next_at=now + MINUTE_MS, tried_at=ago, reply=reply,
            trouble=trouble, error=error,
        )  # fmt: skip
