"""Files that answers of cases name by their digests."""

from collections.abc import Iterable

from fleet_server.store.database import rows
from fleet_server.store.models import CaseAttachment
from fleet_server.store.sql import put


def keep(case: int, files: Iterable[tuple[str, bytes]]) -> None:
    """Keep files by their SHA-256 (hex), the same once. In the write transaction of the answer."""
    for digest, data in files:
        put("case_attachment", ("case_id", "digest"), ("data",), [(case, digest, data)])


def find(case: int, digest: str) -> bytes:
    """Return a file that an answer of a case names.

    Raises:
        LookupError: it is not held.
    """
    query = CaseAttachment.select(CaseAttachment.data).where(
        CaseAttachment.case == case, CaseAttachment.digest == digest
    )
    for (data,) in rows(query):
        return bytes(data)
    raise LookupError(f"case {case} holds no file {digest}")
