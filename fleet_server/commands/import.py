"""``hailong-fleet import``: take what terminals exported onto a stick, or a card still holds."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_server.commands import actor, add_config
from fleet_server.settings import load

if TYPE_CHECKING:
    from fleet_server.importing import ChainResult
    from fleet_server.settings import Settings


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "import",
        help="take records from a stick, or from a broken terminal's card",
        description="Takes records by the same rules as those that come over the network. All "
        "files are checked first; if one is not whole, nothing is taken. What is held already "
        "is not counted again. Safe while the server runs. A card is only read.",
        epilog="Exit code 0: all of it is held now. 1: something is not; a line says what and why.",
    )
    parser.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="hailong-*.records from a stick, a card's journal.db, or the folder where the card's "
        "data partition is mounted: every journal in it",
    )
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Import the files, and say of each chain what became of it."""
    from fleet_server import cards, logs
    from fleet_server.importing import import_files
    from provisioning.progress import Bar

    settings = load(args.config)
    logs.configure()
    to_read = cards.size(args.files)
    bar = Bar(to_read)
    try:
        with cards.exports(args.files, bar.move) as files:
            exported = sum(path.stat().st_size for path in files if path.is_file())
            bar.expect(to_read + 2 * exported)
            results = import_files(settings, files, bar.move)
    finally:
        bar.end()
    _note(settings, args.files, results)
    for (dev, chain), result in results.items():
        print(_line(dev, chain, result))
    whole = all(result.whole for result in results.values())
    print("All of it is held now." if whole else "Not all of it is held; see above.")
    return 0 if whole else 1


def _note(
    settings: "Settings", files: list[Path], results: "dict[tuple[str, str], ChainResult]"
) -> None:
    """Say in the audit log who brought which files; the records themselves are their own proof."""
    from fleet_server.clock import now_ms
    from fleet_server.store import audit_log
    from fleet_server.store.database import close, open_database, writing

    counts = {"taken": sum(one.counts["taken"] for one in results.values())}
    details = {"files": [path.name for path in files], **counts}
    open_database(settings.database.url)
    try:
        with writing():
            audit_log.note(actor(), "records.import", "records", details, at=now_ms())
    finally:
        close()


def _line(dev: str, chain: str, result: "ChainResult") -> str:
    counts = result.counts
    said = [f"{counts['taken']} taken", f"{counts['known']} known"]
    said += [f"{counts[word]} {word}" for word in ("disputed", "quarantined") if counts[word]]
    if counts["unvouched"]:
        said.append(f"{counts['unvouched']} refused")
    if counts["gap"]:
        said.append(
            f"{counts['gap']} left: the file goes on at {result.first} but the server holds up to "
            f"{result.head}; import what was exported before"
        )
    elif result.reason and not result.whole:
        said.append(f"first reason: {result.reason}")
    return f"{dev} chain {chain}: {', '.join(said)}"
