"""Participation equals an independent, naive recount; ratings are judged by the letter."""

from collections import Counter
from dataclasses import replace
from datetime import UTC
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.days import named_day
from fleet_server.core.participation import Rating, hours_of
from fleet_server.core.standing import Press, judge
from fleet_server.core.visits import Event, visits_of
from wire.tickets import TicketError, check_ticket, normalise

DAY = named_day("2026-11-22", UTC)
IDS = st.sampled_from(["v1", "v2", "v3", "v4"])
TIMES = st.integers(DAY.start, DAY.end - 1)
CHOICES = ("very_satisfied", "satisfied", "unsatisfied")


@st.composite
def days(draw: st.DrawFn, sources: tuple[str, ...] = ("rest", "terminal")) -> list[Event]:
    """What the sources told of one day, at different times."""
    names = st.sampled_from(["called", "recalled", "transferred", "no_show", "closed"])
    told = st.tuples(IDS, names, st.sampled_from(sources))
    rows = draw(st.lists(told, max_size=14))
    times = draw(st.lists(TIMES, min_size=len(rows), max_size=len(rows), unique=True))
    return [
        Event(visit, event, at, source, order)
        for order, ((visit, event, source), at) in enumerate(zip(rows, times, strict=True))
    ]


def naively_served(events: list[Event]) -> set[str]:
    """Served, by walking the day of a single source once for each visit."""
    ordered = sorted(events, key=lambda event: event.at)
    served = set()
    for visit in {event.visit for event in events}:
        state = "nothing"
        for event in ordered:
            if event.visit == visit:
                state = "called" if event.event in ("called", "recalled") else event.event
            elif event.event in ("called", "recalled") and state == "called":
                state = "followed"
        if state in ("closed", "followed"):
            served.add(visit)
    return served


@given(days(sources=("rest",)))
def test_served_equals_a_naive_recount_where_one_source_speaks(events: list[Event]) -> None:
    assert {visit.id for visit in visits_of(events) if visit.served} == naively_served(events)


@given(days())
def test_each_visit_is_found_once_with_its_sources(events: list[Event]) -> None:
    visits = visits_of(events)
    assert Counter(visit.id for visit in visits) == Counter({event.visit for event in events})
    for visit in visits:
        own = [event for event in events if event.visit == visit.id]
        assert visit.by_rest == any(event.source == "rest" for event in own)
        assert visit.by_terminal == any(event.source == "terminal" for event in own)
        assert visit.first_at == min(event.at for event in own)


@given(days())
def test_what_either_source_left_closed_is_served(events: list[Event]) -> None:
    for visit in visits_of(events):
        for source in ("rest", "terminal"):
            own = [one for one in events if (one.visit, one.source) == (visit.id, source)]
            if own and max(own, key=lambda one: one.at).event == "closed":
                assert visit.served


@given(days())
def test_the_order_in_which_events_are_given_does_not_matter(events: list[Event]) -> None:
    assert visits_of(events) == visits_of(list(reversed(events)))


@given(days(), days(sources=("rest",)), st.sets(IDS))
def test_late_words_move_no_rating_and_overturn_no_end(
    told: list[Event], more: list[Event], rated: set[str]
) -> None:
    late = [replace(one, order=100 + one.order, late=True) for one in more]
    before = {visit.id: visit for visit in visits_of(told, rated)}
    after = {visit.id: visit for visit in visits_of([*told, *late], rated)}
    assert before.keys() <= after.keys()
    for name, visit in before.items():
        assert after[name].first_at == visit.first_at
        if visit.ended is not None or name in rated:
            assert after[name].ended == visit.ended
    for name in rated & after.keys() - before.keys():
        assert not after[name].served


@st.composite
def ratings(draw: st.DrawFn) -> list[Rating]:
    """Ratings of a day; no visit has two that stand."""
    status = st.sampled_from(["standing", "replaced", "contested", "disputed", "unbound"])
    rating = st.builds(Rating, IDS, st.sampled_from(CHOICES), TIMES, status, st.booleans())
    rows = draw(st.lists(rating, max_size=14))
    standing = Counter(row.visit for row in rows if row.status == "standing")
    return [row for row in rows if row.status != "standing" or standing[row.visit] == 1]


@given(days(), ratings())
def test_hours_equal_a_naive_recount(events: list[Event], given_ratings: list[Rating]) -> None:
    visits = visits_of(events)
    hours = hours_of(visits, given_ratings, DAY, UTC)
    total = Counter[str]()
    for hour in hours:
        assert DAY.holds(hour.hour)
        assert hour.rated <= hour.served
        for name in ("served", "rated", *CHOICES, "unbound", "contested", "disputed", "estimated"):
            total[name] += getattr(hour, name)
    naive = Counter[str](served=sum(visit.served for visit in visits))
    served = {visit.id for visit in visits if visit.served}
    for rating in given_ratings:
        if rating.status == "standing":
            naive[rating.choice] += 1
            naive["rated"] += rating.visit in served
        elif rating.status != "replaced":
            naive[rating.status] += 1
        naive["estimated"] += rating.estimated and rating.status != "replaced"
    assert +total == +naive


@st.composite
def presses(draw: st.DrawFn) -> list[Press]:
    """Ratings of one visit, from two chains with two boots each."""
    press = st.builds(
        Press,
        record=st.just(0),
        chain=st.integers(1, 2),
        seq=st.integers(1, 6),
        boot=st.sampled_from("ab"),
        up=st.integers(0, 20_000),
        replaces=st.none() | st.integers(1, 6),
        flagged=st.booleans(),
        disputed=st.booleans(),
    )
    rows = draw(st.lists(press, max_size=8))
    return [
        Press(number, row.chain, row.seq, row.boot, row.up, row.replaces, row.flagged, row.disputed)
        for number, row in enumerate(rows)
    ]


@given(presses())
def test_every_rating_is_judged_and_at_most_one_stands(given_presses: list[Press]) -> None:
    judged = judge(given_presses)
    statuses = Counter(judgement.status for judgement in judged.values())
    assert len(judged) == len(given_presses)
    eligible = any(not press.flagged and not press.disputed for press in given_presses)
    assert statuses["standing"] == (1 if eligible else 0)
    for press in given_presses:
        assert (judged[press.record].status == "disputed") == press.disputed
        successor = judged[press.record].replaced_by
        assert (successor is not None) == (judged[press.record].status == "replaced")
        if successor is not None:
            assert given_presses[successor].replaces == press.seq


@given(presses(), st.integers(0, 8))
def test_what_arrives_later_changes_only_what_it_corrects(
    given_presses: list[Press], count: int
) -> None:
    before, after = judge(given_presses[:count]), judge(given_presses)
    for record, judgement in before.items():
        changed = after[record] != judgement
        assert not changed or (judgement.status, after[record].status) == ("standing", "replaced")


@given(st.text(max_size=40))
def test_any_text_is_a_ticket_number_or_refused(text: str) -> None:
    try:
        kept = check_ticket(text)
    except TicketError:
        return
    assert kept == kept.strip()
    assert not {category(character)[0] for character in kept} & {"C"}
    assert normalise(kept)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
