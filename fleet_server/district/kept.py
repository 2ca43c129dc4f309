"""A built district on disk: how far it is, and what it needs to go on. JSON beside the fleet."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fleet_server.district.journal import Entry, Journal
from fleet_server.district.making import States, Terminal
from wire.files import write_atomic

NAME = "district.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """How far a district has been taken.

    Attributes:
        first: its first day.
        index: the day to go on with.
        until: what happened until then was taken, Unix milliseconds.
        states: the terminals at the beginning of that day.
        password: with which all its people sign in.
    """

    first: date
    index: int
    until: int
    states: States
    password: str


def keep(folder: Path, kept: Kept) -> None:
    """Write it, whole or not at all."""
    data = {
        "first": kept.first.isoformat(),
        "index": kept.index,
        "until": kept.until,
        "password": kept.password,
        "states": {dev: _terminal(terminal) for dev, terminal in kept.states.items()},
    }
    write_atomic(folder / NAME, json.dumps(data).encode(), 0o600)


def load(folder: Path) -> Kept | None:
    """Read it; None where there is none, or one that nobody can go on with."""
    try:
        data: dict[str, Any] = json.loads((folder / NAME).read_bytes())
        return Kept(
            date.fromisoformat(data["first"]),
            data["index"],
            data["until"],
            {dev: _read(one) for dev, one in data["states"].items()},
            data["password"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _terminal(terminal: Terminal) -> Mapping[str, Any]:
    waiting = [
        [one.at, base64.b64encode(one.token).decode("ascii"), one.chain, one.seq]
        for one in terminal.waiting
    ]
    return {"journal": asdict(terminal.journal), "waiting": waiting}


def _read(data: Mapping[str, Any]) -> Terminal:
    waiting = tuple(
        Entry(at, base64.b64decode(token), chain, seq) for at, token, chain, seq in data["waiting"]
    )
    return Terminal(Journal(**data["journal"]), waiting)
