"""The columns of a list of terminals: the keys of the enrolment file, one a column.

A key within a table has a dot: ``wifi.ssid`` is ``ssid`` in ``[wifi]``. Limits are those of
`wire.enrolment`; here stand only what a cell is turned into, and words for people.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wire.errors import WireError

_TRUE = frozenset(("true", "yes", "1", "x", "có", "đúng"))
_FALSE = frozenset(("false", "no", "0", "không", "sai"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        what: what it holds, for people.
        example: a cell that will do.
        read: turns a cell into what the enrolment file holds.
        secret: a cell is not repeated in messages.
        exported: its headings in the lists of terminals that the server itself writes.
    """

    what: str
    example: str
    read: Callable[[str], Any] = str
    secret: bool = False
    exported: tuple[str, ...] = ()


def whole(cell: str) -> int:
    """Read a whole number."""
    if not cell.isascii() or not cell.isdigit() or len(cell) > 9:
        raise WireError("is not a whole number")
    return int(cell)


def decimal(cell: str) -> float:
    """Read a number, with a comma or a point."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        raise WireError("is not a number") from None


def truth(cell: str) -> bool:
    """Read yes or no, also as a spreadsheet in Vietnamese writes it."""
    word = cell.casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise WireError("is neither yes nor no")


def listed(cell: str) -> list[str]:
    """Read words with spaces between."""
    return cell.split()


COLUMNS = {
    "terminal": Column("name of the terminal", "t-quan1-03", exported=("Thiết bị",)),
    "counter": Column(
        "code of the counter where it stands", "Q1-03", exported=("Mã quầy", "Counter code")
    ),
    "counter_name": Column(
        "the counter as people read it", "Quầy 3 – Hộ tịch", exported=("Tên quầy", "Counter name")
    ),
    "est_url": Column("enrolment server", "https://fleet.example:8443"),
    "mqtt_host": Column("host of the broker", "fleet.example"),
    "mqtt_port": Column("its port", "8883", whole),
    "timezone": Column("time zone", "Asia/Ho_Chi_Minh"),
    "proxy": Column("by which server and broker are reached", "http://10.1.2.9:3128"),
    "ssh_key": Column(
        "whose owner may log in, one OpenSSH public key",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJZtTQ8QkDkqgDPm2RFNpAFyCw1kZLqxDqMPQpsrDoZF an",
    ),
    "panel.width_px": Column("width of the screen in pixels", "1280", whole),
    "panel.height_px": Column("its height", "800", whole),
    "panel.diagonal_in": Column("its diagonal in inches", "10.1", decimal),
    "panel.rotation": Column("turned by 0, 90, 180 or 270 degrees", "0", whole),
    "panel.touch": Column("whether it can be touched", "yes", truth),
    "panel.buttons": Column("whether buttons are wired", "no", truth),
    "panel.fitted": Column("whether there is a screen", "yes", truth),
    "wifi.ssid": Column("name of the wireless network", "HaiLong"),
    "wifi.passphrase": Column(
        "its passphrase, 8 to 63 characters", "correct horse battery", secret=True
    ),
    "wifi.country": Column("whose radio rules hold", "VN"),
    "wifi.hidden": Column("whether the network hides its name", "no", truth),
    "network.address": Column("static address with prefix", "10.1.2.3/24"),
    "network.gateway": Column("next hop in that network", "10.1.2.1"),
    "network.dns": Column("name servers, spaces between", "10.1.2.1 10.1.2.2", listed),
    "network.interface": Column("which interface has the address", "eth0"),
}


EXPORTED_BESIDES = ("Lưu tại đơn vị (mã)", "Kept by (unit code)", "Ghi chú", "Note")
"""Headings of those lists that say nothing for an enrolment file; their cells are not looked at."""


def nested(cells: dict[str, Any]) -> dict[str, Any]:
    """Return values by column as the enrolment file holds them: tables within."""
    found: dict[str, Any] = {}
    for name, value in cells.items():
        table, dot, key = name.partition(".")
        if dot:
            found.setdefault(table, {})[key] = value
        else:
            found[table] = value
    return found


def blamed(message: str) -> tuple[str, str]:
    """Return the column that an error of `wire.enrolment` is about, and what it says of it."""
    first, _, rest = message.partition(": ")
    second, _, inner = rest.partition(": ")
    if f"{first}.{second}" in COLUMNS:
        return f"{first}.{second}", inner
    return (first, rest) if rest else ("", message)


def tidy(cell: str) -> str:
    """Return a cell as it was meant: composed, and without blanks around it, hard ones too."""
    return unicodedata.normalize("NFC", cell).strip()
