"""Who is asked this week: a draw that anybody can repeat from what is published.

1. On the list is each ticket served in the days before (`DrawRules.window`) whose citizen may be
   asked. Why others are not on it is counted (`LeftOut`), so that a short list is seen as one.
2. A ticket belongs to the unit in which its counter lay that day; where that is dissolved since, to
   the nearest one above that is not. On the list it has a *name*, a keyed hash that changes with
   the week: a clerk who remembers a ticket can't find it there and plead with whoever is to be
   asked, and an auditor who is given the key can. A citizen has one ticket on the list, the one
   whose name is the least: so the list, which is published, says of no two tickets that they are
   one citizen's. Who was drawn lately is not on it.
3. The list is sealed: its hash, the week and how many are wanted enter the audit log first. Only
   then the *pulse* is taken: the heads of all chains of the terminals, which nobody at the server
   can sign, and a *witness* if the sealing names one, such as that evening's lottery. The seed is
   the SHA-256 of all of these. The witness is what binds whoever runs the server: without one they
   could seal, look, and wait for heads that please them.
4. The *line* has the units in the order of SHA-256(seed, unit), and in each its tickets in that of
   SHA-256(seed, ticket). Every (tickets / wanted)-th of it is drawn, from a start that the seed
   gives. So each ticket has the very same chance, and each unit gets its share of the draws,
   rounded up or down by chance: units with few tickets get their turn in the long run, which the
   largest remainder would never give them. All is done in whole numbers.
5. Fewer tickets than wanted: all. None: a draw of nobody, which is published like the others.
6. Who can't be asked is replaced by the next in the line of the same unit, round from its last to
   its first; if that has none left, by the next of the units after it, round the line. Whoever
   was drawn or has replaced somebody is passed over. Each replacement is kept, with its reason.
   Consent that is taken back after the sealing is such a reason: a sealed list doesn't change.

Texts are UTF-8; hashes are lower-case hexadecimal digits. `fleet_server/core/DRAW.md` says the same
to who repeats a draw without this code.
"""

import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Literal

from fleet_server.core.tree import Tree

FORM = "hailong-draw-1"
"""The form of list and seed; another way to draw gets another name."""

NAME_DIGITS = 32
"""Digits of a ticket's name on the list: 128 bits."""

LEAST_WANTED, MOST_WANTED = 5, 10

LeftOut = Literal[
    "untold", "no_contact", "no_consent", "drawn_lately", "same_citizen", "dissolved"
]  # fmt: skip
"""Why a served ticket is not on the list: no terminal told of it, and a queue system alone could
invent any number of tickets with friends' numbers; nobody can reach its citizen, or not for long
enough; they did not agree to be asked, or no longer do; were drawn lately; have another ticket on
the list; no unit is left that answers for it."""


@dataclass(frozen=True, slots=True)
class DrawRules:
    """The settings of the draw.

    Attributes:
        wanted: how many are drawn each week, 5 to 10.
        weeks: how long ago a ticket may have been served.
        again_days: for so many days nobody is drawn again.
        reach_days: for so many days from the draw on contact data must still be good.
    """

    wanted: int = 7
    weeks: int = 4
    again_days: int = 180
    reach_days: int = 7

    def __post_init__(self) -> None:
        """Refuse what the rules don't allow.

        Raises:
            ValueError: it does not.
        """
        if not LEAST_WANTED <= self.wanted <= MOST_WANTED:
            raise ValueError("5 to 10 people are drawn a week")
        if min(self.weeks, self.again_days, self.reach_days) < 1:
            raise ValueError("weeks and days are at least one")

    def window(self, day: date) -> tuple[date, date]:
        """Return the first and the last day on which a ticket must have been served."""
        return day - timedelta(weeks=self.weeks), day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Served:
    """A ticket that was served in the days of the window.

    Attributes:
        visit: its id.
        unit: id of the unit in which the counter lay that day.
        citizen: keyed hash of who it was (`contacts.citizen_of`), None without contact data.
        reachable_until: last day on which the contact data may be used, None without any.
        consents: whether they agreed to be asked, and still do.
    """

    visit: str
    unit: int
    citizen: str | None = None
    reachable_until: date | None = None
    consents: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A line of the list: the code of the unit, and the name of the ticket (`name_of`)."""

    unit: str
    ticket: str


def name_of(key: bytes, week: str, visit: str) -> str:
    """Return the name of a visit's ticket on the list of a week (rule 2).

    Args:
        key: a secret of the server, kept for as long as a draw may be audited.
        week: the week of the draw.
        visit: id of the visit.
    """
    said = f"{FORM}\n{week}\n{visit}".encode()
    return hmac.new(key, said, sha256).hexdigest()[:NAME_DIGITS]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The list of a week, as it is published; nothing in it says who anybody is.

    Attributes:
        week: as ``2026-W48``.
        wanted: how many are wanted.
        entries: in the order of unit and ticket.
        left_out: how many served tickets are not on it, by the reason.
        witness: which public value, known only later, the seed will take in; "" if none.
    """

    week: str
    wanted: int
    entries: tuple[Entry, ...]
    left_out: Mapping[LeftOut, int]
    witness: str = ""

    @property
    def text(self) -> str:
        """The list as it is published: a line for each ticket, unit and ticket with a tab."""
        return "".join(f"{one.unit}\t{one.ticket}\n" for one in self.entries)

    @property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return _hash(self.text)


def seal(
    week: str,
    served: Iterable[Served],
    *,
    key: bytes,
    day: date,
    rules: DrawRules,
    lately: Collection[str],
    tree: Tree,
    witness: str = "",
) -> Sealed:
    """Return the list of a week (rules 1 and 2).

    Args:
        week: the week of the draw.
        served: the tickets served in ``rules.window(day)``.
        key: what names are made with (`name_of`).
        day: the day of the draw.
        rules: the settings.
        lately: the citizens who were drawn in the last ``rules.again_days``, also those who were
            not reached.
        tree: the units as they are on the day of the draw.
        witness: what the sealing names as witness.

    Raises:
        ValueError: a text has a tab or a line break, which would make two lists look alike.
    """
    left: Counter[LeftOut] = Counter()
    chosen: dict[str, Entry] = {}
    for one in served:
        reason = _left_out(one, day + timedelta(days=rules.reach_days), lately)
        unit = _answering(one.unit, tree, day.isoformat())
        if reason is not None or unit is None or one.citizen is None:
            left[reason or "dissolved"] += 1
            continue
        mine = Entry(_plain(unit), name_of(key, week, one.visit))
        left["same_citizen"] += one.citizen in chosen
        chosen[one.citizen] = min(mine, chosen.get(one.citizen, mine), key=attrgetter("ticket"))
    entries = tuple(sorted(chosen.values()))
    told = {reason: count for reason, count in left.items() if count}
    return Sealed(week, rules.wanted, entries, told, _plain(witness))


def _left_out(one: Served, until: date, lately: Collection[str]) -> LeftOut | None:
    if one.citizen is None or one.reachable_until is None or one.reachable_until < until:
        return "no_contact"
    if not one.consents:
        return "no_consent"
    return "drawn_lately" if one.citizen in lately else None


def _answering(unit: int, tree: Tree, day: str) -> str | None:
    """Return the code of the unit that answers for another on a day (rule 2)."""
    there = [node.code for node in tree.path(unit) if node.closed is None or day < node.closed]
    return there[-1] if there else None


def _plain(text: str) -> str:
    if any(character in text for character in "\t\n\r"):
        raise ValueError(f"{text!r} has a tab or a line break")
    return text


def pulse(heads: Mapping[str, str]) -> str:
    """Return the hash over the heads of all chains (rule 3).

    Args:
        heads: the newest record's hash of each chain, by the chain; published as the lines that
            are hashed here, sorted: chain and hash with a tab.
    """
    return _hash("".join(f"{chain}\t{heads[chain]}\n" for chain in sorted(heads)))


def seed(sealed: Sealed, taken: str, witnessed: str = "") -> str:
    """Return the seed of a draw (rule 3).

    Args:
        sealed: the list.
        taken: the `pulse`, taken after the sealing.
        witnessed: what the witness said; given exactly if the sealing names one.

    Raises:
        ValueError: it is missing, or none was named.
    """
    if bool(sealed.witness) != bool(witnessed):
        raise ValueError("the witness that was named speaks, and no other")
    parts = (FORM, sealed.week, str(sealed.wanted), sealed.hash, taken, sealed.witness, witnessed)
    return _hash("\n".join(map(_plain, parts)))


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: its seed, the whole line, and the places in it that were drawn (rules 4 and 5)."""

    seed: str
    line: tuple[Entry, ...]
    places: tuple[int, ...]

    @property
    def drawn(self) -> list[Entry]:
        """Who is asked."""
        return [self.line[place] for place in self.places]

    def replacement(self, ticket: str, used: Collection[str]) -> Entry | None:
        """Return who is asked in place of one who can't be, or None if nobody is left (rule 6).

        Args:
            ticket: a ticket that was drawn, or that has replaced one and can't be asked either.
            used: the tickets that have replaced others up to now.

        Raises:
            ValueError: the ticket is not on the list.
        """
        passed = {*used, *(one.ticket for one in self.drawn)}
        return next((one for one in self._after(ticket) if one.ticket not in passed), None)

    def _after(self, ticket: str) -> Iterator[Entry]:
        at = [one.ticket for one in self.line].index(ticket)
        unit = self.line[at].unit
        round_ = self.line[at + 1 :] + self.line[:at]
        yield from (one for one in round_ if one.unit == unit)
        yield from (one for one in round_ if one.unit != unit)


def draw(sealed: Sealed, by: str) -> Draw:
    """Draw from a list (rules 4 and 5).

    Args:
        sealed: the list.
        by: the `seed`.
    """
    line = sorted(
        sealed.entries,
        key=lambda one: (_hash(f"{by}\nunit\n{one.unit}"), _hash(f"{by}\nticket\n{one.ticket}")),
    )
    size = len(line)
    count = min(sealed.wanted, size)
    start = int(_hash(f"{by}\nstart"), 16) % max(size, 1)
    return Draw(by, tuple(line), tuple((start + nth * size) // count for nth in range(count)))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
