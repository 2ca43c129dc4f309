"""What is said of ratings that no terminal signed: channels, choices, what is wrong with one."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.channel_lists import HEADINGS, Trouble, Wrong
from fleet_server.core.channels import Fault, Field, Problem, Way
from fleet_server.core.participation import ChoiceName

WAYS: dict[Way, LazyString] = {
    "paper": _("Paper"),
    "phone": _("Phone"),
    "box": _("Suggestion box"),
    "online": _("Online"),
    "qr": _("QR on the ticket"),
}
CHOICES: dict[ChoiceName, LazyString] = {
    "very_satisfied": _("Very satisfied"),
    "satisfied": _("Satisfied"),
    "unsatisfied": _("Unsatisfied"),
}
FIELDS: dict[Field, LazyString] = {
    "way": _("Channel"),
    "choice": _("Choice"),
    "day": _("Day that it is about"),
    "unit": _("Unit"),
    "counter": _("Counter code"),
    "ticket": _("Ticket number"),
}

_PROBLEMS: dict[Problem, LazyString] = {
    "missing": _("Nothing stands here, and it must."),
    "not_a_day": _("“%(value)s” is no date such as 22/11/2026."),
    "ahead": _("This day has not come yet."),
    "elsewhere": _("The counter %(value)s lay in another unit on that day."),
    "not_a_ticket": _("A ticket number is 1 to 16 characters, a letter or digit among them."),
}
_UNKNOWN: dict[Field, LazyString] = {
    "way": _("“%(value)s” is no channel: paper, phone, suggestion box or online."),
    "choice": _("“%(value)s” is no choice: very satisfied, satisfied or unsatisfied."),
    "unit": _("You may enter ratings of no unit with the code “%(value)s”."),
    "counter": _("No counter had the code “%(value)s” on that day."),
}
_TROUBLES: dict[Trouble, LazyString] = {
    "heading": _("“%(value)s” is no heading of this list. Its headings:"),
    "heading_twice": _("The heading “%(value)s” stands there twice."),
    "heading_missing": _("The column “%(value)s” is missing."),
    "no_heading": _("“%(value)s” stands in a column without a heading."),
    "formula": _("A formula, or the error of one. Put its value there instead."),
}


def fault(one: Fault) -> str:
    """Return in words what is wrong with a field."""
    text = _UNKNOWN[one.field] if one.problem == "unknown" else _PROBLEMS[one.problem]
    return str(text).replace("%(value)s", one.value)


def faults(wrong: Wrong) -> list[str]:
    """Return in words all that is wrong with a row, each with the column that it is about."""
    told = [f"{heading(one.field)}: {fault(one)}" for one in wrong.faults]
    return [_trouble(*one) for one in wrong.troubles] + told


def _trouble(trouble: Trouble, value: str) -> str:
    if trouble == "formula":
        return f"{heading(value)}: {_TROUBLES[trouble]}"
    named = heading(value) if trouble == "heading_missing" else value
    text = str(_TROUBLES[trouble]).replace("%(value)s", named)
    return f"{text} {headings()}" if trouble == "heading" else text


def heading(field: str) -> str:
    """Return the heading of a field in both languages."""
    return " / ".join(HEADINGS[field].values())  # type: ignore[index]  # a field


def headings() -> str:
    """Return all headings of a list, in both languages."""
    return "; ".join(map(heading, HEADINGS))


def taken_already(day: str, by: str) -> str:
    """Return in words that a list was taken before."""
    said = gettext(
        "This very file was taken on %(day)s already, by %(who)s. Nothing was taken again.",
        day=day,
        who=by.partition(":")[2] or by,
    )
    return str(said)
