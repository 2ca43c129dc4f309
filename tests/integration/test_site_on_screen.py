"""What a terminal with a place does when somebody puts a wrong enrolment file on its card."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from device.placing.trouble import SiteError
from tests.e2e.system import DUMMY, TERMINAL, Simulated
from tests.fakes.card_folders import FILE, Card, new_card
from wire.enrolment import dump_toml


@pytest.fixture
def card(tmp_path: Path) -> Card:
    made = new_card(tmp_path / "machine")
    made.put(FILE)
    made.start()
    own = made.state / "terminal.toml"
    own.write_text(own.read_text() + '\n[tickets]\nwithout = "unbound"\n')
    return made


@pytest.fixture
def terminal(card: Card) -> Iterator[Simulated]:
    words = ["--config", str(card.state / "terminal.toml"), "--root", str(card.root)]
    process = Simulated([TERMINAL, "run", "--simulate", *words], card.root / "run.log", DUMMY)
    yield process
    process.stop()


def said(terminal: Simulated, line: str) -> dict[str, Any]:
    terminal.say(line)
    return terminal.said.get(timeout=30)


def test_it_says_so_for_two_minutes_and_goes_on_rating(card: Card, terminal: Simulated) -> None:
    card.put(dump_toml(replace(FILE, counter="Q2")).replace("mqtt_port = 8883", "mqtt_port = 0"))
    with pytest.raises(SiteError, match="mqtt_port"):
        card.start()
    terminal.start()
    assert said(terminal, "state")["shown"] == "unplaced"
    assert said(terminal, "press satisfied")["choice"] == "satisfied"
    terminal.say("advance 121")
    assert said(terminal, "state")["shown"] == "rate"


def test_with_a_right_file_there_is_nothing_to_say(card: Card, terminal: Simulated) -> None:
    card.start()
    terminal.start()
    assert said(terminal, "state")["shown"] == "rate"
