"""What an explanation must say, and what may be attached to it. Pure.

1. Was the dossier late? If it was: in which step, and was there an apology? A late one is owed it.
2. In every case: the cause, and what is done so that it does not happen again.
3. Attachments are documents and pictures (`KINDS`), known by their first bytes and not by their
   name, up to `MOST_BYTES` each and `MOST_ATTACHMENTS` of one answer.

The fields are those that a province's order of 2022 asks reports for; apologies for late dossiers
are a city's rule of 2019.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

DossierStep = Literal["guidance", "intake", "handling", "handing_out"]
DOSSIER_STEPS: tuple[DossierStep, ...] = get_args(DossierStep)

Apology = Literal["none", "spoken", "written"]
APOLOGIES: tuple[Apology, ...] = get_args(Apology)

Field = Literal["late", "late_in", "cause", "remedy", "apology", "attachments"]

MOST_CHARACTERS = 5_000
"""Of the cause, and of the remedy: two pages."""
MOST_ATTACHMENTS = 10
MOST_BYTES = 10 * 1024 * 1024
"""A scan of twenty pages has a few MiB."""
HEAD_BYTES = 8
"""So many first bytes tell what an attachment is."""

KINDS: Mapping[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
"""What may be attached, by its first bytes: nothing that a reader's program would run."""

ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
"""How names of files end, by their kind; the first is the usual one."""


LONGEST_ENDING = 5
"""Characters after the last dot of a name that may tell a system what to do with the file."""


class AttachmentError(ValueError):
    """Something can't be attached; ``why`` is *kind*, *empty* or *large*."""

    def __init__(self, why: Literal["kind", "empty", "large"]) -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: its name for people, its media type, its length in bytes, its SHA-256 (hex)."""

    name: str
    kind: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An explanation; ``late`` and ``apology`` are None where nothing was said."""

    late: bool | None = None
    late_in: DossierStep | None = None
    cause: str = ""
    remedy: str = ""
    apology: Apology | None = None
    attachments: tuple[Attachment, ...] = ()


def wrong(answer: Answer) -> tuple[Field, ...]:
    """Return which fields of an answer are missing or can't be; none: it may be given."""
    owed = answer.late is True
    found: dict[Field, bool] = {
        "late": answer.late is None,
        "late_in": (answer.late_in is not None) != owed,
        "cause": not _is_said(answer.cause),
        "remedy": not _is_said(answer.remedy),
        "apology": answer.apology is None or (owed and answer.apology == "none"),
        "attachments": len(answer.attachments) > MOST_ATTACHMENTS,
    }
    return tuple(name for name, holds in found.items() if holds)


def _is_said(text: str) -> bool:
    return 0 < len(text.strip()) <= MOST_CHARACTERS


def attachment_name(given: str, kind: str) -> str:
    """Return a file's name with the ending of what it is.

    Systems open a saved file by its ending: ``x.pdf.hta`` would be run.
    """
    endings, stem = ENDINGS[kind], given
    while not stem.lower().endswith(endings):
        shorter, _, last = stem.rpartition(".")
        if not (shorter and last.isalnum() and len(last) <= LONGEST_ENDING) or last.isdigit():
            return stem + endings[0]
        stem = shorter
    return stem


def attachment_kind(head: bytes, size: int) -> str:
    """Return the media type of a file; only its first bytes need have been read.

    Args:
        head: its first `HEAD_BYTES` bytes, or all it has.
        size: its length in bytes, as far as it has come: a larger one need not be read to its end.

    Raises:
        AttachmentError: it is empty, too large, or of another kind.
    """
    if size == 0:
        raise AttachmentError("empty")
    if size > MOST_BYTES:
        raise AttachmentError("large")
    found = next((kind for begins, kind in KINDS.items() if head.startswith(begins)), None)
    if found is None:
        raise AttachmentError("kind")
    return found
