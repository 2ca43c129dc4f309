"""``hailong-provision ca renew``: a new certificate for the issuing CA."""

import argparse
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, add_pin, command, layout, passphrases

_TEACHING = """\
Makes a new certificate for the issuing CA, for twelve years, where the root's key is.

The key stays: what it has signed is trusted until it ends, no terminal enrols anew. Only when the
issuing CA was revoked before (ca revoke --issuing) it gets a new key and a new name; then the
server needs new certificates, and every terminal a new enrolment file.
"""


def add_parser(actions: Any) -> None:
    """Declare the action."""
    parser = command(actions, "renew", "make a new certificate for the issuing CA", _TEACHING)
    add_dir(parser)
    add_passphrase(parser)
    add_pin(parser)


def run(args: argparse.Namespace) -> int:
    """Make the certificate; print where it is and what must be carried where."""
    from provisioning.pki import files, root

    fleet, asked = layout(args), passphrases(args)
    before = files.read_certificate(fleet.issuing_certificate).public_key()
    held = root.load(fleet, asked.of_key, asked.pin)
    issuing = root.renew_issuing(fleet, held, clock.now(), asked.of_key)
    print(fleet.issuing_certificate)
    print(f"SHA-256 {files.fingerprint(issuing.certificate)}")
    new_key = issuing.certificate.public_key() != before
    print(_NEW_KEY if new_key else _SAME_KEY)
    return 0


_CARRY = """\
Carry to the server (issuing.crt, ca-chain.pem and the lists are in it):
  here       hailong-provision ca export --dir DIR {how}--out FILE.tar
  server     hailong-provision ca import --dir DIR FILE.tar
  server     hailong-provision server-cert --dir DIR --name HOST
             then restart broker, EST and ingest"""
_SAME_KEY = (
    _CARRY.format(how="")
    + """
Terminals need nothing: the former certificate is trusted until it ends."""
)
_NEW_KEY = (
    _CARRY.format(how="--server ")
    + """
  server     hailong-fleet terminal add --again for each terminal: its certificate has ended"""
)
