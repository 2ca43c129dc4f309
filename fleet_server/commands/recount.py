"""``hailong-fleet recount``: work out every figure from its rows, and compare with what is held."""

import argparse

from fleet_server.commands import actor, add_config
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    parser = sub.add_parser(
        "recount",
        help="compare the figures of the pages, and cases, with the rows they come from",
        description="Works out every counter's days anew from ratings and ticket events, and says "
        "where the figures that pages show differ. Exit code 1 if any did. Safe at any time.",
    )
    parser.add_argument("--fix", action="store_true", help="also put the figures right")
    add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Compare, and put right if asked to."""
    from fleet_server.clock import now_ms
    from fleet_server.store import audit_log, case_audit
    from fleet_server.store.database import close, open_database, writing
    from fleet_server.store.rollups import recount

    settings = load(args.config)
    open_database(settings.database.url)
    try:
        found, cases = recount(settings.fleet.zone, fix=args.fix), case_audit.odd()
        if args.fix and (found.differences or cases):
            with writing():
                case_audit.mend(cases)
                details = {"count": len(found.differences), "cases": cases}
                audit_log.note(actor(), "figures.recount", "figures", details, at=now_ms())
    finally:
        close()
    for difference in found.differences:
        print(f"{difference.counter} {difference.day}: {difference.what}")
    for case in cases:
        print(f"case {case}: its row is not what its steps make of it")
    print(f"{found.days} counter-days, {len(found.differences)} differ")
    return 1 if (found.differences or cases) and not args.fix else 0
