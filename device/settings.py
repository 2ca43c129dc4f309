"""``terminal.toml`` as frozen dataclasses; every error names the key and says what to do.

The file has one table per part of the terminal. Paths are relative to the file. Unknown keys are
errors: a misspelt key must not silently mean the default.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from device.tables import SettingsError, Table, printable
from wire.ids import check_counter_code, check_terminal_id

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SettingsError", "Table", "load", "parse"]

Without = Literal["wait", "unbound"]
ClockTrust = Literal["kernel", "host"]
Rotation = Literal[0, 90, 180, 270]

_MAX_FILE_BYTES = 65536


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
    """

    id: str
    counter: str
    counter_name: str
    data: Path
    scale: int = 1
    clock: ClockTrust = "kernel"


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """Table ``[buttons]``: GPIO numbers (BCM) in the order of the choices.

    Attributes:
        pins: The three input pins.
        leds: The three LED pins.
        pull_up: True when a press connects the pin to ground.
        noisy_site: Accept only after 8 consecutive active samples.
        fitted: False for a terminal that has only its touch screen.
    """

    pins: tuple[int, int, int] = (17, 27, 22)
    leds: tuple[int, int, int] = (5, 6, 13)
    pull_up: bool = True
    noisy_site: bool = False
    fitted: bool = True


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Table ``[screen]``: the panel.

    Attributes:
        width_px: Pixels across, as the panel is mounted by its maker.
        height_px: Pixels down.
        diagonal_in: Visible diagonal in inches; gives the millimetres.
        rotation: Degrees clockwise by which the panel is turned on the counter.
        touch: True when the panel takes touches.
        viewing_mm: Distance from the eye, for the smallest letters.
    """

    width_px: int = 800
    height_px: int = 480
    diagonal_in: float = 7.0
    rotation: Rotation = 0
    touch: bool = True
    viewing_mm: int = 400


@dataclass(frozen=True, slots=True)
class TicketSettings:
    """Table ``[tickets]``: when a rating is open.

    Attributes:
        without: ``wait`` asks to wait for one's turn; ``unbound`` takes ratings without a ticket.
        open_after_closed_s: Seconds a rating stays open after the ticket was closed.
    """

    without: Without = "wait"
    open_after_closed_s: int = 60


@dataclass(frozen=True, slots=True)
class UplinkSettings:
    """Table ``[uplink]``: the way to the server; times in seconds.

    Attributes:
        enrolment: The enrolment file; its token is deleted after the first use.
        keepalive_s: MQTT keep-alive.
        connect_timeout_s: For the connection, with the TLS handshake.
        backoff_s: First step of the back-off between connections, doubled up to `backoff_cap_s`.
        backoff_cap_s: Its longest, also for repeated records.
        receipt_timeout_s: Records without a receipt for this long are sent again.
        ask_s: Least time between two hellos that doubtful receipts cause.
        hello_s: Between the regular hellos.
        health_s: Between two health reports.
    """

    enrolment: Path
    keepalive_s: int = 30
    connect_timeout_s: float = 10.0
    backoff_s: float = 1.0
    backoff_cap_s: float = 60.0
    receipt_timeout_s: float = 10.0
    ask_s: float = 5.0
    hello_s: float = 86_400.0
    health_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole of ``terminal.toml``."""

    terminal: TerminalSettings
    uplink: UplinkSettings
    buttons: ButtonSettings = field(default_factory=ButtonSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    tickets: TicketSettings = field(default_factory=TicketSettings)


def load(path: Path) -> Settings:
    """Read and check ``terminal.toml``.

    Raises:
        SettingsError: The file cannot be read or a key is wrong; the text names both.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(data) > _MAX_FILE_BYTES:
        raise SettingsError(f"{path}: is larger than {_MAX_FILE_BYTES} bytes")
    try:
        return parse(data, path.parent)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None


def parse(data: bytes, folder: Path) -> Settings:
    """Check the bytes of a ``terminal.toml``; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8 text") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"is not valid TOML: {error}") from None
    for name, table in tables.items():
        if name not in _READERS:
            tables_known = ", ".join(_READERS)
            raise SettingsError(f"{printable(name)}: is unknown; the tables are {tables_known}")
        if not isinstance(table, dict):
            raise SettingsError(f"{name}: must be a table, [{name}]")
    parts = {}
    for name, reader in _READERS.items():
        reading = Table(name, tables.get(name, {}))
        parts[name] = reader(reading, folder)
        reading.finish()
    return Settings(**parts)


def _terminal(table: Table, folder: Path) -> TerminalSettings:
    terminal = table.name("id", check_terminal_id)
    counter = table.name("counter", check_counter_code)
    return TerminalSettings(
        id=terminal,
        counter=counter,
        counter_name=table.text("counter_name", counter),
        data=(folder / table.text("data", "data", max_chars=1000)).absolute(),
        scale=table.number("scale", 1, 1, 1_000_000),
        clock=cast("ClockTrust", table.one_of("clock", "kernel", ("kernel", "host"))),
    )


def _buttons(table: Table, _folder: Path) -> ButtonSettings:
    normal = ButtonSettings()
    pins, leds = table.pins("pins", normal.pins), table.pins("leds", normal.leds)
    if len({*pins, *leds}) != len(pins) + len(leds):
        raise table.error("pins", "every button and every LED needs a pin of its own")
    return ButtonSettings(
        pins=pins,
        leds=leds,
        pull_up=table.flag("pull_up", normal.pull_up),
        noisy_site=table.flag("noisy_site", normal.noisy_site),
        fitted=table.flag("fitted", normal.fitted),
    )


def _screen(table: Table, _folder: Path) -> ScreenSettings:
    normal = ScreenSettings()
    return ScreenSettings(
        width_px=table.number("width_px", normal.width_px, 240, 4096),
        height_px=table.number("height_px", normal.height_px, 240, 4096),
        diagonal_in=table.decimal("diagonal_in", normal.diagonal_in, 3.5, 60),
        rotation=cast("Rotation", table.one_of("rotation", 0, (0, 90, 180, 270))),
        touch=table.flag("touch", normal.touch),
        viewing_mm=table.number("viewing_mm", normal.viewing_mm, 200, 3000),
    )


def _tickets(table: Table, _folder: Path) -> TicketSettings:
    normal = TicketSettings()
    return TicketSettings(
        without=cast("Without", table.one_of("without", normal.without, ("wait", "unbound"))),
        open_after_closed_s=table.number(
            "open_after_closed_s", normal.open_after_closed_s, 0, 3600
        ),
    )


def _uplink(table: Table, folder: Path) -> UplinkSettings:
    enrolment = folder / table.text("enrolment", "enrolment.toml", max_chars=1000)
    normal = UplinkSettings(enrolment)
    return UplinkSettings(
        enrolment=enrolment,
        keepalive_s=table.number("keepalive_s", normal.keepalive_s, 5, 3600),
        connect_timeout_s=table.decimal("connect_timeout_s", normal.connect_timeout_s, 0.5, 120),
        backoff_s=table.decimal("backoff_s", normal.backoff_s, 0.01, 60),
        backoff_cap_s=table.decimal("backoff_cap_s", normal.backoff_cap_s, 0.05, 3600),
        receipt_timeout_s=table.decimal("receipt_timeout_s", normal.receipt_timeout_s, 0.1, 600),
        ask_s=table.decimal("ask_s", normal.ask_s, 0.1, 3600),
        hello_s=table.decimal("hello_s", normal.hello_s, 1, 86_400),
        health_s=table.decimal("health_s", normal.health_s, 1, 3600),
    )


_READERS: dict[str, Callable[[Table, Path], Any]] = {
    "terminal": _terminal,
    "uplink": _uplink,
    "buttons": _buttons,
    "screen": _screen,
    "tickets": _tickets,
}
