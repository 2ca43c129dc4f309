"""Draws of an office: one that is drawn, and one that waits for its witness."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from fleet_server.contact_key import ContactKey, Reach
from fleet_server.core.draw import DrawRules, pulse, seal
from fleet_server.core.interviews import Sheet
from fleet_server.interviews.closing import By, close
from fleet_server.interviews.drawing import finish
from fleet_server.store import contacts, draw_lists, draws, interviews, places
from fleet_server.store.contacts import Given
from fleet_server.store.database import writing
from fleet_server.store.models import DrawLine, InterviewSheet, Visit, WeeklyDraw
from tests.fakes.fleets import CONTACT_SECRET, DRAW_SECRET

KEY = ContactKey(bytes.fromhex(CONTACT_SECRET))
NAMES = bytes.fromhex(DRAW_SECRET)
WITNESS = "giải đặc biệt xổ số kiến thiết TP.HCM, tối thứ Hai [999999]"


def by_server(at: int) -> By:
    """Return the server itself, at a moment."""
    return By(None, "server", at, datetime.fromtimestamp(at / 1000, UTC).date())


def reachable(visits: Sequence[str], at: int, days: int = 60) -> None:
    """Note how the citizens of visits can be reached, each by a number of their own."""
    day = datetime.fromtimestamp(at / 1000, UTC).date()
    for number, visit in enumerate(visits):
        reach = Reach(f"bà {visit}", f"0901 000 {number:03}")
        contacts.take(Given(visit, reach, at, day, days, "key:queue"), KEY)


def sealed(week: str, at: int, witness: str = "", wanted: int = 5) -> None:
    """Seal a draw from all visits of today, and take the heads."""
    day = datetime.fromtimestamp(at / 1000, UTC).date()
    window = (day.isoformat(), day.isoformat())
    found = seal(
        week,
        draw_lists.served(*window),
        key=NAMES,
        day=day,
        rules=DrawRules(wanted),
        lately=draw_lists.lately(date.min.isoformat()),
        tree=places.tree(),
        witness=witness,
    )
    whole = draw_lists.with_others(found, draw_lists.others(*window))
    draws.seal(whole, day.isoformat(), window, "2026-11-28", at)
    heads = draws.heads()
    draws.note_pulse(draws.row(week), heads, pulse(heads), at)


def drawn(week: str, at: int, wanted: int = 5) -> None:
    """Draw from all visits of today."""
    sealed(week, at, wanted=wanted)
    assert finish(week, NAMES, "", by_server(at))


def of_office(at: int) -> None:
    """Let some citizens of an office be reachable; draw in one week, and wait in the next.

    One is tried and one refuses, where as many were drawn: an office that has just opened has
    served nobody.
    """
    served = Visit.select(Visit.id).where(Visit.served_at.is_null(False)).order_by(Visit.id)
    reachable([str(one.id) for one in served][::4], at)
    drawn("2026-W46", at)
    lines = [line.id for line in DrawLine.select(DrawLine.id).order_by(DrawLine.id)]
    for line in lines[2:3]:
        interviews.note_try(line, 1, by_server(at).day, at)
    for line in lines[3:4]:
        close(line, "refused", {}, by_server(at), NAMES)
    sealed("2026-W47", at, WITNESS)


def close_all(week: str, at: int) -> None:
    """Let nobody of a draw be left who is to be asked."""
    held = draws.row(week)
    for line in draws.lines(held):
        if not InterviewSheet.select().where(InterviewSheet.line == line).exists():
            sheet = Sheet(0, "v", 0, 0, by_server(at).day, "done", {"attitude": "satisfied"})
            interviews.close(sheet, line.id, None, at)


def answered(
    counter: int, unit: int, count: int, day: str = "2026-11-20", outcome: str = "done", **said: str
) -> None:
    """Close some sheets of a counter, of the draw of an office."""
    draw = WeeklyDraw.get(week="2026-W46")
    at = draw.drawn_at
    begun = DrawLine.select().count()
    with writing():
        for number in range(begun, begun + count):
            line = DrawLine.create(
                draw=draw, name=f"name-{number}", listed="U", visit=f"v-{number}", counter=counter,
                unit=unit, citizen=None, replaces=None, at=at,
            )  # fmt: skip
            InterviewSheet.create(
                line=line, day=day, outcome=outcome, answers=said, at=at, who=None
            )
