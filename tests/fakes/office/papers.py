"""What people of the office brought in and took away: ratings by other channels, reports."""

from fleet_server.store.models import KeptFile, KeptReport, ReportSchedule, UnsignedRating
from tests.fakes.office.moment import DAY_MS, HOUR_MS, TODAY, day


def other_channels(now: int) -> None:
    """Add ratings that no terminal signed: of yesterday, told; of today, not told yet."""
    for ago, way, choices, counter, ticket in (
        (1, "paper", "very_satisfied " * 4 + "unsatisfied " * 3, 1, None),
        (1, "phone", "satisfied " * 2, 1, None),
        (0, "box", "satisfied", 1, None),
        (0, "online", "satisfied satisfied", None, "A1"),
    ):
        at = now - ago * DAY_MS
        for choice in choices.split():
            UnsignedRating.create(
                way=way, choice=choice, at=at, taken=day(at),
                day=TODAY if ticket else "2026-11-20", unit=1, counter=counter, ticket=ticket,
                visit="P1-01-1" if ticket else None, stood=True if ago else None, file=None,
                entered_by="person:quality_officer@hailong.example",
            )  # fmt: skip


def reports(now: int) -> None:
    """Add a report that is ready, one that waits and one that failed."""
    for state, period, made in (
        ("ready", "2026-10", now - HOUR_MS),
        ("waiting", "2026-Q3", None),
        ("failed", "2026-09", None),
    ):
        KeptReport.create(
            unit=1, period=period, formats="csv", language="vi", state=state, steps=2,
            done=2 if made else 0, ordered_at=now - 2 * HOUR_MS,
            ordered_by="person:administrator@hailong.example", made_at=made,
            digest="5c" * 32 if made else "",
        )  # fmt: skip
    ReportSchedule.create(
        unit=1, every="month", day=5, formats="xlsx pdf", language="vi",
        told_until="2026-10-31", set_at=now - DAY_MS,
        set_by="person:administrator@hailong.example",
    )  # fmt: skip
    KeptFile.create(report=1, format="csv", digest="6d" * 32, data=b"served,1")
