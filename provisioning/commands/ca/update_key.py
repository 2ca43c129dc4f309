"""``hailong-provision ca update-key``: a new key for signing updates of terminals."""

import argparse
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, add_pin, command, layout, passphrases

_TEACHING = """\
Makes the key that signs updates of terminals (pki/update.key) and its certificate by the root, for
ten years, where the root's key is. Needed once in a fleet that has none yet, and when the
certificate ends. Terminals believe what the root certified, so none has to be told.

The key gets the root's passphrase, if it has one. Carry both to where images are made.
"""


def add_parser(actions: Any) -> None:
    """Declare the action."""
    parser = command(actions, "update-key", "make a new key that signs updates", _TEACHING)
    add_dir(parser)
    add_passphrase(parser)
    add_pin(parser)


def run(args: argparse.Namespace) -> int:
    """Make key and certificate; print where they are."""
    from provisioning.pki import files, root, update

    fleet, asked = layout(args), passphrases(args)
    held = root.load(fleet, asked.of_key, asked.pin)
    locked = [
        one for one in (fleet.root_key, fleet.fleet_key) if one.exists() and files.is_locked(one)
    ]
    update.create(fleet, held, clock.now(), asked.of_key(locked[0]) if locked else None)
    print(fleet.update_key)
    print(fleet.update_certificate)
    return 0
