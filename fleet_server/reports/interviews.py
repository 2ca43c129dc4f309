"""What those who were drawn and asked said, in words, beside what terminals say."""

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _

from fleet_server.core.choices import ENOUGH_RATINGS
from fleet_server.core.comparison import Change, Share
from fleet_server.core.interview_blocks import Beside
from fleet_server.core.interviews import Outcome
from fleet_server.reports.cells import Cell, Percent, Table
from fleet_server.web import language
from fleet_server.web.words.interviews import CRITERIA, INTERVIEWED


def table(questions: Sequence[Beside]) -> Table | None:
    """Return the questions as a table; None as long as no answers may be told."""
    if not any(one.answers.total for one in questions):
        return None
    named = {
        "number": _("No."),
        "question": _("Question"),
        "answers": _("Answers told"),
        "interviewed": _("Satisfied, interviewed"),
        "terminal": _("Satisfied, at the terminal"),
        "difference": _("Difference"),
    }
    rows = [_row(number, one) for number, one in enumerate(questions, 1)]
    title = _("Interviews beside the terminals")
    return Table(_("Interviews"), title, [*named], [*named.values()], rows)


def _row(number: int, one: Beside) -> list[Cell]:
    told = one.terminal if one.terminal.total >= ENOUGH_RATINGS else None
    good = told.very_satisfied + told.satisfied if told else 0
    terminal = Share(good, told.total if told else 0)
    difference = _difference(one.difference if told else None)
    question = str(CRITERIA[one.criterion])
    return [
        number, question, one.answers.total or None, _percent(one.satisfied), _percent(terminal),
        difference,
    ]  # fmt: skip


def _percent(share: Share) -> Percent | None:
    return None if share.percent is None else Percent(share.percent)


def _difference(found: Change | None) -> str:
    if found is None:
        return "–"
    size = language.signed(found.points)
    if found.chance:
        return str(_("%(size)s points, within chance", size=size))
    return str(_("%(size)s points", size=size))


def notes(questions: Sequence[Beside], outcomes: Mapping[Outcome, int]) -> Iterator[str]:
    """Yield how many interviews ended how, of those that may be told, and how answers are read."""
    if not outcomes:
        yield str(_("Interviews are told by whole quarters: choose one."))
        return
    ended = [
        f"{INTERVIEWED[name]}: {language.number(count)}"
        for name, count in outcomes.items()
        if count
    ]
    if ended:
        yield str(_("Interviews: %(ended)s.", ended="; ".join(ended)))
        yield str(
            _("Interviews count in the period in which they were closed; the visits may lie before "
              "it.")
        )  # fmt: skip
    if any(one.answers.total for one in questions):
        yield str(
            _("The terminal asks each citizen one question, an interview five: they are never "
              "added up.")
        )  # fmt: skip
    else:
        yield str(
            _("Interviews: nothing can be told yet. Answers at a counter are told from five of "
              "different citizens in a quarter on, all others of a unit when the quarter is over.")
        )  # fmt: skip
