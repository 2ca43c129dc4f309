"""Table ``[lan]``: where the site's own queue system tells of tickets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.settings.tables import Table


@dataclass(frozen=True, slots=True)
class LanSettings:
    """Table ``[lan]``: the endpoint on the local network.

    Attributes:
        listen: Address to listen on; empty: there is no endpoint.
        port: TLS port.
        certificate: PEM file of the endpoint's certificate.
        key: PEM file of its private key.
        token_file: File with the token that callers must show; mode 0600.
    """

    listen: str = ""
    port: int = 8443
    certificate: Path = Path("lan/certificate.pem")
    key: Path = Path("lan/key.pem")
    token_file: Path = Path("lan/token")


def read(table: Table, folder: Path) -> LanSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = LanSettings()

    def path(key: str, default: Path) -> Path:
        return (folder / table.text(key, str(default), max_chars=1000)).absolute()

    return LanSettings(
        listen="" if table.empty else table.text("listen", max_chars=100),
        port=table.number("port", normal.port, 1, 65535),
        certificate=path("certificate", normal.certificate),
        key=path("key", normal.key),
        token_file=path("token_file", normal.token_file),
    )
