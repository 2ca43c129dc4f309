"""The audit of a chain: whether what is held is what terminals signed, whole and in order. Pure.

For each branch, from its first record to its last, in the order of the code:

1. The stored hash is that of the stored bytes.
2. Positions follow each other without a gap.
3. Each record names the hash of the one before: of the chain id for the first one, for a side
   branch that of a record held at its base.
4. What is not quarantined is rightly signed by a key that the registry holds for the terminal,
   and says that it is this terminal's record of this chain at this position, of this type.
5. The key changes only by a ``key`` record (main branch).
6. A rating in the figures says what its record says, and every rating record is in the figures or
   waits to be counted. What waits is held back under its own terminal and counter, is nowhere in
   the figures, and may not count by the registry, or is taken up by ingest within the hour.
7. The last record of the main branch is the chain's head; every side branch that was begun is
   held, and all of it is disputed.

Quarantined and disputed records are no fault: they are held, named in receipts and shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fleet_server.core.verdicts import MAIN
from fleet_server.core.verify import Keyring, Rejected, Sighting, sight, verify_record
from wire.codec import type_of
from wire.envelope import digest, root_hash
from wire.keys import kid_of, public_from_x
from wire.records import KeyChange, Rating, Record, Ticket


@dataclass(frozen=True, slots=True)
class HeldRating:
    """What the figures say about a rating: choice, code of the counter, what it counts as."""

    choice: str
    counter: str
    disputed: bool = False
    unbound: bool = False


@dataclass(frozen=True, slots=True)
class HeldBack:
    """That a record waits to be counted, as the row beside it says.

    Attributes:
        due: by the registry it may count; ``soon``, ingest takes it up before long.
    """

    terminal: str
    counter: str
    due: bool = False
    soon: bool = True


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One row of the store.

    Attributes:
        rating: what the figures hold of it, if anything; ``parked`` if it waits to be counted.
        event: the figures hold it as a ticket event.
    """

    seq: int
    hash: str
    jws: bytes
    type: str
    quarantined: str | None = None
    disputed: bool = False
    rating: HeldRating | None = None
    parked: HeldBack | None = None
    event: bool = False


@dataclass(frozen=True, slots=True)
class HeldChain:
    """One chain of the store."""

    terminal: str
    chain: str
    start_seq: int
    head_seq: int
    head_hash: str
    branches: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong, in words; ``seq`` is None where it concerns the whole branch."""

    branch: int
    seq: int | None
    what: str


@dataclass
class Summary:
    """How much was looked at; ``due`` of the ``waiting`` ones may count by the registry."""

    records: int = 0
    quarantined: int = 0
    disputed: int = 0
    waiting: int = 0
    due: int = 0


class Audit:
    """Audits one chain, branch by branch.

    Args:
        chain: the chain.
        keys: the registry's keys of its terminal, revoked ones too.
    """

    def __init__(self, chain: HeldChain, keys: Keyring) -> None:
        self._chain, self._keys = chain, keys
        self.summary = Summary()

    def main(self, records: Iterable[HeldRecord]) -> Iterator[Fault]:
        """Yield what is wrong with the main branch."""
        chain = self._chain
        # What an anchor's hash was is not held: the first record after it says so.
        root = {root_hash(chain.chain)} if chain.start_seq == 1 else None
        last = (chain.start_seq - 1, chain.head_hash if root else None)
        kid: str | None = None
        for seq, hashed, record_kid, fault in self._branch(MAIN, chain.start_seq, root, records):
            yield from fault
            # After a hole nobody knows which key the chain had come to.
            kid = kid if seq == last[0] + 1 else None
            if record_kid is not None and kid is not None and record_kid[0] != kid:
                yield Fault(MAIN, seq, "is signed by a key that the chain did not change to")
            kid = record_kid[1] if record_kid is not None else kid
            last = (seq, hashed)
        if last[0] != chain.head_seq or (chain.head_seq and last[1] not in (None, chain.head_hash)):
            yield Fault(MAIN, None, f"the head is position {chain.head_seq}, but {last[0]} is held")

    def side(
        self, branch: int, bases: Mapping[int, Collection[str]], records: Iterable[HeldRecord]
    ) -> Iterator[Fault]:
        """Yield what is wrong with a side branch.

        Args:
            branch: its number.
            bases: the hashes held, on any branch, at the position before its first one.
            records: its records.
        """
        if branch > self._chain.branches:
            yield Fault(branch, None, "the chain knows of no such branch")
        if not bases:
            yield Fault(branch, None, "nothing of this branch is held")
        for seq, known in bases.items():
            for *_, fault in self._branch(branch, seq + 1, known, records):
                yield from fault

    def _branch(
        self,
        branch: int,
        first: int,
        prevs: Collection[str] | None,
        records: Iterable[HeldRecord],
    ) -> Iterator[tuple[int, str, tuple[str, str] | None, list[Fault]]]:
        """Yield for each record its position, hash, keys (its own and the next's), and faults."""
        expected = first
        for record in records:
            wrong = self._position(record, expected)
            sighting = sight(record.jws, self._chain.terminal)
            if prevs is not None and sighting.prev is not None and sighting.prev not in prevs:
                wrong.append("does not name the hash of the record before")
            wrong += self._content(record)
            if branch != MAIN and not record.disputed:
                wrong.append("is on a side branch, but not disputed")
            self._count(record)
            found = digest(record.jws)
            yield (
                record.seq,
                found,
                _kids(record, sighting),
                [Fault(branch, record.seq, what) for what in wrong],
            )
            expected, prevs = record.seq + 1, {found}

    def _position(self, record: HeldRecord, expected: int) -> list[str]:
        wrong = []
        if digest(record.jws) != record.hash:
            wrong.append("the bytes are not those that were stored: their hash is another")
        if record.seq < expected:
            wrong.append(f"stands where position {expected} belongs")
        if record.seq > expected:
            missing = f"{expected} to {record.seq - 1}"
            wrong.append(f"positions {missing} before it are missing")
        return wrong

    def _content(self, held: HeldRecord) -> list[str]:
        if held.quarantined is not None:
            counts = held.rating is not None or held.parked is not None
            return ["is quarantined, but counts in the figures or waits to"] if counts else []
        try:
            record = verify_record(held.jws, self._chain.terminal, self._keys)
        except Rejected as error:
            return [str(error)]
        wrong = []
        stamp = record.stamp
        if (stamp.chain, stamp.seq) != (self._chain.chain, held.seq):
            wrong.append("says that it belongs to another chain or position")
        if type_of(record) != held.type:
            wrong.append(f"is listed as {held.type or 'nothing'}, but is a {type_of(record)}")
        return wrong + _figures(held, record) + _held_back(held, record)

    def _count(self, record: HeldRecord) -> None:
        self.summary.records += 1
        self.summary.quarantined += record.quarantined is not None
        self.summary.disputed += record.disputed
        self.summary.waiting += record.parked is not None
        self.summary.due += record.parked is not None and record.parked.due


def _kids(held: HeldRecord, sighting: Sighting) -> tuple[str, str] | None:
    if held.quarantined is not None or sighting.record is None or sighting.kid is None:
        return None
    body = sighting.record.body
    after = kid_of(public_from_x(body.x)) if isinstance(body, KeyChange) else sighting.kid
    return sighting.kid, after


def _figures(held: HeldRecord, record: Record) -> list[str]:
    body = record.body
    if not isinstance(body, Rating):
        return [] if held.rating is None else ["is no rating, but counts as one in the figures"]
    if held.rating is None:
        return [] if held.parked is not None else ["is a rating, but is not in the figures"]
    if (held.rating.choice, held.rating.counter) != (body.choice, body.counter):
        return [
            f"says {body.choice} at {body.counter}, "
            f"but the figures say {held.rating.choice} at {held.rating.counter}"
        ]
    unbound = body.visit is None and not held.disputed
    if (held.rating.disputed, held.rating.unbound) != (held.disputed, unbound):
        return ["counts in the figures as what it is not: disputed, unbound or bound to a visit"]
    return []


def _held_back(held: HeldRecord, record: Record) -> list[str]:
    parked, body = held.parked, record.body
    if parked is None:
        return []
    if held.rating is not None or held.event:
        return ["is held back, though it is in the figures"]
    own = isinstance(body, Rating | Ticket) and (
        (parked.terminal, parked.counter) == (record.stamp.dev, body.counter)
    )
    if own and (parked.soon or not parked.due):
        return []
    return ["is held back, though it should be in the figures"]
