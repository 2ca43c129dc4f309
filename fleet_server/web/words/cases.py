"""What is said of cases: their states, steps and subjects, and what an answer holds."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.answers import Apology, AttachmentError, DossierStep, Field
from fleet_server.core.case_events import Grain, Step
from fleet_server.core.cases import State

CASE_STATES: Mapping[State, LazyString] = {
    "open": _("to be assigned"),
    "assigned": _("to be answered"),
    "answered": _("to be judged"),
    "returned": _("returned for rework"),
    "closed": _("closed"),
    "withdrawn": _("withdrawn"),
}

CASE_GRAINS: Mapping[Grain, LazyString] = {
    "rating": _("Unsatisfied rating"),
    "item": _("Complaint"),
    "day": _("Unsatisfied ratings of a day"),
}

CASE_STEPS: Mapping[Step, LazyString] = {
    "answer": _("Answer"),
    "close": _("Accept and close"),
    "return": _("Return for rework"),
    "assign": _("Assign"),
    "rule": _("Rule on the reason"),
    "prolong": _("Give more time"),
}
"""What a person may do, as the page offers it."""

CASE_EVENTS: Mapping[str, LazyString] = {
    "open": _("The case was opened"),
    "assign": _("Assigned"),
    "answer": _("Answered"),
    "return": _("Returned for rework"),
    "close": _("Accepted and closed"),
    "rule": _("Ruled on the reason"),
    "prolong": _("Given more time"),
    "escalate": _("Told above: overdue"),
    "rehome": _("Passed to the unit above"),
    "withdraw": _("Withdrawn: its record is not signed rightly, and counts no more"),
}
"""What has happened, as the trail of a case says it."""

DOSSIER_STEPS: Mapping[DossierStep, LazyString] = {
    "guidance": _("Guidance"),
    "intake": _("Taking the dossier in"),
    "handling": _("Handling the dossier"),
    "handing_out": _("Handing out the result"),
}

APOLOGIES: Mapping[Apology, LazyString] = {
    "written": _("In writing"),
    "spoken": _("Spoken"),
    "none": _("None"),
}

ANSWER_WRONG: Mapping[Field, LazyString] = {
    "late": _("Please say whether the dossier was late."),
    "late_in": _("Please choose the step, if the dossier was late, and only then."),
    "cause": _("Please say why, in at most 5,000 characters."),
    "remedy": _("Please say what is done about it, in at most 5,000 characters."),
    "apology": _("Please say whether there was an apology; a late dossier is owed one."),
    "attachments": _("At most ten files."),
}

ATTACHMENT_WRONG: Mapping[str, LazyString] = {
    "kind": _("“%(name)s” is no PDF, JPEG or PNG. Please save it as one of these."),
    "empty": _("“%(name)s” is empty."),
    "large": _("“%(name)s” is larger than 10 MB. Please scan it in fewer dots, or divide it."),
}

_ITEMS: Mapping[str, LazyString] = {
    "waiting_time": _("Waiting time"),
    "attitude": _("Attitude of the staff"),
    "guidance": _("Guidance"),
    "procedure": _("Procedure"),
    "result": _("Result"),
    "facilities": _("Facilities"),
    "parking": _("Parking"),
    "registration": _("Registration"),
    "doctor": _("Doctor"),
    "nurse": _("Nurse"),
    "examination": _("Examination"),
    "laboratory": _("Lab tests"),
    "imaging": _("Imaging"),
    "payment": _("Payment"),
    "insurance": _("Health insurance"),
    "pharmacy": _("Pharmacy"),
    "hygiene": _("Hygiene"),
}


def item(code: str) -> LazyString | str:
    """Return what an item of terminals is called; an office's own is shown by its code."""
    return _ITEMS.get(code, code.replace("_", " "))


def refused(name: str, error: AttachmentError) -> str:
    """Say why a file can't be attached, and what to do."""
    return str(ATTACHMENT_WRONG[error.why]) % {"name": name}
