"""What was answered stands beside the terminals' figures, in blocks of five and never added up."""

import pytest

from fleet_server.store.database import writing
from tests.fakes.draws import answered
from tests.fakes.office import HOUR_MS, NOW, serve
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import Site, in_english

COUNTER = "/counters/P1-01"


def section(site: Site, path: str) -> str:
    """Return what a page says of interviews, or nothing."""
    page = in_english(site, path)
    return text_of(
        page.partition('<section aria-labelledby="interviewed">')[2].split("</section>")[0]
    )


def test_five_answers_are_told_beside_the_terminal_with_the_difference(site: Site) -> None:
    answered(1, 1, 4, attitude="satisfied")
    answered(1, 1, 1, attitude="unsatisfied")
    said = section(site, f"{COUNTER}?period=2026-Q4")
    assert "Attitude of the staff 80.0% 4 of 5" in said
    assert "Handing out the result too few" in said
    assert "points, within chance" in said
    assert "interviewed: 5" in said


def test_four_are_counted_and_not_told(site: Site) -> None:
    answered(1, 1, 4, attitude="unsatisfied")
    answered(1, 1, 2, outcome="refused")
    said = section(site, f"{COUNTER}?period=2026-Q4")
    assert "Answers are told from five of different citizens on" in said
    assert "interviewed: 4; did not want to answer: 2" in said
    assert "nsatisfied" not in said


@pytest.mark.parametrize(
    "path", [f"{COUNTER}?period=2026-Q3", "/counters/P1-02?period=2026-Q4",
             f"{COUNTER}?period=2026-Q4&service=Khai+sinh", "/units/UBND-Q3?period=2026-11-20"]
)  # fmt: skip
def test_other_days_counters_and_services_have_nothing_of_it(site: Site, path: str) -> None:
    answered(1, 1, 5, attitude="satisfied")
    assert section(site, path) == ""


def test_a_unit_tells_of_its_counters_and_once_the_term_is_over_of_what_was_left(
    site: Site,
) -> None:
    with writing():
        serve(1, NOW - 73 * 24 * HOUR_MS)
    answered(1, 1, 3, day="2026-09-10", attitude="satisfied")
    answered(2, 1, 3, day="2026-09-11", attitude="unsatisfied")
    assert "Attitude of the staff 50.0% 3 of 6" in section(site, "/units/UBND-P1?period=2026-Q3")
    assert "until then they wait" in section(site, f"{COUNTER}?period=2026-Q3")
    answered(1, 1, 3, attitude="satisfied")
    answered(2, 1, 3, attitude="satisfied")
    assert "until then they wait" in section(site, "/units/UBND-P1?period=2026-Q4")


def test_a_year_is_the_sum_of_its_terms(site: Site) -> None:
    for day in ("2026-02-03", "2026-08-03"):
        answered(1, 1, 5, day=day, attitude="satisfied")
    said = section(site, f"{COUNTER}?period=2026-01-01..2026-11-22")
    assert "Attitude of the staff 100.0% 10 of 10" in said
