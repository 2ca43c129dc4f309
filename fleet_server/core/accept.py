"""Acceptance: what becomes of each record of a run (WIRE.md section 10). Pure.

A run is cut into *stretches*: records each of which names the hash of the one before. The rules,
in the order of the code:

1. **Known.** A hash that is held already is skipped. What is repeated counts nothing.
2. **Base.** A stretch goes on from the held record that its first ``prev`` names (from the root
   for seq 1). Where the first record can't be read, the next one's ``seq`` says where it stands.
3. **Gap.** No base: ignored. If it stands above the head the receipt asks to send again.
4. **Fork.** The position after the base is taken: a side branch begins, disputed and whole.
5. **Faults.** Faulty bytes; a ``seq`` that doesn't follow; a key that is not enrolled, or that the
   chain did not change to by a ``key`` record that the key before it signed. Such a record is
   poison.
6. **Vouching.** The last record of the stretch with a good signature by the chain's key proves all
   before it, and itself if it is faultless: poison that is signed can cover poison, so that a
   newer firmware's records never block the queue, however many. What comes after moves nothing:
   *pending* if an enrolled key signed it (a later record may still cover it), else *unvouched*.
7. **Poison** that is vouched for occupies its position, *quarantined*.
8. **Revoked.** Records of a key that was revoked, or replaced by a ``key`` record that came before,
   and those that only such a key vouches for, are taken as disputed.
9. All others are **taken**.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fleet_server.core.verdicts import MAIN, ChainView, Decision, Outcome, Place, Verdict
from fleet_server.core.verify import Keyring, Sighting, signed
from wire.envelope import root_hash
from wire.fields import MAX_SEQ
from wire.keys import kid_of, public_from_x
from wire.records import KeyChange


def by_chain(run: Sequence[Sighting]) -> dict[str | None, list[Sighting]]:
    """Sort a run by chain; unreadable bytes go with the record after them, else before them."""
    chain: str | None = next((s.chain for s in reversed(run) if s.chain), None)
    named: list[str | None] = []
    for sighting in reversed(run):
        chain = sighting.chain or chain
        named.append(chain)
    groups: dict[str | None, list[Sighting]] = {}
    for sighting, name in zip(run, reversed(named), strict=True):
        groups.setdefault(name, []).append(sighting)
    return groups


def spans(run: Sequence[Sighting]) -> list[tuple[int, int]]:
    """Return the positions whose records `accept` must know: ranges, first and last, ascending.

    Only what lies beside a record, as it says itself or as the readable ones around it have it:
    two lines that claim to stand far apart must not cost a look at all that is between.
    """
    wanted: set[int] = set()
    for order in (1, -1):
        near: int | None = None
        for sighting in run[::order]:
            for at in (sighting.seq, near):
                wanted |= {at - 1, at, at + 1} if at is not None else set()
            here = near if sighting.seq is None else sighting.seq
            near = None if here is None else here + order
    ranges: list[tuple[int, int]] = []
    for at in sorted(at for at in wanted if 0 <= at <= MAX_SEQ):
        if ranges and ranges[-1][1] == at - 1:
            ranges[-1] = (ranges[-1][0], at)
        else:
            ranges.append((at, at))
    return ranges


def accept(view: ChainView, run: Sequence[Sighting], keys: Keyring, now: int) -> Outcome:
    """Judge a run of records of one chain.

    Args:
        view: the chain, with what is held of it within `spans`.
        run: records as sighted, in the order sent.
        keys: the registry's keys of the terminal.
        now: Unix milliseconds; what a key signed that was revoked before is disputed.
    """
    judge = _Judge(view, keys, now)
    for stretch in _stretches(run):
        judge.judge(stretch)
    return judge.outcome()


def _stretches(run: Iterable[Sighting]) -> list[list[Sighting]]:
    stretches: list[list[Sighting]] = []
    for sighting in run:
        if stretches and sighting.prev == stretches[-1][-1].hash:
            stretches[-1].append(sighting)
        else:
            stretches.append([sighting])
    return stretches


class _Judge:
    """The state while a run is judged: the view as it grows, and the decisions so far."""

    def __init__(self, view: ChainView, keys: Keyring, now: int) -> None:
        self._view, self._keys, self._now = view, keys, now
        self._held = dict(view.held)
        self._held[view.head_hash] = Place(MAIN, view.head_seq)
        if view.start_seq == 1:
            self._held[root_hash(view.chain)] = Place(MAIN, 0)
        self._occupied = set(self._held.values())
        self._decisions: list[Decision] = []

    def outcome(self) -> Outcome:
        """Return what was decided."""
        above = self._view.head_seq
        resend = any(d.verdict == "gap" and (d.sighting.seq or 0) > above for d in self._decisions)
        return Outcome(tuple(self._decisions), replace(self._view, held=self._held), resend)

    def judge(self, stretch: Sequence[Sighting]) -> None:
        """Decide on one stretch."""
        new = self._skip_known(stretch)
        if not new:
            return
        base = self._base(new)
        if base is None:
            self._judge_gap(new)
        else:
            self._extend(base, new)

    def _skip_known(self, stretch: Sequence[Sighting]) -> Sequence[Sighting]:
        for index, sighting in enumerate(stretch):
            if sighting.hash not in self._held:
                return stretch[index:]
            self._decisions.append(Decision(sighting, "known", self._held[sighting.hash]))
        return ()

    def _base(self, new: Sequence[Sighting]) -> Place | None:
        if new[0].prev is not None:
            return self._held.get(new[0].prev)
        seq = next((s.seq - i for i, s in enumerate(new) if s.seq is not None), 0)
        before = self._decisions[-1].place if self._decisions else None
        if before is not None and before.seq == seq - 1:
            return before
        place = Place(MAIN, seq - 1)
        return place if place in self._occupied else None

    def _judge_gap(self, new: Sequence[Sighting]) -> None:
        # A chain that was taken up from an anchor may be sent from before it.
        later = next((i for i, s in enumerate(new) if s.hash in self._held), len(new))
        vouched = any(signed(s, self._keys) for s in reversed(new))
        for sighting in new[:later]:
            if vouched:
                self._decisions.append(Decision(sighting, "gap"))
            else:
                self._refuse(sighting, sighting.fault)
        if later < len(new):
            self.judge(new[later:])

    def _extend(self, base: Place, new: Sequence[Sighting]) -> None:
        faults, kids = self._faults(base, new)
        good, clean = self._vouchers(new, kids)
        # What vouches is itself taken only if nothing is wrong with it.
        last = max(good, default=-1)
        last -= last >= 0 and faults[last] is not None
        if last < 0:
            for sighting, fault in zip(new, faults, strict=True):
                self._refuse(sighting, fault)
            return
        branch = self._branch_after(base)
        for index, sighting in enumerate(new):
            place = Place(branch, base.seq + 1 + index)
            if index > last:
                self._refuse(sighting, faults[index])
            elif faults[index] is not None:
                self._occupy(Decision(sighting, "quarantined", place, reason=faults[index]))
            else:
                disputed = branch != MAIN or index > clean or self._revoked(sighting)
                self._occupy(Decision(sighting, "taken", place, index in good, disputed))
        if branch == MAIN:
            seq = base.seq + 1 + last
            self._view = replace(
                self._view, head_seq=seq, head_hash=new[last].hash, kid=kids[last + 1]
            )

    def _faults(
        self, base: Place, new: Sequence[Sighting]
    ) -> tuple[list[str | None], list[str | None]]:
        """Return what is wrong with each record, and which key is to sign it and the one after."""
        # A side branch may have left the main one before a change of key.
        kid = self._view.kid if base == Place(MAIN, self._view.head_seq) else None
        faults: list[str | None] = []
        kids = [kid]
        for index, sighting in enumerate(new):
            fault = self._fault(sighting, base.seq + 1 + index, kid)
            if fault is None:
                kid = _next_kid(sighting)
            faults.append(fault)
            kids.append(kid)
        return faults, kids

    def _fault(self, sighting: Sighting, seq: int, kid: str | None) -> str | None:
        if sighting.record is None:
            return sighting.fault
        if sighting.seq != seq:
            return "seq: does not follow the record before"
        if sighting.kid not in self._keys:
            return "signed by a key that is not enrolled for this terminal"
        if kid is not None and sighting.kid != kid:
            return "signed by a key that the chain did not change to"
        # The next key can't vouch for the word that it is the next.
        if isinstance(sighting.record.body, KeyChange) and not signed(sighting, self._keys):
            return "the signature is wrong"
        return None

    def _vouchers(
        self, new: Sequence[Sighting], kids: Sequence[str | None]
    ) -> tuple[set[int], int]:
        """Return the records found well signed, and the last one whose key is not revoked.

        From the end, and only as far as needed: one good signature proves all before it.
        """
        good: set[int] = set()
        for index in reversed(range(len(new))):
            if kids[index] in (None, new[index].kid) and signed(new[index], self._keys):
                good.add(index)
                if not self._revoked(new[index]):
                    return good, index
        return good, -1

    def _revoked(self, sighting: Sighting) -> bool:
        return self._keys[sighting.kid or ""].revoked(self._now)

    def _branch_after(self, base: Place) -> int:
        after = Place(base.branch, base.seq + 1)
        if base == Place(MAIN, self._view.head_seq) or (
            base.branch != MAIN and after not in self._occupied
        ):
            return base.branch
        self._view = replace(self._view, branches=self._view.branches + 1)
        return self._view.branches

    def _occupy(self, decision: Decision) -> None:
        assert decision.place is not None  # noqa: S101  # both callers give one
        self._held[decision.sighting.hash] = decision.place
        self._occupied.add(decision.place)
        self._decisions.append(decision)

    def _refuse(self, sighting: Sighting, fault: str | None) -> None:
        verdict: Verdict = "pending" if fault and signed(sighting, self._keys) else "unvouched"
        reason = fault or "the signature is wrong"
        self._decisions.append(Decision(sighting, verdict, reason=reason))


def _next_kid(sighting: Sighting) -> str | None:
    if sighting.record is not None and isinstance(sighting.record.body, KeyChange):
        return kid_of(public_from_x(sighting.record.body.x))
    return sighting.kid
