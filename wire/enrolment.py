"""The enrolment file: all that a technician gives a terminal (WIRE.md section 8)."""

import re
from dataclasses import dataclass, replace
from typing import Any

from wire import certificates, fields, ids, networks, toml, zones
from wire.errors import WireError
from wire.fields import Field, Shape, boolean, integer, listing, matching, number, optional, text
from wire.strictjson import Object

MAX_FILE = 16384
"""Bytes of an enrolment file."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_PASSPHRASE = re.compile(r"[ -~]{8,63}", re.ASCII)
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}", re.ASCII)
_WITH_SECRETS = "It holds a secret until the terminal has taken it over."
_WITHOUT = "The terminal has taken its secrets over; they are not here any more."
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Panel:
    """The screen and the buttons of one terminal; None is not said, and the image's own counts.

    Attributes:
        width_px: width as the screen itself counts it, before ``rotation``.
        height_px: its height; both are given or none is.
        diagonal_in: diagonal in inches, by which texts get their size.
        rotation: degrees clockwise by which the picture is turned: 0, 90, 180 or 270.
        touch: whether the screen can be touched.
        buttons: whether buttons are wired.
        fitted: whether there is a screen at all.
    """

    width_px: int | None = None
    height_px: int | None = None
    diagonal_in: float | None = None
    rotation: int | None = None
    touch: bool | None = None
    buttons: bool | None = None
    fitted: bool | None = None


@dataclass(frozen=True, slots=True)
class Wifi:
    """A wireless network: WPA2 or WPA3 with a passphrase, or an open one without.

    Attributes:
        ssid: its name, up to 32 bytes.
        passphrase: 8 to 63 ASCII characters; a secret.
        country: ISO 3166 code whose radio rules hold.
        hidden: whether it doesn't announce its name.
    """

    ssid: str
    passphrase: str | None = None
    country: str | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Where its address comes from.

    Attributes:
        address: a static address with its prefix, ``10.1.2.3/24``, or ``dhcp``.
        gateway: next hop to everywhere else, within that network.
        dns: addresses of up to four name servers.
        interface: which interface has it; None: whichever carries.
    """

    address: str
    gateway: str | None = None
    dns: tuple[str, ...] | None = None
    interface: str | None = None


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    """What a terminal needs to find its place and to enrol, and whom it may trust.

    Attributes:
        terminal: terminal id.
        token: one-time token, or None once it was used and deleted.
        expires: Unix milliseconds after which the token no longer enrols.
        counter: code of the counter, and ``counter_name`` as people read it.
        est_url: ``https://host:port`` of the enrolment server (RFC 7030).
        mqtt_host: host of the broker, and ``mqtt_port`` its TLS port.
        fleet_root_pem: certificate of the fleet root, the only trust anchor.
        fleet_key_x: public key (RFC 8037 ``x``) that signs key lists.
        timezone: IANA name of the zone it stands in.
        panel: screen and buttons.
        wifi: wireless network, with its passphrase, or None once that was taken over.
        network: static address, or DHCP.
        proxy: ``http://host:port`` by which enrolment server and broker are reached (HTTP CONNECT),
            or ``none``.
        ssh_key: one OpenSSH public key; only with it can anybody log in.

    Of time zone, panel, Wi-Fi, network and proxy None says nothing: what was there before stays,
    and on a new card that is Asia/Ho_Chi_Minh, the usual panel, a cable, DHCP and no proxy.
    """

    terminal: str
    expires: int
    counter: str
    counter_name: str
    est_url: str
    mqtt_host: str
    mqtt_port: int
    fleet_root_pem: str
    fleet_key_x: str
    token: str | None = None
    timezone: str | None = None
    panel: Panel | None = None
    wifi: Wifi | None = None
    network: Network | None = None
    proxy: str | None = None
    ssh_key: str | None = None

    def without_secrets(self) -> "EnrolmentFile":
        """Return the same file without token and Wi-Fi.

        The Wi-Fi goes as a whole: with its name alone it would be the file of an open network.
        """
        return replace(self, token=None, wifi=None)


def _rotation() -> Field:
    def read(value: Any) -> int:
        if type(value) is not int or value not in (0, 90, 180, 270):
            raise WireError("must be 0, 90, 180 or 270")
        return value

    return Field(read, read)


def _terminal() -> Field:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WireError("is not a terminal id")
        return ids.check_terminal_id(value)

    return Field(read, read)


_PANEL = Shape(
    Panel,
    {
        "width_px": optional(integer(240, 4096)),
        "height_px": optional(integer(240, 4096)),
        "diagonal_in": optional(number(3.5, 60)),
        "rotation": optional(_rotation()),
        "touch": optional(boolean()),
        "buttons": optional(boolean()),
        "fitted": optional(boolean()),
    },
)
_WIFI = Shape(
    Wifi,
    {
        "ssid": networks.ssid(),
        "passphrase": optional(matching(_PASSPHRASE, "a passphrase of 8 to 63 ASCII characters")),
        "country": optional(matching(_COUNTRY, "a country as VN")),
        "hidden": optional(boolean()),
    },
)
_NETWORK = Shape(
    Network,
    {
        "address": networks.interface_address(),
        "gateway": optional(networks.address()),
        "dns": optional(listing(networks.address(), 4)),
        "interface": optional(matching(_INTERFACE, "the name of a network interface")),
    },
)
_TABLES: dict[str, Shape[Any]] = {"panel": _PANEL, "wifi": _WIFI, "network": _NETWORK}


SHAPE = Shape(
    EnrolmentFile,
    {
        "terminal": _terminal(),
        "token": optional(matching(_TOKEN, "a token")),
        "expires": fields.time(),
        "counter": matching(ids.COUNTER_CODE, "a counter code"),
        "counter_name": text(64),
        "est_url": networks.https(),
        "mqtt_host": networks.host(),
        "mqtt_port": integer(1, 65535),
        "fleet_root_pem": certificates.certificate(),
        "fleet_key_x": matching(ids.HASH, "an Ed25519 public key in base64url"),
        "timezone": optional(zones.zone()),
        "proxy": optional(networks.proxy()),
        "ssh_key": optional(networks.ssh_key()),
        **{name: optional(table.as_field()) for name, table in _TABLES.items()},
    },
)


def dump_toml(enrolment: EnrolmentFile) -> str:
    """Return ``enrolment`` as the text of an enrolment file.

    Raises:
        WireError: a field is out of its limits.
    """
    values = SHAPE.write(_agreeing(enrolment))
    secret = enrolment.token is not None or enrolment.wifi is not None
    return f"# Hailong enrolment file. {_WITH_SECRETS if secret else _WITHOUT}\n{toml.dump(values)}"


def load_toml(content: str) -> EnrolmentFile:
    """Return the enrolment in the text of a file.

    Raises:
        WireError: not TOML, or a key is missing, unknown or wrong; the key is named.
    """
    if len(content.encode("utf-8", "surrogatepass")) > MAX_FILE:
        raise WireError(f"longer than {MAX_FILE} bytes")
    try:
        values = toml.load(content.removeprefix("\ufeff"))
    except WireError:
        raise WireError("not TOML") from None
    _refuse_unknown(values, SHAPE)
    for name, table in _TABLES.items():
        if isinstance(values.get(name), dict):
            _refuse_unknown(values[name], table, f"{name}: ")
    return _agreeing(SHAPE.read(values))


def _refuse_unknown(values: Object, shape: Shape[Any], where: str = "") -> None:
    """Name a key that means nothing: who mistypes `wfii` must not wait for a network."""
    for name in values:
        if name not in shape.fields:
            shown = name if _NAME.fullmatch(name) else "a key"
            raise WireError(f"{where}{shown}: is no key of an enrolment file")


def _agreeing(enrolment: EnrolmentFile) -> EnrolmentFile:
    """Return ``enrolment`` if what it says fits together."""
    panel, network = enrolment.panel, enrolment.network
    if panel and (panel.width_px is None) != (panel.height_px is None):
        raise WireError("panel: width_px and height_px are given together or not at all")
    if panel and panel.buttons is False and False in (panel.fitted, panel.touch):
        raise WireError("panel: buttons: nobody could rate without buttons or a touch screen")
    if network and network.gateway:
        networks.check_gateway(network.gateway, network.address)
    return enrolment
