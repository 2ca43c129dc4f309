"""Who sees and closes a matter of a terminal that speaks for a counter of another branch."""

import pytest
from peewee import fn

from fleet_server.core.roles import EVERYTHING, Grant, Role, Scope
from fleet_server.store import listings, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.listings import Wanted
from fleet_server.store.matters import Found, Kind, about_unit, open_matter
from fleet_server.store.models import Change, Matter, Unit
from fleet_server.store.pages.hearing import hearing
from tests.fakes.office import NOW
from tests.unit.fleet_server.web.conftest import PEOPLE, Site

NOTHING = Scope(frozenset())
TERMINAL, NAMED = "p1-01-t1", "Q3-01"


def confine(role: Role, unit: str) -> None:
    """Give a person's role in a branch instead of the whole fleet."""
    with writing():
        person = User.get(User.email == PEOPLE[role])
        users.take(person.id, Grant(role, None))
        users.give(person.id, Grant(role, Unit.get(Unit.code == unit).id))


def opened(kind: Kind = "foreign_counter") -> int:
    """Open a matter of a terminal of one unit that names a counter of the other."""
    subject = about_unit(TERMINAL, "UBND-Q3")
    with writing():
        open_matter(Found(kind, subject, TERMINAL, details={"counters": [NAMED]}), NOW)
    return int(Matter.get(Matter.subject == subject).id)


@pytest.mark.parametrize("unit", ["UBND-P1", "UBND-Q3"])
@pytest.mark.parametrize("kind", ["foreign_counter", "other_counter"])
def test_the_branches_of_the_terminal_and_of_the_counter_see_it(
    site: Site, unit: str, kind: Kind
) -> None:
    matter = opened(kind)
    confine("technician", unit)
    assert f'id="matter-{matter}"' in site.get("/matters", "technician").text
    assert f'id="matter-{matter}"' in site.get("/", "technician").text
    page = site.get(f"/matters/{matter}", "technician")
    assert page.status_code == 200
    assert TERMINAL in page.text
    ids = frozenset({Unit.get(Unit.code == unit).id})
    assert matter in [one.id for one in listings.matters(Scope(ids), Wanted(), 0, 100)]


def test_a_third_branch_does_not_see_it(site: Site) -> None:
    matter = opened()
    with writing():
        Unit.create(code="UBND-P9", name="Khác")
    confine("technician", "UBND-P9")
    assert site.get(f"/matters/{matter}", "technician").status_code == 404
    assert f"matter-{matter}" not in site.get("/matters", "technician").text


def test_only_the_terminals_branch_closes_it(site: Site) -> None:
    matter = opened()
    close = f"/matters/{matter}/close"
    confine("technician", "UBND-Q3")
    assert close not in site.get(f"/matters/{matter}", "technician").text
    assert site.post(close, "technician", note="x").status_code == 404
    confine("quality_officer", "UBND-P1")
    assert close in site.get(f"/matters/{matter}", "quality_officer").text
    assert site.post(close, "quality_officer", note="Đã tìm thấy").status_code == 303
    assert Matter.get_by_id(matter).closed_at is not None


def test_the_counters_branch_finds_no_link_to_a_terminal_that_it_may_not_see(site: Site) -> None:
    matter = opened()
    confine("technician", "UBND-Q3")
    for path in ("/matters", f"/matters/{matter}"):
        assert f"/terminals/{TERMINAL}" not in site.get(path, "technician").text
    assert f"/terminals/{TERMINAL}" in site.get(f"/matters/{matter}", "administrator").text


def test_a_matter_of_the_terminal_alone_is_none_of_the_counters_branch(site: Site) -> None:
    matter = opened("fault")
    confine("technician", "UBND-Q3")
    assert site.get(f"/matters/{matter}", "technician").status_code == 404
    assert matter in [one.id for one in listings.matters(EVERYTHING, Wanted(), 0, 100)]


def test_open_pages_of_both_branches_hear_of_it(site: Site) -> None:
    newest = Change.select(fn.MAX(Change.id)).scalar()
    opened()
    told = {row.subject for row in Change.select().where(Change.id > newest)}
    for unit, hears in (("UBND-P1", True), ("UBND-Q3", True), ("UBND-P9", False)):
        held = Unit.get_or_none(Unit.code == unit) or Unit.create(code=unit, name="Khác")
        heard = hearing(NOTHING, NOTHING, Scope(frozenset({held.id})))
        assert any(heard(subject) for subject in told if subject.startswith("matter:")) == hears
