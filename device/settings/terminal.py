"""Table ``[terminal]``: who this is and where its files are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast
from zoneinfo import ZoneInfo

from wire.ids import check_counter_code, check_terminal_id

if TYPE_CHECKING:
    from pathlib import Path

    from device.settings.tables import Table

ClockTrust = Literal["kernel", "host"]
_ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """Table ``[terminal]``: who this is and where its files are.

    Attributes:
        id: Terminal id, also the certificate's name.
        counter: Code of the counter it stands at.
        counter_name: What people call the counter, shown until a ticket brings another name.
        data: Folder of journal.db, link.db and the key.
        scale: Version of the rating scale printed into every rating.
        clock: ``kernel`` believes the kernel's word on synchronisation; ``host`` says that the
            machine's clock is kept right by others (a container, a desktop).
        timezone: Where the counter stands, for the opening hours and the service day.
    """

    id: str
    counter: str
    counter_name: str
    data: Path
    scale: int = 1
    clock: ClockTrust = "kernel"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo(_ZONE))


def read(table: Table, folder: Path) -> TerminalSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    terminal = table.name("id", check_terminal_id)
    counter = table.name("counter", check_counter_code)
    return TerminalSettings(
        id=terminal,
        counter=counter,
        counter_name=table.text("counter_name", counter),
        data=(folder / table.text("data", "data", max_chars=1000)).absolute(),
        scale=table.number("scale", 1, 1, 1_000_000),
        clock=cast("ClockTrust", table.one_of("clock", "kernel", ("kernel", "host"))),
        timezone=_timezone(table),
    )


def _timezone(table: Table) -> ZoneInfo:
    name = table.text("timezone", _ZONE, max_chars=60)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, or no name that a zone can have
        raise table.error("timezone", "must be a time zone like Asia/Ho_Chi_Minh") from None
