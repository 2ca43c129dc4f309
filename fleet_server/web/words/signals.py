"""What signs of cheating are called, what was counted, and what else may explain it."""

import math
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.signals.rules import Severity
from fleet_server.core.signals.ruling import Verdict
from fleet_server.core.signals.tally import RuleName

RAREST = 9
"""A chance below one in 10^9 says no more than that."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """How a rule is told.

    Attributes:
        name: what it is called in lists.
        counted: what was a hit, with ``%(hits)s`` of ``%(of)s``.
        why: why honest counters have few.
        else_: what else could explain it; to be looked at first.
        trial: what was counted, as the head of a column.
    """

    name: LazyString
    counted: LazyString
    why: LazyString
    else_: LazyString
    trial: LazyString


SIGNALS: dict[RuleName, RuleWords] = {
    "soon_after_call": RuleWords(
        _("Rated too soon after the call"),
        _("%(hits)s of %(of)s ratings came within 10 seconds of the call of their ticket."),
        _(
            "Who is called stands up, comes, and is served; nobody can judge that after ten "
            "seconds. Who calls a ticket of somebody who has left, and rates it, does."
        ),
        _(
            "A desk where tickets are called only as the citizen goes, or where a stamp takes no "
            "longer. Then all ratings are so: dismiss it once, and have tickets called in time."
        ),
        _("Ratings"),
    ),
    "soon_after_close": RuleWords(
        _("Rated just after closing the ticket"),
        _(
            "Of %(of)s ratings near the close of their ticket, %(hits)s came in the 3 seconds "
            "after it."
        ),
        _(
            "A citizen does not know when the clerk closes a ticket: some press before it, some "
            "later. The hand that closed it is at the button at once, each time, and never before."
        ),
        _(
            "A counter where the clerk asks and closes in the same moment, each time. Watch there "
            "for an hour."
        ),
        _("Ratings near the close"),
    ),
    "regular_gaps": RuleWords(
        _("Ratings at even distances"),
        _("In %(hits)s of %(of)s pairs of pauses between ratings, both were equally long."),
        _("One citizen takes two minutes, the next ten. A machine presses by the clock."),
        _("A button that is stuck, or work that is as even as on an assembly line."),
        _("Pairs of pauses"),
    ),
    "end_burst": RuleWords(
        _("Ratings heaped up before closing time"),
        _("In %(hits)s of %(of)s openings, far too many ratings came in the last 20 minutes."),
        _(
            "Who presses was served shortly before, so ratings come when citizens do. Who sees in "
            "the evening how many are missing, presses."
        ),
        _("Hours that end later than was entered, or a queue whose last tickets are rated late."),
        _("Openings"),
    ),
    "long_run": RuleWords(
        _("The same choice many times in a row"),
        _(
            "On %(hits)s of %(of)s days with different choices, one of them came in a row that is "
            "longer than shuffling explains."
        ),
        _("The next citizen knows nothing of the last one's choice."),
        _("Mornings that go much better than afternoons, or a group of people who came together."),
        _("Days"),
    ),
    "outside_hours": RuleWords(
        _("Ratings outside opening hours"),
        _("On %(hits)s of %(of)s days, somebody rated over 45 minutes before or after the hours."),
        _("Nobody is there but who works there."),
        _(
            "Hours that nobody entered: then enter them, and the days are counted anew. Or "
            "somebody who cleans in the evening."
        ),
        _("Days"),
    ),
    "too_good": RuleWords(
        _("More citizens rate than can be"),
        _("%(hits)s of %(of)s served citizens rated."),
        _(
            "However kindly a clerk asks, some are on the telephone, carry a child, or don't want "
            "to. The best honest counters reach 94 in 100."
        ),
        _("By itself it proves nothing: see whether another sign points the same way."),
        _("Served"),
    ),
    "not_offered": RuleWords(
        _("Served tickets that were not offered for rating"),
        _(
            "The terminal never heard of %(hits)s of %(of)s served tickets, though it was there "
            "and heard of later ones."
        ),
        _("A terminal hears of each call by itself. Who is asked to rate can't be chosen."),
        _("A network that loses single messages; then all counters of the office have this sign."),
        _("Served tickets"),
    ),
    "unplugged": RuleWords(
        _("Terminal away while the others are there"),
        _("On %(hits)s of %(of)s open days, the terminal went away, and no other of its office."),
        _("A power cut takes the whole office. A cable that somebody kicks is put back once."),
        _("A loose plug that nobody mends. It wants somebody to come as well."),
        _("Open days"),
    ),
}

SEVERITIES: dict[Severity, tuple[str, LazyString]] = {
    "strong": ("bad", _("very unlikely by chance")),
    "notable": ("warning", _("unlikely by chance")),
}
"""The level of its badge, and its words."""

VERDICTS: dict[Verdict | None, tuple[str, LazyString]] = {
    None: ("wait", _("waits for a ruling")),
    "upheld": ("bad", _("upheld")),
    "dismissed": ("none", _("dismissed")),
}


def rarity(chance: float) -> int:
    """Return once in how many times something of that chance happens, as a round number."""
    power = RAREST if chance <= 10**-RAREST else math.floor(-math.log10(chance))
    return int(10**power)
