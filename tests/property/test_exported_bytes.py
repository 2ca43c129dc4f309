"""Any bytes as an exported file: taken as a whole export, or refused with one sentence."""

import tempfile
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fleet_server.exported import Contents, ExportError, check, runs
from tests.fakes.chains import ChainWriter
from wire.envelope import MAX_RUN


@cache
def sound() -> bytes:
    writer = ChainWriter()
    writer.start()
    writer.presses(150)
    return b"".join(token + b"\n" for token in writer.tokens)


def checked(path: Path) -> tuple[Contents | None, str]:
    try:
        return check(path), ""
    except ExportError as error:
        return None, str(error)


@given(
    junk=st.binary(max_size=300),
    where=st.floats(0, 1),
    kept=st.floats(0, 1),
    checksum=st.none() | st.binary(max_size=80),
)
def test_any_bytes_are_a_whole_export_or_refused(
    junk: bytes, where: float, kept: float, checksum: bytes | None
) -> None:
    at = int(where * len(sound()))
    content = sound()[:at] + junk + sound()[at : at + int(kept * len(sound()))]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.records"
        path.write_bytes(content)
        if checksum is not None:
            path.with_name("a.records.sha256").write_bytes(checksum)
        found, refusal = checked(path)
        if found is None:
            assert len(refusal.splitlines()) == 1
            return
        split = list(runs(path))
    assert sum(run.records for run in split) == found.records
    assert b"".join(run.payload + b"\n" for run in split) == content
    assert all(len(run.payload) <= MAX_RUN for run in split)
    assert {run.dev for run in split} == {"t-1"}
