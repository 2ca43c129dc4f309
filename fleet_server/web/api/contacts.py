"""How citizens of visits can be reached: told by programs, never read by them."""

from typing import Any

from fleet_server.contact_key import Reach
from fleet_server.core.contacts import LONGEST, check_number
from fleet_server.core.days import local
from fleet_server.store import contacts, visits
from fleet_server.store.contacts import EndedError, Given, SealedError
from fleet_server.store.pages.counters import counter as counter_of
from fleet_server.web.api.guard import blueprint, caller, sight
from fleet_server.web.api.once import Done, once
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas.contacts import (
    ContactIn,
    ContactOut,
    WithdrawalIn,
    WithdrawalOut,
)
from fleet_server.web.services import keys, services
from wire.tickets import check_text

ABSENT = "There is no such counter in what the key may see, or nothing was told of the visit there"


@blueprint.post("/counters/<code>/contacts")
@blueprint.input(ContactIn, arg_name="said")
@blueprint.output(ContactOut, description="It is kept")
@operation(
    Operation(
        "contacts:write",
        "Tell how the citizen of a visit can be reached",
        "Tickets",
        answers={
            404: ABSENT,
            409: "It has ended, or the visit is on a sealed list: it is not changed any more",
        },
        once=True,
        example={"visit": "q-20261122-0017", "until": "2027-01-21"},
    )
)
def tell_contact(code: str, said: dict[str, Any]) -> Any:
    """Tell how the citizen of a visit can be reached, if they agree to be asked how it was.

    It is encrypted, used for interviews only, erased at its end, and never given out by this
    interface. Told again, it replaces what was held, until the visit is on a sealed list.
    """
    return once(lambda: Done(_take(code, said)))


def _take(code: str, said: dict[str, Any]) -> dict[str, Any]:
    hailong = services()
    settings, now = hailong.settings, hailong.clock()
    given = Given(
        visit=_visit(code, said["visit"]),
        reach=Reach(check_text(said["name"], LONGEST), check_number(said["number"])),
        at=now,
        day=local(now, settings.fleet.zone).date(),
        days=settings.interviews.contact_days,
        actor=caller().actor,
    )
    try:
        terms = contacts.take(given, keys().contact)
    except EndedError:
        raise Problem(
            409, f"contact data of the visit {said['visit']} has ended, and is not taken again"
        ) from None
    except SealedError:
        raise Problem(
            409,
            f"the visit {said['visit']} is on a list that is sealed: its contact data can be taken "
            "back, and not be changed any more",
        ) from None
    return {"visit": said["visit"], "until": terms.ended()[0].isoformat()}


@blueprint.post("/counters/<code>/contacts/withdrawals")
@blueprint.input(WithdrawalIn, arg_name="said")
@blueprint.output(WithdrawalOut, description="It is erased")
@operation(
    Operation(
        "contacts:write",
        "Tell that the citizen of a visit no longer agrees",
        "Tickets",
        answers={404: ABSENT},
        once=True,
        example={"erased": True},
    )
)
def withdraw_contact(code: str, said: dict[str, Any]) -> Any:
    """Tell that the citizen of a visit no longer agrees to be asked: what was held is erased.

    The answer is the same whether anything was held.
    """
    return once(lambda: Done(_withdraw(code, said)))


def _withdraw(code: str, said: dict[str, Any]) -> dict[str, Any]:
    hailong = services()
    now = hailong.clock()
    day = local(now, hailong.settings.fleet.zone).date()
    visit = _visit(code, said["visit"])
    contacts.withdraw([visit], actor=caller().actor, at=now, day=day)
    return {"erased": True}


def _visit(code: str, name: str) -> str:
    counter = counter_of(code)
    if counter is None or not sight().covers(counter.unit):
        raise Problem(404, f"there is no counter {code[:32]}")
    visit = visits.find(counter.id, name)
    if visit is None:
        raise Problem(404, f"visit: nothing was told of {name} at {code}; tell its ticket first")
    return visit
