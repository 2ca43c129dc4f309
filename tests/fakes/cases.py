"""Cases of the office, in every state: who explained what, and what became of it."""

from hashlib import sha256
from unittest.mock import patch
from zoneinfo import ZoneInfo

from fleet_server.core.answers import Answer, Attachment
from fleet_server.core.case_events import (
    Answered,
    Assigned,
    Body,
    Closed,
    Escalated,
    Returned,
    Ruled,
    Subject,
)
from fleet_server.core.days import day_of
from fleet_server.store import case_attachments, case_files
from fleet_server.store.models import CaseTerms

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY_MS = 24 * 3_600_000
HEAD, OFFICER = 3, 4
"""The accounts of a unit head and of a quality officer, in the order of their roles."""

PAPER = b"%PDF-1.4\n% an apology, signed\n"
ATTACHED = sha256(PAPER).hexdigest()
P1, Q3 = 1, 2

GIVEN = Answer(
    late=True,
    late_in="handling",
    cause="Hồ sơ chờ xác minh ba ngày, công dân không được báo.",
    remedy="Từ nay báo tin nhắn khi hồ sơ chờ quá một ngày.",
    apology="written",
    attachments=(Attachment("Thư xin lỗi.pdf", "application/pdf", len(PAPER), ATTACHED),),
)
SHORT = Answer(late=False, cause="Đông người.", remedy="Mở thêm quầy.", apology="spoken")


def add(now: int) -> None:
    """Add the cases; to be called in a write transaction. No page is open that could hear."""
    with patch.object(case_files.changes, "note"):
        _add(now)


def _add(now: int) -> None:
    CaseTerms.create(
        unit=P1, terms={"answer": 4, "rework": 2, "judge": 3, "over": [0, 2]}, set_at=now,
        set_by="person:administrator@hailong.example",
    )  # fmt: skip
    soon, over = (day_of(now + days * DAY_MS, ZONE).end for days in (2, -4))
    _case(Subject("item", Q3, 5, "2026-11-14", "4/20", ("parking", "attitude")), over, now,
          (None, Escalated((1,))))  # fmt: skip
    number = _case(
        Subject("rating", P1, 3, "2026-11-18", "2/7"), soon, now,
        (HEAD, Assigned(HEAD)), (HEAD, Answered(SHORT, soon)),
        (OFFICER, Returned("Không nói vì sao công dân không được báo.", soon)),
        (HEAD, Assigned(HEAD)), (HEAD, Answered(GIVEN, soon)),
    )  # fmt: skip
    case_attachments.keep(number, [(ATTACHED, PAPER)])
    _case(
        Subject("rating", P1, 1, "2026-11-10", "0/9"), soon, now,
        (HEAD, Assigned(HEAD)), (HEAD, Answered(SHORT, soon)),
        (OFFICER, Ruled(True, "Giấy tờ của công dân thuộc thẩm quyền cơ quan khác.")),
        (OFFICER, Closed("Đã giải thích cho công dân.")),
    )  # fmt: skip
    _case(Subject("rating", Q3, 4, "2026-10-30", "3/2", confined=True), soon, now)
    _case(Subject("day", P1, 2, "2026-11-20"), soon, now, (HEAD, Assigned(HEAD)))
    _case(Subject("rating", Q3, 6, "2026-10-29", "5/3", confined=True), over, now,
          (OFFICER, Assigned(OFFICER)))  # fmt: skip


def _case(about: Subject, due: int, now: int, *steps: tuple[int | None, Body]) -> int:
    """Open a case and let steps follow, a day apart; the last ones were yesterday."""
    begun = now - (len(steps) + 1) * DAY_MS
    number = case_files.open_case(about, due, begun)
    assert number is not None
    held = case_files.one(number)
    for after, (who, body) in enumerate(steps, 1):
        held = case_files.append(number, held, who, body, begun + after * DAY_MS)
    return number
