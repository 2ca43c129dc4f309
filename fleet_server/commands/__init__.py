"""The subcommands of ``hailong-fleet``, one module each.

A module ``add_parser(sub)`` declares its arguments and ``run(args) -> int`` does the work. The
command's name is the module's, with dashes for underscores. Keep heavy imports inside ``run``.
"""

import argparse
import os
import pwd
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import Settings


def add_config(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--config`` option."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="settings of the fleet (default: $HAILONG_FLEET, else ./fleet.toml)",
    )


def actor() -> str:
    """Return who runs the command, for the audit log: the account on this machine."""
    number = os.getuid()
    try:
        return f"command:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"command:{number}"


def checked_name(text: str) -> str:
    """Return a name that people read: 1 to 64 printable characters.

    Raises:
        UsageError: it is not one.
    """
    if not 0 < len(text.strip()) <= 64 or not text.isprintable():
        raise UsageError("a name is 1 to 64 printable characters")
    return unicodedata.normalize("NFC", text.strip())


@contextmanager
def changing(settings: Settings) -> Iterator[None]:
    """Open the database for a change of the fleet; what refuses it becomes one sentence.

    Raises:
        FleetError: it was refused.
    """
    from fleet_server.core.tree import TreeError
    from fleet_server.store.database import close, open_database
    from fleet_server.store.enrolment import Missing, Taken
    from fleet_server.web.words.tree import refusal

    open_database(settings.database.url)
    try:
        yield
    except (Missing, Taken) as error:
        raise FleetError(str(error)) from None
    except TreeError as error:
        raise FleetError(refusal(error)) from None
    finally:
        close()


def checked_day(text: str) -> str:
    """Return a day that was written as YYYY-MM-DD.

    Raises:
        UsageError: it is none.
    """
    from fleet_server.core.days import parse_date

    try:
        return parse_date(text).isoformat()
    except ValueError as error:
        raise UsageError(str(error)) from None


def today(now: int, settings: Settings) -> str:
    """Return the day that it is in the fleet's time zone."""
    from fleet_server.core.days import local

    return local(now, settings.fleet.zone).date().isoformat()
