"""Journal, uplink and server as one state machine: whatever happens, nothing is lost or doubled.

Presses, crashes, a wire that loses, repeats and reorders, a database and a card put back to an
older copy, in any order. Then everything is let work, and the server must hold every press that
was still anywhere: on the card, or at the server, when the last accident was over.
"""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fleet_server.store.models import Rating
from tests.fakes.world import World
from wire.records import CHOICES

MEMORY = Path("/dev/shm")
"""Nothing here cuts the power, so nothing needs a disk that is slow to be safe."""

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.soak, pytest.mark.timeout(3000)]


class Accidents(RuleBasedStateMachine):
    """Everything that can happen between a press and its receipt."""

    card_copied = database_copied = False

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.world = World(Path(self.folder.name))
        self.expected: set[str] = set()

    # ---- the main job ----

    @rule(
        visit=st.none() | st.sampled_from(["v-1", "v-2", "v-3"]),
        choice=st.sampled_from(CHOICES),
    )
    def press(self, visit, choice) -> None:
        self.world.device.press(visit, choice)
        self.expected = self._anywhere()

    @rule()
    def time_passes(self) -> None:
        self.world.device.turn()

    @rule()
    def everything_works_for_a_while(self) -> None:
        self.world.settle(2)

    # ---- the wire ----

    @rule()
    def connect(self) -> None:
        self.world.connect()

    @rule()
    def disconnect(self) -> None:
        self.world.disconnect()

    @precondition(lambda self: self.world.wire.up)
    @rule(data=st.data(), repeat=st.booleans())
    def a_message_arrives_at_the_server(self, data, repeat) -> None:
        index = data.draw(st.integers(0, len(self.world.wire.up) - 1))
        self.world.deliver_up(index, keep=repeat)

    @precondition(lambda self: self.world.wire.down)
    @rule(data=st.data(), repeat=st.booleans())
    def a_message_arrives_at_the_terminal(self, data, repeat) -> None:
        index = data.draw(st.integers(0, len(self.world.wire.down) - 1))
        self.world.deliver_down(index, keep=repeat)

    @precondition(lambda self: self.world.wire.up or self.world.wire.down)
    @rule()
    def the_broker_forgets_everything(self) -> None:
        self.world.wire.up.clear()
        self.world.wire.down.clear()

    # ---- crashes and restores ----

    @rule()
    def the_terminal_crashes(self) -> None:
        self.world.restart_terminal()

    @rule()
    def ingest_crashes(self) -> None:
        self.world.restart_ingest()

    @rule()
    def the_database_is_backed_up(self) -> None:
        self.world.copy_database()
        self.database_copied = True

    @precondition(lambda self: self.database_copied)
    @rule()
    def the_database_is_put_back(self) -> None:
        self.world.put_back_database()
        self.expected = self._anywhere()

    @rule()
    def the_card_is_cloned(self) -> None:
        self.world.copy_card()
        self.card_copied = True

    @precondition(lambda self: self.card_copied)
    @rule()
    def the_card_is_put_back(self) -> None:
        self.world.put_back_card()
        self.expected = self._anywhere()

    @rule(choice=st.sampled_from(CHOICES))
    def an_older_card_comes_back_after_what_came_later_was_receipted(self, choice) -> None:
        self.the_card_is_cloned()
        self.press(None, choice)
        self.everything_works_for_a_while()
        self.the_card_is_put_back()
        self.press(None, choice)

    @rule(choice=st.sampled_from(CHOICES))
    def an_older_database_comes_back_after_what_came_later_was_receipted(self, choice) -> None:
        self.the_database_is_backed_up()
        self.press(None, choice)
        self.everything_works_for_a_while()
        self.the_database_is_put_back()

    # ---- what must be true in the end ----

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.settle()
            self.nothing_is_lost()
            self.nothing_is_counted_twice()
        finally:
            self.world.close()
            self.folder.cleanup()

    def nothing_is_lost(self) -> None:
        missing = self.expected - set(self.world.held())
        assert not missing, f"{len(missing)} of {len(self.expected)} presses are lost"
        on_card = self._presses(self.world.device.on_card())
        assert on_card <= set(self.world.held()), "what is on the card is not held"

    def nothing_is_counted_twice(self) -> None:
        held = [one for one in self.world.held() if one in self.world.device.pressed]
        assert max(Counter(held).values(), default=1) == 1, "a press is held twice"
        assert Rating.select().count() == len(held), "a press is counted twice, or not at all"
        standing = Rating.select().where(Rating.standing, Rating.visit.is_null(False))
        visits = [row.visit for row in standing]
        assert len(visits) == len(set(visits)), "two ratings stand for one visit"
        assert not Rating.select().where(Rating.standing & Rating.disputed).count()

    def _anywhere(self) -> set[str]:
        return self._presses(self.world.device.on_card() | set(self.world.held()))

    def _presses(self, hashes: set[str]) -> set[str]:
        return hashes & self.world.device.pressed.keys()


def test_whatever_happens_nothing_is_lost_and_nothing_counted_twice(repeats, figure) -> None:
    examples = repeats(25, 1000)
    run_state_machine_as_test(
        Accidents,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    figure(f"{examples} histories of up to 30 accidents: nothing lost, nothing counted twice")


def test_an_older_card_and_then_an_older_database_lose_nothing() -> None:
    history = Accidents()
    history.begin()
    history.an_older_card_comes_back_after_what_came_later_was_receipted("very_satisfied")
    history.an_older_database_comes_back_after_what_came_later_was_receipted("very_satisfied")
    history.teardown()


def test_a_database_from_before_the_first_record_loses_nothing() -> None:
    history = Accidents()
    history.begin()
    history.an_older_database_comes_back_after_what_came_later_was_receipted("satisfied")
    history.teardown()
