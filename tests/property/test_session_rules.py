"""The session under any order of events: its promises hold whatever happens."""

from hypothesis import given
from hypothesis import strategies as st

from device.core.events import (
    AppendRating,
    Event,
    NewChain,
    NobodyServed,
    Pressed,
    Recorded,
    Ticked,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
)
from device.core.rules import Rules
from device.core.session import step
from device.core.session_state import Session, Visit
from device.core.view import view
from wire.records import CHOICES, Rating

VISITS = st.sampled_from([Visit(f"v{i}", f"A{i}", "Q1", "Quầy 1") for i in range(3)])
KINDS = st.sampled_from(
    [TicketCalled, TicketRecalled, TicketClosed, TicketTransferred, TicketNoShow]
)
WITHOUT = st.sampled_from(["wait", "unbound"])
STEPS = st.lists(
    st.tuples(
        st.integers(0, 8000),
        st.one_of(
            st.sampled_from([Ticked, NobodyServed, NewChain]),
            st.tuples(KINDS, VISITS),
            st.sampled_from(CHOICES),
            st.sampled_from(CHOICES),
        ),
    ),
    max_size=60,
)


class Model:
    """The journal's side: what stands per visit, since when, and what was stored."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.session = Session()
        self.up = 0
        self.stored: list[tuple[int, Rating]] = []
        self.standing: dict[str, int] = {}
        self.boot_up: dict[str, int] = {}

    def take(self, wait: int, what: object) -> None:
        self.up += wait
        self.session, effects = step(self.session, self.event(what), self.rules)
        for effect in effects:
            if isinstance(effect, AppendRating):
                self.store(effect.rating)
        if isinstance(what, str) and not effects:
            raise AssertionError("a press without any effect was dropped")

    def event(self, what: object) -> Event:
        if isinstance(what, str):
            return Pressed(self.up, what, "button")  # type: ignore[arg-type]
        if isinstance(what, tuple):
            kind, visit = what
            event: Event = kind(self.up, visit, self.standing.get(visit.id))
            return event
        if what is NewChain:
            self.boot_up.clear()
        return what(self.up)  # type: ignore[operator, no-any-return]

    def store(self, rating: Rating) -> None:
        seq = len(self.stored) + 1
        last = self.stored[-1][0] if self.stored else None
        assert last is None or self.up - last >= self.rules.lock
        visit = rating.visit
        if visit is None:
            self.check_unbound(rating)
        elif rating.contested:
            assert visit in self.standing
        elif rating.replaces is not None:
            assert rating.replaces == self.standing[visit]
            assert self.up - self.boot_up[visit] <= self.rules.correct
            self.standing[visit], self.boot_up[visit] = seq, self.up
        else:
            assert visit not in self.standing
            self.standing[visit], self.boot_up[visit] = seq, self.up
        self.stored.append((self.up, rating))
        recorded = Recorded(self.up, rating, seq, not rating.contested, self.up)
        self.session, _ = step(self.session, recorded, self.rules)
        assert view(self.session, self.up, self.rules, "Quầy").kind == "thanks"

    def check_unbound(self, rating: Rating) -> None:
        assert self.rules.without == "unbound"
        assert (rating.replaces, rating.contested) == (None, None)
        times = [up for up, before in self.stored if before.visit is None]
        assert not times or self.up - times[-1] >= self.rules.unbound_interval


@given(WITHOUT, STEPS)
def test_one_rating_stands_per_visit_and_no_accepted_press_is_dropped(
    without: str, steps: list[tuple[int, object]]
) -> None:
    model = Model(Rules(counter="Q1", without=without))  # type: ignore[arg-type]
    for wait, what in steps:
        model.take(wait, what)


@given(WITHOUT, STEPS)
def test_choices_are_on_the_screen_only_where_a_press_counts(
    without: str, steps: list[tuple[int, object]]
) -> None:
    model = Model(Rules(counter="Q1", without=without))  # type: ignore[arg-type]
    for wait, what in steps:
        model.take(wait, what)
        session, _ = step(model.session, Ticked(model.up), model.rules)
        shown = view(session, model.up, model.rules, "Quầy")
        if shown.choices and shown.ticket:
            _, effects = step(session, Pressed(model.up, "satisfied", "touch"), model.rules)
            assert isinstance(effects[0], AppendRating)
            assert not effects[0].rating.contested
