"""The enrolment file: all that a technician gives a terminal (WIRE.md section 8)."""

import json
import re
import tomllib
from dataclasses import dataclass, replace
from typing import Any

from wire import fields, ids
from wire.errors import WireError
from wire.fields import Shape, integer, matching, optional, text

MAX_FILE = 16384
"""Bytes of an enrolment file."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
_HTTPS = re.compile(r"https://[A-Za-z0-9.\[\]:-]{1,255}")
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,255}")
_PEM = re.compile(
    r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    """What a terminal needs to enrol, and whom it may trust.

    Attributes:
        terminal: terminal id.
        token: one-time token, or None once it was used and deleted.
        expires: Unix milliseconds after which the token no longer enrols.
        counter: code of the counter, and ``counter_name`` as people read it.
        est_url: ``https://host:port`` of the enrolment server (RFC 7030).
        mqtt_host: host of the broker, and ``mqtt_port`` its TLS port.
        fleet_root_pem: certificate of the fleet root, the only trust anchor.
        fleet_key_x: public key (RFC 8037 ``x``) that signs key lists.
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

    def without_token(self) -> "EnrolmentFile":
        """Return the same file with the token gone."""
        return replace(self, token=None)


SHAPE = Shape(
    EnrolmentFile,
    {
        "terminal": matching(ids.TERMINAL_ID, "a terminal id"),
        "token": optional(matching(_TOKEN, "a token")),
        "expires": fields.time(),
        "counter": matching(ids.COUNTER_CODE, "a counter code"),
        "counter_name": text(64),
        "est_url": matching(_HTTPS, "an address as https://host:port"),
        "mqtt_host": matching(_HOST, "a host name or address"),
        "mqtt_port": integer(1, 65535),
        "fleet_root_pem": matching(_PEM, "one certificate in PEM form"),
        "fleet_key_x": matching(ids.HASH, "an Ed25519 public key in base64url"),
    },
)


def dump_toml(enrolment: EnrolmentFile) -> str:
    """Return ``enrolment`` as the text of an enrolment file.

    Raises:
        WireError: a field is out of its limits.
    """
    lines = ["# Hailong enrolment file. It holds a secret until the terminal has enrolled."]
    for name, value in SHAPE.write(enrolment).items():
        lines.append(f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def load_toml(content: str) -> EnrolmentFile:
    """Return the enrolment in the text of a file.

    Raises:
        WireError: not TOML, or a key is missing, unknown or wrong; the key is named.
    """
    if len(content.encode("utf-8", "surrogatepass")) > MAX_FILE:
        raise WireError(f"longer than {MAX_FILE} bytes")
    try:
        values = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise WireError("not TOML") from None
    return SHAPE.read(values)


def _toml(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if "\n" in value:
        return f'"""\n{value}"""'
    return json.dumps(value, ensure_ascii=False)
