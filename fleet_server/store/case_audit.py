"""Whether the table of cases says what their steps say, and whether files are those they name."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from fleet_server.core.case_events import Answered
from fleet_server.core.cases import CaseError, fold
from fleet_server.store import case_attachments, case_files
from fleet_server.store.database import in_order, writing
from fleet_server.store.models import CaseFile

PART = 200
"""Cases whose steps are read at once."""


def odd() -> list[int]:
    """Return the cases whose row is not what their steps make of them."""
    return [number for number, held, made in _compared() if held != made and made is not None]


def mend(cases: Iterable[int]) -> None:
    """Write the rows of cases anew from their steps."""
    for number in cases:
        with writing():
            case_files.rewrite(number)


def faults() -> Iterator[str]:
    """Yield in words what is wrong with cases, their steps and files."""
    for number, held, made in _compared():
        if made is None:
            yield f"case {number}: its steps are missing or out of order"
        elif held != made:
            yield (
                f"case {number}: lists say of it what its steps do not; see hailong-fleet recount"
            )
        else:
            yield from _files(number)


def _compared() -> Iterator[tuple[int, dict[str, Any], dict[str, Any] | None]]:
    """Yield each case with its row, and with what its steps make of that; None of broken steps."""
    columns = [getattr(CaseFile, name) for name in case_files.COLUMNS]
    waiting: dict[int, dict[str, Any]] = {}
    for number, *row in in_order(CaseFile.select(CaseFile.id, *columns), CaseFile.id):
        waiting[number] = dict(zip(case_files.COLUMNS, row, strict=True))
        if len(waiting) == PART:
            yield from _made(waiting)
            waiting = {}
    yield from _made(waiting)


def _made(
    held: dict[int, dict[str, Any]],
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any] | None]]:
    steps = case_files.events(held)
    for number, row in held.items():
        try:
            yield number, row, case_files.columns(fold(steps.get(number, [])))
        except CaseError:
            yield number, row, None


def _files(number: int) -> Iterator[str]:
    steps = case_files.events([number])[number]
    answers = [one.body.answer for one in steps if isinstance(one.body, Answered)]
    for digest in sorted({one.digest for answer in answers for one in answer.attachments}):
        try:
            data = case_attachments.find(number, digest)
        except LookupError:
            yield f"case {number}: a file that an answer names is missing"
            continue
        if sha256(data).hexdigest() != digest:
            yield f"case {number}: a file is not the one that was sent with the answer"
