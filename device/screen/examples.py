"""One view of every kind, as a citizen or a technician might see it: for pictures and tests."""

from __future__ import annotations

from dataclasses import replace

from device.core.policy import HOSPITAL, REASONS, Item
from device.core.view import Note, View
from device.screen import texts
from wire.records import CHOICES

COUNTER = "Quầy 3 · Nguyễn Thị Hường"
TICKET = "A-0137"


def examples(counter: str = COUNTER, language: str = "vi") -> dict[str, View]:
    """Return views by a name that says what they are."""
    corners = tuple(Item(code) for code in texts.CORNERS)
    found = {
        "starting": View("starting", counter, progress=(3, 5)),
        "idle": View("idle", counter, dim=True, place=1),
        "wait": View("wait", counter),
        "rate-joining": View("rate", counter, None, CHOICES, keys=("language",), joining="cloned"),
        "rate": View("rate", counter, TICKET, CHOICES, keys=("language",)),
        "correction": View("correction", counter, TICKET, CHOICES, keys=("continue", "language")),
        "reasons": View("reasons", counter, TICKET, items=REASONS, keys=("language", "skip")),
        "reasons-chosen": View(
            "reasons",
            counter,
            TICKET,
            items=REASONS,
            chosen=("waiting_time", "guidance"),
            keys=("language", "skip", "done"),
            warning=True,
        ),
        "thanks": View("thanks", counter),
        "recorded": View("recorded", counter, TICKET),
        "items-joining": View(
            "items",
            counter,
            items=HOSPITAL[:6],
            pages=3,
            keys=("language", "next"),
            joining="wrong_name",
        ),
        "items": View(
            "items",
            counter,
            items=HOSPITAL[6:12],
            chosen=("imaging", "parking"),
            page=1,
            pages=3,
            keys=("language", "back", "next", "done"),
        ),
        "out-of-service": View(
            "out_of_service",
            counter,
            trouble="full",
            notes=(
                Note("Terminal", "q1-quay-3"),
                Note("Counter", "Q1-03"),
                Note("Make room on the card, or use a larger one", state="bad"),
            ),
        ),
        "self-test": View("self_test", counter, notes=_SELF_TEST, progress=(4, 7), keys=("done",)),
        "self-test-corners": View(
            "self_test",
            counter,
            items=corners,
            chosen=("top_left",),
            notes=_TOUCH_TEST,
            keys=("done",),
            progress=(4, 9),
        ),
        "network": View("network", counter, notes=_WAY, advice="no_answer"),
        "identify": View(
            "identify",
            counter,
            notes=(Note("Terminal", "q1-quay-3"), Note("Counter", "Quầy 3")),
        ),
        "joining": View(
            "joining",
            counter,
            place=1,
            joining="wrong_name",
            notes=(Note("Terminal", "q1-quay-3"), Note("Counter", "Q1-03")),
        ),
        "unplaced": View("unplaced", "", unplaced="no_file"),
        "unplaced-data": View("unplaced", "", unplaced="no_data"),
        "unplaced-field": View(
            "unplaced",
            counter,
            unplaced="field",
            notes=(
                Note("Entry", "wifi.passphrase", "bad"),
                Note("8 to 63 characters without accents"),
            ),
        ),
        "export": View("export", counter, notes=_EXPORT, progress=(8_400, 20_000)),
    }
    return {name: replace(view, language=language) for name, view in found.items()}


_WAY = (
    Note("Cable or Wi-Fi", state="good"),
    Note("Address", state="good"),
    Note("Name of the server", state="good"),
    Note("Secure connection", state="good"),
    Note("Enrolment server", state="good"),
    Note("Message broker", state="bad"),
    Note("Receipts", state="waiting"),
)
_SELF_TEST = (
    Note("Press each button once", "2 / 3", "waiting"),
    Note("Very satisfied", state="good"),
    Note("Satisfied", state="good"),
    Note("Not satisfied", state="waiting"),
    Note("Screen", "800 × 480", "good"),
    Note("Network", "192.168.10.37", "good"),
    Note("Server", state="bad"),
    Note("Journal", state="good"),
)
_TOUCH_TEST = (
    Note("Very satisfied", state="good"),
    Note("Satisfied", state="good"),
    Note("Not satisfied", state="waiting"),
    Note("Screen", state="good"),
    Note("Sound", state="waiting"),
    Note("Touch the corners", "1/4", "waiting"),
)
_EXPORT = (
    Note("Do not take the stick out", state="waiting"),
    Note("Records copied", "8.400 / 20.000"),
)

PANELS = {
    "5in-800x480": (800, 480, 5.0),
    "7in-800x480": (800, 480, 7.0),
    "7in-1024x600": (1024, 600, 7.0),
    "10in-1280x800": (1280, 800, 10.1),
}
"""Panels that terminals are sold with: pixels across and down, and inches."""
