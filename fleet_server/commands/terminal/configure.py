"""``hailong-fleet terminal configure``: what a terminal asks, shows and says, set from afar."""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fleet_server.commands import add_config
from fleet_server.errors import UsageError
from fleet_server.settings import Settings

_MAX_BYTES = 32 * 1024
"""Of the settings as JSON: signed and in base64 they still fit into one message."""


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = actions.add_parser(
        "configure",
        help="set a terminal's policy: questions, items, texts, hours",
        description="The file has the tables tickets, asking, look, texts and hours of "
        "terminal.toml (device/README.md). A whole key replaces the terminal's own. The terminal "
        "checks it, and answers whether it applied it or why not: see terminal show.",
    )
    parser.add_argument("id", metavar="ID", help="name of the terminal")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--file", type=Path, metavar="TOML", help="the tables to set")
    what.add_argument("--clear", action="store_true", help="back to the terminal's own tables")
    what.add_argument("--show", action="store_true", help="print what is set, as such a file")
    add_config(parser)


def run(args: argparse.Namespace, _settings: Settings, terminal: str) -> int:
    """Set, clear or show a terminal's configuration."""
    from fleet_server.store import downlink, enrolment
    from fleet_server.store.database import writing
    from fleet_server.store.pages import terminals

    enrolment.check_in_use(terminal)
    if args.show:
        held = downlink.configuration(terminal)
        print(dump(held.settings if held else {}), end="")
        return 0
    settings = {} if args.clear else load_tables(args.file)
    with writing():
        version = downlink.configure(terminal, settings, terminals.applied_version(terminal))
    print(
        f"{terminal}: version {version} is sent as soon as ingest and the terminal are connected;"
        f" its answer: hailong-fleet terminal show {terminal}",
        file=sys.stderr,
    )
    return 0


def load_tables(path: Path) -> dict[str, Any]:
    """Return the tables of a file, as far as the server can judge them: TOML, of bounded size.

    Raises:
        UsageError: it is no TOML, too large, or holds values that JSON does not know.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    too_large = UsageError(f"{path}: is larger than {_MAX_BYTES} bytes")
    if len(data) > _MAX_BYTES:
        raise too_large
    try:
        tables = tomllib.loads(data.decode("utf-8"))
        size = len(json.dumps(tables, ensure_ascii=False, allow_nan=False).encode("utf-8"))
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8 text") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is not valid TOML: {error}") from None
    except (TypeError, ValueError):
        raise UsageError(f'{path}: times are texts there, as day_ends = "04:00"') from None
    if size > _MAX_BYTES:
        raise too_large
    return tables


def dump(tables: Mapping[str, Any]) -> str:
    """Return tables as the text of a TOML file."""
    lines: list[str] = []
    for name, table in tables.items():
        if isinstance(table, Mapping):
            lines.append(f"[{_toml(name)}]")
            lines += [f"{_toml(key)} = {_toml(value)}" for key, value in table.items()]
    return "".join(f"{line}\n" for line in lines)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_toml(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    # Texts, numbers, true and false are written in TOML as they are in JSON; DEL must be escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
