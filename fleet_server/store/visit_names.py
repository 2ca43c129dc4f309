"""Which visit a source means by an id: looked up, begun, and remembered within a transaction.

Late words (`fleet_server.core.visits`, rule 7) name no service of a visit that was rated, and bind
no ratings (`ratings_stay`). On which day a visit is that only they told of, another word decides
(`Names.decides`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.days import Day
from fleet_server.core.times import MAX_AT, AtQuality
from fleet_server.core.visits import EventName, Source
from fleet_server.store.models import Visit
from fleet_server.store.sql import ask, insert, marks, parts, run
from wire.tickets import normalise

Side = Literal["by_rest", "by_terminal"]
SIDES: dict[Source, Side] = {"rest": "by_rest", "terminal": "by_terminal"}
_VISIT = (
    "id", "counter_id", "ticket", "ticket_norm", "day", "service", "first_at", "by_rest",
    "by_terminal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a source said about a ticket.

    Attributes:
        counter: Row of the counter.
        visit: The source's id of the visit.
        ticket: The number as printed.
        event: What happened.
        at: When; ``quality`` says how sure that is.
        day: The service day that ``at`` lies in.
        stated_day: The service day as the source itself stated it, or None.
        source: Who said so.
        idempotency: What makes a repetition of it recognisable.
        service: What the citizen came for, or None.
        heard: The service day on which a queue system's word came; None of what a terminal signed,
            which is evidence whenever it comes.
        record, boot, up: Where a terminal said it.
    """

    counter: int
    visit: str
    ticket: str
    event: EventName
    at: int
    quality: AtQuality
    day: str
    stated_day: str | None
    source: Source
    idempotency: str
    service: str | None = None
    heard: Day | None = None
    record: int | None = None
    boot: int | None = None
    up: int | None = None

    @property
    def own_day(self) -> str:
        """The day of the visit, if this begins it."""
        return self.stated_day or self.day

    def late(self, day: str) -> bool:
        """Whether this came when the day of its visit was over."""
        return self.heard is not None and self.heard.name > day


@dataclass(slots=True)
class _Home:
    """Where a held visit is, and what is known of it already."""

    counter: int
    code: str
    day: str
    by_rest: bool
    by_terminal: bool
    only_late: bool


class Names:
    """Which visits the ids of a transaction mean; looked up together, and then remembered."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._aliases: dict[tuple[int, str], str] = {}
        self._homes: dict[str, _Home] = {}
        self._looked: set[str] = set()
        self._codes: dict[int, str] = {}

    def look_up(self, ids: Iterable[str]) -> None:
        """Look ids up, of which some may have been looked up before."""
        new = sorted(set(ids) - self._looked)
        self._looked.update(new)
        for part in parts(new):
            aliases = "SELECT counter_id, alias, visit_id FROM visit_alias WHERE alias IN "
            for counter, alias, visit in ask(aliases + marks(part), *part):
                self._aliases[counter, alias] = visit
            self._read(part)
        self._read(sorted(set(self._aliases.values()) - set(self._homes)))

    def _read(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        text = (
            "SELECT v.id, v.counter_id, c.code, v.day, v.by_rest, v.by_terminal, "
            "NOT EXISTS (SELECT 1 FROM ticket_event e WHERE e.visit_id = v.id AND NOT e.late) "
            f"FROM visit v JOIN counter c ON c.id = v.counter_id WHERE v.id IN {marks(ids)}"
        )
        for visit, counter, code, day, *flags in ask(text, *ids):
            self._homes[visit] = _Home(counter, code, day, *map(bool, flags))

    def find(self, counter: int, raw: str) -> str | None:
        """Return the visit that a source at a counter means by an id, or None."""
        self.look_up([raw])
        alias = self._aliases.get((counter, raw))
        if alias is not None:
            return alias
        home = self._homes.get(raw)
        return raw if home is not None and home.counter == counter else None

    def elsewhere(self, counter: int, raw: str) -> str | None:
        """Return the code of the other counter that an id is in use at, or None."""
        self.look_up([raw])
        home = self._homes.get(raw)
        return home.code if home is not None and home.counter != counter else None

    def own(self, told: Told) -> str:
        """Return the id by which a new visit is held."""
        loose = self.loose(told.counter, told.visit)
        name = told.visit if self.elsewhere(told.counter, told.visit) is None else loose
        if not ratings_stay(told, told.own_day, name):
            return name
        return f"{loose}@{told.source}"  # an id that no rating has

    def loose(self, counter: int, raw: str) -> str:
        """Return how ratings of a visit are held that nobody has told of at their counter."""
        if counter not in self._codes:
            self._codes[counter] = _code(counter)
        return f"{raw}@{self._codes[counter]}"

    def bound(self, counter: int, raw: str) -> str:
        """Return the visit that a rating's id means, whether or not there is such a visit yet."""
        return self.find(counter, raw) or self.loose(counter, raw)

    def told_by_rest(self, visit: str) -> bool:
        """Whether the queue system has told of a visit."""
        self.look_up([visit])
        home = self._homes.get(visit)
        return home is not None and home.by_rest

    def decides(self, visit: str, told: Told) -> bool:
        """Whether a word says on which day a held visit is.

        The first word in time does, where only late ones told of it; and the first that a terminal
        signed, where the queue system told of it on a later day: that day was over by then.
        """
        home = self._homes[visit]
        signed = told.heard is None and not home.by_terminal
        earlier = signed and told.own_day < home.day
        return earlier or (home.only_late and not told.late(home.day))

    def day(self, visit: str) -> str:
        """Return the day of a held visit."""
        return self._homes[visit].day

    def days(self, visits: Iterable[str]) -> set[tuple[int, str]]:
        """Return counter and day of visits, those that are held."""
        wanted = list(visits)
        self.look_up(wanted)
        homes = (self._homes[visit] for visit in wanted if visit in self._homes)
        return {(home.counter, home.day) for home in homes}

    def add_alias(self, counter: int, alias: str, visit: str) -> None:
        """Keep another name of a visit."""
        insert("visit_alias", ("counter_id", "alias", "visit_id"), [(counter, alias, visit)])
        self._aliases[counter, alias] = visit

    def tell(self, visit: str, told: Told) -> None:
        """Note that a source has told of a visit, and what for."""
        home = self._homes[visit]
        if self.decides(visit, told):
            self._take_over(visit, home, told)
        late = told.late(home.day)
        side = SIDES[told.source]
        if not getattr(home, side):
            Visit.update({getattr(Visit, side): True}).where(Visit.id == visit).execute()
            setattr(home, side, True)
        if told.service is not None and not (late and rated(visit)):
            run(
                "UPDATE visit SET service = ? WHERE id = ? AND service IS NULL",
                told.service,
                visit,
            )

    def _take_over(self, visit: str, home: _Home, told: Told) -> None:
        """Let a word say on which day a visit is (`decides`): all that was told of it is late.

        Its ratings are bound now or come after: under no service that a late word named.
        """
        home.only_late, home.day = False, told.own_day
        text = "UPDATE visit SET day = ?, service = ? WHERE id = ?"
        run(text, home.day, told.service, visit)
        run("UPDATE ticket_event SET late = ? WHERE visit_id = ?", True, visit)

    def begin(self, told: Told) -> str:
        """Begin the visit that a source tells of, and return its id."""
        visit = self.own(told)
        home = _Home(
            told.counter,
            _code(told.counter),
            told.own_day,
            told.source == "rest",
            told.source == "terminal",
            told.late(told.own_day),
        )
        row = (
            visit, told.counter, told.ticket, norm(told.ticket), home.day, told.service, told.at,
            home.by_rest, home.by_terminal,
        )  # fmt: skip
        insert("visit", _VISIT, [row])
        self._homes[visit] = home
        self._looked.add(visit)
        if visit != told.visit:
            self.add_alias(told.counter, told.visit, visit)
        return visit


def ratings_stay(told: Told, day: str, held: str) -> bool:
    """Whether ratings stay where they count, though a visit of their id is told of.

    No word of a queue system moves ratings of days that are over, and a late one moves none.

    Args:
        told: What is told of the visit.
        day: The day of the visit.
        held: The id under which the ratings are held.
    """
    if told.heard is None:
        return False
    return rated(held, MAX_AT if told.late(day) else told.heard.start - 1)


def rated(visit: str, until: int = MAX_AT) -> bool:
    """Whether there is a rating from until then of a visit, by the id under which it is held."""
    return bool(ask("SELECT 1 FROM rating WHERE visit = ? AND at <= ? LIMIT 1", visit, until))


def norm(ticket: str) -> str:
    """Return the number in its normal form; one without letter or digit stands for itself."""
    return normalise(ticket) or ticket


def _code(counter: int) -> str:
    return str(ask("SELECT code FROM counter WHERE id = ?", counter)[0][0])
