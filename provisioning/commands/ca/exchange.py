"""``hailong-provision ca export`` and ``ca import``: papers from one machine to another."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from provisioning import clock
from provisioning.commands import add_dir, add_passphrase, command, layout, passphrases

_EXPORT = """\
Writes what another machine may know: root, issuing CA, revocation lists, key list, as a folder
or, if FILE ends with .tar, as one file. Its SHA-256 is printed, to be read aloud.

With --server the keys that a server signs with come too (issuing CA, receipts, control), under a
passphrase of their own, for the way: --server-passphrase-file, or it is asked for. The offline keys
(root and fleet key) are never in it. Delete the file when the server has taken it.
"""
_IMPORT = """\
Takes a folder or file that ca export wrote into this fleet directory. It is checked first: the
same root, signatures, nothing older than what is here. The server's keys lie here without
passphrase afterwards, mode 0600, for EST and ingest start without a person. Then restart broker,
EST and ingest.
"""


def add_parser(actions: Any) -> None:
    """Declare both actions."""
    out = command(actions, "export", "write what other machines need", _EXPORT)
    add_dir(out)
    out.add_argument("--out", type=Path, required=True, metavar="FILE", help="folder or FILE.tar")
    out.add_argument("--server", action="store_true", help="with the keys of a server")
    out.add_argument(
        "--server-passphrase-file",
        type=Path,
        metavar="FILE",
        help="holds the passphrase for the way (default: ask)",
    )
    add_passphrase(out)
    taken = command(actions, "import", "take what ca export wrote", _IMPORT)
    add_dir(taken)
    taken.add_argument("file", type=Path, metavar="FILE", help="what ca export wrote")
    add_passphrase(taken)


def export(args: argparse.Namespace) -> int:
    """Write the set; print each file with its SHA-256, as ``sha256sum`` does."""
    from provisioning.passphrases import Passphrases
    from provisioning.pki import sets

    fleet = layout(args)
    sets.make_sure_new(args.out)
    if args.server:
        opened = passphrases(args)
        content = sets.for_server(
            fleet,
            opened.of_key,
            lambda: Passphrases(args.server_passphrase_file).new("this file, for the way"),
        )
    else:
        content = sets.public(fleet)
    sets.write(content, args.out)
    written = [args.out] if args.out.is_file() else sorted(args.out / name for name in content)
    for path in written:
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}")
    return 0


def take(args: argparse.Namespace) -> int:
    """Take the set; print where the chain of certificates is."""
    from provisioning.pki import sets, taking

    fleet, asked = layout(args), passphrases(args)
    taking.take(fleet, sets.read(args.file), lambda: asked.of_key(args.file), clock.now())
    print(fleet.ca_chain)
    return 0
