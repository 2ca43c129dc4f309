"""The commands of WIRE.md section 5: their names, and which arguments each takes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from wire.errors import WireError
from wire.fields import integer

CommandName = Literal[
    "hello",
    "identify",
    "self-test",
    "restart",
    "reboot",
    "diagnostics",
    "rotate-key",
    "re-enrol",
]
NAMES: tuple[CommandName, ...] = get_args(CommandName)
MOST_SECONDS = 60
USUAL_SECONDS = 10
_SECONDS = integer(1, MOST_SECONDS)


@dataclass(frozen=True, slots=True)
class Order:
    """A command that can be carried out.

    Attributes:
        name: which.
        seconds: how long; only ``identify`` lasts.
    """

    name: CommandName
    seconds: int = USUAL_SECONDS


def read_order(name: str, arguments: Mapping[str, Any]) -> Order:
    """Return the order that a command's name and arguments give.

    Raises:
        WireError: the name is unknown here, or an argument is unknown or out of its limits.
    """
    if name not in NAMES:
        raise WireError(f"unknown; the commands are {', '.join(NAMES)}")
    order = Order(name)
    if not arguments:
        return order
    if name != "identify":
        raise WireError(f"{name} takes no arguments")
    if arguments.keys() != {"seconds"}:
        raise WireError("identify takes one argument, seconds")
    try:
        return Order("identify", _SECONDS.read(arguments["seconds"]))
    except WireError as error:
        raise WireError(f"seconds: {error}") from None
