"""A journal file cut or overwritten anywhere: it opens, or begins anew with what can be read."""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from device.journal.opening import FOLDER
from tests.fakes.journals import crashed_copy, everything, journal, opened, rating
from wire.records import Boot

RECORDS = 150


@cache
def sound() -> Path:
    """A journal as a power cut leaves it: pages in the file, and more of them in the log."""
    folder = Path(tempfile.mkdtemp(prefix="hailong-journal-"))
    book = journal(folder / "live")
    for number in range(RECORDS - 1):
        book.append(rating(f"v{number}") if number % 3 else Boot("1.0", "none"))
    return crashed_copy(folder / "live", folder / "copy")


def teardown_module() -> None:
    shutil.rmtree(sound().parent)


def noise(length: int, seed: int) -> bytes:
    """Zeros, ones, or bytes that mean nothing."""
    if seed < 2:
        return (b"\0", b"\xff")[seed] * length
    return Random(seed).randbytes(length)


def damage(path: Path, how: str, where: float, what: bytes) -> None:
    content = bytearray(path.read_bytes())
    at = int(where * len(content))
    if how == "cut":
        path.write_bytes(content[:at])
        return
    content[at : at + len(what)] = what[: len(content) - at]
    path.write_bytes(content)


@settings(max_examples=60, deadline=None)
@given(
    file=st.sampled_from(["journal.db", "journal.db-wal", "journal.db-shm"]),
    how=st.sampled_from(["cut", "overwrite"]),
    where=st.floats(0, 1, exclude_max=True),
    length=st.sampled_from([1, 40, 4096]),
    seed=st.integers(0, 99),
)
def test_a_journal_damaged_anywhere_never_loses_what_can_be_read_without_saying_so(
    file: str, how: str, where: float, length: int, seed: int
) -> None:
    before = everything(sound())
    assert len(before) == RECORDS
    with tempfile.TemporaryDirectory() as name:
        data = crashed_copy(sound(), Path(name) / "data")
        damage(data / FOLDER / file, how, where, noise(length, seed))
        raw = b"".join(p.read_bytes() for p in (data / FOLDER).glob("journal.db*"))
        readable = [entry for entry in before if entry.token in raw]

        found = opened(data)
        found.journal.append(Boot("1.0", "none"))
        held = {entry.hash for entry in everything(data)}
        found.journal.close()

        assert found.how in ("ready", "damage")
        missing = [entry.seq for entry in readable if entry.hash not in held]
        assert not missing, f"{found.how}: readable and not held: {missing}"
        if found.how == "damage":
            assert found.aside is not None
            assert (found.aside / "journal.db").exists()
        assert opened(data).how == "ready"
