"""Signals: opened once for each counter and rule, growing while they last, and ruled on.

What was told once is never taken away. All that writes is to be called in a write transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta, tzinfo

from fleet_server.core.days import local
from fleet_server.core.signals.rules import Signal as Found
from fleet_server.core.signals.rules import Tallies, signals
from fleet_server.core.signals.ruling import Ruling, Verdict, fresh, ruled
from fleet_server.core.signals.tally import WINDOWS
from fleet_server.store import changes, outbox
from fleet_server.store.database import rows
from fleet_server.store.models import Signal, SignalRuling
from fleet_server.store.outbox import Place
from fleet_server.store.sql import ask

Days = Sequence[tuple[str, Tallies]]


def judge(counter: int, days: Days, now: int, zone: tzinfo) -> None:
    """Look at a counter's last days, and open what is no longer chance, or let it grow."""
    newest = _newest(counter)
    for found in _found(days, _ruled(newest, zone)):
        held = newest.get(found.rule)
        if held is not None and held.verdict is None and _lasts(held, found):
            _grow(held, found)
        else:
            _open(counter, found, now)


def rule(signal: int, ruling: Ruling) -> None:
    """Let a ruling follow on a signal.

    Raises:
        RulingError: it is older than the last one.
    """
    ruled(rulings(signal), ruling)
    SignalRuling.create(signal=signal, **asdict(ruling))
    Signal.update(verdict=ruling.verdict).where(Signal.id == signal).execute()
    changes.note(changes.SIGNAL)


def rulings(signal: int) -> tuple[Ruling, ...]:
    """Return the rulings on a signal, the one that stands at the end."""
    query = SignalRuling.select(
        SignalRuling.verdict, SignalRuling.by, SignalRuling.at, SignalRuling.why
    ).where(SignalRuling.signal == signal)
    return tuple(Ruling(*row) for row in rows(query.order_by(SignalRuling.id)))


def _newest(counter: int) -> dict[str, Signal]:
    """Return a counter's newest signal of each rule."""
    query = Signal.select().where(Signal.counter == counter).order_by(Signal.id)
    return {row.rule: row for row in query}


def _ruled(newest: Mapping[str, Signal], zone: tzinfo) -> dict[str, tuple[Verdict, str]]:
    """Return what stands of the rules that were ruled on, and the day of that."""
    found = {}
    for name, row in newest.items():
        if row.verdict is not None:
            last = rulings(row.id)[-1]
            found[name] = (last.verdict, local(last.at, zone).date().isoformat())
    return found


def _found(days: Days, ruled_on: Mapping[str, tuple[Verdict, str]]) -> list[Found]:
    found = [one for one in signals(days) if one.rule not in ruled_on]
    for name, (verdict, day) in ruled_on.items():
        found += [one for one in signals(fresh(verdict, day, days)) if one.rule == name]
    return found


def _lasts(held: Signal, found: Found) -> bool:
    """Whether what was found is the same that was told before: its days may be those, too."""
    longest = date.fromisoformat(held.last_day) + timedelta(days=max(WINDOWS))
    return found.until < longest.isoformat()


def _grow(held: Signal, found: Found) -> None:
    telling = _columns(found) if found.chance <= held.chance else {}
    Signal.update(last_day=found.until, **telling).where(Signal.id == held.id).execute()
    changes.note(changes.SIGNAL)


def _open(counter: int, found: Found, now: int) -> None:
    place = _place(counter, found.until)
    row = Signal.create(
        counter=counter, unit=place.unit_id, rule=found.rule, opened_at=now,
        last_day=found.until, **_columns(found),
    )  # fmt: skip
    changes.note(changes.SIGNAL)
    told = ("rule", "severity", "since", "until", "hits", "of")
    data = {"signal": row.id, "counter": place.counter, "unit": place.unit}
    outbox.tell("signal.opened", data | {name: getattr(found, name) for name in told}, now, place)


def _columns(found: Found) -> dict[str, object]:
    kept = asdict(found)
    kept.pop("rule")
    return {**kept, "moments": list(found.moments)}


def _place(counter: int, day: str) -> Place:
    """Return where a counter lay on a day."""
    text = (
        "SELECT u.id, u.code, c.code FROM counter_place p JOIN unit u ON u.id = p.unit_id "
        "JOIN counter c ON c.id = p.counter_id "
        "WHERE p.counter_id = ? AND p.since_day <= ? AND p.until_day > ?"
    )
    [row] = ask(text, counter, day, day)
    return Place(*row)
