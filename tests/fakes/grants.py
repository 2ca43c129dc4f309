"""What people of a test may do, and where."""

from fleet_server.core.roles import Grant, Role
from fleet_server.store import users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import Unit


def confine(email: str, role: Role, unit: str) -> None:
    """Take a person's role in the whole fleet, and give it in the branch of a unit."""
    with writing():
        person = User.get(User.email == email)
        users.take(person.id, Grant(role, None))
        users.give(person.id, Grant(role, Unit.get(Unit.code == unit).id))
