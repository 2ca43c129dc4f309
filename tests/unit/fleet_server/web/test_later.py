"""A ticket is rated later by its QR: once across both ways, and the page says what is true."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from fleet_server.core.retention import DAY_MS
from fleet_server.store.models import Rating, UnsignedRating, Visit
from fleet_server.store.visits import outer_name
from fleet_server.web.services import KEYS
from tests.fakes.office import TODAY
from tests.fakes.reading import text_of, token_in
from tests.fakes.tickets import KEY, path
from tests.unit.fleet_server.web.conftest import Site

NOBODY = "nobody"


@pytest.fixture
def unrated() -> str:
    """A visit of today that was served and not rated."""
    rated = Rating.select(Rating.visit).where(Rating.visit.is_null(False))
    return str(Visit.get(Visit.ended == "closed", Visit.id.not_in(rated)).id)


@pytest.fixture(autouse=True)
def in_english(site: Site) -> None:
    site.post("/language", NOBODY, language="en")


def shown(site: Site, address: str, status: int = 200) -> str:
    answer = site.get(address, NOBODY)
    assert answer.status_code == status, answer.text
    return text_of(answer.text)


def rate(site: Site, address: str, choice: str = "unsatisfied") -> int:
    return site.post(address, NOBODY, choice=choice).status_code


def by_qr() -> list[UnsignedRating]:
    return list(UnsignedRating.select().where(UnsignedRating.way == "qr"))


def test_who_holds_the_ticket_rates_it_without_signing_in(site: Site, unrated: str) -> None:
    page = shown(site, path(unrated))
    visit = Visit.get_by_id(unrated)
    assert f"Ticket {visit.ticket} of 22 Nov 2026" in page
    assert visit.counter.name in page
    assert [word in page for word in ("Very satisfied", "Unsatisfied")] == [True, True]
    assert rate(site, path(unrated)) == 303
    [row] = by_qr()
    assert (row.choice, row.visit, row.counter_id, row.unit_id, row.day, row.taken) == (
        "unsatisfied", unrated, visit.counter_id, visit.counter.unit_id, TODAY, TODAY,
    )  # fmt: skip
    assert (row.entered_by, row.stood) == ("server", None)


def test_the_page_says_thank_you_afterwards_and_never_what_was_chosen(
    site: Site, unrated: str
) -> None:
    rate(site, path(unrated))
    page = shown(site, path(unrated))
    assert "has been rated here. Thank you." in page
    assert "satisfied" not in page.lower()


def test_a_ticket_is_rated_once(site: Site, unrated: str) -> None:
    rate(site, path(unrated))
    answer = site.post(path(unrated), NOBODY, choice="satisfied")
    assert (answer.status_code, len(by_qr())) == (409, 1)
    assert "has been rated here" in text_of(answer.text)


def test_a_ticket_that_was_rated_at_the_counter_is_not_rated_again(site: Site) -> None:
    signed = Rating.select().where(Rating.standing).first().visit
    assert "rated at the counter" in shown(site, path(signed))
    assert (rate(site, path(signed)), by_qr()) == (409, [])


def test_what_somebody_entered_of_the_ticket_does_not_keep_the_citizen_out(
    site: Site, unrated: str
) -> None:
    visit = Visit.get_by_id(unrated)
    form = {"way": "paper", "choice": "satisfied", "day": TODAY, "ticket": visit.ticket}
    unit = visit.counter.unit.code
    assert site.post("/other/new", "administrator", unit=unit, **form).status_code == 303
    assert (rate(site, path(unrated)), len(by_qr())) == (303, 1)


def test_a_ticket_that_is_being_served_waits(site: Site) -> None:
    open_one = Visit.get(Visit.ended.is_null()).id
    assert "has not been served yet" in shown(site, path(open_one))
    assert (rate(site, path(open_one)), by_qr()) == (409, [])


def test_after_a_week_the_time_is_over(site: Site, unrated: str) -> None:
    address = path(unrated)
    site.now += 7 * DAY_MS
    shown(site, address)
    site.now += DAY_MS
    assert "until 7 days after its own" in shown(site, address, 410)
    assert (site.post(address, NOBODY, choice="satisfied").status_code, by_qr()) == (410, [])


def test_a_choice_that_there_is_not_asks_again(site: Site, unrated: str) -> None:
    answer = site.post(path(unrated), NOBODY, choice="perfect")
    assert (answer.status_code, by_qr()) == (422, [])
    assert "How was it?" in text_of(answer.text)


@pytest.mark.parametrize("change", ["x", "", "."])
def test_what_was_forged_or_is_no_token_is_not_there(site: Site, unrated: str, change: str) -> None:
    good = path(unrated)
    for bad in (good[:-1] + change, good + change * 2, f"/rate/{change * 300}"):
        if bad != good:
            assert site.get(bad, NOBODY).status_code in (404, 405), bad
    assert site.get(path(unrated, key=b"k" * 32), NOBODY).status_code == 404
    assert site.get(path("nobody-told-of-it"), NOBODY).status_code == 404
    assert by_qr() == []


def test_a_ticket_that_was_printed_by_the_former_secret_is_good(site: Site, unrated: str) -> None:
    later = site.app.extensions[KEYS].later
    later.keys[:] = [b"n" * 32, KEY]
    assert rate(site, path(unrated)) == 303


def test_where_the_fleet_lets_nobody_rate_later_there_is_no_page(site: Site, unrated: str) -> None:
    object.__setattr__(site.app.extensions[KEYS].later, "days", 0)
    assert site.get(path(unrated), NOBODY).status_code == 404


def test_of_eight_at_the_same_moment_one_is_taken(site: Site, unrated: str) -> None:
    address = path(unrated)

    def press(_number: int) -> int:
        client = site.app.test_client()
        token = token_in(client.get(address).text)
        form = {"csrf_token": token, "choice": "satisfied"}
        return client.post(address, data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(press, range(8)))
    assert (answers, len(by_qr())) == ([303] + [409] * 7, 1)


def test_without_the_forms_token_nothing_is_taken(site: Site, unrated: str) -> None:
    answer = site.client(NOBODY).post(path(unrated), data={"choice": "satisfied"})
    assert (answer.status_code, by_qr()) == (400, [])


def test_who_asks_too_often_must_wait(site: Site, unrated: str) -> None:
    answers = [site.get(path(unrated), NOBODY).status_code for _ in range(121)]
    assert (answers[119], answers[120]) == (200, 429)


def test_no_copy_of_the_page_is_kept_and_nobody_finds_it_by_searching(
    site: Site, unrated: str
) -> None:
    headers = site.get(path(unrated), NOBODY).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_a_visit_that_is_held_under_another_name_has_a_page_of_its_own(
    site: Site, unrated: str
) -> None:
    held = f"{unrated}@P1-02"
    Visit.insert_from(
        Visit.select(*(held if f.name == "id" else f for f in Visit._meta.sorted_fields)).where(
            Visit.id == unrated
        ),
        Visit._meta.sorted_fields,
    ).execute()
    assert outer_name(held) == unrated
    assert rate(site, path(held)) == 303
    assert [row.visit for row in by_qr()] == [held]
