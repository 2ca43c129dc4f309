"""Times as people and other programs write them: RFC 3339 with a zone."""

import re
from datetime import UTC, datetime, timedelta

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_time(text: str) -> int:
    """Return a time as RFC 3339 writes it, in Unix milliseconds.

    Raises:
        ValueError: it is no such time; one without a zone is none.
    """
    wrong = ValueError("must be a time with its zone, such as 2026-11-22T09:00:00+07:00")
    if not _RFC3339.fullmatch(text):
        raise wrong
    try:
        return (datetime.fromisoformat(text.upper()) - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        raise wrong from None
