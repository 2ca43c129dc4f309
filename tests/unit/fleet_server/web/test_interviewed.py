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


def test_four_are_not_told_nor_what_came_of_asking(site: Site) -> None:
    answered(2, 1, 3, attitude="unsatisfied")
    answered(2, 1, 1, outcome="refused")
    said = section(site, "/counters/P1-02?period=2026-Q4")
    assert "Nothing can be told yet" in said
    assert "did not want" not in said
    assert "nsatisfied" not in said


def test_what_came_of_asking_is_told_from_five_on(site: Site) -> None:
    answered(2, 1, 4, attitude="unsatisfied")
    answered(2, 1, 2, outcome="refused")
    said = section(site, "/counters/P1-02?period=2026-Q4")
    assert "interviewed: 4; did not want to answer: 1" in said
    assert "Nothing can be told yet" in said


def test_a_counter_where_nobody_was_asked_reads_like_one_with_few(site: Site) -> None:
    answered(1, 1, 4, attitude="satisfied")
    few, none = (section(site, f"/counters/{one}?period=2026-Q4") for one in ("P1-01", "P1-02"))
    assert none == (
        " Interviews Nothing can be told yet. Answers at a counter are told from five of "
        "different citizens in a quarter on, all others of a unit when the quarter is over. "
    )
    assert few.startswith(none.rstrip())


@pytest.mark.parametrize(
    "period", ["2026-11", "2026-11-20", "2026-10-02..2026-12-31", "2026-10-01..2026-11-21"]
)
@pytest.mark.parametrize("path", [COUNTER, "/units/UBND-P1"])
def test_days_that_are_no_whole_quarters_tell_nothing(site: Site, path: str, period: str) -> None:
    answered(1, 1, 9, attitude="satisfied")
    said = section(site, f"{path}?period={period}")
    assert said == " Interviews Interviews are told by whole quarters: choose one. "


@pytest.mark.parametrize(
    "path", [f"{COUNTER}?period=2026-Q3", f"{COUNTER}?period=2026-Q4&service=Khai+sinh"]
)
def test_quarters_without_interviews_and_services_have_nothing_of_it(site: Site, path: str) -> None:
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
    assert "Nothing can be told yet" in section(site, f"{COUNTER}?period=2026-Q3")
    answered(1, 1, 3, attitude="satisfied")
    answered(2, 1, 3, attitude="satisfied")
    assert "Nothing can be told yet" in section(site, "/units/UBND-P1?period=2026-Q4")


def test_a_year_is_the_sum_of_its_terms(site: Site) -> None:
    for day in ("2026-02-03", "2026-08-03"):
        answered(1, 1, 5, day=day, attitude="satisfied")
    said = section(site, f"{COUNTER}?period=2026-01-01..2026-11-22")
    assert "Attitude of the staff 100.0% 10 of 10" in said
