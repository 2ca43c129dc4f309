"""Whole scenes at a counter: neither screen nor light nor time tells which choice was pressed.

The same scene is played with different choices; what is seen must be the same at every moment. The
desk is the real one; the journal is a list that keeps the rules of the real one.
"""

from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.policy import Asking, Hours, Item, Mode, Policy, Tickets, Without
from device.core.press import Accepted
from device.core.rules import Site
from device.core.targets import Target
from device.core.view import THANKS_MS, View, targets_of
from device.counter.desk import Desk
from device.ports import Appended, JournalError
from tests.fakes.counter import FakeButtons, FakeScreen, FakeTickets
from tests.fakes.journals import StillClock
from wire.records import CHOICES, Body, Boot, Choice, Items, Rating, Reasons, Ticket

ITEMS = tuple(Item(code) for code in "abcdefgh")
STEP_MS = 750
TOLD = st.sampled_from(["called", "recalled", "closed", "transferred", "no_show"])
ACTIONS = st.one_of(
    st.just("press"),
    st.just("touch"),
    st.just("press"),
    st.tuples(st.just("tap"), st.integers(0, 11)),
    st.tuples(st.just("tap"), st.integers(0, 11)),
    st.tuples(TOLD, st.sampled_from(["v1", "v2", "v3"])),
    st.just(("nobody", "v1")),
    st.just("new chain"),
    st.just("identify"),
    st.just("break"),
    st.just("mend"),
)
WAITS = st.sampled_from([0, 1, 2, 3, 4, 6, 10, 40])
SCENES = st.lists(st.tuples(WAITS, ACTIONS), max_size=16)
PRESSED = st.lists(st.sampled_from(CHOICES), min_size=16, max_size=16)


class ListJournal:
    """Keeps records in a list, and one standing rating per visit."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self.stands: dict[str, int] = {}
        self.broken = False

    def append(self, body: Body) -> Appended:
        if self.broken:
            raise JournalError("the disk is full")
        self.bodies.append(body)
        seq = len(self.bodies)
        standing = isinstance(body, Rating) and not body.contested
        if isinstance(body, Rating) and standing and body.visit is not None:
            assert body.replaces == self.stands.get(body.visit)
            self.stands[body.visit] = seq
        return Appended("c" * 32, seq, "h", standing)

    def check_room(self) -> None:
        pass

    def standing(self, visit: str) -> int | None:
        return self.stands.get(visit)


class Scene:
    """One play of a scene; ``seen`` is what screen and lights showed at each moment."""

    def __init__(self, without: Without, asking: Asking, choices: list[Choice]) -> None:
        self.clock = StillClock()
        self.journal = ListJournal()
        self.tickets = FakeTickets(None)
        self.buttons = FakeButtons()
        self.screen = FakeScreen()
        self.choices = iter(choices)
        self.seen: list[tuple[int, View, bool]] = []
        self.thanked_for = 0
        policy = Policy(tickets=Tickets(without), asking=asking, hours=Hours())
        self.desk = Desk(
            self.clock,  # type: ignore[arg-type]
            self.journal,
            self.tickets,
            self.buttons,
            self.screen,
            Site("t-1", "Q1", "Quầy 1"),
            policy,
            _no_time,
        )
        self.desk.start(Boot("1", "2"))

    def play(self, scene: list[tuple[int, Any]]) -> "Scene":
        for steps, action in scene:
            for _ in range(steps):
                self.clock.advance(STEP_MS)
                self.turn()
            self.act(action)
            self.turn()
        return self

    def turn(self) -> None:
        before = self.screen.now.kind
        self.desk.turn()
        shown = self.screen.now
        assert shown == self.desk.shown
        self.seen.append((self.clock.up_ms(), shown, self.buttons.lit))
        if shown.kind == "thanks" and before not in ("thanks", "identify", "out_of_service"):
            answers = sum(isinstance(body, Rating | Reasons | Items) for body in self.bodies)
            rated_at = self.desk.session.accepted_at
            just_rated = rated_at is not None and self.clock.up_ms() - rated_at < THANKS_MS
            assert answers > self.thanked_for or just_rated
            self.thanked_for = answers

    def act(self, action: Any) -> None:
        if isinstance(action, tuple):
            self.do(*action)
        elif action == "press":
            button = CHOICES.index(next(self.choices))
            self.buttons.events.append(Accepted(button, self.clock.up_ms()))
        elif action == "touch":
            choice = next(self.choices)
            if self.screen.now.choices:
                self.screen.touches = [Target("choice", choice)]
        elif action in ("break", "mend"):
            self.journal.broken = action == "break"
        elif action == "identify":
            self.desk.identify(self.clock.up_ms() + 3000)
        else:
            self.desk.finish()
            self.desk.new_chain()

    def do(self, what: str, which: Any) -> None:
        """Tap the n-th key or item that is shown, or have the ticket source say something."""
        if what == "tap":
            offered = [each for each in targets_of(self.screen.now) if each.kind != "choice"]
            self.screen.touches = offered[which : which + 1]
            return
        if what == "nobody":
            self.tickets.now = None
        else:
            self.tickets.say(visit=which, ticket=which, event=what)
        self.desk.new_ticket()

    @property
    def bodies(self) -> list[Body]:
        return self.journal.bodies

    def kept(self, kind: type) -> list[Any]:
        return [body for body in self.journal.bodies if isinstance(body, kind)]


def _no_time() -> datetime | None:
    return None


WITHOUT = st.sampled_from(["wait", "unbound"])


@settings(deadline=None, max_examples=60)
@given(WITHOUT, SCENES, PRESSED)
def test_what_is_seen_never_depends_on_the_choice(
    without: Without, scene: list[tuple[int, Any]], choices: list[Choice]
) -> None:
    asking = Asking(items=ITEMS)
    plays = [Scene(without, asking, choices).play(scene)]
    plays += [Scene(without, asking, [choice] * 16).play(scene) for choice in CHOICES]
    for play in plays[1:]:
        assert play.seen == plays[0].seen
        assert [type(body) for body in play.bodies] == [type(body) for body in plays[0].bodies]
    assert [play.desk.report()["rejected"] for play in plays[1:]] == [
        plays[0].desk.report()["rejected"]
    ] * 3


def test_asking_the_unsatisfied_alone_can_be_seen_which_is_why_it_is_not_the_default() -> None:
    scene = [(0, ("called", "v1")), (1, "press"), (30, ("nobody", "v1"))]
    asking = Asking(reasons="unsatisfied", items=ITEMS)
    plays = [Scene("wait", asking, [choice]).play(scene) for choice in CHOICES]
    assert plays[0].seen == plays[1].seen != plays[2].seen
    assert Asking().reasons == "every"


MODES = st.sampled_from(["rating", "items"])


@settings(deadline=None, max_examples=60)
@given(WITHOUT, MODES, SCENES, PRESSED)
def test_every_thanks_has_its_record_and_every_record_its_sense(
    without: Without, mode: Mode, scene: list[tuple[int, Any]], choices: list[Choice]
) -> None:
    play = Scene(without, Asking(mode=mode, items=ITEMS), choices).play(scene)
    play.journal.broken = False
    play.play([(30, ("nobody", "v1"))])
    _check_reasons(play)
    _check_tickets(play)
    assert mode == "rating" or not play.kept(Rating)
    assert mode == "items" or not play.kept(Items)


def _check_reasons(play: Scene) -> None:
    """Reasons name an earlier rating, each rating once."""
    named = []
    for index, body in enumerate(play.bodies):
        if isinstance(body, Reasons):
            assert isinstance(play.bodies[body.rating - 1], Rating)
            assert body.rating <= index
            assert bool(body.items) != bool(body.skipped)
            named.append(body.rating)
    assert len(named) == len(set(named))


def _check_tickets(play: Scene) -> None:
    """No visit is called on top of another one; an assumed end follows an open serving."""
    open_visits: set[str] = set()
    for body in play.kept(Ticket):
        if body.assumed:
            assert body.visit in open_visits
        if body.event in ("called", "recalled"):
            open_visits.add(body.visit)
        else:
            open_visits.discard(body.visit)
        assert len(open_visits) <= 1
