"""``hailong-provision``: the certificates and files of a fleet, one step at a time.

``hailong-fleet init`` does all of it at once. This tool is for a CA on a machine of its own, for
renewals, and for changes. It finds the command's module, runs it, and turns errors into one
sentence.
"""

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from provisioning import commands
from provisioning.errors import ProvisioningError
from wire.errors import WireError

_ABOUT = """\
A fleet directory holds pki/ (who is who), keys/ (what the server signs with), broker/ (the
broker's configuration) and enrolment/ (files for terminals).

  fleet root     pki/root.key      signs the issuing CA; keep it offline
  issuing CA     pki/issuing.key   signs server and terminals; only the EST process reads it
  fleet key      pki/fleet.key     signs the key list; keep it offline
  receipt key    keys/receipt.key  signs receipts             } both named in
  control key    keys/control.key  signs tickets and commands } keys/keylist.jws
"""


def command_names() -> list[str]:
    """Return the names of all commands, without importing them."""
    names = (module.name for module in pkgutil.iter_modules(commands.__path__))
    return sorted(name.replace("_", "-") for name in names)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 failed, 2 asked wrongly."""
    words = list(sys.argv[1:] if argv is None else argv)
    names = command_names()
    wanted = words[:1] if words[:1] and words[0] in names else names
    modules = {name: _module(name) for name in wanted}
    args = _parser(modules).parse_args(words)
    try:
        return int(modules[args.command].run(args))
    except ProvisioningError as error:
        return _complain(str(error), 1)
    except WireError as error:
        return _complain(str(error), 2)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _complain(f"{where}{error.strerror or error}", 1)
    except KeyboardInterrupt:
        return 130


def _parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hailong-provision",
        description="Certificates, broker configuration and enrolment files of a fleet.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sub = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules.values():
        module.add_parser(sub)
    return parser


def _module(name: str) -> ModuleType:
    return import_module(f"provisioning.commands.{name.replace('-', '_')}")


def _complain(message: str, code: int) -> int:
    print(f"hailong-provision: {message}", file=sys.stderr)
    return code
