from collections.abc import Iterator

import pytest
import structlog

from fleet_server import logs


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    logs.configure()
    yield
    structlog.reset_defaults()


def test_a_trace_shows_no_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> None:
        secret = "the private key"
        raise KeyError(len(secret))

    try:
        fails()
    except KeyError:
        structlog.get_logger("test").exception("it failed")
    said = capsys.readouterr().out
    assert "it failed" in said
    assert "KeyError" in said
    assert "the private key" not in said.replace('secret = "the private key"', "")
    assert "\x1b" not in said


def test_an_event_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("test").warning("message refused", topic="a\nb", reason="not one of ours")
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "reason='not one of ours'" in said
