"""What a check finds, and what it may look at."""

from dataclasses import dataclass
from typing import Literal

from fleet_server.settings import Settings

State = Literal["good", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: what was looked at.
        state: how it is.
        said: in plain words.
        advice: what to do; empty where there is nothing to do.
    """

    check: str
    state: State
    said: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation.

    Attributes:
        settings: its settings, which could be read.
        now: Unix milliseconds.
    """

    settings: Settings
    now: int


def good(check: str, said: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(check, "good", said)


def note(check: str, said: str, advice: str) -> Finding:
    """Return something worth knowing."""
    return Finding(check, "note", said, advice)


def wrong(check: str, said: str, advice: str) -> Finding:
    """Return that something is wrong."""
    return Finding(check, "wrong", said, advice)
