"""``hailong-terminal``: finds the command's module, runs it, turns errors into one sentence.

Only the module of the command that is asked for is imported: neither process carries the
libraries of the other.
"""

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from device import commands
from device.errors import DeviceError, sentence
from device.ports import JournalError
from device.settings.tables import SettingsError
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
        prog="hailong-terminal",
        description="The rating terminal of Hailong. Begin with: hailong-terminal enrol --help",
    )
    sub = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules.values():
        module.add_parser(sub)
    args = parser.parse_args(words)
    try:
        return _run(modules[args.command], args)
    except SettingsError as error:
        return _complain(str(error), 2)
    except DeviceError as error:
        return _complain(str(error), error.exit_code)
    except (JournalError, WireError) as error:
        return _complain(str(error), 1)
    except OSError as error:
        return _complain(sentence(error), 1)
    except KeyboardInterrupt:
        return 130


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    try:
        return int(module.run(args))
    except ModuleNotFoundError as error:
        # The command is also there where only the server's packages are.
        if (error.name or "").partition(".")[0] in ("device", "wire"):
            raise
        raise DeviceError(f"{error.name} is not installed; see requirements/terminal.txt") from None


def _module(name: str) -> ModuleType:
    return import_module(f"device.commands.{name.replace('-', '_')}")


def _complain(message: str, code: int) -> int:
    print(f"hailong-terminal: {message}", file=sys.stderr)
    return code
