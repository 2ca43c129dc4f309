"""What changed, so that open pages can follow it."""

from peewee import fn

from fleet_server.store.database import rows, writing
from fleet_server.store.models import Change
from fleet_server.store.sql import insert

KEPT = 10_000
"""How many changes are kept; a page that was away for longer loads anew."""


FLEET = "fleet"
"""The state of some terminal may be another: seldom, while ``terminal:ID`` comes each minute."""

SIGNAL = "signal"
"""A sign of cheating was opened, has grown, or was ruled on."""

DRAW, INTERVIEW, LETTER, REPORT = "draw", "interview", "letter", "report"
"""A draw, an interview, a letter or a kept report is another, or is new."""
CHANNELS = "unsigned"
"""A rating by another channel was taken or withdrawn."""


def note(*subjects: str) -> None:
    """Note what changed.

    That is ``counter:CODE``, ``terminal:ID``, ``matter``, ``case:UNIT``, or one of the words
    above. In a transaction. ``matter`` goes with ``matter:TERMINAL``, by which pages of a branch
    hear it.
    """
    if subjects:
        insert("change", ["subject"], [[subject] for subject in subjects])


def trim() -> None:
    """Drop all but the newest changes. The newest stays, so that no number is given twice."""
    [(oldest, newest)] = rows(Change.select(fn.MIN(Change.id), fn.MAX(Change.id)))
    # Seldom, because every commit costs a sync of the disk.
    if newest is not None and newest - oldest > 2 * KEPT:
        with writing():
            Change.delete().where(Change.id <= newest - KEPT).execute()
