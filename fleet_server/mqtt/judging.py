"""Judging a batch: its records against what is held, and what a person should hear about it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fleet_server.core.accept import accept, by_chain
from fleet_server.core.verdicts import MAIN, Decision
from fleet_server.core.verify import Keyring, Sighting
from fleet_server.store import chains
from fleet_server.store.chains import Judged
from fleet_server.store.matters import Found, Kind
from fleet_server.store.models import Chain
from wire.records import ChainStart

LISTED = 20
"""How many positions a matter names."""


@dataclass
class Judgement:
    """One terminal's records of one chain, judged.

    Attributes:
        row: the chain as it is held, None if it is new.
        counts: decisions by verdict.
    """

    terminal: str
    chain: str
    row: Chain | None
    judged: Judged
    counts: Counter[str]

    @property
    def decisions(self) -> Sequence[Decision]:
        """What becomes of each record."""
        return self.judged.outcome.decisions

    @property
    def answered(self) -> bool:
        """Whether there is something to say: the chain is known, or an enrolled key signed."""
        return self.row is not None or any(v != "unvouched" for v in self.counts)


@dataclass
class Docket:
    """What a batch of runs came to.

    Attributes:
        nameless: bytes that name no chain at all, by terminal.
    """

    judgements: list[Judgement] = field(default_factory=list)
    nameless: dict[str, list[Sighting]] = field(default_factory=dict)


def judge(runs: Mapping[str, Sequence[Sighting]], rings: Mapping[str, Keyring], now: int) -> Docket:
    """Judge the records of each terminal against what the database holds. Nothing is written."""
    docket = Docket()
    grouped = {dev: by_chain(run) for dev, run in runs.items()}
    named = {chain for groups in grouped.values() for chain in groups if chain is not None}
    known = chains.load(list(grouped), named)
    for dev, groups in grouped.items():
        for chain, group in groups.items():
            if chain is None:
                docket.nameless[dev] = group
                continue
            row = known.get((dev, chain))
            before = chains.view(row, chain, group)
            outcome = accept(before, group, rings[dev], now)
            judged = Judged(row or Chain(), before, outcome)
            counts = Counter[str](d.verdict for d in outcome.decisions)
            docket.judgements.append(Judgement(dev, chain, row, judged, counts))
    return docket


def start_of(judgement: Judgement) -> ChainStart | None:
    """Return what the first record of a chain that begins says, if it can be read."""
    for decision in judgement.decisions:
        record = decision.sighting.record
        if decision.verdict == "taken" and record and isinstance(record.body, ChainStart):
            return record.body
    return None


def findings(judgement: Judgement) -> Iterator[Found]:
    """Yield what a person should look at, apart from new chains."""
    yield from _forks(judgement)
    quarantined = [d for d in judgement.decisions if d.verdict == "quarantined"]
    if quarantined:
        yield _found(
            "poison", judgement, quarantined,
            {"reason": quarantined[0].reason, "positions": _positions(quarantined)},
        )  # fmt: skip
    revoked = [d for d in judgement.decisions if d.disputed and d.place and d.place.branch == MAIN]
    if revoked:
        yield _found(
            "revoked_key", judgement, revoked,
            {"kid": revoked[0].sighting.kid, "positions": _positions(revoked)},
        )  # fmt: skip


def counts(docket: Docket) -> Counter[str]:
    """Return the figures of a docket for `fleet_server.store.tallies`."""
    total: Counter[str] = Counter()
    for judgement in docket.judgements:
        total.update({f"records_{verdict}": n for verdict, n in judgement.counts.items()})
        total["records_disputed"] += sum(d.disputed for d in judgement.decisions)
    total["records_unvouched"] += sum(len(found) for found in docket.nameless.values())
    return total


def new_chain(judgement: Judgement, start: ChainStart | None) -> Found:
    """Return the matter of a new chain, which stays open until somebody closes it."""
    details = {
        "reason": start.reason if start else "unknown",
        "former": start.former if start else None,
        "former_seq": start.former_seq if start else None,
        "server_seq": start.server_seq if start else None,
    }
    subject = f"{judgement.terminal}:{judgement.chain}"
    terminal, chain = judgement.terminal, judgement.chain
    return Found("new_chain", subject, terminal, chain, 1, details=details)


def unvouched(terminal: str, refused: Sequence[Decision]) -> Found:
    """Return the matter of raw input that no enrolled key vouches for."""
    chain = refused[0].sighting.chain
    details = {"reason": refused[0].reason}
    return Found("unvouched", terminal, terminal, chain, None, len(refused), details)


def _forks(judgement: Judgement) -> Iterator[Found]:
    begun = judgement.judged.before.branches
    branches: dict[int, list[Decision]] = {}
    for decision in judgement.decisions:
        if decision.verdict in ("taken", "quarantined") and decision.place:
            branches.setdefault(decision.place.branch, []).append(decision)
    for branch, decisions in branches.items():
        if branch > begun:
            details = {"branch": branch, "records": len(decisions)}
            yield _found("fork", judgement, decisions, details, f":{branch}")


def _found(
    kind: Kind,
    judgement: Judgement,
    decisions: Sequence[Decision],
    details: Mapping[str, object],
    suffix: str = "",
) -> Found:
    first = decisions[0].place
    return Found(
        kind,
        f"{judgement.terminal}:{judgement.chain}{suffix}",
        judgement.terminal,
        judgement.chain,
        first.seq if first else None,
        len(decisions),
        details,
    )


def _positions(decisions: Sequence[Decision]) -> list[int]:
    return [d.place.seq for d in decisions[:LISTED] if d.place]
