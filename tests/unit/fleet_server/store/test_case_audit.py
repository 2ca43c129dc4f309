"""Whether the table of cases says what their steps say is seen, and put right."""

import pytest

from fleet_server.store import case_audit, places
from fleet_server.store.database import writing
from fleet_server.store.models import CaseAttachment, CaseEvent, CaseFile
from tests.fakes import cases
from tests.fakes.desk import NINE

JUDGED = 2


@pytest.fixture(autouse=True)
def held(fleet: None) -> None:
    """The cases of the office, at six counters of two units."""
    for code in ("P1", "Q3"):
        places.add_unit(code, code)
    for number in range(1, 7):
        places.add_counter(f"C-{number}", f"Counter {number}", 1 if number < 4 else 2)
    with writing():
        cases.add(NINE)


def test_what_the_pages_write_is_what_the_steps_say() -> None:
    assert (case_audit.odd(), list(case_audit.faults())) == ([], [])


@pytest.mark.parametrize("column", ["state", "late", "due", "unit", "citizens_side", "confined"])
def test_a_row_that_was_changed_is_found_and_put_right(column: str) -> None:
    values = {"state": "closed", "late": True, "due": NINE, "unit": 2, "confined": True}
    CaseFile.update(**{column: values.get(column, True)}).where(CaseFile.id == JUDGED).execute()
    assert case_audit.odd() == [JUDGED]
    assert list(case_audit.faults()) == [
        f"case {JUDGED}: lists say of it what its steps do not; see hailong-fleet recount"
    ]
    case_audit.mend([JUDGED])
    assert case_audit.odd() == []


def test_a_step_that_is_gone_is_found_and_no_row_is_made_of_the_rest() -> None:
    CaseEvent.delete().where(CaseEvent.case == JUDGED, CaseEvent.seq == 3).execute()
    assert list(case_audit.faults()) == [f"case {JUDGED}: its steps are missing or out of order"]
    assert case_audit.odd() == []


def test_a_file_that_was_changed_or_is_gone_is_found() -> None:
    CaseAttachment.update(data=b"%PDF-1.4 another").execute()
    assert list(case_audit.faults()) == [
        f"case {JUDGED}: a file is not the one that was sent with the answer"
    ]
    CaseAttachment.delete().execute()
    assert list(case_audit.faults()) == [f"case {JUDGED}: a file that an answer names is missing"]


def test_more_cases_than_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_audit, "PART", 2)
    CaseFile.update(late=True).where(CaseFile.id.in_([2, 3, 4])).execute()
    assert case_audit.odd() == [2, 3, 4]
