"""How is a terminal, and why? One state, and every reason for it, the most urgent first. Pure.

States, by the first that fits:

1. *retired*: taken out of use by a person.
2. *store*: at no counter; nobody expects anything of it.
3. *lost*: it should work, but is not there.
4. *alert*: it, or what is known of it, needs a person: a fault, a fork, a key, its clock.
5. *late*: it should work and is only just gone, starting, or behind with its records.
6. *closed*: its office is closed, so nothing is expected of it.
7. *ready*: it works.

Only time in which its counter was open and the server could hear counts against a terminal
(`Watch`): outside the opening hours nothing is late, and what the server missed while it was
itself away is not held against anybody. Times are Unix milliseconds.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from fleet_server.core.ailments import Ailment
from fleet_server.core.opening import Calendar

State = Literal["ready", "late", "lost", "alert", "closed", "store", "retired"]
STATES: tuple[State, ...] = get_args(State)

Level = Literal["bad", "warning", "good", "none"]
LEVELS: dict[State, Level] = {
    "ready": "good",
    "late": "warning",
    "lost": "bad",
    "alert": "bad",
    "closed": "none",
    "store": "none",
    "retired": "none",
}

Weight = Literal["lost", "alert", "late", "note"]
"""What a reason makes of a terminal; a *note* changes nothing."""

Away = Literal["gone", "off", "silent"]
Trouble = Literal[
    "revoked_key",
    "fork",
    "poison",
    "unvouched",
    "revoked",
    "fault",
    "certificate_over",
    "certificate_ends",
    "clock",
    "no_press",
    "button_silent",
]
Delay = Literal["unenrolled", "unseen", "waiting", "starting"]
ReasonKind = Away | Trouble | Delay | Ailment

ORDER: tuple[str, ...] = (
    *get_args(Away),
    "revoked_key",
    "fork",
    *get_args(Ailment),
    *get_args(Trouble),
    *get_args(Delay),
)
"""Reasons of one weight, the most urgent first."""

MATTERS: tuple[Trouble, ...] = ("revoked_key", "fork", "poison", "unvouched")
"""Open matters of evidence that are a reason as well."""

GONE_MS = 300_000
"""So long after its last will or its goodbye a terminal is late, and only then lost: the broker has
waited for one and a half times its keepalive already, and a cable is put back within minutes."""
SILENT_MS = 180_000
"""Three health reports missed, at one a minute: late."""
LOST_MS = 600_000
"""Silent for so long, though the broker holds its connection: lost."""
STUCK_MS = 600_000
"""A connected terminal delivers within seconds; ten minutes mean that something is wrong."""
START_MS = 180_000
"""A start takes a minute."""
CERTIFICATE_MS = 30 * 86_400_000
"""A terminal renews its certificate by itself, long before."""

NOTES: frozenset[str] = frozenset({"under_voltage_before"})
"""Ailments that are over."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A choice that nobody presses, or for an empty ``choice`` none, for ``served`` tickets.

    ``most`` is how many may pass without (`fleet_server.core.silence`).
    """

    choice: str
    served: int
    most: int
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a terminal.

    Attributes:
        retired: since when it is out of use.
        at_counter: whether it stands at a counter.
        keys: how many keys were ever enrolled; ``valid_keys`` how many are not revoked.
        certificate_until: the end of the newest certificate.
        state: what it last said: init, ready, alert, disconnected, lost; None before the first.
        state_at: when the state was heard; ``last_seen`` when anything was.
        oldest_waiting_at: when its oldest undelivered record was made.
        clock: quality of its clock: synced, holdover, unset.
        ailing: what its health report says is wrong, since when.
        matters: since when a matter of a kind is open.
    """

    retired: int | None
    at_counter: bool
    keys: int
    valid_keys: int
    certificate_until: int | None
    state: str | None
    state_at: int | None
    last_seen: int | None
    oldest_waiting_at: int | None
    clock: str | None
    ailing: Mapping[Ailment, int | None] = field(default_factory=dict)
    matters: Mapping[str, int] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a terminal is as it is, and since when where that is known.

    Attributes:
        silence: with *no_press* and *button_silent*, how long nobody has pressed.
    """

    kind: ReasonKind
    weight: Weight
    since: int | None
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state, since when (None where that isn't known), and every reason, worst first."""

    state: State
    since: int | None
    reasons: tuple[Reason, ...] = ()

    @property
    def level(self) -> Level:
        """How bad the state is."""
        return LEVELS[self.state]

    @property
    def needs_somebody(self) -> bool:
        """Whether a person should do something."""
        return self.state in ("lost", "alert", "late")

    @property
    def causes(self) -> tuple[Reason, ...]:
        """The reasons that are more than notes."""
        return tuple(one for one in self.reasons if one.weight != "note")


class Watch:
    """What may be expected of the terminals of one calendar at one moment.

    Args:
        calendar: when their counter is open.
        deaf: when the server heard nobody, as pairs of moments, in order.
        now: Unix milliseconds.
    """

    def __init__(self, calendar: Calendar, deaf: Sequence[tuple[int, int]], now: int) -> None:
        """Look at the calendar once."""
        self.now, self.expected = now, calendar.expected(now)
        self._calendar, self._deaf = calendar, deaf
        self._ends = [until for _since, until in deaf]

    def missed(self, since: int) -> int:
        """Return for how long since a moment it was open and the server heard, in ms."""
        heard = self._calendar.open_ms_between(since, self.now)
        for start, end in self._deaf[bisect_right(self._ends, since) :]:
            heard -= self._calendar.open_ms_between(max(since, start), min(end, self.now))
        return heard

    def longer(self, since: int, than: int) -> bool:
        """Whether more than so much was missed; almost always the clock alone can tell."""
        return self.now - since > than and self.missed(since) > than


def judge(heard: Heard, watch: Watch) -> Verdict:
    """Return how a terminal is."""
    if heard.retired is not None:
        return Verdict("retired", heard.retired)
    found = [*_absence(heard, watch), *_troubles(heard, watch), *_delays(heard, watch)]
    if not heard.at_counter:
        notes = [Reason(one.kind, "note", one.since, one.silence) for one in found]
        return Verdict("store", None, _sorted(notes))
    reasons = _sorted(found)
    first = reasons[0] if reasons else None
    if first is not None and first.weight != "note":
        return Verdict(first.weight, first.since, reasons)
    if not watch.expected:
        return Verdict("closed", None, reasons)
    return Verdict("ready", heard.state_at, reasons)


_WEIGHTS = {weight: rank for rank, weight in enumerate(get_args(Weight))}
_RANKS = {kind: rank for rank, kind in reversed(tuple(enumerate(ORDER)))}


def _sorted(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda one: (_WEIGHTS[one.weight], _RANKS[one.kind])))


def _absence(heard: Heard, watch: Watch) -> Iterator[Reason]:
    if heard.valid_keys == 0 or heard.state is None or heard.last_seen is None:
        return
    if heard.state in ("lost", "disconnected"):
        since = heard.state_at or heard.last_seen
        weight: Weight = "lost" if watch.longer(since, GONE_MS) else "late"
        kind: Away = "gone" if heard.state == "lost" else "off"
        yield Reason(kind, weight if watch.expected else "note", since)
    elif watch.longer(heard.last_seen, SILENT_MS):
        weight = "lost" if watch.longer(heard.last_seen, LOST_MS) else "late"
        yield Reason("silent", weight if watch.expected else "note", heard.last_seen)


def _troubles(heard: Heard, watch: Watch) -> Iterator[Reason]:
    for kind in MATTERS:
        if kind in heard.matters:
            yield Reason(kind, "alert", heard.matters[kind])
    if heard.keys and not heard.valid_keys:
        yield Reason("revoked", "alert", None)
    for ailment, since in heard.ailing.items():
        yield Reason(ailment, "note" if ailment in NOTES else "alert", since)
    if heard.state == "alert" and not set(heard.ailing) - NOTES:
        yield Reason("fault", "alert", heard.state_at)
    if heard.clock == "unset" and heard.state not in ("lost", "disconnected"):
        yield Reason("clock", "alert", None)
    yield from _certificate(heard, watch.now)
    for silence in heard.silences:
        named: Trouble = "button_silent" if silence.choice else "no_press"
        yield Reason(named, "alert", silence.since, silence)


def _certificate(heard: Heard, now: int) -> Iterator[Reason]:
    until = heard.certificate_until
    if until is None or not heard.valid_keys or until - now > CERTIFICATE_MS:
        return
    yield Reason("certificate_over" if until <= now else "certificate_ends", "alert", until)


def _delays(heard: Heard, watch: Watch) -> Iterator[Reason]:
    late: Weight = "late" if watch.expected else "note"
    if heard.keys == 0:
        yield Reason("unenrolled", late, None)
    elif heard.valid_keys and (heard.state is None or heard.last_seen is None):
        yield Reason("unseen", late, None)
    waiting = heard.oldest_waiting_at
    if waiting is not None and watch.longer(waiting, STUCK_MS):
        yield Reason("waiting", late, waiting)
    if heard.state == "init" and heard.state_at and watch.longer(heard.state_at, START_MS):
        yield Reason("starting", late, heard.state_at)
