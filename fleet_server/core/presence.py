"""Whether a terminal's state is news, or an old one that arrives late. Pure.

The rules, in the order of the code:

1. Within a boot, a higher connection is newer; a lower one is an old will and says nothing.
2. Within a connection, any state follows any other.
3. A ``lost`` of the boot before is an old will. Any other state of another boot is a birth; so
   is a ``lost`` of a boot that was never heard of, whose birth was missed.
"""

from dataclasses import dataclass

from wire.up import State


@dataclass(frozen=True, slots=True)
class Seen:
    """The boot and connection of the last state that was taken, and the boot before."""

    boot: str | None = None
    former_boot: str | None = None
    connection: int | None = None


def follows(before: Seen, state: State) -> bool:
    """Whether ``state`` is newer than what was seen before."""
    if state.boot == before.boot:
        return state.connection >= (before.connection or 0)
    return state.state != "lost" or state.boot != before.former_boot
