"""One line of JSON for a technician: facts that help from afar, never a secret.

What goes in is named here, one by one; nothing is taken whole from a file or a setting. Lines of
the log are free text, so whatever looks like a path, an address, a token or a key is struck out.
"""

from __future__ import annotations

import json
import logging
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from device.ports import JournalError
from wire.records import CHOICES

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.policy import Policy
    from device.journal.reader import JournalReader
    from device.ports import Clock
    from device.settings import Settings

LONGEST = 4096
LINES_KEPT = 20
_LONGEST_LINE = 160
_CHAINS_SHOWN = 8
_STRUCK = "…"
_SECRET = re.compile(
    r"(?:[A-Za-z]:)?(?:/[^\s:,;'\"()]+)+"  # a path
    r"|\b\w+://\S+|\S+@\S+"  # an address
    r"|[A-Za-z0-9_+/=-]{16,}"  # a token, a key, a hash
    r"|(?i:\b(?:psk|ssid|pass\w*|token|secret|key)\b\s*[=:]\s*\S+)"  # named as one
)


class RecentWarnings(logging.Handler):
    """Keeps the newest warnings and errors in memory, each as one short line without secrets."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        try:
            said = record.getMessage()
        except (TypeError, ValueError):
            said = "a line that cannot be shown"
        self._lines.append(f"{record.levelname} {strike_out(said)}"[:_LONGEST_LINE])

    def lines(self) -> list[str]:
        """Return what is kept, oldest first."""
        return list(self._lines)


def strike_out(text: str) -> str:
    """Return ``text`` on one line, with everything that may be a secret struck out."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:2000])
    return _SECRET.sub(_STRUCK, shown)


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Puts the facts together.

    Attributes:
        settings: Of them only what is named in `_settings`.
        versions: Of the software and the image.
        clock: The time.
        reader: The journal.
        policy: Returns the policy in force.
        desk: Returns what the health report says of the counter.
        machine: Returns the machine's figures: disk, memory, temperature, throttling.
        warnings: The newest lines of the log.
    """

    settings: Settings
    versions: Mapping[str, str]
    clock: Clock
    reader: JournalReader
    policy: Callable[[], Policy]
    desk: Callable[[], Mapping[str, Any]]
    machine: Callable[[], Mapping[str, Any]]
    warnings: RecentWarnings

    def line(self) -> str:
        """Return the facts as JSON of at most `LONGEST` characters; old log lines go first."""
        facts: dict[str, Any] = {
            "versions": dict(self.versions),
            "clock": self._clock(),
            "journal": self._journal(),
            "machine": dict(self.machine()),
            "counter": {name: _told(value) for name, value in self.desk().items()},
            "settings": self._settings(),
        }
        lines = self.warnings.lines()
        while True:
            said = _dump({**facts, "warnings": lines})
            if len(said) <= LONGEST:
                return said
            if lines:
                lines = lines[1:]
            elif facts:
                facts.popitem()
            else:
                return "{}"

    def _clock(self) -> dict[str, Any]:
        clock = self.clock
        return {"quality": clock.quality(), "at": clock.wall_ms(), "up_ms": clock.up_ms()}

    def _journal(self) -> dict[str, Any]:
        try:
            spans = self.reader.chains()
        except JournalError as error:
            return {"trouble": strike_out(str(error))}
        shown = [
            [span.chain[:8], span.oldest_seq, span.newest_seq] for span in spans[-_CHAINS_SHOWN:]
        ]
        held = sum(span.newest_seq - span.oldest_seq + 1 for span in spans)
        return {"chains": len(spans), "records": held, "newest": shown}

    def _settings(self) -> dict[str, Any]:
        terminal, policy = self.settings.terminal, self.policy()
        return {
            "id": terminal.id,
            "counter": terminal.counter,
            "clock": terminal.clock,
            "buttons": asdict(self.settings.buttons),
            "screen": asdict(self.settings.screen),
            "policy": {
                "version": policy.version,
                "without": policy.tickets.without,
                "mode": policy.asking.mode,
                "items": [item.code for item in policy.asking.items],
                "languages": list(policy.look.languages),
                "day_ends": policy.hours.day_ends,
            },
        }


def _told(value: Any) -> Any:
    """Return a figure as it may be told: by choice it is added up, since it will be shown."""
    if isinstance(value, Mapping) and value and set(value) <= set(CHOICES):
        return sum(count for count in value.values() if isinstance(count, int))
    return value


def _dump(facts: Mapping[str, Any]) -> str:
    # What other modules report is theirs to name; values that are no JSON become text.
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":"), default=str)
