"""What the screen says: every text that the catalogues hold, by its English words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.core.joining import Stage
    from device.core.network import StepName, Why
    from device.core.targets import Key
    from device.core.view import Trouble, Unplaced
    from wire.records import Choice


def N_(message: str) -> str:
    """Mark a text for the catalogues; it is translated when it is drawn."""
    return message


# Translators: the name of your own language, in its own words.
LANGUAGE_NAME = N_("English")

QUESTION = N_("Are you satisfied with the service?")
THANKS = N_("Thank you!")
RECORDED = N_("Your answer is recorded")
MISTAKE = N_("Pressed by mistake? Press again")
WAIT = N_("Please wait for your turn")
WAIT_WHY = N_("You can rate while you are served")
IDLE = N_("Please wait until your number is called")
STARTING = N_("Starting")
ONE_MOMENT = N_("One moment, please")
# Asked after every choice, so it must not tell which it was.
REASONS = N_("What would you like to comment on?")
COMPLAINTS = N_("What are you not satisfied with?")
SEVERAL = N_("You may touch several")
SOON_OVER = N_("Time is nearly up")
OUT_OF_SERVICE = N_("Out of service")
TELL_STAFF = N_("Please tell the staff")
SELF_TEST = N_("Self-test")
IDENTIFY = N_("Here I am")

CHOICE_LABELS: dict[Choice, str] = {
    "very_satisfied": N_("Very satisfied"),
    "satisfied": N_("Satisfied"),
    "unsatisfied": N_("Not satisfied"),
}

KEY_LABELS: dict[Key, str] = {
    "skip": N_("Skip"),
    "done": N_("Done"),
    "next": N_("Next page"),
    "back": N_("Previous page"),
    "continue": N_("Go on"),
    "language": LANGUAGE_NAME,
}

ITEM_LABELS = {
    "waiting_time": N_("Waiting time"),
    "attitude": N_("Staff attitude"),
    "guidance": N_("Guidance"),
    "procedure": N_("Procedure"),
    "result": N_("Result"),
    "facilities": N_("Facilities"),
    "parking": N_("Parking"),
    "registration": N_("Registration"),
    "doctor": N_("Doctor"),
    "nurse": N_("Nurse"),
    "examination": N_("Examination"),
    "laboratory": N_("Lab tests"),
    "imaging": N_("Imaging"),
    "payment": N_("Payment"),
    "insurance": N_("Health insurance"),
    "pharmacy": N_("Pharmacy"),
    "hygiene": N_("Hygiene"),
}

# Items of the self-test that are drawn in the corners of the panel, to be touched.
CORNERS = {
    "top_left": N_("Top left"),
    "top_right": N_("Top right"),
    "bottom_left": N_("Bottom left"),
    "bottom_right": N_("Bottom right"),
}

TROUBLES: dict[Trouble, str] = {
    "full": N_("Storage is full"),
    "read_only": N_("Storage can't be written"),
    "damaged": N_("The journal is damaged"),
    "taken": N_("Another program uses the journal"),
    "buttons": N_("The buttons can't be used"),
    "other": N_("Something is wrong inside"),
}

_MAKE_ROOM = N_("Make room on the card, or use a larger one")
_NEW_CARD = N_("Use a new card; keep this one if anybody rated here: there may be ratings on it")
UNPLACED: dict[Unplaced, tuple[str, str]] = {
    "no_file": (
        N_("This terminal has no place yet"),
        N_("Put enrolment.toml on the card, then switch off and on"),
    ),
    "no_card": (
        N_("The card can't be read"),
        N_("Write the card anew"),
    ),
    "no_data": (N_("Storage can't be read"), _NEW_CARD),
    "not_toml": (
        N_("enrolment.toml is damaged"),
        N_("Make the file anew and put it on the card"),
    ),
    "field": (
        N_("enrolment.toml has a wrong entry"),
        N_("Correct it on the card, or make the file anew"),
    ),
    "settings": (
        N_("terminal.toml has a wrong entry"),
        N_("Put enrolment.toml on the card, then switch off and on"),
    ),
    "full": (N_("Storage is full"), _MAKE_ROOM),
    "read_only": (N_("Storage can't be written"), _NEW_CARD),
    "other": (N_("Something is wrong inside"), _NEW_CARD),
}
"""What keeps a terminal from its place, and what to do."""

_NEW_FILE = N_("Ask for a new enrolment file")
_SERVER = N_("Check the firewall and the server")
_OFFICE = N_("Ask the office that runs the fleet")
JOINING: dict[Stage, tuple[str, str]] = {
    "asking": (N_("Joining the fleet"), ONE_MOMENT),
    "no_file": (N_("There is no enrolment file"), UNPLACED["no_file"][1]),
    "wrong_file": UNPLACED["field"],
    "no_token": (N_("The enrolment file is used up"), _NEW_FILE),
    "cloned": (N_("This card was made in another terminal"), _NEW_FILE),
    "expired": (N_("The certificate has run out"), _NEW_FILE),
    "no_network": (N_("No network"), N_("Check the cable or the Wi-Fi")),
    "unknown_name": (N_("The server's name is not found"), N_("Check the name server (DNS)")),
    "no_answer": (N_("The server does not answer"), _SERVER),
    "no_broker": (N_("The message broker does not answer"), _SERVER),
    "no_proxy": (N_("The proxy does not let us through"), N_("Check the proxy's address")),
    "wrong_ca": (N_("The server is not this fleet's"), _NEW_FILE),
    "wrong_name": (
        N_("The server's certificate is for another name"),
        N_("Check the server's address"),
    ),
    "wrong_time": (
        N_("The server's certificate is not valid today"),
        N_("Check the clocks of terminal and server"),
    ),
    "token_expired": (N_("The enrolment file has expired"), _NEW_FILE),
    "token_refused": (N_("The server does not take the enrolment file"), _NEW_FILE),
    "not_let_in": (N_("The server refuses this terminal"), _OFFICE),
    "busy": (N_("The server is busy"), N_("It is tried again by itself")),
    "storage": UNPLACED["read_only"],
    "failed": (N_("The server's answer can't be used"), _OFFICE),
}
"""What keeps a terminal from its fleet, and what to do."""
FOR_TECHNICIAN = N_("Technician")
RATINGS_KEPT = N_("Ratings are taken and kept")

CALL_TECHNICIAN = N_("Call the technician and say this")
COPY = N_("Copy of the journal")
COPYING = N_("Copying the journal")
KEEP_STICK = N_("Do not take the stick out")

NETWORK_GOOD = N_("The network leads to the server")
NETWORK_STEPS: dict[StepName, str] = {
    "link": N_("Cable or Wi-Fi"),
    "address": N_("Address"),
    "name": N_("Name of the server"),
    "tls": N_("Secure connection"),
    "server": N_("Enrolment server"),
    "broker": N_("Message broker"),
    "receipt": N_("Receipts"),
}

NETWORK_ADVICE: dict[Why, str] = {
    "no_interface": N_("This board shows no network. Plug in a network adapter."),
    "no_carrier": N_("Plug in the network cable, or check name and passphrase of the Wi-Fi."),
    "no_address": N_(
        "The network gives out no address. Ask who looks after it, or set a static address."
    ),
    "unknown_name": N_("The server's name is not known here. Check the name, and DNS."),
    "refused": N_(
        "Nobody answers at this port. Check the port, and that the server's program runs."
    ),
    "no_answer": N_(
        "No answer comes. A firewall may be in between: ask to have this port opened to the server."
    ),
    "unreachable": N_("There is no way to the server. Check the gateway of this network."),
    "no_proxy": N_(
        "The proxy is not there, or does not let us through. Ask who looks after it, or correct it "
        "in the enrolment file."
    ),
    "wrong_name": N_(
        "The server has another name than the enrolment file says. Make a new enrolment file."
    ),
    "wrong_ca": N_(
        "Somebody else answers, or a server of another fleet. Check the address, and whether a "
        "proxy looks into connections."
    ),
    "wrong_time": N_(
        "The server's certificate does not hold today. Check the clock here, and the certificate "
        "on the server."
    ),
    "tls_failed": N_("The secure connection breaks off. See the log of the server."),
    "wrong_answer": N_("This is no enrolment server. Check the port, and the log of the server."),
    "not_enrolled": N_(
        "This terminal is not enrolled yet: leave it on. Make a new enrolment file only if its "
        "screen asks for one."
    ),
    "not_let_in": N_(
        "The broker does not let this terminal in. Was it revoked? Then enrol it again."
    ),
    "none_yet": N_("There was no receipt yet. Press a button, wait two minutes, and look again."),
    "receipts_missing": N_(
        "Records were sent, and no receipt comes back. Check on the server that ingest runs."
    ),
}

NOTES = (
    *TROUBLES.values(),
    *CORNERS.values(),
    *CHOICE_LABELS.values(),
    *NETWORK_STEPS.values(),
    CALL_TECHNICIAN,
    COPYING,
    KEEP_STICK,
    STARTING,
    N_("Terminal"),
    N_("Counter"),
    N_("Version"),
    N_("Address"),
    N_("Records waiting"),
    N_("Clock"),
    N_("Press each button once"),
    N_("Light"),
    N_("Touch the corners"),
    N_("Sound"),
    N_("Network"),
    N_("Server"),
    N_("Journal"),
    N_("Records copied"),
    N_("You may take the stick out"),
    N_("The stick is full"),
    N_("The stick can't be written"),
    N_("Screen"),
    N_("Buttons"),
    N_("Entry"),
    _MAKE_ROOM,
    _NEW_CARD,
    N_("Stop the other program"),
)
"""The texts that a `device.core.view.Note` may hold."""
