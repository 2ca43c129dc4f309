"""From an enrolment file to the files of the network. Pure.

systemd-networkd gives the interfaces their address, iwd joins the Wi-Fi.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wire.enrolment import Network, Wifi

_AS_IT_IS = re.compile(r"[A-Za-z0-9 _-]+", re.ASCII)


def networkd(network: Network) -> str:
    """Return the ``.network`` file of a static address (systemd.network(5)).

    Without an interface both kinds are meant: networkd gives the address to what carries.
    """
    which = f"Name={network.interface}" if network.interface else "Type=ether wlan"
    lines = ["[Match]", which, "", "[Network]", f"Address={network.address}"]
    if network.gateway:
        lines.append(f"Gateway={network.gateway}")
    lines += [f"DNS={server}" for server in network.dns or ()]
    return "\n".join([*lines, ""])


def iwd_name(wifi: Wifi) -> str:
    """Return the name of a network's file: the SSID, in hexadecimal if iwd can't have it so.

    iwd.network(5): letters, digits, spaces, underscores and minus signs stand as they are; any
    other name is ``=`` and the bytes of the SSID in hexadecimal.
    """
    ssid = wifi.ssid if _AS_IT_IS.fullmatch(wifi.ssid) else f"={wifi.ssid.encode().hex()}"
    return f"{ssid}.{'open' if wifi.passphrase is None else 'psk'}"


def iwd(wifi: Wifi) -> str:
    """Return the content of a network's file (iwd.network(5))."""
    lines = []
    if wifi.passphrase is not None:
        lines += ["[Security]", f"Passphrase={_escaped(wifi.passphrase)}", ""]
    lines += ["[Settings]", "AutoConnect=true"]
    if wifi.hidden:
        lines.append("Hidden=true")
    return "\n".join([*lines, ""])


def iwd_main(wifi: Wifi) -> str:
    """Return iwd's own settings (iwd.config(5)): whose radio rules hold."""
    return "[General]\n" + (f"Country={wifi.country}\n" if wifi.country else "")


def _escaped(value: str) -> str:
    """Return a value in iwd's syntax: backslashes are doubled, outer spaces escaped."""
    value = value.replace("\\", "\\\\")
    inner = value.strip(" ")
    before = len(value) - len(value.lstrip(" "))
    return "\\s" * before + inner + "\\s" * (len(value) - before - len(inner))
