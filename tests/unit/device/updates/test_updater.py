"""An update from the wish to its outcome, on a machine that tries a new slot once."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from device.core.quiet import Pulse
from device.ports import MachineError
from device.updates.folder import UpdateFolder
from device.updates.updater import Updater
from device.updates.watch import Machine
from tests.fakes.journals import StillClock
from tests.fakes.updates import TwoSlots, updater
from wire.commands import Bundle
from wire.up import CommandResult

BUNDLE = Bundle("1.1.0", "ab" * 32, 5)
WORKS = Pulse(drawn=True, read=True, open=True, idle_s=700)


@dataclass
class Fetched:
    """A download that is over as soon as somebody says so."""

    bundle: Bundle
    outcome: str | None = None
    received: int = 2
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


@dataclass
class Terminal:
    """A machine with two slots, and the uplink's part of updates on it."""

    data: Path
    slots: TwoSlots = field(default_factory=TwoSlots)
    clock: StillClock = field(default_factory=StillClock)
    pulse: Pulse = WORKS
    silence: int = 0
    server: bool = True
    may_reboot: bool = True
    root_speaks: bool = True
    restarts: int = 0
    answers: list[CommandResult] = field(default_factory=list)
    downloads: list[Fetched] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = UpdateFolder(self.data / "update")
        self.folder.folder.mkdir()
        self.start()

    def start(self) -> None:
        """Start the machine: the root side speaks, if it can; then the uplink begins."""
        self.slots.start()
        self.clock.up = 20_000
        if self.root_speaks:
            self.slots.run_root(self.folder)
        self.begin()

    def begin(self) -> None:
        """Begin the uplink's process anew."""
        self.updater: Updater = updater(
            self.data,
            self.clock,
            machine=Machine(self.slots.boot, self.slots.version),
            computer=self,
            fetch=self.fetch,
            answer=self.answers.append,
            counter=lambda: (self.pulse, self.silence),
            heard=lambda: self.server,
        )

    def fetch(self, bundle: Bundle) -> Fetched:
        self.folder.bundle.write_text(bundle.version, "utf-8")
        self.downloads.append(Fetched(bundle))
        return self.downloads[-1]

    def reboot(self) -> None:
        """The port ``Computer``: the test starts the machine when the turn is over."""
        if not self.may_reboot:
            raise MachineError("no right to")
        self.restarts += 1

    def turn(self, times: int = 1, *, after_ms: int = 1_000) -> str:
        """Let time pass; the root side does what it is asked, and a machine that ends starts."""
        for _ in range(times):
            self.clock.advance(after_ms)
            before = self.restarts
            self.updater.turn()
            if self.folder.request.exists():
                self.slots.run_root(self.folder)
            if self.restarts > before:
                self.start()
        assert self.updater.update is not None
        return self.updater.update.state

    def until(self, state: str) -> None:
        """Let seconds pass until an update is in a state."""
        for _ in range(20):
            if self.turn() == state:
                return
            if self.downloads:
                self.downloads[-1].outcome = "good"
        raise AssertionError(f"{self.updater.update} instead of {state}")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_a_good_image_is_fetched_installed_tried_and_confirmed(terminal: Terminal) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.until("confirmed")
    assert terminal.slots.version == "1.1.0"
    assert terminal.slots.kept == terminal.slots.booted
    assert terminal.answers == [CommandResult(7, "done")]
    assert terminal.restarts == 1
    assert not terminal.folder.bundle.exists(), "its room is given back"
    assert terminal.updater.report() == {
        "update": {"version": "1.1.0", "state": "confirmed", "reason": ""}
    }


def test_while_it_is_fetched_the_share_is_told(terminal: Terminal) -> None:
    assert terminal.updater.figures() == {}
    terminal.updater.ask(7, BUNDLE)
    terminal.turn(3)
    assert terminal.updater.figures() == {"update_percent": 40}
    terminal.downloads[0].outcome = "good"
    assert terminal.updater.figures() == {}


@pytest.mark.parametrize(
    "state", ["downloading", "verified", "installing", "installed", "rebooting", "trial"]
)
def test_power_may_go_in_any_state(terminal: Terminal, state: str) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.server = state != "trial"
    terminal.until(state)
    terminal.start()
    terminal.server = True
    terminal.until("confirmed")
    assert terminal.slots.version == "1.1.0"
    assert terminal.slots.kept == terminal.slots.booted
    assert [answer.outcome for answer in terminal.answers] == ["done"]


def test_a_power_cut_between_the_outcome_and_its_answer_loses_no_answer(
    terminal: Terminal,
) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.until("confirmed")
    terminal.answers.clear()
    terminal.begin()
    terminal.updater.ask(7, BUNDLE)
    assert terminal.answers == [CommandResult(7, "done")]


def test_an_image_that_does_not_start_falls_back_after_two_tries(terminal: Terminal) -> None:
    terminal.slots.broken.add("1.1.0")
    terminal.updater.ask(7, BUNDLE)
    terminal.until("fallen_back")
    assert terminal.slots.version == "1.0.0"
    assert terminal.answers == [
        CommandResult(7, "failed", "fell back: the new image did not start")
    ]
    assert terminal.restarts == 2


@pytest.mark.parametrize(
    ("pulse", "why"),
    [
        (replace(WORKS, drawn=False), "the new image drew no screen"),
        (replace(WORKS, read=False), "the new image did not read its buttons"),
    ],
)
def test_an_image_that_serves_nobody_falls_back_within_minutes(
    terminal: Terminal, pulse: Pulse, why: str
) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.server = False
    terminal.until("trial")
    terminal.pulse, terminal.server = pulse, True
    assert terminal.turn(9, after_ms=60_000) == "trial"
    terminal.turn(2, after_ms=60_000)
    terminal.until("fallen_back")
    assert terminal.slots.version == "1.0.0"
    assert terminal.answers[0].details == f"fell back: {why}"


def test_a_server_outage_during_the_trial_rolls_nothing_back(terminal: Terminal) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.until("installed")
    terminal.turn()  # the former image had its receipt
    terminal.server = False
    terminal.until("trial")
    assert terminal.turn(100, after_ms=60_000) == "trial"
    assert terminal.turn(40, after_ms=60_000) == "comparing"
    assert terminal.slots.version == "1.0.0", "the former one is looked at"
    assert terminal.turn(600, after_ms=60_000) == "comparing"
    terminal.server = True
    terminal.until("confirmed")
    assert terminal.slots.version == "1.1.0"
    assert terminal.answers == [CommandResult(7, "done")]


def test_an_image_that_finds_no_way_to_the_server_falls_back(terminal: Terminal) -> None:
    terminal.updater.ask(7, BUNDLE)
    for _ in range(2_000):
        terminal.server = terminal.slots.version == "1.0.0"
        if terminal.turn(after_ms=60_000) == "fallen_back":
            break
        terminal.downloads[-1:] and setattr(terminal.downloads[-1], "outcome", "good")
    assert terminal.slots.version == "1.0.0"
    assert terminal.answers[0].details == (
        "fell back: the new image got no receipt, the former one does"
    )


def test_nothing_is_done_while_somebody_is_served(terminal: Terminal) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.until("verified")
    terminal.pulse = replace(WORKS, serving=True)
    assert terminal.turn(100) == "verified"


def test_what_rauc_refuses_ends_the_update(terminal: Terminal) -> None:
    terminal.slots.refuses = "signature verification failed"
    terminal.updater.ask(7, BUNDLE)
    terminal.until("failed")
    assert terminal.answers == [CommandResult(7, "failed", "signature verification failed")]
    assert terminal.slots.version == "1.0.0"


def test_a_machine_that_may_not_be_started_again_is_asked_each_minute_and_given_up(
    terminal: Terminal,
) -> None:
    terminal.may_reboot = False
    terminal.updater.ask(7, BUNDLE)
    terminal.until("rebooting")
    terminal.turn(11, after_ms=60_000)
    assert terminal.answers[0].details == "the machine was not started again"


def test_a_newer_wish_takes_the_place_of_one_that_is_not_begun(terminal: Terminal) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.turn(2)
    terminal.updater.ask(8, replace(BUNDLE, version="1.2.0", sha256="cd" * 32))
    assert terminal.answers == [CommandResult(7, "refused", "the fleet took it back")]
    assert terminal.downloads[0].stopped
    terminal.until("confirmed")
    assert terminal.slots.version == "1.2.0"


def test_an_update_can_be_taken_back_until_it_is_installed(terminal: Terminal) -> None:
    terminal.updater.ask(6, None)
    assert terminal.answers.pop().details == "there is no update to take back"
    terminal.updater.ask(7, BUNDLE)
    terminal.updater.ask(8, None)
    assert [(one.n, one.outcome) for one in terminal.answers] == [(7, "refused"), (8, "done")]
    terminal.answers.clear()
    terminal.updater.ask(9, BUNDLE)
    terminal.until("installed")
    for n, wish in ((10, None), (11, BUNDLE)):
        terminal.updater.ask(n, wish)
        assert terminal.answers.pop() == CommandResult(
            n, "refused", "another update is being installed"
        )


def test_a_disk_that_refuses_holds_it_up_and_no_more(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    terminal.updater.ask(7, BUNDLE)

    def full(_update: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(terminal.updater._folder, "write_update", full)
        assert terminal.turn(3) == "asked"
    assert "No space left" in caplog.text
    terminal.until("confirmed")


def test_a_file_that_cannot_be_read_is_no_update(
    terminal: Terminal, caplog: pytest.LogCaptureFixture
) -> None:
    (terminal.data / "update" / "update.json").write_text(json.dumps({"n": -1}), "utf-8")
    terminal.begin()
    assert terminal.updater.update is None
    assert terminal.updater.report() == {}
    terminal.updater.turn()
    terminal.updater.stop()
    assert "cannot be used" in caplog.text


def test_a_root_side_that_said_nothing_at_the_start_is_asked_to_look_again(
    terminal: Terminal,
) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.root_speaks = False
    terminal.until("trial")
    assert [terminal.turn() for _ in range(30)] == ["trial"] * 30, "nobody says what runs"
    assert terminal.turn(times=20) == "confirmed"
    assert terminal.answers == [CommandResult(7, "done")]


def test_an_update_whose_root_side_is_gone_for_good_has_an_outcome(terminal: Terminal) -> None:
    terminal.updater.ask(7, BUNDLE)
    terminal.until("installed")
    terminal.root_speaks, terminal.slots.next = False, None
    terminal.start()
    terminal.slots.run_root = lambda _folder: 1  # type: ignore[method-assign]
    assert terminal.turn(times=60, after_ms=60_000) == "failed"
    assert terminal.answers == [CommandResult(7, "failed", "the update service did not answer")]
