"""The commands of WIRE.md section 5: their names, and which arguments each takes. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from wire.errors import WireError
from wire.fields import Shape, integer, matching, optional, time

CommandName = Literal[
    "hello",
    "identify",
    "self-test",
    "restart",
    "reboot",
    "diagnostics",
    "rotate-key",
    "re-enrol",
    "update",
]
NAMES: tuple[CommandName, ...] = get_args(CommandName)
MOST_SECONDS = 60
USUAL_SECONDS = 10
_SECONDS = integer(1, MOST_SECONDS)

LARGEST_BUNDLE = 2**32 - 1
"""Bytes; what FAT and 32-bit readers of lengths hold, and far beyond a root file system of ours."""
VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The image that ``update`` brings a terminal to.

    Attributes:
        version: MAJOR.MINOR.PATCH of the image.
        sha256: of the bundle's file, 64 hexadecimal digits; also its name on the server.
        size: of the file, bytes.
        not_before: Unix milliseconds before which it is not installed.
        deadline: Unix milliseconds after which it is not begun any more.
    """

    version: str
    sha256: str
    size: int
    not_before: int | None = None
    deadline: int | None = None

    @property
    def path(self) -> str:
        """Where the bundle lies on the enrolment server."""
        return f"/updates/{self.sha256}"


def is_older(version: str, than: str) -> bool:
    """Say whether an image came before another; not so where one of them is no version."""
    found, other = VERSION.fullmatch(version), VERSION.fullmatch(than)
    if found is None or other is None:
        return False
    return [int(part) for part in found.groups()] < [int(part) for part in other.groups()]


_BUNDLE: Shape[Bundle] = Shape(
    Bundle,
    {
        "version": matching(VERSION, "a version such as 1.4.0"),
        "sha256": matching(SHA256, "a SHA-256 in 64 hexadecimal digits"),
        "size": integer(1, LARGEST_BUNDLE),
        "not_before": optional(time()),
        "deadline": optional(time()),
    },
)


@dataclass(frozen=True, slots=True)
class Order:
    """A command that can be carried out.

    Attributes:
        name: which.
        seconds: how long; only ``identify`` lasts.
        bundle: of ``update``, and of no other; None takes back an update that is not begun.
    """

    name: CommandName
    seconds: int = USUAL_SECONDS
    bundle: Bundle | None = None


def read_order(name: str, arguments: Mapping[str, Any]) -> Order:
    """Return the order that a command's name and arguments give.

    Raises:
        WireError: the name is unknown here, or an argument is unknown or out of its limits.
    """
    if name not in NAMES:
        raise WireError(f"unknown; the commands are {', '.join(NAMES)}")
    if not arguments:
        return Order(name)
    if name == "update":
        return Order("update", bundle=_BUNDLE.read(dict(arguments)))
    if name != "identify":
        raise WireError(f"{name} takes no arguments")
    if arguments.keys() != {"seconds"}:
        raise WireError("identify takes one argument, seconds")
    try:
        return Order("identify", _SECONDS.read(arguments["seconds"]))
    except WireError as error:
        raise WireError(f"seconds: {error}") from None


def bundle_arguments(bundle: Bundle) -> dict[str, Any]:
    """Return the arguments of the ``update`` that brings a terminal to ``bundle``.

    Raises:
        WireError: a field is out of its limits.
    """
    return _BUNDLE.write(bundle)
