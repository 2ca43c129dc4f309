"""Ratings: taking them, and judging those of one visit together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fleet_server.core.standing import Judgement, Press, judge
from fleet_server.store import rating_feed
from fleet_server.store.boots import Timed
from fleet_server.store.sql import ROWS_IN_A_STATEMENT, ask, insert, marks, run


@dataclass(frozen=True, slots=True)
class NewRating:
    """A rating record that was just taken; ``visit`` is the server's id of it, or None.

    ``chain``, ``seq`` and ``boot`` are where it stands; the rest is what it says.
    """

    record: int
    terminal: str
    counter: int
    visit: str | None
    choice: str
    timed: Timed
    chain: int
    seq: int
    boot: str
    replaces: int | None
    flagged: bool
    disputed: bool

    @property
    def press(self) -> Press:
        """What is judged."""
        return Press(
            record=self.record,
            chain=self.chain,
            seq=self.seq,
            boot=self.boot,
            up=self.timed.up,
            replaces=self.replaces,
            flagged=self.flagged,
            disputed=self.disputed,
        )


_State = tuple[bool, bool, int | None]
"""Standing, contested, replaced by: what a judgement writes."""

_COLUMNS = (
    "record_id", "terminal_id", "counter_id", "visit", "choice", "at", "at_quality", "standing",
    "contested", "disputed", "unbound", "replaced_by", "replaces", "flagged", "boot_id", "up",
)  # fmt: skip


def add(ratings: Sequence[NewRating]) -> None:
    """Take ratings and judge them with all others of their visits."""
    presses, former = _presses(sorted({one.visit for one in ratings if one.visit is not None}))
    for rating in ratings:
        if rating.visit is not None:
            presses.setdefault(rating.visit, []).append(rating.press)
    judged = _judge(presses)
    # What no longer stands goes first: the index allows one that stands for each visit.
    _note(former, judged)
    insert("rating", _COLUMNS, [_row(rating, judged.get(rating.record)) for rating in ratings])
    rating_feed.note((rating.record, rating.counter) for rating in ratings)


def rejudge(visits: Iterable[str]) -> None:
    """Judge all ratings of some visits (`fleet_server.core.standing`), and note what changed."""
    presses, former = _presses(sorted(visits))
    _note(former, _judge(presses))


def _row(rating: NewRating, judgement: Judgement | None) -> tuple[object, ...]:
    standing, contested, replaced_by = _state(judgement)
    time = rating.timed.time
    return (
        rating.record, rating.terminal, rating.counter, rating.visit, rating.choice, time.at,
        time.quality, standing, contested, rating.disputed,
        rating.visit is None and not rating.disputed, replaced_by, rating.replaces, rating.flagged,
        rating.timed.boot, rating.timed.up,
    )  # fmt: skip


def _state(judgement: Judgement | None) -> _State:
    if judgement is None:
        return False, False, None
    status = judgement.status
    return status == "standing", status == "contested", judgement.replaced_by


def _judge(presses: Mapping[str, Sequence[Press]]) -> dict[int, Judgement]:
    judged: dict[int, Judgement] = {}
    for together in presses.values():
        judged |= judge(together)
    return judged


def _presses(visits: Sequence[str]) -> tuple[dict[str, list[Press]], dict[int, _State]]:
    """Return the held ratings of some visits, and how they were judged so far."""
    presses: dict[str, list[Press]] = {}
    former: dict[int, _State] = {}
    for start in range(0, len(visits), ROWS_IN_A_STATEMENT):
        part = visits[start : start + ROWS_IN_A_STATEMENT]
        text = (
            "SELECT r.visit, r.standing, r.contested, r.replaced_by, "
            "r.record_id, e.chain_id, e.seq, b.boot_id, r.up, r.replaces, r.flagged, r.disputed "
            "FROM rating r JOIN record e ON e.id = r.record_id JOIN boot b ON b.id = r.boot_id "
            f"WHERE r.visit IN {marks(part)}"
        )
        for visit, standing, contested, replaced_by, *told in ask(text, *part):
            record, chain, seq, boot, up, replaces, flagged, disputed = told
            held = Press(record, chain, seq, boot, up, replaces, bool(flagged), bool(disputed))
            presses.setdefault(visit, []).append(held)
            former[record] = (bool(standing), bool(contested), replaced_by)
    return presses, former


def _note(former: Mapping[int, _State], judged: Mapping[int, Judgement]) -> None:
    """Write what has changed; what no longer stands goes first, as the unique index wants it."""
    states = {record: _state(judged[record]) for record in former}
    changed = [record for record, state in states.items() if state != former[record]]
    for record in sorted(changed, key=lambda record: states[record][0]):
        run(
            "UPDATE rating SET standing = ?, contested = ?, replaced_by = ? WHERE record_id = ?",
            *states[record],
            record,
        )
    rating_feed.note_records(changed)
