"""``hailong-provision server``: make a machine ready for the fleet's processes, and look at it."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning.commands import agreed, command
from provisioning.errors import ProvisioningError

if TYPE_CHECKING:
    from provisioning.server.install import Placement
    from provisioning.server.payload import Role

_INSTALL = """\
Puts units, users, directories and an example for nginx in place on Debian 12 or 13, as root, and
starts the units once there is a fleet. It shows what it would do and asks. A file that is there
and differs is kept beside the new one as NAME.~1~. Again does no harm: do it after each update.

  hailong-provision server install -- --host fleet.example.vn --listen 0.0.0.0

also makes the fleet, as the user hailong-fleet: what follows -- goes to hailong-fleet init (see its
--help; PostgreSQL by --database). With --ca FILE before the -- it gets the authorities that the
ceremony of provisioning/README.md made offline. A node of a broker's cluster, with the folder that
hailong-provision broker-config wrote for it:

  hailong-provision server install --role broker --node node-b

Programs are expected in /opt/hailong; provisioning/server/README.md says how they get there.
"""
_CHECK = """\
Looks at the machine and says of each point whether it is good and what to do: programs, users,
directories, units, clock, room, ports that others reach; then at the fleet, by hailong-fleet
doctor: secrets, certificates, broker, database, pages. Changes nothing. As root it sees all; as
somebody else it says what it could not see. Exit code 0: nothing is wrong. 1: something is.
"""


def add_parser(sub: Any) -> None:
    """Declare the command and its actions."""
    parser = sub.add_parser("server", help="make a server ready on Debian, and check it")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    install = command(actions, "install", "put units, users and directories in place", _INSTALL)
    check = command(actions, "check", "say what is good, what is not, and what to do", _CHECK)
    for one in (install, check):
        one.add_argument(
            "--role",
            action="append",
            choices=("server", "broker"),
            help="a fleet server (the default), or a node of a broker's cluster; may be both",
        )
    add = install.add_argument
    add("--root", type=Path, default=Path("/"), metavar="DIR", help="install into a directory")
    add("--node", type=Path, metavar="DIR", help="folder of the broker's node, to be carried in")
    add("--ca", type=Path, metavar="FILE",
        help="with words after --: the fleet's authorities, from hailong-provision ca export "
        "--server; its passphrase is asked for")  # fmt: skip
    add("--yes", action="store_true", help="don't ask")
    add("init", nargs="*", metavar="-- …", help="make the fleet too: words of hailong-fleet init")
    check.add_argument("--json", action="store_true", help="for programs: a list of findings")


def run(args: argparse.Namespace) -> int:
    """Install or check."""
    from provisioning.server.payload import ROLES

    if args.action == "install":
        return _install(args, [ROLES[name] for name in args.role or ["server"]])
    return _check(args)


def _check(args: argparse.Namespace) -> int:
    from provisioning import clock
    from provisioning.finding import report
    from provisioning.server.check import examine

    return report(examine(Path("/"), args.role, clock.now()), as_json=args.json)


def _install(args: argparse.Namespace, roles: "Sequence[Role]") -> int:
    from provisioning.pki import sets
    from provisioning.server import founding, install

    root = args.root.absolute()
    _refuse(args, root)
    authorities = sets.read(args.ca) if args.ca else None
    planned = install.plan(root, roles, args.node)
    _show(planned)
    if not args.yes and not agreed("Write these, and make the users and directories?"):
        print("Nothing was changed.")
        return 1
    for placement in planned:
        if kept := install.write(placement):
            print(f"kept     {kept}")
    for words in install.prepare(root, roles):
        _run(words)
    if args.init:
        print(f"run      {' '.join(founding.line(args.init))}", flush=True)
        founding.make(args.init, authorities)
    for role in roles:
        _start(root, role, changed=any(one.state == "changed" for one in planned))
    return 0


def _refuse(args: argparse.Namespace, root: Path) -> None:
    from provisioning.server import units

    if os.geteuid() != 0:
        raise ProvisioningError("this makes users and directories: run it as root, by sudo")
    if args.node and "broker" not in (args.role or ()):
        raise ProvisioningError("--node is a broker's: give --role broker too")
    if args.ca and not args.init:
        raise ProvisioningError("--ca is for making a fleet: add its words, as -- --host NAME")
    if any(word.partition("=")[0] == "--ca" for word in args.init):
        raise ProvisioningError("give --ca before the --: its file may be readable for root alone")
    if args.init and (root != Path("/") or units.settings_file(root).exists()):
        raise ProvisioningError(
            "words after -- make a fleet, on this machine and where there is none yet; "
            f"see {units.settings_file(root)}"
        )


def _run(words: Sequence[str]) -> None:
    from provisioning.server import install

    print(f"run      {' '.join(words)}", flush=True)
    install.run(words)


def _show(planned: "Sequence[Placement]") -> None:
    for one in planned:
        more = " (the present one is kept beside it)" if one.state == "changed" else ""
        print(f"{one.state:<8} {one.target}{more}")


def _start(root: Path, role: "Role", *, changed: bool) -> None:
    from provisioning.server import units

    if not units.is_configured(root, role):
        print(_NEXT[role.name], file=sys.stderr)
        return
    names = units.wanted(root, [role])
    if root != Path("/") or not (root / units.RUNNING).exists():
        print(f"systemd does not run here; there: systemctl enable {' '.join(names)}")
        return
    _run(["systemctl", "daemon-reload"])
    _run(["systemctl", "enable", "--now", *names])
    if others := units.unwanted(root, [role]):
        _run(["systemctl", "disable", "--now", *others])
    if changed:
        _run(["systemctl", "try-restart", *names])
    print("Look at it with: hailong-provision server check")


_NEXT = {
    "server": "There is no fleet yet. Make one: hailong-provision server install -- --host NAME …\n"
    "(see hailong-fleet init --help), or put the directory of one into /var/lib/hailong-fleet.",
    "broker": "There is no node yet. Carry its folder here, then: hailong-provision server install "
    "--role broker --node DIR",
}
