"""``hailong-fleet update``: bundles that terminals can be updated with."""

import argparse
from pathlib import Path

from fleet_server.commands import actor, add_config
from fleet_server.errors import FleetError
from fleet_server.settings import Settings, load

_ADD = """\
FILE is a RAUC bundle, made by hailong-provision image bundle and signed with pki/update.key. RAUC
checks its signature here as each terminal will (apt-get install rauc). Afterwards it can be rolled
out on the page Updates, ring after ring.
"""


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    update = sub.add_parser("update", help="images that terminals can be updated to")
    actions = update.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser(
        "add",
        help="check a signed bundle and take it in",
        description=_ADD,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add.add_argument("file", type=Path, metavar="FILE", help="the bundle")
    remove = actions.add_parser(
        "remove",
        help="delete a bundle that is not being rolled out",
        description="Deletes the file; what became of its rollouts stays to be read.",
    )
    remove.add_argument("bundle", metavar="VERSION", help="its version, or its SHA-256")
    listing = "show the bundles: version, bytes, SHA-256"
    for parser in (add, remove, actions.add_parser("list", help=listing, description=listing)):
        add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Add, remove or list."""
    from fleet_server.store.bundles import BundleError
    from fleet_server.store.database import close, open_database

    settings = load(args.config)
    open_database(settings.database.url)
    try:
        return _ACTIONS[args.action](args, settings)
    except BundleError as error:
        raise FleetError(str(error)) from None
    finally:
        close()


def _add(args: argparse.Namespace, settings: Settings) -> int:
    from fleet_server.clock import now_ms
    from fleet_server.store import bundles
    from fleet_server.updates.bundle import take
    from provisioning.progress import Bar

    bar = Bar(args.file.stat().st_size if args.file.exists() else 0)
    try:
        taken = take(settings.layout, args.file, bar.move)
    finally:
        bar.end()
    try:
        bundles.add(taken.sha256, taken.version, taken.size, actor(), now_ms())
    except bundles.BundleError:
        (settings.layout.updates / taken.sha256).unlink()
        raise
    print(f"{taken.version}\t{taken.size}\t{taken.sha256}")
    return 0


def _remove(args: argparse.Namespace, settings: Settings) -> int:
    from fleet_server.clock import now_ms
    from fleet_server.store import bundles

    held = bundles.find(args.bundle)
    if held is None:
        raise FleetError(f"there is no bundle {args.bundle}; see: hailong-fleet update list")
    bundles.remove(held.sha256, actor(), now_ms())
    (settings.layout.updates / held.sha256).unlink(missing_ok=True)
    return 0


def _list(_args: argparse.Namespace, _settings: Settings) -> int:
    from fleet_server.store import bundles

    for one in bundles.listed():
        print(f"{one.version}\t{one.size}\t{one.sha256}")
    return 0


_ACTIONS = {"add": _add, "remove": _remove, "list": _list}
