"""``hailong-provision ca passphrase``: give the offline keys a passphrase, or another one."""

import argparse
from pathlib import Path
from typing import Any

from provisioning.commands import add_dir, add_passphrase, command, layout, passphrases

_TEACHING = """\
Gives the offline keys (root and fleet key) a new passphrase, and every other key of the directory
that has one. For a directory of hailong-fleet init: run it before the offline keys are moved away.
A key on a token has a PIN instead, which its maker's program changes.
"""


def add_parser(actions: Any) -> None:
    """Declare the action."""
    parser = command(actions, "passphrase", "change the passphrase of the keys", _TEACHING)
    add_dir(parser)
    add_passphrase(parser)
    parser.add_argument(
        "--new-passphrase-file",
        type=Path,
        metavar="FILE",
        help="holds the new one (default: ask)",
    )


def run(args: argparse.Namespace) -> int:
    """Change it; print which keys have it."""
    from provisioning.passphrases import Passphrases
    from provisioning.pki import locking

    asked, chosen = passphrases(args), Passphrases(args.new_passphrase_file)
    for path in locking.change(layout(args), asked.of_key, chosen.new):
        print(path)
    return 0
