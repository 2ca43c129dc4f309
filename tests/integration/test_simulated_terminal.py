"""``hailong-terminal run --simulate`` as a process: pins in, committed records out."""

import json
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device.clock import SystemClock
from tests.fakes.journals import everything
from tests.fakes.uplinks import FakeUplink
from tests.fakes.wait import eventually
from wire.codec import decode
from wire.envelope import payload_of
from wire.records import Boot, Fault, Rating, Reasons, Record, Ticket

TERMINAL = str(Path(sysconfig.get_path("scripts")) / "hailong-terminal")
SETTINGS = '[terminal]\nid = "t-1"\ncounter = "Q1"\nclock = "host"\n'


class Terminal:
    """The process, its folder and its uplink."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "terminal.toml"
        self.data = folder / "data"
        self.uplink = FakeUplink(self.data, "t-1")
        self.uplink.enrol()
        self.config.write_text(SETTINGS)
        self.process: subprocess.Popen[str]

    def start(self, more: str = "") -> "Terminal":
        self.config.write_text(SETTINGS + more)
        self.process = subprocess.Popen(
            [TERMINAL, "run", "--simulate", "--no-window", "--config", str(self.config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def say(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def state(self) -> dict[str, Any]:
        self.say("state")
        return self.hear()

    def wait_for_state(self, state: str) -> None:
        eventually(lambda: self.state()["state"] == state, 10, state)

    def call(self, visit: str, **more: object) -> None:
        clock = SystemClock(trusted=True)
        more = {"iat": clock.wall_ms(), "event": "called", **more}
        self.uplink.say(up=clock.up_ms(), visit=visit, **more)

    def end(self) -> tuple[int, str, str]:
        """Close the input; return the exit code and what was still said."""
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err

    @property
    def records(self) -> list[Record]:
        return [decode(payload_of(entry.token)) for entry in everything(self.data)]

    def bodies(self, kind: type) -> list[Any]:
        return [record.body for record in self.records if isinstance(record.body, kind)]

    def close(self) -> None:
        if hasattr(self, "process"):
            self.process.kill()
            self.process.communicate()
        self.uplink.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.close()


def test_a_called_ticket_is_rated_corrected_and_contested(terminal: Terminal) -> None:
    terminal.start()
    terminal.call("v1", ticket="A001")
    terminal.wait_for_state("serving")
    terminal.say("press unsatisfied", "press satisfied", "advance 2", "bounce very_satisfied")
    first, second = terminal.hear(), terminal.hear()
    assert first == {
        "seq": first["seq"],
        "visit": "v1",
        "ticket": "A001",
        "choice": "unsatisfied",
        "standing": True,
    }
    assert (second["choice"], second["standing"]) == ("very_satisfied", True)
    terminal.say("advance 6", "press unsatisfied 60")
    assert terminal.hear()["standing"] is False
    code, out, _ = terminal.end()
    assert (code, out) == (0, "")
    ratings = terminal.bodies(Rating)
    assert [(r.choice, r.replaces, r.contested) for r in ratings] == [
        ("unsatisfied", None, None),
        ("very_satisfied", first["seq"], None),
        ("unsatisfied", None, True),
    ]
    assert [(t.visit, t.event) for t in terminal.bodies(Ticket)] == [("v1", "called")]
    assert len(terminal.bodies(Boot)) == 1


def test_a_rating_that_was_printed_survives_a_kill(terminal: Terminal) -> None:
    terminal.call("v1")
    for number in range(3):
        terminal.start('[tickets]\nwithout = "unbound"\n')
        terminal.say("press satisfied")
        seq = terminal.hear()["seq"]
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.communicate()
        held = {record.stamp.seq for record in terminal.records if isinstance(record.body, Rating)}
        assert seq in held
        assert len(held) == number + 1
    assert [r.contested for r in terminal.bodies(Rating)] == [None, True, True]
    assert len(terminal.bodies(Ticket)) == 1
    assert len(terminal.bodies(Boot)) == 3


def test_unbound_presses_are_taken_where_that_is_set(terminal: Terminal) -> None:
    terminal.start('[tickets]\nwithout = "unbound"\n')
    terminal.say("press satisfied", "advance 4", "press satisfied", "advance 2", "press satisfied")
    code, out, _ = terminal.end()
    assert code == 0
    assert [json.loads(line)["visit"] for line in out.splitlines()] == [None, None]


def test_a_terminal_without_a_screen_takes_presses_like_any_other(terminal: Terminal) -> None:
    terminal.start('[screen]\nfitted = false\n[tickets]\nwithout = "unbound"\n')
    terminal.say("press satisfied")
    assert terminal.hear()["choice"] == "satisfied"
    assert terminal.end()[0] == 0


def test_a_press_without_a_ticket_is_refused_where_one_has_to_wait(terminal: Terminal) -> None:
    terminal.start()
    terminal.say("press satisfied")
    assert terminal.state()["rejected"] == 1
    assert terminal.end()[1] == ""


def test_touches_rate_correct_and_give_reasons(terminal: Terminal) -> None:
    terminal.start()
    terminal.call("v1", ticket="A001")
    terminal.wait_for_state("serving")
    assert terminal.state()["shown"] == "rate"
    terminal.say("touch choice unsatisfied")
    seq = terminal.hear()["seq"]
    assert terminal.state()["shown"] == "thanks"
    terminal.say("advance 2", "touch key continue")
    assert terminal.state()["shown"] == "reasons"
    terminal.say("touch item attitude", "touch item waiting_time", "touch item attitude")
    terminal.say("touch key done")
    assert terminal.state()["shown"] == "thanks"
    code, _, err = terminal.end()
    assert (code, err) == (0, "")
    assert terminal.bodies(Reasons) == [Reasons(seq, ("waiting_time",))]
    assert [rating.input for rating in terminal.bodies(Rating)] == ["touch"]


def test_reasons_that_were_chosen_when_the_terminal_was_restarted_are_recorded(
    terminal: Terminal,
) -> None:
    terminal.start()
    terminal.call("v1", ticket="A001")
    terminal.wait_for_state("serving")
    terminal.say("touch choice unsatisfied")
    seq = terminal.hear()["seq"]
    terminal.say("advance 2", "touch key continue", "touch item attitude")
    assert terminal.state()["shown"] == "reasons"
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.process.wait(10) == 0
    assert terminal.bodies(Reasons) == [Reasons(seq, ("attitude",))]


def test_a_button_that_is_held_too_long_is_a_fault_and_the_others_live(terminal: Terminal) -> None:
    terminal.start('[tickets]\nwithout = "unbound"\n')
    terminal.say("hold satisfied 12", "press satisfied", "press unsatisfied", "press satisfied")
    _, out, _ = terminal.end()
    assert [json.loads(line)["choice"] for line in out.splitlines()] == ["satisfied", "unsatisfied"]
    assert terminal.bodies(Fault) == [Fault("button_stuck", "satisfied")]


def test_two_buttons_at_once_are_a_fault_and_no_rating(terminal: Terminal) -> None:
    terminal.start('[tickets]\nwithout = "unbound"\n')
    terminal.say("together satisfied unsatisfied")
    _, out, _ = terminal.end()
    assert out == ""
    assert [fault.what for fault in terminal.bodies(Fault)] == ["button_together"]


def test_a_spike_is_no_press(terminal: Terminal) -> None:
    terminal.start('[tickets]\nwithout = "unbound"\n')
    terminal.say("press satisfied 2", "press satisfied 2", "press unsatisfied 80")
    _, out, _ = terminal.end()
    assert [json.loads(line)["choice"] for line in out.splitlines()] == ["unsatisfied"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("jump", "unknown word 'jump'"),
        ("press", "needs a choice"),
        ("press maybe", "unknown choice 'maybe'"),
        ("press satisfied fast", "'fast' is not a number"),
        ("press satisfied nan", "'nan' is not a number"),
        ("press satisfied 80 80", "needs a choice"),
        ("advance -3", "'-3' is not a number above 0"),
        ("advance", "advance needs seconds"),
        ("advance 1e99", "is not a number above 0 and up to"),
        ("hold satisfied", "hold needs a choice and seconds"),
        ("together satisfied", "together needs two choices"),
        ("state now", "state stands alone"),
        ("touch choice", "touch needs a kind and a name"),
        ("touch wall satisfied", "unknown kind 'wall'"),
        ("touch key skip", "there is no key 'skip' on the screen now"),
        ("press " + "x" * 500, "a line has at most 200 bytes"),
    ],
)
def test_a_bad_line_is_one_clear_error_and_the_terminal_goes_on(
    terminal: Terminal, line: str, complaint: str
) -> None:
    terminal.start('[tickets]\nwithout = "unbound"\n')
    terminal.say(line, "", "press satisfied")
    assert terminal.hear()["choice"] == "satisfied"
    code, _, err = terminal.end()
    said = [each for each in err.splitlines() if each.startswith("hailong-terminal:")]
    assert code == 0
    assert len(said) == 1
    assert complaint in said[0]
    assert "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(terminal: Terminal, number: signal.Signals) -> None:
    terminal.start()
    terminal.state()
    terminal.process.send_signal(number)
    assert terminal.process.wait(10) == 0


def test_a_second_terminal_on_the_same_folder_is_refused(terminal: Terminal) -> None:
    terminal.start()
    terminal.state()
    words = [TERMINAL, "run", "--simulate", "--no-window", "--config", str(terminal.config)]
    second = subprocess.run(words, input="", capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "another process writes this journal" in second.stderr
    assert "Traceback" not in second.stderr
    assert terminal.state()["state"] == "idle"


def test_a_terminal_whose_listener_went_away_ends_with_an_error(terminal: Terminal) -> None:
    terminal.start('[tickets]\nwithout = "unbound"\n')
    terminal.state()
    assert terminal.process.stdout is not None
    terminal.process.stdout.close()
    terminal.say("press satisfied")
    assert terminal.process.wait(60) == 1
    assert terminal.process.stderr is not None
    assert "Traceback" not in terminal.process.stderr.read()
    assert len(terminal.bodies(Rating)) == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["run", "--config", "/nowhere/terminal.toml"], "/nowhere/terminal.toml: cannot be read"),
        (["run", "--sideways"], "unrecognized arguments"),
        (["jump"], "invalid choice"),
        ([], "required"),
    ],
)
def test_a_command_that_is_asked_wrongly_says_so_with_code_two(
    words: list[str], complaint: str
) -> None:
    answer = subprocess.run([TERMINAL, *words], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert "Traceback" not in answer.stderr


def test_without_pins_and_without_simulation_it_says_what_to_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "nothing")
    words = [TERMINAL, "run", "--no-window", "--config", str(terminal.config)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "run with --simulate" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_terminal_that_cannot_open_its_journal_tries_until_it_can(terminal: Terminal) -> None:
    terminal.start("[buttons]\nfitted = false\n")
    terminal.state()
    log = terminal.config.with_name("log")
    words = [TERMINAL, "run", "--no-window", "--config", str(terminal.config)]
    with log.open("w") as errors:
        real = subprocess.Popen(words, stderr=errors)
    try:
        eventually(lambda: "another process writes" in log.read_text(), 10, "the first attempt")
        assert terminal.end()[0] == 0
        eventually(lambda: len(terminal.bodies(Boot)) == 2, 15, "the second start")
        real.terminate()
        assert real.wait(10) == 0
    finally:
        real.kill()
        real.wait()
    assert "Traceback" not in log.read_text()


def test_the_screens_can_be_drawn_into_files(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "screens"
    words = [TERMINAL, "screens", "--out", str(out), "--config", str(terminal.config)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    drawn = {path.name for path in (out / "vi-en" / "normal-letters-normal-contrast").iterdir()}
    assert {"rate.png", "reasons.png", "thanks.png", "self-test.png"} <= drawn
