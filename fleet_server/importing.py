"""Entry of ``hailong-fleet import``: exported files through the same acceptance as MQTT.

Each run goes to `fleet_server.mqtt.receiving.Receiver`, as if it had come on the terminal's topic:
judged by the same rules, stored in the same transactions. The receipts go into the ``downlink``
table, from which ingest publishes them. Ingest may run meanwhile: whoever moves a head second
judges again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog

from fleet_server import clock
from fleet_server.exported import Contents, ExportError, Run, check, runs
from fleet_server.mqtt.judging import Docket, Judgement
from fleet_server.mqtt.messages import BATCH_BYTES, Message, Publication
from fleet_server.mqtt.receiving import Receiver
from fleet_server.mqtt.signing import load_signer
from fleet_server.settings import Settings
from fleet_server.store import downlink
from fleet_server.store.database import close, open_database, writing
from fleet_server.store.keys import keyrings
from wire.topics import topic

log = structlog.get_logger("import")

Moved = Callable[[int], object]
"""Told how many bytes were read, for a bar."""


@dataclass
class ChainResult:
    """What became of the records of one chain.

    Attributes:
        counts: by verdict: ``taken``, ``known``, ``gap``, ``quarantined``, ``unvouched``; and
            ``disputed`` of those that were taken.
        reason: why the first of those that were not simply taken was not.
        head: the last position that the server held before; ``first``, that the file begins with.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reason: str | None = None
    head: int = 0
    first: int | None = None

    @property
    def whole(self) -> bool:
        """Whether the server now holds all of it."""
        return not any(self.counts[bad] for bad in ("gap", "quarantined", "unvouched", "disputed"))


Results = dict[tuple[str, str], ChainResult]


def import_files(settings: Settings, paths: Sequence[Path], moved: Moved) -> Results:
    """Check all files, then take what is in them; return what became of each chain.

    Raises:
        ExportError: one of them is not a whole export of this fleet; nothing was taken.
        SchemaError: there is no database, or its tables are out of date.
        KeyFileError: a key of the fleet can't be used.
    """
    open_database(settings.database.url)
    try:
        for path in paths:
            _of_this_fleet(path, check(path, moved))
        receiver = Receiver(load_signer(settings.layout), settings.fleet.zone, out_of_use=True)
        results: Results = {}
        for path in paths:
            _take(receiver, runs(path), partial(_note, results), moved)
            log.info("imported", file=path.name)
        return results
    finally:
        close()


def _of_this_fleet(path: Path, contents: Contents) -> None:
    rings = keyrings(list(contents.kids))
    for dev, kids in contents.kids.items():
        if dev not in rings:
            raise ExportError(f"{path}: terminal {dev} does not belong to this fleet")
        if not kids & set(rings[dev]):
            raise ExportError(
                f"{path}: no key in it is enrolled for terminal {dev}; is it another fleet's?"
            )


def _take(
    receiver: Receiver, found: Iterable[Run], judged: Callable[[Docket], None], moved: Moved
) -> None:
    batch: list[Run] = []
    for run in found:
        batch.append(run)
        if sum(len(each.payload) for each in batch) >= BATCH_BYTES:
            _take_batch(receiver, batch, judged, moved)
            batch = []
    if batch:
        _take_batch(receiver, batch, judged, moved)


def _take_batch(
    receiver: Receiver, batch: list[Run], judged: Callable[[Docket], None], moved: Moved
) -> None:
    messages = [Message(topic(run.dev, "records"), run.payload) for run in batch]
    answers = receiver.take(messages, clock.now_ms(), judged)
    with writing():
        for answer in answers:
            _deliver(answer)
    moved(sum(len(run.payload) + 1 for run in batch))


def _deliver(answer: Publication) -> None:
    if answer.retain:
        downlink.deliver(answer.topic, answer.payload.decode("ascii"))


def _note(results: Results, docket: Docket) -> None:
    for judgement in docket.judgements:
        _note_chain(results, judgement)
    for dev, sightings in docket.nameless.items():
        result = results.setdefault((dev, "?"), ChainResult())
        result.counts["unvouched"] += len(sightings)
        result.reason = result.reason or sightings[0].fault


def _note_chain(results: Results, judgement: Judgement) -> None:
    key = judgement.terminal, judgement.chain
    if key not in results:
        results[key] = ChainResult(head=judgement.judged.before.head_seq)
    result = results[key]
    result.counts += judgement.counts
    for decision in judgement.decisions:
        result.first = result.first or decision.sighting.seq
        result.counts["disputed"] += decision.disputed
        if result.reason is None:
            result.reason = decision.reason
