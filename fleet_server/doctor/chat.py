"""The chat rooms that alarms go out to, and what waits for them."""

from collections.abc import Iterator

from fleet_server.doctor.opened import with_database
from fleet_server.doctor.patient import Patient
from fleet_server.notify import chat
from fleet_server.store import letters, places
from provisioning.finding import Finding, good, wrong

CHECK = "chat"


@with_database
def look(patient: Patient) -> Iterator[Finding]:
    """Read the file of rooms as jobs does, and look at what was not taken."""
    path = patient.settings.layout.chat
    try:
        rooms = chat.read(path)
    except chat.ChatError as error:
        yield wrong(CHECK, str(error), "put it right: jobs does not start with it")
        return
    tree = places.tree()
    for one in rooms:
        if one.unit is not None and tree.by_code(one.unit) is None:
            said = f"{path}: the room {one.name} is of a unit {one.unit}, which is not there"
            yield wrong(CHECK, said, "give it the code of a unit, as the page of the tree has it")
    stuck = letters.stuck(rooms=True)
    if stuck is not None:
        said = f"{stuck[0]} messages were not taken and wait; the last: {stuck[2]}"
        yield wrong(CHECK, said, "see whether the chat server runs, and posting/chat.toml")
    else:
        yield good(CHECK, f"{len(rooms)} rooms, and no message waits for another try")
