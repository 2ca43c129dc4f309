"""Who signs in to the district's pages: somebody of each role, and in each office who explains."""

from collections.abc import Iterator
from dataclasses import dataclass

from fleet_server.core.roles import Role
from fleet_server.district.clerk import ACTOR
from fleet_server.district.district import District
from fleet_server.district.places import DISTRICT


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody; ``unit`` is the branch in which they have the role, None the whole fleet."""

    email: str
    role: Role
    unit: str | None = None


PEOPLE = (
    Person("quan-tri@binhhoa.example", "administrator"),
    Person("ky-thuat@binhhoa.example", "technician"),
    Person("truong-don-vi@binhhoa.example", "unit_head", "BH-DD"),
    Person("chat-luong@binhhoa.example", "quality_officer", DISTRICT),
    Person("phong-van@binhhoa.example", "interviewer", DISTRICT),
    Person("kiem-tra@binhhoa.example", "auditor"),
    Person("theo-doi@binhhoa.example", "viewer"),
)


def colleagues(district: District) -> Iterator[Person]:
    """Yield who is there beside them: in each office a head and an officer, in a department others.

    A department's own people judge what its offices explain, and call their citizens.
    """
    led = {person.unit for person in PEOPLE if person.role == "unit_head"}
    for unit in district.units:
        name = f"{unit.code.lower()}@binhhoa.example"
        if unit.kind == "department":
            yield Person(f"chat-luong.{name}", "quality_officer", unit.code)
            yield Person(f"phong-van.{name}", "interviewer", unit.code)
        if unit.services and unit.code not in led:
            yield Person(f"truong.{name}", "unit_head", unit.code)
        if unit.services:
            yield Person(f"can-bo.{name}", "viewer", unit.code)


def add_people(district: District, password_hash: str, at: int) -> None:
    """Add all of them; in an app's context, as Flask-Security's tables want it."""
    from fleet_server.store.offices import unit_id
    from fleet_server.store.users import add_user

    for person in (*PEOPLE, *colleagues(district)):
        unit = None if person.unit is None else unit_id(person.unit)
        add_user(person.email, password_hash, person.role, at, actor=ACTOR, unit=unit)
