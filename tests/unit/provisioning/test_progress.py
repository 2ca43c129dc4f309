"""The line that says how far a card is."""

import sys

import pytest

from provisioning.progress import Progress, status


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
