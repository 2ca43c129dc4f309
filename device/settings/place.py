"""From an enrolment file to the text of ``terminal.toml``. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.settings import parse
from device.settings.tables import SettingsError
from wire import toml
from wire.errors import WireError

if TYPE_CHECKING:
    from wire.enrolment import EnrolmentFile, Panel

_HEAD = (
    "# Written from enrolment.toml. What that file names is set again by a new one; any other\n"
    "# key may be changed here and stays.\n"
)


def place(enrolment: EnrolmentFile, enrolment_file: str, former: bytes = b"") -> str:
    """Return the ``terminal.toml`` by which a terminal stands where ``enrolment`` says.

    What the enrolment file names is set; everything else stays as ``former`` has it, be it set by
    a technician or by an enrolment file before. A former file that is none, or that would not fit
    with what is new, counts for nothing.

    Args:
        enrolment: Who the terminal is, and where.
        enrolment_file: Path of the file with its token, relative to ``terminal.toml``.
        former: Bytes of the ``terminal.toml`` before.
    """
    named = _named(enrolment, enrolment_file)
    try:
        text = _HEAD + toml.dump(_laid_over(_tables(former), named))
        parse(text.encode(), Path())
    except (SettingsError, WireError):
        text = _HEAD + toml.dump(named)
        parse(text.encode(), Path())
    return text


def _named(enrolment: EnrolmentFile, enrolment_file: str) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {
        "terminal": {
            "id": enrolment.terminal,
            "counter": enrolment.counter,
            "counter_name": enrolment.counter_name,
            "timezone": enrolment.timezone,
        },
        "uplink": {"enrolment": enrolment_file},
        **({} if enrolment.panel is None else _panel(enrolment.panel)),
    }
    return {
        name: {key: value for key, value in table.items() if value is not None}
        for name, table in tables.items()
    }


def _panel(panel: Panel) -> dict[str, dict[str, Any]]:
    return {
        "screen": {
            "fitted": panel.fitted,
            "width_px": panel.width_px,
            "height_px": panel.height_px,
            "diagonal_in": panel.diagonal_in,
            "rotation": panel.rotation,
            "touch": panel.touch,
        },
        "buttons": {"fitted": panel.buttons},
    }


def _tables(former: bytes) -> dict[str, Any]:
    try:
        return toml.load(former.decode("utf-8"))
    except (UnicodeDecodeError, WireError):
        return {}


def _laid_over(former: dict[str, Any], named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    whole = dict(former)
    for name, table in named.items():
        own = former.get(name, {})
        whole[name] = {**own, **table} if isinstance(own, dict) else table
    return whole
