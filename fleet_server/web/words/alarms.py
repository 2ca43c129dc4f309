"""What alarms are called, what they say, and what to do: on pages, in mails and in chat rooms."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.alarms.rules import Kind, Limits
from fleet_server.web.words.cases import item
from fleet_server.web.words.matters import matter


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """How a kind of alarms is told: its name, when it is raised, what to do."""

    name: LazyString
    meaning: LazyString
    advice: LazyString


ALARMS: Mapping[Kind, AlarmWords] = {
    "terminal_lost": AlarmWords(
        _("Terminal away"),
        _("A terminal has been gone for so long in opening hours."),
        _("Look whether it has power and network; the page of the terminal says since when."),
    ),
    "unsatisfied": AlarmWords(
        _("Many unsatisfied"),
        _("So many of a counter's latest ratings were unsatisfied."),
        _("Go and see what is going on at the counter."),
    ),
    "complaint": AlarmWords(
        _("Complaint"),
        _("A citizen touched what they complain of."),
        _("See to it now if it can be mended, and answer its case."),
    ),
    "participation": AlarmWords(
        _("Few are asked"),
        _("Under the target of participation by the middle of the month."),
        _("Find out why tickets are served and not rated."),
    ),
    "tampering": AlarmWords(
        _("Evidence of tampering"),
        _("A matter of a kind that points to tampering is open."),
        _("Look at the matter, and keep what it is about as it is."),
    ),
    "case_due": AlarmWords(
        _("Case due soon"),
        _("A case waits for its unit, and its deadline is near."),
        _("Answer the case before its deadline."),
    ),
    "case_overdue": AlarmWords(
        _("Case overdue"),
        _("A case was not answered or judged in time."),
        _("See to it that the case goes on."),
    ),
}


def alarm(kind: str) -> str:
    """Return what a kind of alarms is called; one of another version by its code."""
    return str(ALARMS[kind].name) if kind in ALARMS else kind  # type: ignore[index]  # it is there


def limits(kind: Kind, held: Limits) -> str:
    """Return what is too much by a rule, in a few words; empty where its kind has no limits."""
    told = _LIMITS.get(kind)
    signs = ", ".join(sorted(str(matter(one).name) for one in held.matters))
    return str(told) % {**asdict(held), "signs": signs} if told else ""


def about(kind: str, details: Mapping[str, Any]) -> str:
    """Return what an alarm is about, in a few words."""
    if kind == "tampering":
        return str(matter(details["kind"]).name)
    if kind.startswith("case_"):
        return str(gettext("case %(case)s", case=details["case"]))
    return str(details.get("terminal") or details.get("counter") or "")


def sentence(kind: str, details: Mapping[str, Any]) -> str:
    """Return what an alarm says, in a sentence."""
    told = _SENTENCES.get(kind)
    if told is None:
        return alarm(kind)
    return str(told) % {**details, **_spoken(kind, details)}


def _spoken(kind: str, details: Mapping[str, Any]) -> dict[str, str]:
    if kind == "complaint":
        return {"items": ", ".join(str(item(code)) for code in details["items"])}
    return {"name": about(kind, details)} if kind == "tampering" else {}


_LIMITS: Mapping[Kind, LazyString] = {
    "terminal_lost": _(
        "Away for %(lost_min)s minutes of opening hours; over once there for %(back_min)s minutes."
    ),
    "unsatisfied": _("%(unsatisfied)s unsatisfied of %(of)s ratings in %(within_min)s minutes."),
    "participation": _(
        "From day %(from_day)s of the month on; over at %(margin)s points above the target."
    ),
    "tampering": _("Signs: %(signs)s."),
    "case_due": _("Working days before the deadline: %(days_left)s."),
}

_SENTENCES: Mapping[str, LazyString] = {
    "terminal_lost": _(
        "The terminal %(terminal)s has been away for %(minutes)s minutes of opening hours."
    ),
    "unsatisfied": _(
        "At the counter %(counter)s, %(unsatisfied)s of the latest %(ratings)s ratings were "
        "unsatisfied."
    ),
    "complaint": _("A citizen complained at the counter %(counter)s of: %(items)s."),
    "participation": _(
        "At the counter %(counter)s, %(rated)s of %(served)s served rated this month; the target "
        "is %(target)s%%."
    ),
    "tampering": _("There is a matter that points to tampering: %(name)s."),
    "case_due": _("The case %(case)s is to be answered; working days left: %(left)s."),
    "case_overdue": _("The case %(case)s is overdue; working days since its deadline: %(over)s."),
}
