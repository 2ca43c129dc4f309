"""Which visit a source means by an id: looked up, begun, and remembered within a transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.times import AtQuality
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
    record: int | None = None
    boot: int | None = None
    up: int | None = None


@dataclass(slots=True)
class _Home:
    """Where a held visit is, and what is known of it already."""

    counter: int
    code: str
    day: str
    by_rest: bool
    by_terminal: bool


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
            "SELECT v.id, v.counter_id, c.code, v.day, v.by_rest, v.by_terminal "
            f"FROM visit v JOIN counter c ON c.id = v.counter_id WHERE v.id IN {marks(ids)}"
        )
        for visit, counter, code, day, by_rest, by_terminal in ask(text, *ids):
            self._homes[visit] = _Home(counter, code, day, bool(by_rest), bool(by_terminal))

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

    def own(self, counter: int, raw: str) -> str:
        """Return the id by which a new visit is held."""
        return raw if self.elsewhere(counter, raw) is None else self.loose(counter, raw)

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
        side = SIDES[told.source]
        if not getattr(home, side):
            Visit.update({getattr(Visit, side): True}).where(Visit.id == visit).execute()
            setattr(home, side, True)
        if told.service is not None:
            run(
                "UPDATE visit SET service = ? WHERE id = ? AND service IS NULL",
                told.service,
                visit,
            )

    def begin(self, told: Told) -> str:
        """Begin the visit that a source tells of, and return its id."""
        visit = self.own(told.counter, told.visit)
        home = _Home(
            told.counter,
            _code(told.counter),
            told.stated_day or told.day,
            told.source == "rest",
            told.source == "terminal",
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


def norm(ticket: str) -> str:
    """Return the number in its normal form; one without letter or digit stands for itself."""
    return normalise(ticket) or ticket


def _code(counter: int) -> str:
    return str(ask("SELECT code FROM counter WHERE id = ?", counter)[0][0])
