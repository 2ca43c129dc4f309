"""The period that a page is about: in its address, chosen by links, or by a form of two days.

``?period=`` is written as in `fleet_server.core.spans`, or ``today``, ``7``, ``30`` for days up
to today. The form sends ``from`` and ``to``.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import abort, g, request
from flask_babel import gettext as _

from fleet_server.core import spans
from fleet_server.core.roles import Capability
from fleet_server.core.spans import Kind, Period
from fleet_server.web import access, address, days
from fleet_server.web.branch import chosen
from fleet_server.web.pieces import Asked
from fleet_server.web.services import services

RECENT = {"today": 1, "7": 7, "30": 30}
"""Days up to today, by their name in an address."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """What the chooser shows.

    Attributes:
        period: what the page is about.
        name: how the address has it: a text of `RECENT`, or the period's own.
        today: the running day.
        problem: what is wrong with the days that were typed, or empty; they stay in the form.
        typed: the days in the form.
    """

    period: Period
    name: str
    today: date
    problem: str
    typed: tuple[str, str]

    def of(self, kind: Kind) -> str:
        """Return the period of another kind that the end of this one lies in."""
        return spans.of(kind, min(self.period.last, self.today)).text

    @property
    def after(self) -> Period | None:
        """The period after, unless nothing of it has begun."""
        found = self.period.after()
        return found if found.first <= self.today else None

    def href(self, period: str) -> str:
        """Return the address of this page over another period."""
        gone = dict.fromkeys(("from", "to", "day"))
        return address.here(**gone, period=period)


def today() -> date:
    """Return the running day."""
    return days.today(g.now, services().settings.fleet.zone)


def recent(count: int, now: date) -> Period:
    """Return so many days up to today; one is a day."""
    if count == 1:
        return spans.of("day", now)
    return spans.span(now - timedelta(days=count - 1), now)


def choose(usual: str = "today") -> Chooser:
    """Return the period that this request asks for; 404 if its address names none."""
    now = today()
    since, until = request.args.get("from", ""), request.args.get("to", "")
    if since or until:
        return _typed(since, until, usual, now)
    name = request.args.get("period") or usual
    return Chooser(_named(name, now), name, now, "", ("", ""))


def _named(name: str, now: date) -> Period:
    if name in RECENT:
        return recent(RECENT[name], now)
    try:
        return spans.read(name)
    except ValueError:
        abort(404)


def _typed(since: str, until: str, usual: str, now: date) -> Chooser:
    first, last = days.parse(since), days.parse(until)
    problem = ""
    if first is None or last is None:
        problem = _("Give both days, such as 2026-11-22.")
    elif last < first:
        problem = _("The last day lies before the first one.")
    elif (last - first).days >= spans.MOST_DAYS:
        problem = _("Give at most %(days)s days.", days=spans.MOST_DAYS)
    if problem or first is None or last is None:
        return Chooser(_named(usual, now), usual, now, problem, (since, until))
    period = spans.span(first, last) if last > first else spans.of("day", first)
    return Chooser(period, period.text, now, "", (since, until))


def asked(chooser: Chooser, capability: Capability = "figures") -> Asked:
    """Return what a page asks for: period, branch (``?unit=``) and service (``?service=``)."""
    here, unit = chosen(capability)
    scope = access.scope(capability)
    return Asked(chooser.period, chooser.today, scope, unit, service(), here)


def taken_away(chooser: Chooser) -> Asked:
    """Return what a page asks for, where the person may both see figures and take them away."""
    wanted, seen = asked(chooser, "export"), access.scope("figures")
    if seen.units is None:
        return wanted
    return replace(
        wanted, scope=wanted.scope.within(seen.units), here=wanted.here.within(seen.units)
    )


def service() -> str | None:
    """Return the service that this request asks for: ``-`` is none known, nothing is all."""
    name = request.args.get("service")
    return "" if name == NO_SERVICE else name or None


NO_SERVICE = "-"
"""How an address says: of no service that is known."""
