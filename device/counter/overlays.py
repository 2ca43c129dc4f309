"""What may lie over the counter's own screen for a while, when a technician or the fleet asks.

In this order: a self-test, a notice (of the copy onto a stick), *identify*; and, where nobody is
served, what keeps the terminal from its fleet: large, or as a line beside a question that is asked
without a ticket. Only that stays by itself for longer than its time.
Except while a self-test runs, every press is a rating as always, and its thanks come through.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from device.core import selftest
from device.core.view import MOVE_IDENTIFY_MS, Note, View
from device.ports import ButtonsError, JournalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.joining import Stage
    from device.core.lights import Signal
    from device.core.network import Finding
    from device.core.rules import Site
    from device.core.selftest import SelfTest
    from device.core.targets import Target
    from device.core.view import Trouble

    Told = Callable[[dict[str, Any]], None]


class Way(Protocol):
    """Looks at the network, elsewhere."""

    def ask(self) -> None:
        """Have it looked at anew."""

    def found(self) -> tuple[Finding, ...]:
        """Return what was found since; nothing until then."""


NOTICE_MS = 120_000


class Overlays:
    """Keeps what lies over the counter's screen.

    Args:
        site: The terminal; *identify* shows its names, the self-test tries what is fitted.
        way: Has the uplink look at the network during a self-test; None where there is none.

    Attributes:
        result: What became of the tries of the last self-test, None before there was one.
    """

    def __init__(self, site: Site, way: Way | None = None) -> None:
        self.result: dict[str, Any] | None = None
        self._site = site
        self._way = way
        self._identify_until: int | None = None
        self._notice: tuple[View, int] | None = None
        self._progress_until: int | None = None
        self._test: SelfTest | None = None
        self._told: Told | None = None
        self._joining: Stage | None = None

    # ---- what is asked for ----

    def joining(self, stage: Stage | None) -> None:
        """Show how far the terminal is on its way into the fleet; None when it is there."""
        self._joining = stage

    def identify(self, until: int) -> None:
        """Show which terminal this is, until that ``up``."""
        self._identify_until = until

    def notice(self, view: View | None, now: int) -> None:
        """Show a view, at most two minutes unless it comes again; None takes it away.

        Progress is shown for two minutes in all, however slow a stick is: it hides the rating.
        """
        until = now + NOTICE_MS
        if view is None or view.progress is None:
            self._progress_until = None
        else:
            self._progress_until = until = self._progress_until or until
        self._notice = None if view is None else (view, until)

    def self_test(self, now: int, told: Told | None) -> None:
        """Begin a self-test; ``told`` hears the outcome. One that is under way ends."""
        self._finish()
        if self._way is not None:
            self._way.ask()
        self._test = selftest.begin(self._site, now, looks=self._way is not None)
        self._told = told
        self._settle()

    # ---- what happens ----

    @property
    def testing(self) -> bool:
        """True while presses and touches are tries and no ratings."""
        return self._test is not None and self._test.ended_at is None

    def press(self, button: int, now: int) -> None:
        """A button was pressed during the self-test."""
        if self._test is not None:
            self._test = selftest.press(self._test, button, now)
            self._settle()

    def touch(self, target: Target, now: int) -> None:
        """The screen was touched during the self-test."""
        if self._test is not None:
            self._test = selftest.touch(self._test, target, now)
            self._settle()

    def turn(self, now: int) -> None:
        """Let what has had its time end."""
        if self._test is not None:
            self._listen(self._test, now)
            self._test = selftest.tick(self._test, now)
            self._settle()
            if selftest.is_over(self._test, now):
                self._test = None
        if self._notice is not None and now >= self._notice[1]:
            self._notice = None
        if self._identify_until is not None and now >= self._identify_until:
            self._identify_until = None

    # ---- what is seen of it ----

    def over(self, shown: View, now: int) -> View:
        """Return what is on the screen when ``shown`` is what the counter would show."""
        if shown.kind == "thanks" and not self.testing:
            return shown
        if self._test is not None and selftest.covers(self._test, now):
            return selftest.shown(self._test, shown.counter, shown.language, now)
        if self._notice is not None:
            return replace(self._notice[0], language=shown.language)
        if self._identify_until is None:
            return self._with_joining(shown)
        return View(
            "identify",
            shown.counter,
            place=now // MOVE_IDENTIFY_MS,
            language=shown.language,
            notes=_names(self._site),
        )

    def _with_joining(self, shown: View) -> View:
        """Say what keeps the terminal from its fleet: beside a question that is always asked."""
        if self._joining is None or shown.ticket is not None:
            return shown
        if shown.kind in ("rate", "items"):
            return replace(shown, joining=self._joining)
        if shown.kind != "idle":
            return shown
        notes = _names(self._site)  # a technician reads it: not dimmed, but moving as before
        return replace(shown, kind="joining", joining=self._joining, notes=notes, dim=False)

    def signal(self) -> Signal | None:
        """Return what the LEDs have to say of this."""
        return "identify" if self._identify_until is not None else None

    def light(self) -> int | None:
        """Return the button whose light the self-test tries out."""
        return self._test.pressed if self._test is not None and self.testing else None

    def _listen(self, test: SelfTest, now: int) -> None:
        """Take what the uplink has found out."""
        if self._way is not None and test.looks and (found := self._way.found()):
            self._test = selftest.heard(test, found, now)

    def _settle(self) -> None:
        """Tell the outcome of a self-test once it has one."""
        if self._test is not None and selftest.is_complete(self._test):
            self._finish()

    def _finish(self) -> None:
        if self._test is None:
            return
        self.result = selftest.tries(self._test)
        told, self._told = self._told, None
        if told is not None:
            told(selftest.result(self._test))


_REMEDIES: dict[Trouble, str] = {
    "full": "Make room on the card, or use a larger one",
    "read_only": "Use a new card; keep this one if anybody rated here: there may be ratings on it",
    "taken": "Stop the other program",
}


def out_of_service(site: Site, error: Exception, shown: View) -> View:
    """Return what to show in the place of ``shown`` while nothing can be rated."""
    trouble: Trouble = error.trouble if isinstance(error, JournalError) else "other"
    where = "Journal"
    if isinstance(error, ButtonsError):
        trouble, where = "buttons", "Buttons"
    return View(
        "out_of_service",
        shown.counter,
        language=shown.language,
        trouble=trouble,
        notes=(*_names(site), _remedy(trouble) or Note(where, str(error), "bad")),
    )


def _remedy(trouble: Trouble) -> Note | None:
    """Return what to do, where the trouble's own words leave nothing else to say."""
    text = _REMEDIES.get(trouble)
    return None if text is None else Note(text, state="bad")


def _names(site: Site) -> tuple[Note, ...]:
    """Return which terminal this is, for a technician."""
    return (Note("Terminal", site.terminal), Note("Counter", site.counter))
