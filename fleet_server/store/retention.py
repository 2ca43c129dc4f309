"""Erasing what is kept long enough, a few rows in each transaction, so that nobody waits.

As text, because ingest erases, and the tables of people who sign in would load Flask there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fleet_server.store.sql import ask, run

STEP = 1_000
"""Rows that go in one transaction."""


def _moment(before_ms: int) -> int | str:
    return before_ms


def _day(before_ms: int) -> int | str:
    return datetime.fromtimestamp(before_ms / 1000, UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes: rows of ``table`` that ``condition`` chooses.

    Attributes:
        table: its name.
        key: the columns of its primary key.
        condition: SQL in which ``?`` stands for the moment before which rows go.
        given: makes of that moment, in Unix milliseconds, what is put there.
    """

    table: str
    key: str
    condition: str
    given: Callable[[int], int | str] = _moment

    def count(self, before_ms: int) -> int:
        """Return how many rows are older than that."""
        text = f"SELECT COUNT(*) FROM {self.table} WHERE {self.condition}"
        return int(ask(text, self.given(before_ms))[0][0])

    def any(self, before_ms: int) -> bool:
        """Return whether any row is older than that; for this nobody need wait."""
        text = f"SELECT 1 FROM {self.table} WHERE {self.condition} LIMIT 1"
        return bool(ask(text, self.given(before_ms)))

    def erase(self, before_ms: int, most: int) -> int:
        """Erase the oldest few of them; return how many. In a write transaction."""
        chosen = (
            f"SELECT {self.key} FROM {self.table} WHERE {self.condition} "
            f"ORDER BY {self.key} LIMIT ?"
        )
        text = f"DELETE FROM {self.table} WHERE ({self.key}) IN ({chosen})"
        return run(text, self.given(before_ms), most)


RULES: Mapping[str, tuple[Rule, ...]] = {
    "dossiers": (
        Rule("dossier", "visit_id", "visit_id IN (SELECT id FROM visit WHERE first_at < ?)"),
    ),
    "samples": (Rule("quarantine", "id", "received_at < ?"),),
    "requests": (Rule("idempotency_key", "id", "created_at < ?"),),
    "tokens": (Rule("enrolment_token", "id", "expires_at < ?"),),
    "commands": (Rule("command", "id", "answered_at < ?"),),
    "matters": (Rule("matter", "id", "closed_at < ?"),),
    "statuses": (
        Rule(
            "terminal_status",
            "terminal_id",
            "terminal_id IN (SELECT id FROM terminal WHERE retired_at < ?)",
        ),
    ),
    "sessions": (Rule("web_session", "id", "began_at < ?"),),
    "links": (Rule("one_time_link", "id", "expires_at < ?"),),
    "drafts": (Rule("import_draft", "id", "expires_at < ?"),),
    # Deliveries go with their event; one that waits is sent first.
    "deliveries": (
        Rule(
            "webhook_event",
            "id",
            "at < ? AND id NOT IN (SELECT event_id FROM webhook_delivery WHERE state = 'waiting')",
        ),
    ),
    "reports": (Rule("kept_report", "id", "ordered_at < ? AND state <> 'waiting'"),),
    # What lasts has no end. The first event says since when a terminal is there at all.
    "history": (
        Rule("terminal_span", "id", "until < ?"),
        Rule("terminal_event", "id", "at < ? AND kind <> 'first'"),
        Rule("terminal_day", "terminal_id, day", "day < ?", _day),
        Rule("deaf_span", "id", "until < ?"),
        Rule(
            "rollout_terminal",
            "rollout_id, terminal_id",
            "rollout_id IN (SELECT id FROM rollout WHERE ended_at < ?)",
        ),
        Rule(
            "rollout",
            "id",
            "ended_at < ? AND id NOT IN (SELECT rollout_id FROM rollout_terminal)",
        ),
    ),
    "tallies": (Rule("counter_tally", "counter_id, day", "day < ?", _day),),
    "contacts": (Rule("contact", "visit_id", "sealed IS NULL AND until < ?", _day),),
    "alarms": (Rule("alarm", "id", "ended_at < ?"),),
    "letters": (Rule("letter", "id", "tried_at < ? AND state <> 'waiting'"),),
}
"""The rules of each kind of `fleet_server.core.retention.KEPT_DAYS`."""
