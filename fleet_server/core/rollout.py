"""Bringing a new image to many terminals, ring after ring, and stopping in time. Pure.

A rollout goes on by itself as long as the ring under way does well. It is stopped

1. when more than `MOST_FAILED` of those of the ring that were asked fell back or could not install
   it, and at least one did;
2. when the terminals that were asked are ill more often than those that were not, by more than
   `MARGIN`. Only terminals that were well before count, on both sides: so what ails the whole fleet
   (the server is away, an office without power at night) is not held against the image. It takes
   `FEWEST` newly ill terminals, or all that were asked.

A ring is over once every terminal in it has an outcome. Those that are away or refuse are not
waited for beyond `PATIENCE_MS`, if `ENOUGH` of the ring are settled. Then the next ring begins: by
itself after the soak time, or when a person says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

RolloutState = Literal["running", "paused", "stopped", "done"]
STATES: tuple[RolloutState, ...] = get_args(RolloutState)
MemberState = Literal["waiting", "asked", "confirmed", "failed", "refused", "expired"]
MEMBER_STATES: tuple[MemberState, ...] = get_args(MemberState)
"""*waiting*: not asked yet; *asked*: under way; the others are outcomes."""
OUTCOMES: Mapping[str, MemberState] = {
    "done": "confirmed",
    "failed": "failed",
    "refused": "refused",
    "expired": "expired",
}
"""What the outcome of the command ``update`` makes of a terminal."""

MOST_FAILED = 0.02
MARGIN = 0.05
FEWEST = 2
ENOUGH = 0.9
PATIENCE_MS = 7 * 86_400_000


@dataclass(frozen=True, slots=True)
class Member:
    """A terminal of a rollout.

    Attributes:
        ring: from 1.
        was_ill: it was in trouble before its ring began; ``ill``: it is now.
    """

    terminal: str
    ring: int
    state: MemberState
    was_ill: bool = False
    ill: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether it has an outcome."""
        return self.state not in ("waiting", "asked")


@dataclass(frozen=True, slots=True)
class Ring:
    """The ring under way.

    Attributes:
        number: from 1, of ``rings``.
        since: when it began; ``settled_at``: when its last terminal got an outcome.
        automatic: the next begins by itself ``soak_ms`` after that.
    """

    number: int
    rings: int
    since: int
    settled_at: int
    automatic: bool
    soak_ms: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a rollout is stopped: ``few`` of ``many`` terminals *failed*, or are ill (*worse*).

    Attributes:
        others: with *worse*, how many per cent of the terminals not updated are newly ill.
    """

    kind: Literal["failed", "worse"]
    few: int
    many: int
    others: int = 0


@dataclass(frozen=True, slots=True)
class Next:
    """The next ring is to begin."""


@dataclass(frozen=True, slots=True)
class Done:
    """The last ring is over."""


Verdict = Stop | Next | Done | None
"""None: it goes on, or waits for a person."""


def shares(percents: Sequence[int]) -> tuple[int, ...]:
    """Return cumulative percents of the rings, checked.

    Raises:
        ValueError: they don't grow from 1 to 100.
    """
    growing = all(low < high for low, high in zip((0, *percents), percents, strict=False))
    if not percents or not growing or percents[-1] != 100:
        raise ValueError("shares must grow, and the last must be 100")
    return tuple(percents)


def rings(
    terminals: Iterable[str], first: Iterable[str], percents: Sequence[int], seed: str
) -> dict[str, int]:
    """Return the ring of each terminal, from 1.

    Args:
        terminals: all that are to be updated.
        first: those of them that are a ring of their own, before the others; may be none.
        percents: cumulative, of the others, as `shares` returns them.
        seed: so that not the same terminals are the first each time.
    """
    chosen = set(first)
    everyone = sorted(set(terminals))
    found = {one: 1 for one in everyone if one in chosen}
    others = [one for one in everyone if one not in chosen]
    others.sort(key=lambda one: sha256(f"{seed}:{one}".encode()).digest())
    before = 1 if found else 0
    for place, one in enumerate(others):
        # Rounded up, so that the smallest share is at least one terminal.
        ring = next(n for n, upto in enumerate(percents, 1) if place * 100 < upto * len(others))
        found[one] = before + ring
    return _without_gaps(found)


def _without_gaps(found: Mapping[str, int]) -> dict[str, int]:
    numbers = {ring: place for place, ring in enumerate(sorted(set(found.values())), 1)}
    return {terminal: numbers[ring] for terminal, ring in found.items()}


def judge(ring: Ring, members: Sequence[Member], now: int) -> Verdict:
    """Say how a running rollout goes on, by the rules at the top.

    Args:
        ring: the one under way.
        members: all terminals of the rollout.
        now: Unix milliseconds.
    """
    here = [one for one in members if one.ring == ring.number]
    stop = _failed(here) or _worse(members)
    if stop is not None:
        return stop
    if not _is_over(here, now - ring.since):
        return None
    if ring.number >= ring.rings:
        return Done()
    soaked = now - max(ring.settled_at, ring.since) >= ring.soak_ms
    return Next() if ring.automatic and soaked else None


def _failed(here: Sequence[Member]) -> Stop | None:
    asked = [one for one in here if one.state != "waiting"]
    failed = sum(one.state == "failed" for one in asked)
    if failed and failed > MOST_FAILED * len(asked):
        return Stop("failed", failed, len(asked))
    return None


def _worse(members: Sequence[Member]) -> Stop | None:
    well = [one for one in members if not one.was_ill]
    touched = [one for one in well if one.state in ("asked", "confirmed", "failed")]
    others = [one for one in well if one not in touched]
    ill = sum(one.ill for one in touched)
    if ill < min(FEWEST, len(touched)) or not ill:
        return None
    usual = sum(one.ill for one in others) / len(others) if others else 0.0
    if ill / len(touched) - usual <= MARGIN:
        return None
    return Stop("worse", ill, len(touched), round(100 * usual))


def _is_over(here: Sequence[Member], waited: int) -> bool:
    settled = sum(one.is_settled for one in here)
    if settled == len(here):
        return True
    return waited >= PATIENCE_MS and settled >= ENOUGH * len(here)
