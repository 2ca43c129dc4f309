"""The look at the journal when the terminal starts: is the file whole, does its end prove itself?

1. SQLite's own ``integrity_check``: pages, trees, indexes, constraints.
2. For each chain, what the server does not hold yet, but no more than the newest 2,000, and the
   last records in any case: each links to the one before, is readable, stands where it says, and
   is signed by this terminal.
3. What the write-ahead log holds beyond that (``rescued``): a log whose beginning was overwritten
   is silently ignored by SQLite, with all commits in it. Records there that continue a chain are
   taken up again; they are signed, and were pressed.

The daily check and `journal verify` do step 2 for every record, and the uplink for each before it
sends it; at the start that would take too long on a Pi after a month without network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from device.journal import anchors, rows
from device.journal.database import DamagedError, translated
from wire import codec
from wire.envelope import kid_of_token, payload_of, root_hash, verify
from wire.errors import WireError
from wire.keys import kid_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from joserfc.jwk import OKPKey

    from device.journal.carve import Carved
    from wire.records import Record

TAIL = 64
MOST = 2_000
Before: TypeAlias = "rows.Entry | anchors.Anchor"
"""What a record can link to: another one, or the receipt for one that was pruned."""


def check_file(db: sqlite3.Connection) -> None:
    """Run SQLite's own check.

    Raises:
        DamagedError: It found something.
    """
    with translated(opening=True):
        answers = [str(row[0]) for row in db.execute("PRAGMA integrity_check(1)")]
    if answers != ["ok"]:
        raise DamagedError(f"SQLite says: {answers[0] if answers else 'nothing'}")


def check_ends(
    db: sqlite3.Connection, dev: str, key: OKPKey, receipted: Mapping[str, int], tail: int = TAIL
) -> None:
    """Check every chain from what the server holds of it on, and at least the last ``tail``.

    Links are checked of all these records, signatures of the last ``tail``, which vouch for the
    rest through the links.

    Raises:
        DamagedError: One does not prove itself; the text says which and why.
    """
    with translated(opening=True):
        if not rows.chains(db):
            raise DamagedError("it holds no chain")
        for chain in rows.chains(db):
            newest = rows.head(db, chain).seq
            if newest == 0:
                raise DamagedError("it holds an empty chain")
            gone = anchors.anchor(db, chain)
            first = gone.seq + 1 if gone else 1
            signed = max(first, newest - tail + 1)
            unsent = max(receipted.get(chain, 0) + 1, newest - MOST + 1)
            start = max(first, min(signed, unsent))
            entries = rows.entries(db, chain, start)
            before = gone if start == first else None
            gaps = chain != rows.chains(db)[-1]
            check_entries(entries, dev, key, signed, before, gaps=gaps)


def check_entries(
    entries: Iterable[rows.Entry],
    dev: str,
    key: OKPKey,
    signed: int = 1,
    before: Before | None = None,
    *,
    gaps: bool = False,
) -> int:
    """Check records of one chain, signatures from ``signed`` on; return how many.

    Args:
        entries: The records in order.
        dev: Terminal id.
        key: The device key.
        signed: The first position whose signature is checked.
        before: What the first of them links to, where that is known.
        gaps: Records may be missing: a former chain that was saved from a damaged file.

    Raises:
        DamagedError: One does not prove itself.
    """
    count = 0
    for entry in entries:
        if gaps and before is not None and entry.seq != before.seq + 1:
            before = None
        check_entry(entry, before, dev, key if entry.seq >= signed else None)
        before = entry
        count += 1
    return count


def check_entry(entry: rows.Entry, before: Before | None, dev: str, key: OKPKey | None) -> Record:
    """Return the record of ``entry`` if it proves itself and links to ``before``.

    Raises:
        DamagedError: It doesn't.
    """
    where = f"record {entry.seq} of chain {entry.chain[:8]}"
    try:
        record = open_entry(entry, dev, key)
    except WireError as error:
        raise DamagedError(f"{where}: {error}") from None
    if before is not None and entry.seq != before.seq + 1:
        raise DamagedError(f"{where}: the one before it is missing")
    link = before.hash if before else root_hash(entry.chain) if entry.seq == 1 else None
    if link is not None and record.stamp.prev != link:
        raise DamagedError(f"{where}: does not link to the one before it")
    return record


def check_head(db: sqlite3.Connection, head: rows.Head) -> None:
    """See that the newest record of a chain is where it was written.

    A log that was overwritten while it was in use is cut off there. To write on, or to fold the
    rest in, would cost the records behind the cut, which can still be read now.

    Raises:
        DamagedError: It isn't.
    """
    if rows.head(db, head.chain) != head:
        raise DamagedError(f"record {head.seq} is not where it was written")


def check_positions(
    db: sqlite3.Connection, first: int, last: int, limit: int, dev: str, key: OKPKey | None
) -> tuple[int | None, int]:
    """Check up to ``limit`` records written as number ``first`` to ``last``, over all chains.

    Args:
        db: Any connection.
        first: Number in the order of writing, and ``last``.
        last: The last one wanted.
        limit: How many at most.
        dev: Terminal id.
        key: The device key; None leaves it at the links.

    Returns:
        The number to go on with, None at the end; and how many were checked.

    Raises:
        DamagedError: One does not prove itself.
    """
    found = rows.by_position(db, first, last, limit)
    newest = rows.chains(db)[-1]
    pruned = {chain: anchors.anchor(db, chain) for chain in {entry.chain for _, entry in found}}
    for _, entry in found:
        before = rows.before(db, entry)
        gone = pruned[entry.chain]
        begins = entry.seq == 1 or (gone is not None and entry.seq <= gone.seq)
        if before is None and entry.chain == newest and not begins:
            raise DamagedError(f"record {entry.seq - 1} of chain {newest[:8]} is missing")
        check_entry(entry, before, dev, key)
    return (found[-1][0] + 1 if len(found) == limit else None), len(found)


def open_entry(entry: rows.Entry, dev: str, key: OKPKey | None) -> Record:
    """Return the record in ``entry`` if it is readable, signed, and where it says it stands.

    A record of another key (before a new one was made) can be held to its links alone.

    Raises:
        WireError: It is not.
    """
    ours = key is not None and kid_of_token(entry.token) == kid_of(key)
    payload = verify(entry.token, key) if key and ours else payload_of(entry.token)
    record = codec.decode(payload)
    stamp = record.stamp
    if (stamp.dev, stamp.chain, stamp.seq) != (dev, entry.chain, entry.seq):
        raise WireError("says that it stands elsewhere")
    return record


def rescued(db: sqlite3.Connection, log: Iterable[Carved], key: OKPKey) -> list[Carved]:
    """Return the records of the write-ahead log that continue their chain, in order.

    Raises:
        DamagedError: The log holds records beyond a gap: what was between is lost to SQLite.
    """
    beyond: dict[tuple[str, int], dict[str, Carved]] = {}
    heads = {chain: rows.head(db, chain) for chain in rows.chains(db)}
    for carved in log:
        stamp = carved.record.stamp
        head = heads.setdefault(stamp.chain, rows.head(db, stamp.chain))
        if stamp.seq > head.seq:
            beyond.setdefault((stamp.chain, stamp.seq), {})[carved.hash] = carved
    found: list[Carved] = []
    for chain, seq in sorted(beyond):
        following = [
            carved
            for carved in beyond[chain, seq].values()
            if carved.record.stamp.prev == heads[chain].hash and _is_signed(carved, key)
        ]
        if heads[chain].seq + 1 != seq or not following:
            if any(_is_signed(carved, key) for carved in beyond[chain, seq].values()):
                raise DamagedError(f"commits before record {seq} of chain {chain[:8]} are gone")
            continue
        heads[chain] = rows.Head(chain, seq, following[-1].hash)
        found.append(following[-1])
    return found


def _is_signed(carved: Carved, key: OKPKey) -> bool:
    try:
        verify(carved.token, key)
    except WireError:
        return False
    return True


def judge(
    entry: rows.Entry,
    before: str | None,
    following: rows.Entry | None,
    dev: str,
    key: OKPKey,
) -> str | None:
    """Say what keeps ``entry`` from being sent as it is, None when nothing does.

    Args:
        entry: A record about to be sent.
        before: Hash of the one before it, None where that is not held.
        following: The one after it, which tells whether unreadable bytes are at least those that
            were written.
        dev: Terminal id.
        key: The device key.

    Returns:
        ``broken``: the bytes are not those that were signed here, or do not link: no server would
        take them, nor what follows. ``poison``: they are what was written, and link, but can't be
        read: they are sent all the same, to occupy their position.
    """
    try:
        record = open_entry(entry, dev, key)
    except WireError:
        return "poison" if following is not None and _links(following, entry.hash) else "broken"
    return None if before is None or record.stamp.prev == before else "broken"


def _links(entry: rows.Entry, before: str) -> bool:
    try:
        return codec.decode(payload_of(entry.token)).stamp.prev == before
    except WireError:
        return False
