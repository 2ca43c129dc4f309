"""One batch: judge, store in one transaction, and only then answer.

1. The batch is sorted by sender and chain (`sorting`), and judged (`judging`) outside of any
   transaction: signatures cost time, and nobody should wait for a lock meanwhile.
2. One write transaction takes all of it. A chain's head moves only if it is still where it was
   when the run was judged; else the transaction is undone and the batch judged again, so that two
   ingest processes can't harm each other.
3. After the commit the receipts are signed and returned. What was not committed is never
   receipted; what is receipted survives a power cut.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo

import structlog
from peewee import OperationalError

from fleet_server.mqtt import judging, meaning, sorting
from fleet_server.mqtt.judging import Docket
from fleet_server.mqtt.messages import Message, Publication
from fleet_server.mqtt.signing import Signer
from fleet_server.mqtt.taking import Answer, Taking
from fleet_server.store import chains, parked, tallies
from fleet_server.store.chains import HeadMoved
from fleet_server.store.database import writing
from fleet_server.store.keys import keyrings
from wire.topics import receipt_topic

log = structlog.get_logger("ingest")
ATTEMPTS = 10
GREETED = 500
"""Chains in one transaction."""
LOGGED = 5
"""Refusals of one batch that get a line each; all are counted."""


class Receiver:
    """Takes batches. One object for each process; it keeps no state of its own.

    Args:
        signer: the fleet's online keys.
        zone: the fleet's time zone.
        out_of_use: take also what terminals that are out of use signed, as an import does, which
            reads it from their cards. From the broker nobody takes it: Mosquitto does not hear at
            once who is out of use, and a card that was put aside could go on rating.
    """

    def __init__(self, signer: Signer, zone: tzinfo, *, out_of_use: bool = False) -> None:
        self._signer, self._zone, self._out_of_use = signer, zone, out_of_use

    def use(self, signer: Signer) -> None:
        """Go on with other keys."""
        self._signer = signer

    def take(
        self,
        messages: Sequence[Message],
        now: int,
        judged: Callable[[Docket], object] = bool,
    ) -> list[Publication]:
        """Take a batch at ``now`` (Unix ms), and return what to publish.

        When it returns, everything is committed and the messages may be acknowledged.

        Args:
            messages: what came.
            now: Unix milliseconds.
            judged: called after the commit with what the records came to.

        Raises:
            peewee.OperationalError: the database can't be written; nothing was taken.
        """
        batch = sorting.sort((message.topic, message.payload) for message in messages)
        for topic, reason in batch.refused[:LOGGED]:
            log.warning("message refused", topic=topic[:120], reason=reason)
        for _ in range(ATTEMPTS):
            try:
                docket, answers = self._attempt(batch, now)
            except HeadMoved:
                log.info("another process moved a head; judging again")
                continue
            judged(docket)
            return [self._publication(answer) for answer in answers]
        raise OperationalError("heads keep moving; is another ingest running?")

    def greet(self, now: int) -> Iterator[list[Publication]]:
        """Yield receipts for all chains of the fleet, for when ingest has started.

        A terminal that believes more to be receipted then asks, and sends it again: the database
        may be a backup that was put back while nobody was looking.
        """
        known = chains.in_use()
        for start in range(0, len(known), GREETED):
            part = known[start : start + GREETED]
            with writing():
                terminals = sorted({row.terminal_id for row in part})
                answers = Taking(self._signer, self._zone, terminals, now).greet(part)
            yield [self._publication(answer) for answer in answers]

    def take_up(self, now: int) -> None:
        """Count a part of what was parked and may count by now; without any, nothing is locked."""
        if parked.ready(now):
            with writing():
                meaning.take_up(now, self._zone)

    def _attempt(self, batch: sorting.Sorted, now: int) -> tuple[Docket, list[Answer]]:
        rings = keyrings(batch.senders, None if self._out_of_use else now)
        strangers = batch.senders - set(rings)
        if strangers:
            log.warning("not terminals in use", terminals=sorted(strangers)[:10])
        docket = judging.judge({d: run for d, run in batch.runs.items() if d in rings}, rings, now)
        with writing():
            answers = Taking(self._signer, self._zone, sorted(rings), now).run(batch, docket)
            counts = batch.counts + judging.counts(docket)
            tallies.add({**counts, "strangers": len(strangers), "receipts": len(answers)})
        return docket, answers

    def _publication(self, answer: Answer) -> Publication:
        receipt = answer.receipt
        topic = receipt_topic(receipt.dev, receipt.chain)
        return Publication(topic, self._signer.receipt(receipt), retain=answer.known)
