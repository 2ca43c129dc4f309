from collections.abc import Sequence
from dataclasses import replace

import pytest

from fleet_server.core.audit import Audit, HeldBack, HeldChain, HeldRating, HeldRecord
from fleet_server.core.verify import sight
from tests.fakes.chains import ChainWriter, enrolled, flipped
from wire import keys
from wire.codec import type_of
from wire.envelope import digest
from wire.records import Rating


def row(token: bytes, seq: int, **more: object) -> HeldRecord:
    record = sight(token, "t-1").record
    kind, rating = "", None
    if record is not None:
        kind = type_of(record)
        if isinstance(record.body, Rating):
            unbound = record.body.visit is None
            rating = HeldRating(record.body.choice, record.body.counter, False, unbound)
    return replace(HeldRecord(seq, digest(token), token, kind, rating=rating), **more)  # type: ignore[arg-type]


def rows(tokens: Sequence[bytes], first: int = 1) -> list[HeldRecord]:
    return [row(token, first + index) for index, token in enumerate(tokens)]


@pytest.fixture
def writer() -> ChainWriter:
    chain = ChainWriter()
    chain.start()
    chain.presses(4)
    return chain


def audit(writer: ChainWriter, held: Sequence[HeldRecord], **more: object) -> list[str]:
    chain = HeldChain("t-1", writer.chain, 1, len(writer.tokens), writer.prev)
    checked = Audit(replace(chain, **more), enrolled(writer.key))  # type: ignore[arg-type]
    return [f"{fault.seq}: {fault.what}" for fault in checked.main(held)]


def test_a_whole_chain_has_no_fault(writer: ChainWriter) -> None:
    assert audit(writer, rows(writer.tokens)) == []


def test_a_chain_of_nothing_is_whole(writer: ChainWriter) -> None:
    assert audit(writer, [], head_seq=0, head_hash="") == []


def test_changed_bytes_are_found(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held[2] = replace(held[2], jws=flipped(held[2].jws, 200))
    found = audit(writer, held)
    assert found[0] == "3: the bytes are not those that were stored: their hash is another"
    assert "4: does not name the hash of the record before" in found


def test_a_deleted_record_is_found(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    del held[2]
    assert audit(writer, held) == [
        "4: positions 3 to 3 before it are missing",
        "4: does not name the hash of the record before",
    ]


def test_a_record_whose_position_is_no_number_any_more_is_found(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held = [*held[:2], *held[3:], replace(held[2], seq=0)]
    assert "0: stands where position 6 belongs" in audit(writer, held)


def test_a_deleted_end_is_found(writer: ChainWriter) -> None:
    assert audit(writer, rows(writer.tokens)[:3]) == ["None: the head is position 5, but 3 is held"]


def test_another_last_record_than_the_head_is_found(writer: ChainWriter) -> None:
    found = audit(writer, rows(writer.tokens), head_hash="x")
    assert found == ["None: the head is position 5, but 5 is held"]


BACK = HeldBack("t-1", "A1")


@pytest.mark.parametrize(
    ("back", "more", "found"),
    [
        (BACK, {}, []),
        (HeldBack("t-1", "A1", due=True), {}, []),
        (HeldBack("t-1", "A1", soon=False), {}, []),
        (HeldBack("t-1", "A1", due=True, soon=False), {}, ["though it should be in the figures"]),
        (HeldBack("t-2", "A1"), {}, ["though it should be in the figures"]),
        (HeldBack("t-1", "nowhere"), {}, ["though it should be in the figures"]),
        (BACK, {"rating": HeldRating("satisfied", "A1")}, ["though it is in the figures"]),
        (BACK, {"event": True}, ["though it is in the figures"]),
    ],
)
def test_what_is_held_back_must_be_so_by_its_own_words(
    writer: ChainWriter, back: HeldBack, more: dict[str, object], found: list[str]
) -> None:
    held = rows(writer.tokens)
    held[2] = replace(held[2], **{"rating": None, "parked": back, **more})  # type: ignore[arg-type]
    said = [f"3: is held back, {what}" for what in found]
    assert [what for what in audit(writer, held) if "held back" in what] == said


def test_what_is_nothing_to_be_counted_is_not_held_back(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held[0] = replace(held[0], parked=BACK)
    held[1] = replace(held[1], quarantined="bad", rating=None, parked=BACK)
    assert audit(writer, held)[:2] == [
        "1: is held back, though it should be in the figures",
        "2: is quarantined, but counts in the figures or waits to",
    ]


def test_what_waits_is_added_up(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held[1] = replace(held[1], rating=None, parked=BACK)
    held[2] = replace(held[2], rating=None, parked=replace(BACK, due=True))
    chain = HeldChain("t-1", writer.chain, 1, len(writer.tokens), writer.prev)
    checked = Audit(chain, enrolled(writer.key))
    assert list(checked.main(held)) == []
    assert (checked.summary.waiting, checked.summary.due) == (2, 1)


def test_a_changed_figure_is_found(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held[1] = replace(held[1], rating=HeldRating("very_satisfied", "A1"))
    held[2] = replace(held[2], rating=None)
    held[3] = replace(held[3], rating=None, parked=HeldBack("t-1", "A1"))
    held[0] = replace(held[0], rating=HeldRating("satisfied", "A1"))
    held[4] = replace(held[4], rating=HeldRating("satisfied", "A1", disputed=True))
    assert audit(writer, held) == [
        "1: is no rating, but counts as one in the figures",
        "2: says satisfied at A1, but the figures say very_satisfied at A1",
        "3: is a rating, but is not in the figures",
        "5: counts in the figures as what it is not: disputed, unbound or bound to a visit",
    ]


def test_a_wrong_type_in_the_list_is_found(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held[1] = replace(held[1], type="")
    held[2] = replace(held[2], type="boot")
    assert audit(writer, held) == [
        "2: is listed as nothing, but is a rating",
        "3: is listed as boot, but is a rating",
    ]


def test_a_record_at_anothers_position_is_found(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held[1], held[2] = replace(held[2], seq=2), replace(held[1], seq=3)
    found = audit(writer, held)
    assert "2: says that it belongs to another chain or position" in found


def test_a_key_that_is_not_enrolled_is_found(writer: ChainWriter) -> None:
    writer.key = keys.generate()
    found = audit(writer, rows(writer.tokens))
    assert found == [
        f"{seq}: signed by a key that is not enrolled for this terminal" for seq in range(1, 6)
    ]


def test_a_change_of_key_without_a_key_record_is_found(writer: ChainWriter) -> None:
    old, new = writer.key, keys.generate()
    writer.change_key(new)
    writer.press()
    writer.key = old
    writer.press()
    chain = HeldChain("t-1", writer.chain, 1, len(writer.tokens), writer.prev)
    faults = list(Audit(chain, enrolled(old, new)).main(rows(writer.tokens)))
    assert [(f.seq, f.what) for f in faults] == [
        (8, "is signed by a key that the chain did not change to")
    ]


def test_quarantined_and_disputed_records_are_no_fault(writer: ChainWriter) -> None:
    writer.garbage()
    writer.press()
    held = rows(writer.tokens)
    held[5] = replace(held[5], quarantined="not a compact JWS")
    counted = HeldRating("satisfied", "A1", disputed=True)
    held[6] = replace(held[6], disputed=True, rating=counted)
    chain = HeldChain("t-1", writer.chain, 1, len(writer.tokens), writer.prev)
    checked = Audit(chain, enrolled(writer.key))
    assert list(checked.main(held)) == []
    assert (checked.summary.records, checked.summary.quarantined, checked.summary.disputed) == (
        7, 1, 1,
    )  # fmt: skip


def test_a_quarantined_record_that_counts_is_found(writer: ChainWriter) -> None:
    held = rows(writer.tokens)
    held[1] = replace(held[1], quarantined="the signature is wrong")
    assert audit(writer, held) == ["2: is quarantined, but counts in the figures or waits to"]


def test_a_chain_taken_up_from_an_anchor_is_whole(writer: ChainWriter) -> None:
    assert audit(writer, rows(writer.tokens[2:], 3), start_seq=3) == []
    assert audit(writer, [], start_seq=6) == []


def test_a_side_branch_links_to_its_base(writer: ChainWriter) -> None:
    clone = writer.cloned(3)
    clone.press(choice="unsatisfied")
    clone.press()
    chain = HeldChain("t-1", writer.chain, 1, 5, writer.prev, branches=1)
    checked = Audit(chain, enrolled(writer.key))
    counted = HeldRating("unsatisfied", "A1", disputed=True)
    held = [replace(one, disputed=True) for one in rows(clone.tokens[3:], 4)]
    held = [
        replace(held[0], rating=counted),
        replace(held[1], rating=replace(counted, choice="satisfied")),
    ]
    assert list(checked.side(1, {3: [digest(writer.tokens[2])]}, held)) == []
    faults = list(checked.side(1, {3: ["x"]}, held))
    assert [(f.branch, f.seq) for f in faults] == [(1, 4)]


def test_a_lost_or_unknown_side_branch_is_found(writer: ChainWriter) -> None:
    chain = HeldChain("t-1", writer.chain, 1, 5, writer.prev, branches=1)
    checked = Audit(chain, enrolled(writer.key))
    assert [f.what for f in checked.side(1, {}, [])] == ["nothing of this branch is held"]
    clone = writer.cloned(3)
    clone.boots()
    found = checked.side(2, {3: [digest(writer.tokens[2])]}, rows(clone.tokens[3:], 4))
    assert [f.what for f in found] == [
        "the chain knows of no such branch",
        "is on a side branch, but not disputed",
    ]
