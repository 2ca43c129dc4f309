"""The rounds of the jobs process, gone in the district at its own time.

A day that was broken off is taken again: rounds do nothing twice by themselves but those of alarms,
which are left out up to the moment at which they last looked.
"""

from datetime import tzinfo

from fleet_server.alarms import look as alarms
from fleet_server.cases import deadlines, opening
from fleet_server.channels.closing import close_days
from fleet_server.interviews import contacts
from fleet_server.interviews.drawing import Weekly
from fleet_server.jobs import Round
from fleet_server.notify.rounds import give_up_letters
from fleet_server.reports.keeping import making
from fleet_server.settings import Settings
from fleet_server.store import tallies


def rounds_of(settings: Settings) -> tuple[Round, ...]:
    """Return the rounds of a district's fleet, in the order in which jobs goes them.

    Signs of cheating are looked for each night from the first day on (`building`), and there are
    neither webhooks nor updates.

    Raises:
        FleetError: a key is missing.
    """
    return (
        opening.open_new,
        deadlines.look,
        contacts.erase,
        Weekly(settings).look,
        close_days,
        making(settings),
        _look_for_alarms,
        give_up_letters,
    )


def _look_for_alarms(now: int, zone: tzinfo) -> None:
    if tallies.read().get(tallies.BLOCKS_NOTED, 0) < now:
        alarms.look(now, zone)
