"""What is said of contact data and interviews."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

NOT_SHOWN: dict[str, LazyString] = {
    "purpose": _("no: for another purpose"),
    "ended": _("no: it has ended"),
    "no_reason": _("no: no reason was given"),
}
"""Why contact data was not shown, by `fleet_server.core.contacts.AccessError`."""

DRAWS: dict[str, tuple[str, LazyString]] = {
    "sealed": ("warning", _("the list is sealed")),
    "pulsed": ("warning", _("waits for its witness")),
    "drawn": ("good", _("drawn")),
    "lapsed": ("bad", _("the witness was not entered in time")),
}
"""Of draws: how bad it is, and the word."""

LEFT_OUT: dict[str, LazyString] = {
    "no_contact": _("nobody can reach the citizen, or not for long enough"),
    "no_consent": _("the citizen no longer agrees"),
    "untold": _("no terminal told of it"),
    "drawn_lately": _("the citizen was drawn lately"),
    "same_citizen": _("the citizen has another ticket on it"),
    "dissolved": _("no unit is left that answers for it"),
}
"""Why a served ticket is not on the list, by `fleet_server.core.draw.LeftOut`."""

INTERVIEWED: dict[str, LazyString] = {
    "done": _("interviewed"),
    "not_reached": _("not reached"),
    "refused": _("did not want to answer"),
    "withdrawn": _("no longer agrees to be asked"),
    "contact_ended": _("contact data has ended"),
}
"""What came of asking, by `fleet_server.core.interviews.Outcome`."""

CRITERIA: dict[str, LazyString] = {
    "guidance": _("Guidance on what is needed"),
    "intake": _("Taking the dossier in"),
    "handling": _("Handling it, and how long it took"),
    "handing_out": _("Handing out the result"),
    "attitude": _("Attitude of the staff"),
}
"""The five questions, in the order of the sheet."""

ANSWERS: dict[str, LazyString] = {
    "very_satisfied": _("very satisfied"),
    "satisfied": _("satisfied"),
    "unsatisfied": _("unsatisfied"),
    "not_asked": _("not asked"),
}

SHEET_ERRORS: dict[str, LazyString] = {
    "no_answer": _("Who was interviewed has answered at least one question."),
    "answers_without_interview": _(
        "There are answers, so they were interviewed; or take them out."
    ),
    "not_looked": _(
        "Look first at how to reach them, and call: nobody is passed over from the desk."
    ),
    "still_usable": _("The contact data has not ended: the citizen can still be called."),
}
"""Why a sheet is not closed so, by `fleet_server.core.interviews.SheetError`."""
