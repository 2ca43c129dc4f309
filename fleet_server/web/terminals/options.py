"""What can be chosen above the wall, in words, with how many terminals there are of each."""

from typing import Any

from flask_babel import gettext

from fleet_server.core.tree import Node
from fleet_server.judged import Judged
from fleet_server.web import branch, words
from fleet_server.web.terminals import filters
from fleet_server.web.terminals.filters import NEEDED, Filter

Options = list[tuple[str, str]]


def of(everyone: list[Judged], wanted: Filter, unit: Node | None) -> dict[str, Any]:
    """Return the options of each filter, and which filters are in force."""
    return {
        "unit": unit,
        "units": branch.units("fleet"),
        "state_options": _states(everyone),
        "reason_options": _reasons(everyone, wanted.reason),
        "version_options": _versions(everyone, wanted.version),
        "active": _active(wanted, unit),
    }


def _states(everyone: list[Judged]) -> list[tuple[str, str, int]]:
    held = filters.by_state(everyone)
    named = [(name, str(word), held[name]) for name, (_sign, word) in words.STATES.items()]
    needed = (NEEDED, gettext("Need somebody"), held[NEEDED])
    return [("", gettext("All"), len(everyone)), needed, *named]


def _reasons(everyone: list[Judged], chosen: str) -> Options:
    held = dict(filters.by_reason(everyone))
    if chosen:
        held.setdefault(chosen, 0)
    named = [(kind, f"{_reason(kind)} ({count})") for kind, count in held.items()]
    return [("", gettext("any reason")), *named]


def _reason(kind: str) -> str:
    return next((str(name) for one, (name, _do) in words.REASONS.items() if one == kind), kind)


def _versions(everyone: list[Judged], chosen: str) -> Options:
    held = dict(filters.by_version(everyone))
    if chosen:
        held.setdefault(chosen, 0)
    return [("", gettext("any version")), *((one, f"{one} ({n})") for one, n in held.items())]


def _active(wanted: Filter, unit: Node | None) -> list[tuple[str, str, str]]:
    states: dict[str, str] = {NEEDED: gettext("Need somebody")}
    states.update({name: str(word) for name, (_sign, word) in words.STATES.items()})
    found = [
        ("state", gettext("State"), states.get(wanted.state, "")),
        ("reason", gettext("Reason"), _reason(wanted.reason) if wanted.reason else ""),
        ("version", gettext("Firmware"), wanted.version),
        ("q", gettext("Terminal or counter"), wanted.text),
        ("waiting", gettext("Waiting records"), gettext("some") if wanted.waiting else ""),
        ("unit", gettext("Unit"), unit.name if unit else ""),
    ]
    return [one for one in found if one[2]]
