"""``hailong-provision card``: memory cards for terminals."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning import clock
from provisioning.commands import command

if TYPE_CHECKING:
    from provisioning.card.invitations import Carried

_LIST = """\
Shows each disk of this machine with what is on it, and whether it can be written as a card.
"""
_WRITE = """\
Writes an image and an enrolment file to a card, and proves it by reading both back. Needs root.

The image is read to its end before the card is touched: a damaged or cut off one changes nothing.
If IMAGE.sha256 lies beside it, it must agree; with --certificate, so must the signed manifest.
Then the command shows what is on the card and asks for its name. Disks that this machine runs on
are refused, and so are disks that can't be pulled out. The card gets its partition table last: one
that was pulled out or failed starts no terminal.

  hailong-provision card list
  hailong-provision card write --image hailong.img.zst --enrolment t-1.toml --device /dev/sdb

DEVICE can be a plain file that is large enough: then it becomes the card's image.
"""
_BATCH = """\
Writes one card after another in one reader: each for the next enrolment file of --enrolments that
is on no card yet, and says which terminal's label has to be stuck on it. A card that fails is
taken out and another one tried for the same terminal. What was done is remembered, so it can be
ended and taken up again at any time.
"""
_FILES = """\
Makes the files for a card that has the image on it already, but no enrolment file: copy all that
is in the folder onto the card's small partition, with any laptop. Each has a README.txt.
"""
_BUNDLE = """\
Makes the files that turn stock Raspberry Pi OS Lite (64-bit, Debian 13) into a terminal, without
network: the way for a Raspberry Pi 5. Write that system to a card, copy all that is in the folder
onto its boot partition, and start. Without --enrolment, one bundle serves all terminals, and each
card gets its enrolment.toml besides; Wi-Fi, static address and SSH key need it in the bundle.

Fetches the packages, by their locked hashes; run it in a checkout.
"""


def add_parser(sub: Any) -> None:
    """Declare the command and its actions."""
    card = sub.add_parser("card", help="memory cards for terminals")
    actions = card.add_subparsers(dest="action", required=True, metavar="ACTION")
    command(actions, "list", "which devices could be a card", _LIST).set_defaults(act=_list)
    _declare_write(command(actions, "write", "write image and enrolment file", _WRITE))
    _declare_batch(command(actions, "batch", "card after card, for many terminals", _BATCH))
    _declare_files(command(actions, "files", "files for a card, by any laptop", _FILES))
    _declare_bundle(command(actions, "bundle", "files for Raspberry Pi OS Lite", _BUNDLE))


def run(args: argparse.Namespace) -> int:
    """Run the action."""
    return int(args.act(args))


def _declare_write(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_write)
    _declare_card(parser)
    parser.add_argument("--enrolment", type=Path, metavar="FILE",
                        help="the terminal's file; without it the card waits for one")  # fmt: skip


def _declare_batch(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_batch)
    _declare_card(parser)
    parser.add_argument("--enrolments", type=Path, required=True, metavar="DIR",
                        help="the fleet's enrolment/, or what a list made")  # fmt: skip


def _declare_card(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--image", type=Path, required=True, metavar="IMAGE",
                        help=".img, .img.zst or .img.xz")  # fmt: skip
    parser.add_argument("--certificate", type=Path, metavar="FILE",
                        help="the fleet's update.crt: the image must be signed by it")  # fmt: skip
    parser.add_argument("--device", type=Path, required=True, help="such as /dev/sdb")
    parser.add_argument("--not-removable", action="store_true",
                        help="write it although it can't be pulled out")  # fmt: skip


def _declare_files(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_files)
    parser.add_argument("--enrolment", type=Path, required=True, metavar="FILE",
                        help="the terminal's file")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")


def _declare_bundle(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_bundle)
    parser.add_argument("--enrolment", type=Path, metavar="FILE", help="the terminal's file")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")


def _list(_args: argparse.Namespace) -> int:
    from provisioning.card import devices, words

    for device in devices.disks():
        print("\n".join([*words.describe(device), f"  {words.verdict(device)}"]))
    return 0


def _signed(args: argparse.Namespace) -> str | None:
    """Return the SHA-256 that the manifest beside the image tells, signed by --certificate."""
    from provisioning.errors import ProvisioningError
    from provisioning.image import manifest

    if args.certificate is None:
        return None
    folder = args.image.absolute().parent
    manifest.check_signature(folder, args.certificate)
    note = manifest.read(folder).get(args.image.name)
    if note is None:
        raise ProvisioningError(f"{args.image}: not in the signed manifest beside it")
    return note.sha256


def _write(args: argparse.Namespace) -> int:
    from provisioning.card import asking, devices, image, invitations, writing
    from provisioning.card.former import terminal_on
    from provisioning.progress import Progress

    now = clock.now()
    asking.check(devices.find(args.device), args.not_removable)
    carried = invitations.read(args.enrolment) if args.enrolment else None
    with Progress(clock.monotonic_s) as shown:
        checked = image.check(args.image, shown, _signed(args))
        device = devices.find(args.device)
        asking.check(device, args.not_removable)
        writing.check_room(checked, args.device, device.size)
        notes = invitations.warnings(carried, now) if carried else []
        former = terminal_on(device)
        notes += [f"it is the card of terminal {former}"] if former else []
        asking.confirm(device, notes, input)
        device = asking.still(device)
        asking.check(device, args.not_removable)
        asking.unmount(device)
        writing.write(checked, Path(device.path), carried.content if carried else None, shown)
    if carried:
        invitations.remember(carried, device.maker, now)
        print(f"{device.path}: the card of terminal {carried.file.terminal}")
    else:
        print(f"{device.path}: written; {writing.ENROLMENT} has still to be put onto it")
    return 0


def _batch(args: argparse.Namespace) -> int:
    from provisioning.card import batch, image, invitations
    from provisioning.progress import Progress

    todo = batch.waiting(args.enrolments)
    for carried in todo:
        _warn(carried)
    with Progress(clock.monotonic_s) as shown:
        checked = image.check(args.image, shown, _signed(args))
        cards = batch.Batch(checked, args.device, args.not_removable, input, print, shown)
        done = cards.run(
            todo,
            lambda carried, device: invitations.remember(carried, device.maker, clock.now()),
        )
    print(f"{done} of {len(todo)} terminals have a card now")
    return 0


def _careful(enrolment: Path) -> "Carried":
    """Read an enrolment file, and say what should make a person stop."""
    from provisioning.card import invitations

    carried = invitations.read(enrolment)
    _warn(carried)
    return carried


def _warn(carried: "Carried") -> None:
    from provisioning.card import invitations

    for warning in invitations.warnings(carried, clock.now()):
        print(f"CAREFUL: {carried.path}: {warning}", file=sys.stderr)


def _files(args: argparse.Namespace) -> int:
    from provisioning.card import files

    carried = _careful(args.enrolment)
    for path in files.write(carried, args.out):
        print(path)
    return 0


def _bundle(args: argparse.Namespace) -> int:
    from provisioning.card.bundle import build
    from provisioning.progress import Progress

    carried = _careful(args.enrolment) if args.enrolment else None
    with Progress(clock.monotonic_s) as shown:
        build.write(build.checkout(), args.out, carried, shown)
    print(args.out / "README.txt")
    return 0
