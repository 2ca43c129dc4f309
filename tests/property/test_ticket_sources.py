"""Two sources that tell the same true story open the same visits as one, in whatever order."""

from dataclasses import dataclass

from hypothesis import example, given
from hypothesis import strategies as st

from device.core.sources import judge
from device.core.told import Heard, Moment, Word
from wire.records import TicketEvent, TicketOrigin

SLOWEST_MS = 60_000
NUMBERS = ("A1", "A2", "B1", "B2")
MOST_WORDS = 8 * 4 * 2


@dataclass(frozen=True)
class Happening:
    """What truly happened at the counter, and how late each source tells it (ms)."""

    at: int
    serving: int
    ticket: str
    event: TicketEvent
    late: tuple[int, int]


@st.composite
def stories(draw: st.DrawFn, numbers_return: bool = True) -> list[Happening]:
    """Servings one after the other: called, perhaps again, and ended."""
    delays = st.tuples(st.integers(0, SLOWEST_MS), st.integers(0, SLOWEST_MS))
    told: list[Happening] = []
    at, before = 1_000_000, ""
    for serving in range(draw(st.integers(1, 8))):
        ticket = draw(st.sampled_from([one for one in NUMBERS if one != before]))
        ticket = ticket if numbers_return else f"C{serving}"
        events: list[TicketEvent] = ["called", *draw(st.lists(st.just("recalled"), max_size=2))]
        events.append(draw(st.sampled_from(["closed", "transferred"])))
        for event in events:
            at += draw(st.integers(1_000, 240_000))
            told.append(Happening(at, serving, ticket, event, draw(delays)))
        before = ticket
    return told


def words(story: list[Happening], sources: list[TicketOrigin]) -> list[tuple[int, Word]]:
    """Return the words of the sources as they arrive; each source keeps its own order."""
    arriving: list[tuple[int, int, Word]] = []
    for which, origin in enumerate(sources):
        arrived = 0
        for what in story:
            arrived = max(arrived, what.at + what.late[which])
            visit = f"v{what.serving}" if origin == "server" else None
            word = Word(
                origin, "Q1", "Q1", what.ticket, what.event, visit, f"{origin}-{what.serving}"
            )
            arriving.append((arrived, which, word))
    return [(at, word) for at, _, word in sorted(arriving, key=lambda one: one[:2])]


def servings(told: list[tuple[int, Word]]) -> list[tuple[str, tuple[str, ...]]]:
    """Return number and events of each visit that is opened, in order."""
    heard, visits = Heard(), dict[str, list[str]]()
    numbers: dict[str, str] = {}
    for at, word in told:
        heard, verdict = judge(heard, word, Moment(at, at))
        if verdict.word is not None and verdict.visit is not None:
            visits.setdefault(verdict.visit, []).append(verdict.word.event)
            numbers[verdict.visit] = str(verdict.word.ticket)
    return [(numbers[visit], tuple(events)) for visit, events in visits.items()]


def _at(*events: tuple[int, int, str, TicketEvent, int, int]) -> list[Happening]:
    return [Happening(at, n, ticket, event, (a, b)) for at, n, ticket, event, a, b in events]


@given(stories())
@example(_at((1, 0, "A1", "called", 0, 0), (2, 0, "A1", "closed", 60_000, 0),
             (3, 1, "A2", "called", 0, 0), (4, 1, "A2", "closed", 0, 60_000)))  # fmt: skip
def test_two_sources_open_the_same_visits_as_one(story: list[Happening]) -> None:
    alone = servings(words(story, ["server"]))
    assert alone == servings(words(story, ["lan"]))
    assert alone == servings(words(story, ["server", "lan"]))
    assert alone == servings(words(story, ["lan", "server"]))


@given(
    stories(numbers_return=False),
    st.tuples(st.integers(0, MOST_WORDS), st.integers(0, MOST_WORDS)).map(sorted),
)
@example(_at((1, 0, "C0", "called", 4, 0), (2, 0, "C0", "closed", 0, 0),
             (3, 1, "C1", "called", 0, 0), (4, 1, "C1", "closed", 0, 0)), [0, 2])  # fmt: skip
def test_a_source_that_is_away_for_a_while_changes_nothing(
    story: list[Happening], gone: list[int]
) -> None:
    both = words(story, ["lan", "server"])
    away = [one for i, one in enumerate(both) if i not in range(*gone) or one[1].origin != "server"]
    assert ends(servings(away)) == ends(servings(words(story, ["lan"])))


def ends(found: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, str]]:
    """Return number and last event of visits: what a source leaves out may be told later."""
    return sorted((number, events[-1]) for number, events in found)
