"""``terminal.toml`` as frozen dataclasses; every error names the key and says what to do.

The file has one table per part of the terminal, each read by the module of its name; those that
the fleet may replace are read by ``policy.py``. Paths are relative to the file. Unknown keys are
errors: a misspelt key must not silently mean the default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from device.core.policy import Policy
from device.settings import (
    buttons,
    export,
    lan,
    policy,
    scanner,
    screen,
    sound,
    terminal,
    update,
    uplink,
)
from device.settings.buttons import ButtonSettings
from device.settings.export import ExportSettings
from device.settings.lan import LanSettings
from device.settings.scanner import ScannerSettings
from device.settings.screen import Rotation, ScreenSettings
from device.settings.sound import SoundSettings
from device.settings.tables import SettingsError, Table
from device.settings.terminal import TerminalSettings
from device.settings.update import UpdateSettings
from device.settings.uplink import UplinkSettings
from wire import toml
from wire.errors import WireError
from wire.fields import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = [
    "ButtonSettings",
    "ExportSettings",
    "LanSettings",
    "Rotation",
    "ScannerSettings",
    "ScreenSettings",
    "Settings",
    "SettingsError",
    "SoundSettings",
    "TerminalSettings",
    "UpdateSettings",
    "UplinkSettings",
    "load",
    "parse",
]

_MAX_FILE_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole of ``terminal.toml``.

    Attributes:
        tables: The tables of the policy as they stand in the file; what the fleet says is laid
            over them.
    """

    terminal: TerminalSettings
    uplink: UplinkSettings
    update: UpdateSettings
    buttons: ButtonSettings = field(default_factory=ButtonSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    lan: LanSettings = field(default_factory=LanSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    export: ExportSettings = field(default_factory=ExportSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    policy: Policy = field(default_factory=Policy)
    tables: Mapping[str, Any] = field(default_factory=dict)


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
        tables = toml.load(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8 text") from None
    except WireError as error:
        raise SettingsError(f"is not valid TOML: {error}") from None
    for name, table in tables.items():
        if name not in _READERS and name not in policy.READERS:
            known = ", ".join([*_READERS, *policy.READERS])
            raise SettingsError(f"{printable(name)}: is unknown; the tables are {known}")
        if not isinstance(table, dict):
            raise SettingsError(f"{name}: must be a table, [{name}]")
    parts = {}
    for name, reader in _READERS.items():
        reading = Table(name, tables.get(name, {}))
        parts[name] = reader(reading, folder)
        reading.finish()
    own = {name: tables[name] for name in policy.READERS if name in tables}
    settings = Settings(**parts, policy=policy.read(own), tables=own)
    screen_touched = settings.screen.fitted and settings.screen.touch
    if not settings.buttons.fitted and not screen_touched:
        raise SettingsError("buttons.fitted: nobody could rate without buttons or a touch screen")
    return settings


_READERS: dict[str, Callable[[Table, Path], Any]] = {
    "terminal": terminal.read,
    "uplink": uplink.read,
    "update": update.read,
    "buttons": buttons.read,
    "screen": screen.read,
    "lan": lan.read,
    "scanner": scanner.read,
    "export": export.read,
    "sound": sound.read,
}
