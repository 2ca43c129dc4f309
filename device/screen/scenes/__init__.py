"""The screens, one function for each kind of view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from device.screen.canvas import Canvas
from device.screen.scenes import messages, rating, technician, touching

if TYPE_CHECKING:
    from device.core.targets import Target
    from device.core.view import Kind, View
    from device.screen.canvas import Dress

Scene = Callable[["Dress", "View", "Target | None"], Canvas]

SCENES: dict[Kind, Scene] = {
    "starting": messages.starting,
    "idle": messages.idle,
    "wait": messages.wait,
    "rate": rating.rate,
    "correction": rating.correction,
    "reasons": touching.reasons,
    "thanks": messages.thanks,
    "recorded": messages.recorded,
    "items": touching.complaints,
    "out_of_service": technician.out_of_service,
    "self_test": technician.self_test,
    "network": technician.network,
    "identify": technician.identify,
    "export": technician.export,
    "unplaced": technician.unplaced,
    "joining": messages.joining,
}
