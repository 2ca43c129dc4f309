"""What acceptance says of records: where each stands, and what became of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from fleet_server.core.verify import Sighting
from wire.envelope import root_hash
from wire.records import Record

MAIN = 0
Verdict = Literal["known", "gap", "taken", "quarantined", "pending", "unvouched"]


class Place(NamedTuple):
    """A position in a chain: its branch (0 the main one) and seq."""

    branch: int
    seq: int


@dataclass(frozen=True, slots=True)
class TakenRecord:
    """A record that was taken and stored, for those who interpret it.

    Attributes:
        record_id: its row.
        record: what it says.
        disputed: on a side branch or by a revoked key: shown, counted apart.
    """

    record_id: int
    record: Record
    disputed: bool


@dataclass(frozen=True, slots=True)
class ChainView:
    """What is known of a chain.

    Attributes:
        chain: its id.
        head_seq: last position of the main branch, 0 if there is none; ``head_hash`` its hash.
        kid: the key that signs the next record; None if the chain is not known yet.
        start_seq: the first position that can be held.
        branches: how many side branches there are.
        held: the records around the run, of all branches, by hash.
    """

    chain: str
    head_seq: int
    head_hash: str
    kid: str | None
    start_seq: int = 1
    branches: int = 0
    held: Mapping[str, Place] = field(default_factory=dict)


def new_chain(chain: str) -> ChainView:
    """Return the view of a chain of which nothing is held."""
    return ChainView(chain, 0, root_hash(chain), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one record.

    Attributes:
        place: where it stands, if it is taken, quarantined or known.
        proved: its own signature was checked and is good.
        disputed: taken, but not counted.
        reason: why it is quarantined, pending or unvouched.
    """

    sighting: Sighting
    verdict: Verdict
    place: Place | None = None
    proved: bool = False
    disputed: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decisions on a run, in its order, and the chain as it then is.

    Attributes:
        resend: something stood above the head with a gap before it.
    """

    decisions: tuple[Decision, ...]
    view: ChainView
    resend: bool

    @property
    def changes(self) -> bool:
        """Whether there is anything to store."""
        return any(d.verdict in ("taken", "quarantined") for d in self.decisions)
