"""One line of a GPIO chip as a pin of gpiozero."""

from __future__ import annotations

import errno
import logging
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gpiod import EdgeEvent, LineSettings
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import (
    GPIOPinInUse,
    PinEdgeDetectUnsupported,
    PinFixedPull,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPull,
    PinSetInput,
    PinUnsupported,
)
from gpiozero.pins.pi import PiPin

if TYPE_CHECKING:
    from gpiod import LineRequest

_log = logging.getLogger(__name__)

_PULLS = {"floating": Bias.DISABLED, "up": Bias.PULL_UP, "down": Bias.PULL_DOWN}
_EDGES = {"none": Edge.NONE, "rising": Edge.RISING, "falling": Edge.FALLING, "both": Edge.BOTH}
_ENOTSUPP = 524  # the kernel's own, which slips through from some drivers
_NO_BIAS = (errno.EINVAL, errno.ENXIO, errno.EOPNOTSUPP, _ENOTSUPP)


class GpiodPin(PiPin):  # type: ignore[misc] # gpiozero brings no types
    """Implements gpiozero's ``Pin`` by a request for one line.

    The line is asked for when something is first done with it, and from then on reconfigured, so
    that it is never in between without an owner.

    Args:
        factory: The `GpiodFactory` that makes it.
        info: gpiozero's description of the pin; the line's number is in its name.

    Raises:
        GPIOZeroError: By whatever uses the line: another process has it, or the chip refuses.
    """

    def __init__(self, factory: Any, info: Any) -> None:
        super().__init__(factory, info)
        self._lock = threading.RLock()
        self._request: LineRequest | None = None
        self._settings = LineSettings()
        self._pull = "floating"
        self._edges = "both"
        self._watched: int | None = None

    def close(self) -> None:
        """Let go of the line, as an input: an LED goes dark."""
        self.when_changed = None
        with self._lock:
            if self._request is None:
                return
            with suppress(OSError):
                self._request.reconfigure_lines({self._number: LineSettings(Direction.INPUT)})
            self._request.release()
            self._request, self._settings, self._pull = None, LineSettings(), "floating"

    def output_with_state(self, state: bool) -> None:
        """Make the line an output that begins at a level."""
        self._apply(
            direction=Direction.OUTPUT,
            output_value=Value(int(bool(state))),
            bias=Bias.AS_IS,
            edge_detection=Edge.NONE,
        )

    def _get_function(self) -> str:
        return "output" if self._settings.direction == Direction.OUTPUT else "input"

    def _set_function(self, value: str) -> None:
        if value not in ("input", "output"):
            raise PinInvalidFunction(f"invalid function {value!r} for pin {self!r}")
        if value == "output":
            self.output_with_state(self.state)
        else:
            self._pull = "floating"
            self._apply(direction=Direction.INPUT, bias=Bias.DISABLED)

    def _get_state(self) -> bool:
        with self._lock:
            request = self._request or self._apply()
            return bool(request.get_value(self._number))

    def _set_state(self, value: bool) -> None:
        with self._lock:
            if self._request is None or self.function == "input":
                raise PinSetInput(f"cannot set state of pin {self!r}")
            self._request.set_value(self._number, Value(int(bool(value))))

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, value: str) -> None:
        if self.function != "input":
            raise PinFixedPull(f"cannot set pull on non-input pin {self!r}")
        if value not in _PULLS:
            raise PinInvalidPull(f"invalid pull {value!r} for pin {self!r}")
        # What was asked for, also where the chip has no such resistor: there it is on the board.
        self._pull = value
        self._apply(bias=_PULLS[value])

    def _get_bounce(self) -> float | None:
        return self._settings.debounce_period.total_seconds() or None

    def _set_bounce(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise PinInvalidBounce("bounce must be 0 or greater")
        self._apply(debounce_period=timedelta(seconds=value or 0))

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, value: str) -> None:
        if value not in _EDGES:
            raise PinInvalidEdges(f"invalid edge {value!r} for pin {self!r}")
        self._edges = value
        if self._watched is not None:
            self._apply(edge_detection=_EDGES[value])

    def _enable_event_detect(self) -> None:
        try:
            request = self._apply(edge_detection=_EDGES[self._edges])
        except PinUnsupported as error:
            raise PinEdgeDetectUnsupported(str(error)) from None
        self._watched = request.fd
        self._factory.watching.add(request.fd, self._read_edges)

    def _disable_event_detect(self) -> None:
        if self._watched is not None:
            self._factory.watching.remove(self._watched)
            self._watched = None
            self._apply(edge_detection=Edge.NONE)

    def _read_edges(self) -> None:
        with self._lock:
            waiting = self._request is not None and self._request.wait_edge_events(0)
            events = self._request.read_edge_events() if self._request and waiting else []
        for event in events:
            wanted = self.when_changed
            if wanted is not None:
                wanted(event.timestamp_ns / 1e9, event.event_type is EdgeEvent.Type.RISING_EDGE)

    def _apply(self, **changes: Any) -> LineRequest:
        """Ask for the line, or change it; return the request.

        Raises:
            PinUnsupported: The chip refuses; GPIOPinInUse where another process has the line.
        """
        wanted = replace(self._settings, **changes)
        with self._lock:
            try:
                return self._configure(wanted)
            except OSError as error:
                if wanted.bias == Bias.AS_IS or error.errno not in _NO_BIAS:
                    raise self._refusal(error) from None
            try:
                request = self._configure(replace(wanted, bias=Bias.AS_IS))
            except OSError as error:
                raise self._refusal(error) from None
        if self._pull != "floating":
            _log.warning("%s has no pull-%s of its own: wire a resistor", self, self._pull)
        return request

    def _configure(self, settings: LineSettings) -> LineRequest:
        if self._request is None:
            self._request = self._factory.request(self._number, settings)
        else:
            self._request.reconfigure_lines({self._number: settings})
        self._settings = settings
        return self._request

    def _refusal(self, error: OSError) -> Any:
        if error.errno == errno.EBUSY:
            owner = self._factory.owner(self._number)
            return GPIOPinInUse(f"{self!r} is in use by {owner or 'somebody else'}")
        return PinUnsupported(f"{self!r} of {self._factory.path}: {error.strerror or error}")
