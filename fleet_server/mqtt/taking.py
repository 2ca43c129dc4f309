"""What happens to one batch between BEGIN and COMMIT."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import structlog

from fleet_server.core.days import day_of
from fleet_server.core.verdicts import Decision
from fleet_server.mqtt import judging, meaning
from fleet_server.mqtt.hearing import hear
from fleet_server.mqtt.judging import Docket, Judgement
from fleet_server.mqtt.signing import Signer
from fleet_server.mqtt.sorting import Sorted
from fleet_server.store import chains, changes, quarantine, records, status
from fleet_server.store.matters import open_matter
from fleet_server.store.models import Chain
from wire.down import Receipt
from wire.envelope import root_hash

log = structlog.get_logger("ingest")
SAMPLES = 20
"""How many raw inputs of a terminal a batch samples; all are counted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt to be signed once the transaction is committed; ``known`` ones are retained."""

    receipt: Receipt
    known: bool


class Taking:
    """Takes one sorted and judged batch.

    Args:
        signer: the fleet's online keys.
        zone: the fleet's time zone.
        terminals: the senders that belong to the fleet.
        now: Unix milliseconds.
    """

    def __init__(self, signer: Signer, zone: tzinfo, terminals: Sequence[str], now: int) -> None:
        self._signer, self._zone, self._now = signer, zone, now
        self._contacts = status.contacts(terminals)
        # Chains to be answered, and whether the terminal is asked to send again.
        self._asked: dict[tuple[str, str], bool] = {}
        self._refused: dict[str, list[Decision]] = {}
        # Chains as they stand now; an anchor may have moved one that was judged before it.
        self._rows: dict[tuple[str, str], Chain] = {}

    def run(self, batch: Sorted, docket: Docket) -> list[Answer]:
        """Take everything, and return the answers.

        Raises:
            HeadMoved: another process was faster; the transaction is to be undone.
        """
        self._store([j for j in docket.judgements if j.judged.outcome.changes])
        day = day_of(self._now, self._zone).name
        for dev, said in batch.said:
            if dev in self._contacts:
                asked = hear(self._contacts[dev], said, self._signer, day, self._now)
                self._asked |= {(dev, chain): False for chain in asked}
        for judgement in docket.judgements:
            self._report(judgement)
            if judgement.row is not None and not batch.said:
                self._rows[judgement.terminal, judgement.chain] = judgement.row
        for dev, sightings in docket.nameless.items():
            self._refused.setdefault(dev, []).extend(
                Decision(s, "unvouched", reason=s.fault) for s in sightings
            )
        for dev, refused in self._refused.items():
            self._refuse(dev, refused)
        answers = self._answers()
        status.keep(self._contacts.values(), self._now)
        changes.note(*sorted({f"terminal:{j.terminal}" for j in docket.judgements}))
        return answers

    def greet(self, known: Iterable[Chain]) -> list[Answer]:
        """Return receipts for chains that nobody asked about."""
        self._rows = {(row.terminal_id, row.chain_id): row for row in known}
        self._asked = dict.fromkeys(self._rows, False)
        answers = self._answers()
        status.number(self._contacts.values())
        return answers

    def _store(self, changing: Sequence[Judgement]) -> None:
        for judgement in changing:
            if judgement.row is None:
                self._open(judgement)
        items = [judgement.judged for judgement in changing]
        chains.move_heads(items)
        taken = records.store(items, self._now)
        found = [(item.row, taken[item.row.id]) for item in items]
        meaning.take_up(self._now, self._zone)
        meaning.interpret([part for part in found if part[1]], self._now, self._zone)

    def _open(self, judgement: Judgement) -> None:
        start = judging.start_of(judgement)
        outcome = judgement.judged.outcome
        row = chains.open_chain(judgement.terminal, outcome.view, start, self._now)
        judgement.row = row
        judgement.judged = chains.Judged(row, judgement.judged.before, outcome)
        if start is None or start.reason != "first" or chains.has_others(row):
            open_matter(judging.new_chain(judgement, start), self._now)

    def _report(self, judgement: Judgement) -> None:
        contact = self._contacts[judgement.terminal]
        contact.repeated += judgement.counts["known"]
        contact.gaps += judgement.counts["gap"]
        for found in judging.findings(judgement):
            open_matter(found, self._now)
        if judgement.answered:
            self._asked[judgement.terminal, judgement.chain] = judgement.judged.outcome.resend
        refused = [d for d in judgement.decisions if d.verdict == "unvouched"]
        if refused:
            self._refused.setdefault(judgement.terminal, []).extend(refused)

    def _refuse(self, dev: str, refused: Sequence[Decision]) -> None:
        self._contacts[dev].refused += len(refused)
        for decision in refused[:SAMPLES]:
            reason = decision.reason or "nobody vouches for it"
            quarantine.sample(dev, decision.sighting, reason, self._now)
        log.warning("nobody vouches", terminal=dev, records=len(refused), reason=refused[0].reason)
        open_matter(judging.unvouched(dev, refused), self._now)

    def _answers(self) -> list[Answer]:
        unseen = [key for key in self._asked if key not in self._rows]
        if unseen:
            self._rows |= chains.load({dev for dev, _ in unseen}, {chain for _, chain in unseen})
        found = [self._rows.get(key) for key in self._asked]
        chains.receipted([row.id for row in found if row is not None], self._now)
        return [
            self._answer(dev, chain, row, resend)
            for ((dev, chain), resend), row in zip(self._asked.items(), found, strict=True)
        ]

    def _answer(self, dev: str, chain: str, row: Chain | None, resend: bool) -> Answer:
        contact = self._contacts[dev]
        receipt = Receipt(
            dev=dev,
            n=contact.next_n(self._now),
            iat=self._now,
            chain=chain,
            seq=row.head_seq if row else 0,
            hash=row.head_hash if row else root_hash(chain),
            status="resend" if resend else "ok",
            quarantined=chains.quarantined(row) if row else (),
            disputed=chains.side_heads(row) if row else (),
            nonce=contact.nonce,
        )
        return Answer(receipt, row is not None)
