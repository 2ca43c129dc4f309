"""Signs of cheating are seen by who may see evidence, and ruled on by a level above."""

import pytest

from fleet_server.core.roles import Grant
from fleet_server.store import audit_log, places, users
from fleet_server.store import signals as held
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import CounterTally, Signal, SignalRuling
from tests.fakes.grants import confine
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

QUIET = {"verdict": "dismissed", "why": "Đã xem tại quầy.", "seen": "0"}


def text(site: Site, path: str, who: str = "quality_officer") -> str:
    return text_of(in_english(site, path, who))


def test_the_list_has_what_waits_and_the_others_when_asked(site: Site) -> None:
    page = in_english(site, "/signals", "auditor")
    assert "Rated just after closing the ticket" in row(page, "signal-1")
    assert "signal-2" not in page
    assert "dismissed" in row(in_english(site, "/signals?show=dismissed", "auditor"), "signal-2")
    everything = in_english(site, "/signals?show=all", "auditor")
    assert [f'id="signal-{n}"' in everything for n in (1, 2, 3)] == [True, True, True]


def test_it_is_narrowed_by_unit_rule_and_counter(site: Site) -> None:
    for query, numbers in (
        ("unit=UBND-P1", [2]), ("rule=too_good", [3]), ("counter=Q3-02", [1]),
    ):  # fmt: skip
        page = in_english(site, f"/signals?show=all&{query}", "auditor")
        assert [n for n in (1, 2, 3) if f'id="signal-{n}"' in page] == numbers


@pytest.mark.parametrize("query", ["show=x", "rule=x", "unit=x", "counter=x"])
def test_what_is_no_filter_is_not_there(site: Site, query: str) -> None:
    assert site.get(f"/signals?{query}", "auditor").status_code == 404


def test_a_counter_of_another_branch_is_not_there_unless_it_has_signs_here(site: Site) -> None:
    confine(PEOPLE["auditor"], "auditor", "UBND-P1")
    assert site.get("/signals?counter=P1-01", "auditor").status_code == 200
    assert site.get("/signals?counter=Q3-02", "auditor").status_code == 404
    with writing():
        held_here = Signal.get_by_id(2).unit
        Signal.update(unit=held_here).where(Signal.id == 1).execute()
    assert "signal-1" in site.get("/signals?counter=Q3-02&show=all", "auditor").text


def test_who_may_rule_finds_the_form_from_the_top_of_the_page(site: Site) -> None:
    page = in_english(site, "/signals/1", "quality_officer")
    assert page.index('<a href="#rule">Rule on it</a>') < page.index("What was counted")
    assert 'id="rule">Rule on it</h2>' in page
    assert '<a href="#rule">Rule anew</a>' in in_english(site, "/signals/2", "quality_officer")
    assert "#rule" not in in_english(site, "/signals/1", "auditor")


def test_a_long_list_has_pages(site: Site) -> None:
    kept = Signal.select().where(Signal.id == 1).dicts().get()
    kept.pop("id")
    Signal.insert_many([kept] * 60).execute()
    assert "1 to 50 of 61" in text(site, "/signals")
    assert "51 to 61 of 61" in text(site, "/signals?start=50")


def test_a_page_says_what_was_counted_and_what_else_explains_it(site: Site) -> None:
    page = text(site, "/signals/1")
    assert "Of 70 ratings near the close of their ticket, 64 came in the 3 seconds after" in page
    assert "At an honest counter, it is 50% at most." in page
    assert "by chance less than once in 1,000,000,000" in page
    assert "What else may explain it: A counter where the clerk asks and closes" in page
    assert "less than once in 1,000,000." in text(site, "/signals/2")


def test_each_day_is_there_with_the_way_to_its_visits_and_the_first_moments(site: Site) -> None:
    page = in_english(site, "/signals/1", "quality_officer")
    assert "10 10 100.0%" in row(page, "day-2026-11-18")
    assert 'href="/counters/Q3-02?day=2026-11-18#visits"' in page
    assert page.count('<rect class="fill" x=') >= 7
    assert "21 Nov 2026 06:24:30" in text_of(page)


def test_who_may_not_see_figures_gets_no_way_to_them(site: Site) -> None:
    assert "/counters/Q3-02" not in in_english(site, "/signals/1", "technician")


def test_days_that_are_erased_are_said_to_be(site: Site) -> None:
    CounterTally.delete().execute()
    page = text(site, "/signals/1")
    assert "These days are no longer kept." in page
    assert "64 came" in page


def test_what_lasted_longer_than_its_most_telling_days_says_so(site: Site) -> None:
    Signal.update(last_day="2026-12-01").where(Signal.id == 1).execute()
    assert "It was still so on 1 Dec 2026" in text(site, "/signals/1")


def test_a_ruling_is_kept_beside_it_and_noted_and_changes_no_figure(site: Site) -> None:
    before = Signal.get_by_id(1)
    assert site.post("/signals/1", "quality_officer", **QUIET).status_code == 303
    after = Signal.get_by_id(1)
    assert (after.hits, after.verdict) == (before.hits, "dismissed")
    [ruling] = held.rulings(1)
    assert (ruling.by, ruling.why) == (f"person:{PEOPLE['quality_officer']}", "Đã xem tại quầy.")
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("signal.rule", "signal:1")
    assert "Đã xem tại quầy." in text(site, "/signals/1")
    assert "Ruled on a sign of cheating" in text(site, "/audit", "auditor")


def test_ruling_anew_leaves_the_former_ones_to_be_read(site: Site) -> None:
    assert site.post("/signals/2", "administrator", **QUIET | {"seen": "2"}).status_code == 303
    assert len(held.rulings(2)) == 3
    assert "Không ai được phép ở lại." in text(site, "/signals/2")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"verdict": ""}, "Choose one."),
        ({"verdict": "maybe"}, "Not a valid choice."),
        ({"why": ""}, "a ruling without a reason is none"),
        ({"why": " \n "}, "a ruling without a reason is none"),
        ({"why": "x" * 2_001}, "At most 2000 characters."),
    ],
)
def test_a_ruling_that_says_too_little_or_too_much_is_refused(
    site: Site, form: dict[str, str], said: str
) -> None:
    site.post("/language", "administrator", language="en")
    answer = site.post("/signals/1", "administrator", **QUIET | form)
    assert (answer.status_code, SignalRuling.select().count()) == (422, 4)
    assert said in text_of(answer.text)


def test_of_two_who_rule_at_the_same_time_the_second_sees_the_first_ruling(site: Site) -> None:
    site.post("/signals/1", "quality_officer", **QUIET)
    site.post("/language", "administrator", language="en")
    again = {"verdict": "upheld", "why": "Có camera."}
    answer = site.post("/signals/1", "administrator", **again, seen="0")
    assert answer.status_code == 409
    assert "Đã xem tại quầy." in answer.text
    assert "Có camera." in answer.text
    assert site.post("/signals/1", "administrator", **again, seen="x").status_code == 409
    assert site.post("/signals/1", "administrator", **again, seen="1").status_code == 303


def rules(site: Site, who: str, signal: int = 2) -> bool:
    """Whether somebody may rule: the page offers it, and the form is taken."""
    offered = "Keep this ruling" in text(site, f"/signals/{signal}", who)
    seen = str(len(held.rulings(signal)))
    taken = site.post(f"/signals/{signal}", who, **QUIET | {"seen": seen}).status_code == 303
    assert offered == taken
    return offered


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        ("quality_officer", "TP", True),
        ("quality_officer", "UBND-P1", False),
        ("administrator", "TP", True),
        ("administrator", "UBND-P1", False),
        ("technician", "TP", False),
    ],
)
def test_a_level_above_rules_and_the_unit_itself_does_not(
    site: Site, role: str, unit: str, may: bool
) -> None:
    above = places.add_unit("TP", "Thành phố", "city")
    with writing():
        places.move_unit(1, above.id, "2026-11-22")
    confine(PEOPLE[role], role, unit)
    assert rules(site, role) is may


def test_the_head_of_the_unit_never_rules_whatever_else_they_are(site: Site) -> None:
    assert rules(site, "quality_officer")
    with writing():
        number = User.get(User.email == PEOPLE["quality_officer"]).id
        users.give(number, Grant("unit_head", 1))
    assert not rules(site, "quality_officer")


def test_the_counter_and_the_overview_lead_to_them_for_who_may_see(site: Site) -> None:
    assert "1 sign of cheating" in text(site, "/counters/Q3-02")
    assert "1 waits for a ruling" in text(site, "/counters/Q3-02")
    assert "sign of cheating" not in text(site, "/counters/P1-02")
    assert "Rated just after closing the ticket" in row(
        in_english(site, "/", "auditor"), "signal-1"
    )
    for who in ("viewer", "unit_head"):
        assert "sign of cheating" not in text(site, "/counters/Q3-02", who)
        assert "Signs of cheating" not in text(site, "/", who)


def test_an_office_without_any_says_so(site: Site) -> None:
    SignalRuling.delete().execute()
    Signal.delete().execute()
    assert "No sign waits for a ruling." in text(site, "/signals")
    assert "No sign waits for a ruling." in text(site, "/")
    assert "No such signs." in text(site, "/signals?show=upheld")
