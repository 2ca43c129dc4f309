"""``hailong-fleet qr``: tickets that are rated later, by the QR on them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fleet_server import clock
from fleet_server.commands import actor, add_config, checked_day, today
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import Settings, load
from wire.files import write_atomic

if TYPE_CHECKING:
    from fleet_server.channels.ticket import Paper

_SUFFIXES = (".pdf", ".png")


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    qr = sub.add_parser("qr", help="tickets that are rated later, by the QR on them")
    actions = qr.add_subparsers(dest="action", required=True, metavar="ACTION")
    explained = "draw a ticket that the queue system told of, as it could be printed"
    ticket = actions.add_parser("ticket", help=explained, description=explained)
    ticket.add_argument("counter", metavar="COUNTER", help="code of the counter")
    ticket.add_argument("--number", metavar="A017", help="the ticket (default: the last one)")
    ticket.add_argument("--day", metavar="YYYY-MM-DD", help="its day (default: today)")
    ticket.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="where to draw it: .pdf or .png"
    )
    explained = "make a new secret; what was printed by the last one stays good until its end"
    renew = actions.add_parser("renew", help=explained, description=explained)
    for parser in (ticket, renew):
        add_config(parser)


def run(args: argparse.Namespace) -> int:
    """Draw a ticket, or renew the secret."""
    from fleet_server.store.database import close, open_database

    settings = load(args.config)
    open_database(settings.database.url)
    try:
        return _ticket(args, settings) if args.action == "ticket" else _renew(settings)
    finally:
        close()


def _ticket(args: argparse.Namespace, settings: Settings) -> int:
    from fleet_server.channels import ticket

    kind = args.to.suffix.lower()
    if kind not in _SUFFIXES:
        raise UsageError(f"--to {args.to}: give a file that ends with .pdf or .png")
    paper = _paper(args, settings)
    write_atomic(args.to, ticket.pdf(paper) if kind == ".pdf" else ticket.png(paper))
    print(paper.address)
    return 0


def _paper(args: argparse.Namespace, settings: Settings) -> "Paper":
    from fleet_server.channels.later import later_of
    from fleet_server.channels.ticket import Paper
    from fleet_server.store import later

    day = checked_day(args.day) if args.day else today(clock.now_ms(), settings)
    held = later.last(args.counter, args.number, day)
    if held is None:
        raise FleetError(
            f"{args.counter}: no such ticket on {day}; let the queue system tell of one first "
            "(POST /api/v1/counters/COUNTER/tickets)"
        )
    made = later_of(settings)
    address = made.address(held.visit, held.day)
    if address is None:
        raise FleetError(f"{settings.path}: [qr] days is 0, so no ticket is rated later")
    return Paper(
        held.unit_name,
        held.counter_name,
        held.number,
        _written(held.day),
        _written(today(made.ends_at(held.day) - 1, settings)),
        address,
    )


def _written(day: str) -> str:
    year, month, number = day.split("-")
    return f"{number}/{month}/{year}"


def _renew(settings: Settings) -> int:
    from fleet_server import secret_file
    from fleet_server.store import audit_log
    from fleet_server.store.database import writing
    from provisioning.pki.files import PRIVATE

    layout = settings.layout
    with writing():
        audit_log.note(actor(), "qr.renew", "qr", {}, at=clock.now_ms())
        write_atomic(layout.former_ticket_secret, layout.ticket_secret.read_bytes(), PRIVATE)
        secret_file.make(layout.ticket_secret)
    print(f"{layout.ticket_secret} is new; start hailong-fleet serve again, and keep a copy of it.")
    return 0
