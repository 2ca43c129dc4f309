"""Commands of ``hailong-provision``, one module each; the module's name is the command's name.

A module has ``add_parser(sub)`` and ``run(args)``. What a command needs of the product is imported
inside ``run``, and only the command that is asked for is imported at all: whoever writes a card
needs not the libraries of the certificate authority.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning.layout import FleetLayout

if TYPE_CHECKING:
    from provisioning.passphrases import Passphrases


def command(sub: Any, name: str, help_line: str, teaching: str) -> argparse.ArgumentParser:
    """Declare one command or action with its teaching text, printed as it is written."""
    parser: argparse.ArgumentParser = sub.add_parser(
        name,
        help=help_line,
        description=teaching,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def add_dir(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Declare ``--dir``, which every command that works on a fleet directory needs."""
    parser.add_argument("--dir", type=Path, required=required, help="the fleet directory")


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """Declare where the passphrase of the keys comes from, if not from a person."""
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="holds the keys' passphrase, one line (default: ask); a systemd credential will do",
    )


def add_pin(parser: argparse.ArgumentParser) -> None:
    """Declare where the PIN of the root's token comes from, if not from a person."""
    parser.add_argument(
        "--pin-file",
        type=Path,
        metavar="FILE",
        help="holds the PIN of the root's token, if it lies on one (default: ask)",
    )


def passphrases(args: argparse.Namespace) -> "Passphrases":
    """Return what opens the keys, as `add_passphrase` and `add_pin` have declared."""
    from provisioning.passphrases import Passphrases

    return Passphrases(args.passphrase_file, getattr(args, "pin_file", None))


def layout(args: argparse.Namespace) -> FleetLayout:
    """Return the paths of the fleet directory that ``--dir`` names, absolute."""
    return FleetLayout(args.dir.absolute())


def agreed(question: str) -> bool:
    """Ask a person, and return whether they said yes; no answer is a no."""
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        print()
        return False
    return answer.lower() in ("y", "yes")


def port(text: str) -> int:
    """Read a TCP port."""
    return _between(text, 1, 65_535)


def days(text: str) -> int:
    """Read a number of days, up to a year."""
    return _between(text, 1, 365)


def _between(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}")
    return int(text)
