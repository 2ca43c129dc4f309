"""Table ``[uplink]``: the way to the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from device.settings.tables import Table


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


def read(table: Table, folder: Path) -> UplinkSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
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
