"""``hailong-fleet``: finds the command's module, runs it, turns errors into one sentence.

Only the module of the command that is asked for is imported, so that no process carries the
libraries of another.
"""

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

try:
    from peewee import PeeweeException
except ModuleNotFoundError as missing:
    # The command is also there where only the terminal's packages are.
    raise SystemExit(
        f"hailong-fleet: {missing.name} is not installed; see requirements/server.txt"
    ) from None

from fleet_server import commands
from fleet_server.errors import FleetError
from provisioning.errors import ProvisioningError
from wire.errors import WireError


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
    parser = argparse.ArgumentParser(
        prog="hailong-fleet",
        description="The fleet server of Hailong. Begin with: hailong-fleet init --dir DIR",
    )
    sub = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules.values():
        module.add_parser(sub)
    args = parser.parse_args(words)
    try:
        return int(modules[args.command].run(args))
    except FleetError as error:
        return _complain(str(error), error.exit_code)
    except ProvisioningError as error:
        return _complain(str(error), 1)
    except WireError as error:
        return _complain(str(error), 2)
    except PeeweeException as error:
        return _complain(f"the database refused: {error}", 1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _complain(f"{where}{error.strerror or error}", 1)
    except KeyboardInterrupt:
        return 130


def _module(name: str) -> ModuleType:
    return import_module(f"fleet_server.commands.{name.replace('-', '_')}")


def _complain(message: str, code: int) -> int:
    print(f"hailong-fleet: {message}", file=sys.stderr)
    return code
