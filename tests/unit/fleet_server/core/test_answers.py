"""What an explanation must say, and what may be attached."""

from dataclasses import replace

import pytest

from fleet_server.core.answers import (
    KINDS,
    MOST_ATTACHMENTS,
    MOST_BYTES,
    MOST_CHARACTERS,
    Answer,
    Attachment,
    AttachmentError,
    attachment_kind,
    attachment_name,
    wrong,
)

IN_TIME = Answer(late=False, cause="A form was missing", remedy="It is there", apology="none")
LATE = replace(IN_TIME, late=True, late_in="handling", apology="written")
FILE = Attachment("scan.pdf", "application/pdf", 9, "00")


def test_an_answer_that_says_everything_may_be_given() -> None:
    assert wrong(IN_TIME) == ()
    assert wrong(LATE) == ()


def test_an_empty_answer_lacks_everything() -> None:
    assert wrong(Answer()) == ("late", "cause", "remedy", "apology")


def test_a_late_dossier_is_owed_its_step_and_an_apology() -> None:
    assert wrong(replace(LATE, late_in=None)) == ("late_in",)
    assert wrong(replace(LATE, apology="none")) == ("apology",)


def test_what_was_not_late_was_late_in_no_step() -> None:
    assert wrong(replace(IN_TIME, late_in="intake")) == ("late_in",)


@pytest.mark.parametrize("text", ["", " \n", "x" * (MOST_CHARACTERS + 1)])
def test_a_text_says_something_and_not_a_book(text: str) -> None:
    assert wrong(replace(IN_TIME, cause=text, remedy=text)) == ("cause", "remedy")


def test_attachments_are_not_without_number() -> None:
    assert wrong(replace(IN_TIME, attachments=(FILE,) * MOST_ATTACHMENTS)) == ()
    assert wrong(replace(IN_TIME, attachments=(FILE,) * (MOST_ATTACHMENTS + 1))) == ("attachments",)


@pytest.mark.parametrize(("head", "kind"), KINDS.items())
def test_a_file_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert attachment_kind(head, MOST_BYTES) == kind


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("Thư xin lỗi.PDF", "application/pdf", "Thư xin lỗi.PDF"),
        ("ảnh.jpeg", "image/jpeg", "ảnh.jpeg"),
        ("ảnh", "image/png", "ảnh.png"),
        ("bao-cao.pdf.hta", "application/pdf", "bao-cao.pdf"),
        ("x.html", "application/pdf", "x.pdf"),
        ("công văn 12.11", "application/pdf", "công văn 12.11.pdf"),
        (".pdfx", "application/pdf", ".pdfx.pdf"),
        ("so 12. Ve viec xin loi", "application/pdf", "so 12. Ve viec xin loi.pdf"),
    ],
)
def test_a_name_ends_by_what_the_file_is(given: str, kind: str, name: str) -> None:
    assert attachment_name(given, kind) == name


@pytest.mark.parametrize(
    ("head", "size", "why"),
    [
        (b"", 0, "empty"),
        (b"%PDF-1.7", MOST_BYTES + 1, "large"),
        (b"%PDF-1.7", 1 << 30, "large"),
        (b"MZ\x90", 3, "kind"),
        (b"%PD", 3, "kind"),
        (b"<svg", 4, "kind"),
    ],
)
def test_another_file_is_refused_with_the_reason(head: bytes, size: int, why: str) -> None:
    with pytest.raises(AttachmentError) as caught:
        attachment_kind(head, size)
    assert caught.value.why == why
