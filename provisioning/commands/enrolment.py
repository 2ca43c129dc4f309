"""``hailong-provision enrolment``: enrolment files made away from the server, one or hundreds."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning import clock
from provisioning.commands import add_dir, command, days, layout
from provisioning.enrol.columns import COLUMNS
from provisioning.errors import ProvisioningError
from provisioning.labels.sizes import SHEETS

if TYPE_CHECKING:
    from provisioning.enrol.roster import Complete, Entry, Problem, Roster
    from wire.enrolment import EnrolmentFile

_TEACHING = """\
Makes enrolment files away from the server, each with a one-time token. The server knows nothing of
them until they are registered there, by a list without secrets. On the server itself prefer
hailong-fleet terminal add, also with --csv: it registers at once.

One terminal, its place given by options:
  hailong-provision enrolment --dir DIR --terminal t-1 --counter Q1 --counter-name "Quầy 1" \\
      --est-url https://fleet.example:8443 --mqtt-host fleet.example --out NEW

Hundreds, from a spreadsheet: fill in the list that --template writes, save it as "CSV UTF-8", and
  hailong-provision enrolment --dir DIR --csv LIST.csv --out NEW --est-url ... --mqtt-host ...
Every row is checked before anything is written. What all terminals have in common is given once by
options; a cell counts before an option. A list with Wi-Fi passphrases is as secret as the files.
NEW then holds
  TERMINAL/enrolment.toml   for the terminal's card; secret
  labels.pdf                with QR code and name, for the housings
  tokens.csv                for the server: hailong-fleet terminal add --csv tokens.csv
DIR needs pki/root.crt and pki/fleet.pub only: what hailong-provision ca export writes will do.

Columns, each also an option (--wifi-ssid); only terminal, counter and counter_name are needed:
"""
_SECRETS = tuple(name for name, column in COLUMNS.items() if column.secret)


def add_parser(sub: Any) -> None:
    """Declare the command."""
    columns = "".join(
        f"  {name:<18} {column.what}, such as {column.example[:34]}\n"
        for name, column in COLUMNS.items()
    )
    help_line = "enrolment files and labels, for one terminal or from a CSV list"
    parser = command(sub, "enrolment", help_line, _TEACHING + columns)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--terminal", metavar="t-…", help="name of the terminal")
    what.add_argument("--csv", type=Path, metavar="FILE", help="a list of terminals")
    what.add_argument("--template", type=Path, metavar="FILE", help="write an empty list")
    add_dir(parser, required=False)
    parser.add_argument("--out", type=Path, metavar="NEW", help="the folder to make")
    for name, column in COLUMNS.items():
        if name != "terminal" and not column.secret:
            parser.add_argument(_option(name), metavar="…", help=column.what)
    for name in _SECRETS:
        parser.add_argument(
            f"{_option(name)}-file", type=Path, metavar="FILE", help=f"holds {COLUMNS[name].what}"
        )
    parser.add_argument("--valid-days", type=days, default=14, help="life of the tokens (14)")
    add_labels(parser)


def add_labels(parser: argparse.ArgumentParser) -> None:
    """Declare how labels are drawn."""
    sheets = "; ".join(f"{name}: {sheet.what}" for name, sheet in SHEETS.items())
    parser.add_argument(
        "--labels",
        choices=[*SHEETS, "none"],
        default=next(iter(SHEETS)),
        help=f"millimetres of a label on A4 (default: %(default)s). {sheets}",
    )


def run(args: argparse.Namespace) -> int:
    """Check everything, then write; print where, and how the server learns of it."""
    from provisioning.enrol import batch, roster

    if args.template:
        if args.template.exists():
            raise ProvisioningError(f"{args.template} exists already; please give a new name")
        args.template.write_bytes(roster.template())
        print(args.template)
        return 0
    for option, given in (("--dir", args.dir), ("--out", args.out)):
        if given is None:
            raise ProvisioningError(f"{option} is needed")
    batch.make_sure_new(args.out)
    made = batch.with_tokens(_entries(args))
    write(args.out, made, args.labels, page=None)
    tokens = batch.write_tokens(args.out, made)
    print(args.out)
    print(f"On the server: hailong-fleet terminal add --csv {tokens}", file=sys.stderr)
    return 0


def unlabelled(found: "Roster", labels: str) -> "Iterator[Problem]":
    """Find names that the labels of a list could not show whole."""
    if labels == "none":
        return
    from provisioning.enrol.roster import Problem
    from provisioning.labels import draw

    for entry in found.entries:
        missing = draw.unshown(entry.file.counter_name)
        if missing:
            text = f"labels can't show {missing}; write it without, or add --labels none"
            yield Problem(entry.row, "counter_name", text)


def write(out: Path, made: "list[EnrolmentFile]", labels: str, page: str | None) -> None:
    """Write files and labels of a list, with a bar for a list that takes a while."""
    from provisioning.enrol import batch
    from provisioning.progress import Bar
    from wire.files import write_atomic

    bar = Bar(len(made) * (1 if labels == "none" else 2))
    batch.write_files(out, made, bar.move)
    if labels != "none":
        from provisioning.labels import draw

        wanted = [draw.label_of(file, page) for file in made]
        pdf = draw.draw(wanted, SHEETS[labels], clock.now(), bar.move)
        write_atomic(out / batch.LABELS, pdf)
    bar.end()


def _entries(args: argparse.Namespace) -> "list[Entry]":
    from provisioning.enrol import roster

    name = str(args.csv) if args.csv else args.terminal
    common, complete = _common(args), _complete(args)
    if args.csv:
        _check_options(common, complete)
        found = roster.read(args.csv.read_bytes(), name, complete, common)
    else:
        found = roster.one(0, {**common, "terminal": args.terminal}, complete)
    found.problems += unlabelled(found, args.labels)
    if any(entry.token_sha256 for entry in found.entries):
        raise ProvisioningError(f"{name}: has tokens already; the server takes it, not this")
    found.refuse(name)
    return found.entries


def _common(args: argparse.Namespace) -> dict[str, str]:
    """Return the cells that options give."""
    from provisioning.passphrases import from_file

    given = {name: getattr(args, _attribute(name), None) for name in COLUMNS if name != "terminal"}
    secret = {name: getattr(args, f"{_attribute(name)}_file") for name in _SECRETS}
    held = {name: from_file(path).decode() for name, path in secret.items() if path}
    return {**{name: text for name, text in given.items() if text}, **held}


def _check_options(common: Mapping[str, str], complete: "Complete") -> None:
    """Say once what is wrong with an option, not in every row of a list."""
    from provisioning.enrol.roster import NAMES, Roster, one

    sample = {name: COLUMNS[name].example for name in NAMES}
    found = one(0, {**sample, **common}, complete)
    wrong = [each for each in found.problems if each.column in common]
    Roster(problems=[replace(each, column=_option(each.column)) for each in wrong]).refuse(
        "options"
    )


def _complete(args: argparse.Namespace) -> Callable[[dict[str, Any]], dict[str, Any]]:
    from provisioning.enrol.files import common
    from wire.fields import format_time

    whom = common(layout(args))
    until = clock.now() + timedelta(days=args.valid_days)
    expires = format_time(int(until.timestamp() * 1000))
    return lambda values: {"mqtt_port": 8883, "expires": expires, **values, **whom}


def _option(name: str) -> str:
    return "--" + name.replace(".", "-").replace("_", "-")


def _attribute(name: str) -> str:
    return name.replace(".", "_")
