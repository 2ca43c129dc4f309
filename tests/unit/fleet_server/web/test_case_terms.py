"""The settings of explanations: versions for the fleet and for units, and what is refused."""

import pytest

from fleet_server.core.escalation import Terms
from fleet_server.store import case_terms, places
from fleet_server.store.models import CaseTerms, Unit
from tests.fakes.grants import confine
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english, sent

PAGE = "/settings/cases"
OF_P1 = f"{PAGE}?unit=UBND-P1"


def held(unit: str | None) -> Terms:
    number = None if unit is None else Unit.get(Unit.code == unit).id
    return case_terms.of(number, places.tree())


def test_a_version_holds_for_the_fleet_and_units_without_their_own(site: Site) -> None:
    answer = sent(site, PAGE, grain="day", answer="7", rework="4", judge="6", over="1, 2, 2")
    assert answer.status_code == 303
    assert held(None) == held("UBND-Q3") == Terms(7, 4, 6, (1, 2, 2))
    assert held("UBND-P1") == Terms(4, 2, 3, (0, 2))
    page = in_english(site, PAGE, "auditor")
    assert "all unsatisfied ratings of a counter's day together" in text_of(page)
    assert "administrator@hailong.example" in row(page, f"version-{case_terms.newest(None)}")


def test_a_unit_gives_its_own_back(site: Site) -> None:
    assert sent(site, OF_P1, give_back="y", answer="", over="").status_code == 303
    assert held("UBND-P1") == Terms()
    assert "It has none of its own" in in_english(site, OF_P1, "auditor")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("answer", "0"), ("answer", "251"), ("judge", ""), ("rework", "x"), ("over", ""),
        ("over", "3, 1"), ("over", "0, x"), ("over", "251"), ("over", "1,1,1,1,1,1,1,1,1,1"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_beside_its_field(site: Site, field: str, typed: str) -> None:
    before = CaseTerms.select().count()
    answer = sent(site, PAGE, **{"grain": "rating", field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert CaseTerms.select().count() == before


def test_the_second_of_two_sees_what_the_first_saved(site: Site) -> None:
    late = {"grain": "rating", "answer": "9", "rework": "3", "judge": "5", "over": "0", "seen": "0"}
    sent(site, PAGE, grain="day", answer="7")
    answer = site.post(PAGE, "administrator", **late)
    assert answer.status_code == 409
    for text in ("7", "9"):
        assert f"<td>{text}</td>" in answer.text
    assert held(None).answer == 7


def test_who_may_not_see_it_in_a_unit_finds_no_such_page(site: Site) -> None:
    confine(PEOPLE["administrator"], "administrator", "UBND-Q3")
    for path in (PAGE, OF_P1, f"{PAGE}?unit=nowhere"):
        assert site.post(path, "administrator", seen="0").status_code == 404
    assert site.get(OF_P1, "administrator").status_code == 404


def test_a_unit_is_given_its_time_from_above_and_never_by_itself(site: Site) -> None:
    confine(PEOPLE["administrator"], "administrator", "UBND-Q3")
    own = f"{PAGE}?unit=UBND-Q3"
    page = in_english(site, own, "administrator")
    assert "set by who looks after the settings a level above it" in text_of(page)
    assert 'name="answer"' not in page
    lenient = {"answer": "250", "rework": "250", "judge": "250", "over": "250", "seen": "0"}
    assert site.post(own, "administrator", **lenient).status_code == 404
    assert held("UBND-Q3") == Terms()
