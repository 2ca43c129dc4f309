"""A screen that is heard (device/sound/screen.py), with a real desk before it."""

from pathlib import Path

import pytest

from device.core.policy import Asking, Look, Policy, Texts
from device.core.press import Accepted
from device.core.rules import Site
from device.core.view import View
from device.counter.desk import Desk
from device.sound.screen import HeardScreen
from tests.fakes.counter import FakeButtons, FakeScreen, FakeTickets, touch
from tests.fakes.journals import StillClock, opened
from tests.fakes.sound import FakeSound
from wire.records import CHOICES, Boot, Choice

SERVED = [
    (("please_rate",), "vi"),
    (("accepted", "thank_you"), "vi"),
]


@pytest.mark.parametrize("choice", CHOICES)
def test_a_press_sounds_the_same_whatever_it_was(tmp_path: Path, choice: Choice) -> None:
    clock, sound, buttons = StillClock(), FakeSound(), FakeButtons()
    tickets = FakeTickets(None)
    desk = Desk(
        clock,
        opened(tmp_path, clock).journal,
        tickets,
        buttons,
        HeardScreen(FakeScreen(), sound),
        Site("t-1", "Q1", "Quầy 1"),
        Policy(asking=Asking(reasons="never")),
        lambda: None,
    )
    desk.start(Boot("0.1.0", "none"))
    tickets.say(visit="v1", ticket="A001")
    desk.new_ticket()
    clock.advance(1_000)
    desk.turn()
    buttons.events.append(Accepted(CHOICES.index(choice), clock.up_ms()))
    for _ in range(400):
        desk.turn()
        clock.advance(100)
    assert sound.played == SERVED


def test_a_heard_screen_is_the_screen_in_all_else() -> None:
    inner = FakeScreen()
    screen = HeardScreen(inner, FakeSound())
    look, texts = Look(), Texts()
    screen.dress(look, texts)
    screen.show(View("idle", "Q"))
    inner.touches = [touch("satisfied")]
    assert inner.worn == (look, texts)
    assert screen.touched() == [touch("satisfied")]
    assert (screen.driver, screen.wakes(), screen.closed()) == ("fake", (), False)
    assert screen.report() == {"screen": "fake", "sound": "ok"}
    screen.close()
