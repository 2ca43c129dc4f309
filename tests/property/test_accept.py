"""Whatever is repeated, reordered, cut or made up: nothing is lost, doubled or invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fleet_server.core.accept import accept, by_chain
from fleet_server.core.verdicts import MAIN, ChainView, Outcome, Place, new_chain
from fleet_server.core.verify import Keyring, sight
from tests.fakes.chains import ChainWriter, enrolled, flipped
from wire import keys
from wire.envelope import digest

NOW = 1_790_000_000_000
KEY = keys.generate()
THIEF = keys.generate()
RING = enrolled(KEY)

STEPS = st.sampled_from(["press", "press", "press", "boots", "unknown_type", "garbage"])


def chain_of(steps: Sequence[str]) -> ChainWriter:
    """Return a chain with poison in it, which begins and ends with a sound record."""
    writer = ChainWriter(key=KEY)
    writer.start()
    before = ""
    for step in steps:
        # Bytes that can't be read have nothing that links them to what is before them, so two
        # of them in a row could not be told from invented ones.
        step = "press" if "garbage" in (step, before) and step != "press" else step
        if step == "garbage":
            writer.garbage(b"garbage %d" % len(writer.tokens))
        else:
            getattr(writer, step)()
        before = step
    writer.press()
    return writer


@dataclass
class Store:
    """A database that holds what it is told to, and refuses what a real one would refuse."""

    view: ChainView
    keyring: Keyring = field(default_factory=lambda: RING)
    held: dict[Place, tuple[str, str, bool]] = field(default_factory=dict)

    def take(self, tokens: Sequence[bytes], dev: str = "t-1") -> Outcome:
        group = by_chain([sight(token, dev) for token in tokens]).get(self.view.chain, [])
        known = {hashed: place for place, (hashed, _, _) in self.held.items()}
        outcome = accept(replace(self.view, held=known), group, self.keyring, NOW)
        for decision in outcome.decisions:
            if decision.verdict in ("taken", "quarantined"):
                assert decision.place is not None
                assert decision.place not in self.held, "a position is taken once"
                self.held[decision.place] = (
                    decision.sighting.hash, decision.verdict, decision.disputed,
                )  # fmt: skip
        assert outcome.view.head_seq >= self.view.head_seq, "the head never moves back"
        self.view = outcome.view
        return outcome

    def main(self) -> list[str]:
        seqs = sorted(place.seq for place in self.held if place.branch == MAIN)
        assert seqs == list(range(1, len(seqs) + 1)), "no gap"
        assert self.view.head_seq == len(seqs)
        return [self.held[Place(MAIN, seq)][0] for seq in seqs]


def deliver_the_rest(store: Store, writer: ChainWriter, size: int) -> None:
    """Send from the head on, as a terminal does that hears the receipts."""
    for _ in range(2 * len(writer.tokens) + 2):
        head = store.view.head_seq
        if head == len(writer.tokens):
            return
        store.take(writer.tokens[head : head + size])


@st.composite
def deliveries(draw: st.DrawFn, length: int) -> list[list[int]]:
    runs = st.lists(st.integers(0, length - 1), min_size=1, max_size=8)
    spans = st.tuples(st.integers(0, length - 1), st.integers(1, 8)).map(
        lambda span: list(range(span[0], min(length, span[0] + span[1])))
    )
    return draw(st.lists(st.one_of(runs, spans), max_size=8))


@settings(deadline=None, max_examples=150)
@given(data=st.data(), steps=st.lists(STEPS, max_size=12), size=st.integers(2, 6))
def test_any_interleaving_repetition_and_reordering_ends_with_exactly_the_chain(
    data: st.DataObject, steps: list[str], size: int
) -> None:
    writer = chain_of(steps)
    store = Store(new_chain(writer.chain))
    for run in data.draw(deliveries(len(writer.tokens))):
        store.take([writer.tokens[index] for index in run])
        hashes = [digest(token) for token in writer.tokens]
        assert store.main() == hashes[: store.view.head_seq]
    deliver_the_rest(store, writer, size)
    assert store.main() == [digest(token) for token in writer.tokens]
    assert store.view.branches == 0
    assert not any(disputed for _, _, disputed in store.held.values())
    verdicts = [store.held[Place(MAIN, seq)][1] for seq in range(1, len(writer.tokens) + 1)]
    sound = [sight(token, "t-1").record is not None for token in writer.tokens]
    assert verdicts == ["taken" if one else "quarantined" for one in sound]


@settings(deadline=None, max_examples=100)
@given(
    steps=st.lists(STEPS, min_size=1, max_size=8),
    at=st.integers(0, 10_000),
    record=st.integers(0, 100),
    cut=st.booleans(),
)
def test_a_changed_or_cut_record_never_enters_and_never_stands_in_the_way(
    steps: list[str], at: int, record: int, cut: bool
) -> None:
    writer = chain_of(steps)
    index = record % len(writer.tokens)
    token = writer.tokens[index]
    broken = token[: at % len(token)] if cut else flipped(token, at % len(token))
    store = Store(new_chain(writer.chain))
    store.take([*writer.tokens[:index], broken, *writer.tokens[index + 1 :]])
    assert digest(broken) not in [hashed for hashed, _, _ in store.held.values()]
    assert store.view.head_seq <= index
    deliver_the_rest(store, writer, 4)
    assert store.main() == [digest(one) for one in writer.tokens]


@settings(deadline=None, max_examples=100)
@given(
    length=st.integers(2, 6),
    base=st.integers(1, 5),
    order=st.randoms(use_true_random=False),
    ends=st.lists(st.sampled_from(["satisfied", "unsatisfied"]), min_size=1, max_size=4),
)
def test_a_clone_is_held_whole_beside_the_chain_and_disputed(
    length: int, base: int, order: object, ends: list[str]
) -> None:
    writer = ChainWriter(key=KEY)
    writer.start()
    writer.presses(length)
    clone = writer.cloned(min(base, length))
    clone.boots()
    for choice in ends:
        clone.press(choice=choice)  # type: ignore[arg-type]
    store = Store(new_chain(writer.chain))
    runs = [writer.tokens, clone.tokens, writer.tokens[1:], clone.tokens[1:]]
    order.shuffle(runs)  # type: ignore[attr-defined]
    for run in runs:
        store.take(run)
    store.take(writer.tokens)
    store.take(clone.tokens)
    first, second = {digest(t) for t in writer.tokens}, {digest(t) for t in clone.tokens}
    assert {hashed for hashed, _, _ in store.held.values()} == first | second
    assert set(store.main()) in (first, second)
    for place, (_, _, disputed) in store.held.items():
        assert disputed == (place.branch != MAIN)


@settings(deadline=None, max_examples=100)
@given(lines=st.lists(st.binary(max_size=200), max_size=20), where=st.integers(0, 5))
def test_bytes_that_nobody_signed_move_nothing(lines: list[bytes], where: int) -> None:
    writer = ChainWriter(key=KEY)
    writer.start()
    writer.presses(3)
    store = Store(new_chain(writer.chain))
    store.take([*writer.tokens[:where], *lines, *writer.tokens[where:]])
    deliver_the_rest(store, writer, 4)
    assert store.main() == [digest(token) for token in writer.tokens]
    assert len(store.held) == len(writer.tokens)


@settings(deadline=None, max_examples=60)
@given(length=st.integers(1, 5), forged=st.integers(1, 5), known=st.booleans())
def test_what_a_key_signs_that_is_not_the_terminals_moves_nothing(
    length: int, forged: int, known: bool
) -> None:
    writer = ChainWriter(key=KEY)
    writer.start()
    writer.presses(length)
    store = Store(new_chain(writer.chain), enrolled(KEY, THIEF) if known else RING)
    store.take(writer.tokens)
    thief = writer.cloned()
    thief.key = THIEF
    thief.presses(forged)
    outcome = store.take(thief.tokens[len(writer.tokens) :])
    assert store.main() == [digest(token) for token in writer.tokens]
    assert not outcome.changes
