"""What can be touched on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TargetKind = Literal["choice", "item", "key"]
Key = Literal["skip", "done", "next", "back", "language", "continue"]


@dataclass(frozen=True, slots=True)
class Target:
    """Something on the screen that can be touched.

    Attributes:
        kind: ``choice`` (of the scale), ``item`` (a reason or complaint), ``key`` (all else).
        name: The choice, the item's code, or a `Key`.
    """

    kind: TargetKind
    name: str
