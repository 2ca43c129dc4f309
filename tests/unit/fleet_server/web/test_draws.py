"""What is published of the draws, and what the witness said."""

import pytest

from fleet_server.core.draw import pulse
from fleet_server.core.draw_published import heads_of, read, repeated
from fleet_server.core.roles import Grant
from fleet_server.interviews.closing import close
from fleet_server.store import audit_log, draws, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import Unit, WeeklyDraw
from tests.fakes.draws import NAMES, WITNESS, by_server, close_all
from tests.fakes.grants import confine
from tests.fakes.office import NOW
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

DRAWN, WAITS = "/draws/2026-W46", "/draws/2026-W47"


def test_everybody_who_is_signed_in_sees_the_draws(site: Site) -> None:
    words = text_of(in_english(site, "/draws"))
    assert "Week 47 of 2026 22 Nov 2026 ▲ waits for its witness" in words
    assert WITNESS in words
    assert "Week 46 of 2026 22 Nov 2026 ● drawn" in words
    assert "is sealed on Mon from 8:00 on; 7 are drawn" in words
    assert site.get("/draws", "nobody").status_code == 302
    assert site.get("/draws/2026-W01").status_code == 404


@pytest.fixture
def asked(site: Site) -> Site:
    """The pages once all interviews of the draw are closed."""
    with writing():
        close_all("2026-W46", NOW)
    return site


def test_a_draw_shows_who_was_drawn_by_names_and_no_ticket(asked: Site) -> None:
    page = in_english(asked, DRAWN)
    lines = draws.lines(draws.row("2026-W46"))
    assert len(lines) == 6, "five, and who replaces one of them"
    for one in lines:
        assert one.name in page
        assert f">{one.visit}<" not in page
    assert "Not on the list: nobody can reach the citizen" in text_of(page)
    assert "from hashlib import sha256" in page


@pytest.mark.parametrize("who", ["viewer", "unit_head", "technician"])
def test_until_all_interviews_are_closed_nobody_knows_who_was_drawn_but_may_check_it_later(
    site: Site, who: str
) -> None:
    held = draws.row("2026-W46")
    page, words = in_english(site, DRAWN, who), text_of(in_english(site, DRAWN, who))
    assert not any(one.ticket in page for one in draws.sealed_of(held).entries)
    assert "open to everybody when all interviews are closed" in words
    assert "5 people are still to be asked." in words
    for fixed in (held.hash, held.seed, pulse(heads_of(held.heads)), held.heads.split()[0]):
        assert fixed in page
    assert f"Tickets on the list {held.tickets} " in words
    assert site.get(f"{DRAWN}/draw.json", who).status_code == 404


@pytest.mark.parametrize("who", ["interviewer", "auditor", "quality_officer", "administrator"])
def test_who_interviews_or_audits_in_the_whole_fleet_sees_it_before(site: Site, who: str) -> None:
    page = in_english(site, DRAWN, who)
    assert all(one.name in page for one in draws.lines(draws.row("2026-W46")))
    assert "Say nothing of them." in page
    assert site.get(f"{DRAWN}/draw.json", who).status_code == 200


def test_who_does_so_in_a_branch_or_heads_a_unit_does_not(site: Site) -> None:
    confine(PEOPLE["auditor"], "auditor", "UBND-P1")
    with writing():
        unit = Unit.get(Unit.code == "UBND-P1").id
        users.give(User.get(User.email == PEOPLE["interviewer"]).id, Grant("unit_head", unit))
    for who in ("auditor", "interviewer"):
        assert "Say nothing of them." not in in_english(site, DRAWN, who)
        assert site.get(f"{DRAWN}/draw.json", who).status_code == 404


def test_a_list_that_waits_for_its_witness_is_closed_too(site: Site) -> None:
    page = in_english(site, WAITS)
    held = draws.row("2026-W47")
    assert held.listed
    assert not any(one.ticket in page for one in draws.sealed_of(held).entries)


def test_who_replaces_whom_is_said_by_their_numbers_with_links(site: Site) -> None:
    page = in_english(site, DRAWN, "auditor")
    assert "did not want to answer → no. 6" in row(page, "place-4")
    assert '<a href="#place-6">no. 6</a>' in page
    assert "in place of no. 4" in row(page, "place-6")
    assert '<a href="#place-4">in place of no. 4</a>' in page
    assert row(page, "place-1").endswith("– ")


def test_one_who_replaces_somebody_can_be_replaced_too(site: Site) -> None:
    with writing():
        close(draws.lines(draws.row("2026-W46"))[5].id, "refused", {}, by_server(NOW), NAMES)
    page = in_english(site, DRAWN, "auditor")
    assert "in place of no. 4 · did not want to answer → no. 7" in row(page, "place-6")


def test_the_file_repeats_to_what_the_page_shows(asked: Site) -> None:
    answer = asked.get(f"{DRAWN}/draw.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="draw-2026-W46.json"'
    again, faults = repeated(read(answer.data))
    assert faults == []
    assert all(one.ticket in asked.get(DRAWN).text for one in again.drawn)
    assert asked.get(f"{WAITS}/draw.json").status_code == 404


def test_an_administrator_enters_what_the_witness_said_once(site: Site) -> None:
    site.post("/language", "administrator", language="en")
    assert site.post(f"{WAITS}/witness", "administrator", witnessed="042173").status_code == 303
    assert "What the witness said 042173" in text_of(site.get(WAITS, "administrator").text)
    assert audit_log.newest(1)[0].action == "draw.draw"
    site.post(f"{WAITS}/witness", "administrator", witnessed="999999")
    assert WeeklyDraw.get(week="2026-W47").witnessed == "042173"


@pytest.mark.parametrize("said", ["", "  ", "a\tb", "x" * 201, "42173", "ĐB 042173"])
def test_a_witness_that_says_nothing_usable_is_refused(site: Site, said: str) -> None:
    assert site.post(f"{WAITS}/witness", "administrator", witnessed=said).status_code == 422
    assert WeeklyDraw.get(week="2026-W47").state == "pulsed"


def test_a_word_that_is_written_otherwise_is_told_how_it_is_written(site: Site) -> None:
    site.post("/language", "administrator", language="en")
    answer = site.post(f"{WAITS}/witness", "administrator", witnessed="42173")
    assert "Please write it like 999999: 9 is a digit" in text_of(answer.text)


def test_nobody_else_enters_it(site: Site) -> None:
    assert site.post(f"{WAITS}/witness", "interviewer", witnessed="1").status_code == 403
    confine(PEOPLE["administrator"], "administrator", "UBND-P1")
    assert site.post(f"{WAITS}/witness", "administrator", witnessed="1").status_code == 404
    assert "Draw now" not in in_english(site, WAITS, "administrator")


def test_a_draw_that_has_lapsed_says_so(site: Site) -> None:
    WeeklyDraw.update(state="lapsed").where(WeeklyDraw.week == "2026-W47").execute()
    assert "Nobody entered in time what the witness said." in in_english(site, WAITS)
    assert "1 draw lapsed" in text_of(in_english(site, "/draws"))
    WeeklyDraw.update(state="lapsed").where(WeeklyDraw.week == "2026-W46").execute()
    assert "Draws that lapsed before it 1" in text_of(in_english(site, WAITS))
    assert "2 draws lapsed" in text_of(in_english(site, "/draws"))
