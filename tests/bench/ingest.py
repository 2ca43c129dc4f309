"""Ingest beside the bare limits: a signature and a commit for each live record, rows for a backlog.

All of it is done on both sides of a ratio: ours verifies, judges, stores, interprets, works the
figures out anew and signs the receipt; the bare side does what nobody can do without.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from nacl.signing import VerifyKey

from tests.bench.measure import in_turn, report
from tests.bench.press import bare_database, insert
from tests.fakes.chains import ChainWriter
from tests.fakes.ingest import Ingest, ingest
from wire import keys, topics
from wire.envelope import unb64

LIVE, BURST, BURSTS, RUN, RUNS, BACKLOGS = 300, 100, 10, 100, 5, 20


def run() -> list[str]:
    """Return the figures."""
    lines: list[str] = []
    for bench in (live, burst, backlog):
        with tempfile.TemporaryDirectory() as folder, ingest(Path(folder)) as server:
            lines += bench(server, Path(folder) / "bare.db")
    return lines


def live(server: Ingest, bare: Path) -> list[str]:
    """Live ratings that come one at a time, a transaction each."""
    writer = server.enrol()
    server.send("t-1", [writer.start()])
    tokens = [writer.press(f"v-{number}") for number in range(LIVE)]
    database, ring = bare_database(bare), verifier(writer)
    rows = iter(tokens)

    def one() -> None:
        row = next(rows)
        check(ring, row)
        insert(database, row)

    return report(
        *in_turn(
            ("live record: taken, counted, receipted", sender(server, [[t] for t in tokens])),
            ("bare: PyNaCl verify and SQLite commit", one),
            LIVE,
        )
    )


def burst(server: Ingest, bare: Path) -> list[str]:
    """A hundred terminals, each with one record, in one batch."""
    writers = [server.enrol(f"t-{number}", f"C{number}") for number in range(BURST)]
    for writer in writers:
        server.send(writer.dev, [writer.start()])
    batches = [
        [(writer, writer.press(f"v-{number}-{writer.dev}")) for writer in writers]
        for number in range(BURSTS)
    ]
    database, rings = bare_database(bare), [verifier(writer) for writer in writers]
    theirs, ours = iter(batches), iter(batches)

    def bare_batch() -> None:
        batch = next(theirs)
        for ring, (_, row) in zip(rings, batch, strict=True):
            check(ring, row)
        database.executemany("INSERT INTO record (jws) VALUES (?)", [(row,) for _, row in batch])

    def our_batch() -> None:
        server.raw(*((topics.topic(w.dev, "records"), row) for w, row in next(ours)))

    return report(
        *in_turn(
            (f"{BURST} terminals, a record each, one batch", our_batch),
            (f"bare: {BURST} verifies and one commit", bare_batch),
            BURSTS,
        )
    )


def backlog(server: Ingest, bare: Path) -> list[str]:
    """What waited: runs of a hundred, five to a batch."""
    writer = server.enrol()
    server.send("t-1", [writer.start()])
    tokens = [writer.press(f"v-{number}") for number in range(RUN * RUNS * BACKLOGS)]
    batches = [tokens[at : at + RUN * RUNS] for at in range(0, len(tokens), RUN * RUNS)]
    database = bare_database(bare)
    theirs = iter(batches)

    def bare_batch() -> None:
        database.execute("BEGIN IMMEDIATE")
        rows = [(row,) for row in next(theirs)]
        database.executemany("INSERT INTO record (jws) VALUES (?)", rows)
        database.execute("COMMIT")

    ours, rows = in_turn(
        (f"backlog: {RUNS} runs of {RUN}, one batch", sender(server, batches, RUN)),
        (f"bare: {RUN * RUNS} rows, one commit", bare_batch),
        BACKLOGS,
    )
    speed = RUN * RUNS / ours.median
    limit = RUN * RUNS / rows.median
    return [*report(ours, rows), f"{'':<44} {speed:,.0f} records/s beside {limit:,.0f} bare rows/s"]


def sender(server: Ingest, batches: list[list[bytes]], run: int = 1) -> Callable[[], object]:
    """Return a function that lets the server take the next batch."""
    waiting = iter(batches)
    place = topics.topic("t-1", "records")

    def send() -> None:
        batch = next(waiting)
        parts = [b"\n".join(batch[at : at + run]) for at in range(0, len(batch), run)]
        server.raw(*((place, part) for part in parts))

    return send


def verifier(writer: ChainWriter) -> VerifyKey:
    """Return the bare public key of a chain."""
    return VerifyKey(unb64(keys.x_of(writer.key).encode()))


def check(key: VerifyKey, row: bytes) -> None:
    """Check one signature and nothing else."""
    signed, _, signature = row.rpartition(b".")
    key.verify(signed, unb64(signature))
