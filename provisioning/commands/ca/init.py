"""``hailong-provision ca init``: the authorities and keys of a new fleet, under a passphrase."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, add_pin, command, layout, passphrases
from provisioning.errors import ProvisioningError

if TYPE_CHECKING:
    from provisioning.passphrases import Passphrases
    from provisioning.pki.token import TokenKey

_TEACHING = """\
Makes fleet root and issuing CA, their revocation lists, the fleet key, receipt key and control
key, and the signed key list, on a machine without network. Every key gets the passphrase that is
asked for: six words by dice. Nothing that exists is overwritten.

With --token the root's key is made on a PKCS#11 token instead and never leaves it; the other keys
stay files. Back up a token by its maker's means before the fleet depends on it.

Then: hailong-provision ca export --dir DIR --server --out FILE.tar
"""


def add_parser(actions: Any) -> None:
    """Declare the action."""
    init = command(actions, "init", "make root, issuing CA, keys and key list", _TEACHING)
    add_dir(init)
    init.add_argument("--fleet", default="Hailong", help="the fleet's name, in the root's subject")
    add_passphrase(init)
    init.add_argument("--token", metavar="LABEL", help="the token that is to hold the root's key")
    init.add_argument(
        "--pkcs11-module",
        type=Path,
        metavar="FILE",
        help="the library of the token's maker, such as /usr/lib/softhsm/libsofthsm2.so",
    )
    add_pin(init)


def run(args: argparse.Namespace) -> int:
    """Make authorities and keys; print where the root is, and its fingerprint to be read aloud."""
    from provisioning.pki import authority, files, keylist

    if (args.token is None) != (args.pkcs11_module is None):
        raise ProvisioningError("--token and --pkcs11-module are given together or not at all")
    fleet, now, asked = layout(args), clock.now(), passphrases(args)
    authority.make_sure_new(fleet)
    keylist.make_sure_new(fleet)
    lock = asked.new()
    authority.create(fleet, args.fleet, now, lock, _token(args, asked))
    keylist.create(fleet, now, lock)
    print(fleet.root_certificate)
    print(f"SHA-256 {files.fingerprint(files.read_certificate(fleet.root_certificate))}")
    return 0


def _token(args: argparse.Namespace, asked: "Passphrases") -> "TokenKey | None":
    from provisioning.pki import token

    if args.token is None:
        return None
    return token.generate(token.Place(args.pkcs11_module, args.token), asked.pin(args.token))
