"""The line that says how far work is."""

import json
import sys
from pathlib import Path

import pytest

from provisioning.progress import Bar, Progress, Steps, guess, status


@pytest.mark.parametrize(
    ("done", "seconds", "line"),
    [
        (0, 0.0, f"[{'':30}]   0 %"),
        (30_000_000, 2.0, f"[{'#########':30}]  30 %  15.0 MB/s  5 s left"),
        (1_000_000, 2.0, f"[{'':30}]   1 %  0.5 MB/s  3 min 18 s left"),
        (100_000_000, 10.0, f"[{'#' * 30}] 100 %  10.0 MB/s"),
    ],
)
def test_share_rate_and_time_left_are_told(done: int, seconds: float, line: str) -> None:
    assert status("writing", done, 100_000_000, seconds) == f"writing       {line}"


def test_it_is_drawn_in_a_terminal_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    seconds = iter([0.0, 0.1, 1.0, 2.0, 2.0])
    progress = Progress(lambda: next(seconds))
    progress.begin("writing", 2_000_000)
    progress.move(500_000)
    progress.move(500_000)
    progress.move(1_000_000)
    progress.end()
    drawn = capsys.readouterr().err
    assert "50 %  1.0 MB/s  1 s left" in drawn
    assert drawn.endswith("\n")


def test_a_step_that_breaks_off_leaves_the_line_to_the_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    seconds = iter([0.0, 1.0])
    with Progress(lambda: next(seconds)) as progress:
        progress.begin("writing", 2_000_000)
        progress.move(500_000)
    assert capsys.readouterr().err.endswith("\033[K\n")


def test_nothing_is_drawn_into_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(lambda: 0.0)
    progress.begin("writing", 10)
    progress.move(10)
    progress.end()
    assert capsys.readouterr().err == ""


def test_a_bar_draws_each_hundredth_once_and_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar = Bar()
    bar.expect(1000)
    for count in (500, 1, 499):
        bar.move(count)
    bar.end()
    drawn = capsys.readouterr().err
    assert drawn.count("50 %") == 1
    assert drawn.endswith(f"[{'#' * 30}] 100 %\033[K\n")


def test_a_step_is_told_with_its_time_and_remembered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter([10.0, 14.5])
    with Steps(tmp_path / "cache" / "times.json", lambda: next(times)).step("Root"):
        pass
    assert capsys.readouterr().err.split() == ["Root", "4.5", "s"]
    assert json.loads((tmp_path / "cache/times.json").read_text()) == {"Root": 4.5}


def test_a_step_that_was_seen_before_has_a_bar_that_never_says_done_too_early() -> None:
    assert guess("Root", 30, None) == f"{'Root':<34}     30 s"
    assert "[###############               ]  50 % of about 60 s" in guess("Root", 30, 60)
    assert "[############################# ]" in guess("Root", 90, 60)


def test_times_that_cannot_be_read_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "times.json").write_text("{")
    with Steps(tmp_path / "times.json", iter([0.0, 1.0]).__next__).step("Root"):
        pass
    assert json.loads((tmp_path / "times.json").read_text()) == {"Root": 1.0}
