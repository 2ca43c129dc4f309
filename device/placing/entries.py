"""What each entry of the enrolment file may be, as the screen says it beside a wrong one."""

from __future__ import annotations

from device.screen.texts import N_

_ADDRESS = N_("An address as https://host:port")
_HOST = N_("Name or address of a server")
_FLAG = N_("true or false")
_PIXELS = N_("Both, each from 240 to 4096")
_BY_SERVER = N_("The server makes this: make the file anew")
UNKNOWN = N_("There is no such entry")

ENTRIES: dict[str, str] = {
    "terminal": N_("1 to 40 of a-z, 0-9 and -"),
    "counter": N_("1 to 32 letters, digits, dots or -"),
    "counter_name": N_("1 to 64 characters"),
    "est_url": _ADDRESS,
    "mqtt_host": _HOST,
    "mqtt_port": N_("A number from 1 to 65535"),
    "timezone": N_("A time zone as Asia/Ho_Chi_Minh"),
    "proxy": N_("A proxy as http://host:port, or none"),
    "ssh_key": N_("One public key of OpenSSH, on one line"),
    "panel.width_px": _PIXELS,
    "panel.height_px": _PIXELS,
    "panel.diagonal_in": N_("Inches, from 3.5 to 60"),
    "panel.rotation": N_("0, 90, 180 or 270"),
    "panel.touch": _FLAG,
    "panel.buttons": _FLAG,
    "panel.fitted": _FLAG,
    "wifi.ssid": N_("A name of at most 32 bytes"),
    "wifi.passphrase": N_("8 to 63 characters without accents"),
    "wifi.country": N_("Two capitals, as VN"),
    "wifi.hidden": _FLAG,
    "network.address": N_("Address and network, as 10.1.2.3/24, or dhcp"),
    "network.gateway": N_("An address in the same network"),
    "network.dns": N_("At most 4 addresses"),
    "network.interface": N_("An interface's name, as eth0"),
    "token": _BY_SERVER,
    "expires": _BY_SERVER,
    "fleet_root_pem": _BY_SERVER,
    "fleet_key_x": _BY_SERVER,
}
"""By the name of the entry, with its table's before it."""

_TABLES = ("panel", "wifi", "network")


def allowed_in(field: str) -> str:
    """Return what an entry may be, a text of the catalogues; empty for a table as a whole."""
    if field in _TABLES:
        return ""
    return ENTRIES.get(field, UNKNOWN)
