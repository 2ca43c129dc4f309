"""What terminals say beside their records: nothing here counts as a rating."""

import structlog

from fleet_server.core.anchors import goes_on_after
from fleet_server.mqtt.signing import Signer
from fleet_server.store import (
    chains,
    changes,
    commands,
    downlink,
    enrolment,
    status,
    tallies,
    visits,
)
from fleet_server.store.keys import keyrings
from fleet_server.store.matters import Found, open_matter
from fleet_server.store.models import Terminal
from fleet_server.store.status import Contact
from wire import up
from wire.begins import check_begins
from wire.envelope import kid_of_token
from wire.errors import WireError
from wire.keys import public_from_x

log = structlog.get_logger("ingest")


def hear(contact: Contact, said: up.Up, signer: Signer, day: str, now: int) -> list[str]:
    """Take what a terminal said, in a write transaction; return the chains to be answered.

    Args:
        contact: the terminal.
        said: what it said.
        signer: the fleet's online keys.
        day: the service day.
        now: Unix milliseconds.
    """
    dev = contact.terminal
    if isinstance(said, up.Hello):
        return _hello(contact, said, signer, now)
    if isinstance(said, up.State):
        if status.presence(dev, said, now) and said.state in ("init", "ready"):
            enrolment.close_token(dev, now)
    elif isinstance(said, up.Health):
        status.health(dev, said, day, now)
        return _believed(dev, said)
    elif isinstance(said, up.Visit):
        _detail(dev, said)
    else:
        _result(dev, said, now)
    return []


def _hello(contact: Contact, said: up.Hello, signer: Signer, now: int) -> list[str]:
    if contact.hello(said):
        log.warning("a terminal obeyed what we don't know of", terminal=contact.terminal)
        downlink.sign_again(contact.terminal)
    for chain in said.chains:
        if chain.anchor is not None:
            _anchor(contact.terminal, chain, chain.anchor, signer, now)
    return [chain.chain for chain in said.chains]


def _believed(dev: str, said: up.Health) -> list[str]:
    """Return the chain of which a terminal believes more to be receipted than is held.

    That is so after a backup was put back. Any receipt for it makes the terminal ask.
    """
    row = chains.load([dev], [said.chain]).get((dev, said.chain))
    behind = said.head_seq > (row.head_seq if row else 0)
    return [said.chain] if said.waiting == 0 and behind else []


def _anchor(dev: str, said: up.HelloChain, anchor: str, signer: Signer, now: int) -> None:
    try:
        receipt = signer.old_receipt(anchor, dev)
        _check_begins(dev, said, now)
    except WireError as error:
        log.warning("anchor refused", terminal=dev, reason=str(error))
        tallies.add({"anchors_refused": 1})
        return
    row = chains.load([dev], [said.chain]).get((dev, said.chain))
    head = row.head_seq if row else 0
    if not goes_on_after(head, said, receipt):
        return
    chains.take_up(dev, said.chain, receipt.seq, receipt.hash, now)
    details = {
        "reason": "its start was pruned; taken up from an old receipt",
        "missing_from": head + 1,
        "missing_to": receipt.seq,
    }
    subject = f"{dev}:{said.chain}:{receipt.seq}"
    open_matter(Found("new_chain", subject, dev, said.chain, receipt.seq, details=details), now)


def _check_begins(dev: str, said: up.HelloChain, now: int) -> None:
    """Check that the terminal itself signed that what is before the anchor is gone there.

    Raises:
        WireError: no key that is enrolled for it and neither revoked nor replaced has.
    """
    token = said.begins or ""
    key = keyrings([dev]).get(dev, {}).get(kid_of_token(token.encode("utf-8")))
    if key is None or key.revoked(now):
        raise WireError("begins: signed by a key that is not enrolled for this terminal")
    check_begins(token, dev, said, public_from_x(key.x))


def _result(dev: str, said: up.ConfigResult | up.CommandResult | up.Up, now: int) -> None:
    if isinstance(said, up.ConfigResult):
        answer = {"version": said.version, "applied": said.applied, "reason": said.reason}
        if downlink.answered(dev, "config", said.n, answer):
            changes.note(f"terminal:{dev}")
    if isinstance(said, up.CommandResult):
        commands.answered(dev, said.n, said.outcome, said.details, now)


def _detail(dev: str, said: up.Visit) -> None:
    counter = Terminal.get_by_id(dev).counter_id
    visit = visits.find(counter, said.visit) if counter is not None else None
    if visit is None:
        tallies.add({"dossiers_unmatched": 1})
    else:
        visits.note_dossier(visit, said.dossier)
