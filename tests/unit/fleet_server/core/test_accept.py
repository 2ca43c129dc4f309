from collections.abc import Sequence

from fleet_server.core.accept import accept, by_chain, spans
from fleet_server.core.verdicts import ChainView, Decision, Outcome, Place, new_chain
from fleet_server.core.verify import Keyring, sight
from tests.fakes.chains import ChainWriter, enrolled
from wire import keys
from wire.envelope import digest, root_hash

NOW = 1_790_000_000_000


def judge(
    view: ChainView, tokens: Sequence[bytes], ring: Keyring, now: int = NOW, dev: str = "t-1"
) -> Outcome:
    return accept(view, [sight(token, dev) for token in tokens], ring, now)


def verdicts(outcome: Outcome) -> list[str]:
    return [d.verdict for d in outcome.decisions]


def begun(writer: ChainWriter, presses: int = 2) -> ChainView:
    writer.start()
    writer.presses(presses)
    outcome = judge(new_chain(writer.chain), writer.tokens, enrolled(writer.key))
    assert outcome.view.head_seq == presses + 1
    return outcome.view


def test_a_new_chain_is_taken_from_its_first_record() -> None:
    writer = ChainWriter()
    writer.start()
    outcome = judge(new_chain(writer.chain), writer.tokens, enrolled(writer.key))
    assert verdicts(outcome) == ["taken"]
    assert (outcome.view.head_seq, outcome.view.head_hash) == (1, digest(writer.tokens[0]))
    assert outcome.view.kid == keys.kid_of(writer.key)
    assert outcome.changes
    assert not outcome.resend


def test_one_signature_at_the_end_proves_the_run() -> None:
    writer = ChainWriter()
    writer.start()
    writer.presses(4)
    outcome = judge(new_chain(writer.chain), writer.tokens, enrolled(writer.key))
    assert verdicts(outcome) == ["taken"] * 5
    assert [d.proved for d in outcome.decisions] == [False] * 4 + [True]
    assert not any(d.disputed for d in outcome.decisions)


def test_what_is_repeated_counts_nothing() -> None:
    writer = ChainWriter()
    view = begun(writer)
    outcome = judge(view, writer.tokens, enrolled(writer.key))
    assert verdicts(outcome) == ["known"] * 3
    assert not outcome.changes
    assert outcome.view.head_seq == 3


def test_a_run_that_overlaps_the_head_is_taken_from_the_head_on() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.presses(2)
    outcome = judge(view, writer.tokens[1:], enrolled(writer.key))
    assert verdicts(outcome) == ["known", "known", "taken", "taken"]
    assert outcome.view.head_seq == 5


def test_the_same_record_twice_in_a_run_is_taken_once() -> None:
    writer = ChainWriter()
    view = begun(writer)
    token = writer.press()
    assert verdicts(judge(view, [token, token], enrolled(writer.key))) == ["taken", "known"]


def test_a_gap_is_ignored_and_asks_to_send_again() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.presses(3)
    outcome = judge(view, writer.tokens[4:], enrolled(writer.key))
    assert verdicts(outcome) == ["gap", "gap"]
    assert outcome.resend
    assert outcome.view.head_seq == 3


def test_a_gap_that_is_filled_later_in_the_run_does_not_ask_again() -> None:
    writer = ChainWriter()
    view = begun(writer)
    one, two = writer.presses(2)
    outcome = judge(view, [two, one, two], enrolled(writer.key))
    assert verdicts(outcome) == ["gap", "taken", "taken"]
    assert not outcome.resend


def test_a_gap_that_nobody_vouches_for_moves_nothing_and_asks_nothing() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.presses(3)
    outcome = judge(view, writer.tokens[4:], enrolled(keys.generate()))
    assert verdicts(outcome) == ["unvouched", "unvouched"]
    assert not outcome.resend


def test_records_signed_by_a_key_of_another_terminal_move_nothing() -> None:
    writer = ChainWriter()
    view = begun(writer)
    honest = writer.key
    token = writer.add(ratings(), keys.generate())
    outcome = judge(view, [token], enrolled(honest))
    assert verdicts(outcome) == ["unvouched"]
    assert outcome.decisions[0].reason == "signed by a key that is not enrolled for this terminal"
    assert outcome.view.head_seq == 3


def ratings() -> object:
    from wire.records import Rating

    return Rating("A1", None, "satisfied", "button", 1)


def test_a_record_for_another_terminal_moves_nothing() -> None:
    writer = ChainWriter(dev="t-2")
    writer.start()
    outcome = judge(new_chain(writer.chain), writer.tokens, enrolled(writer.key), dev="t-1")
    assert verdicts(outcome) == ["pending"]
    assert outcome.decisions[0].reason == "dev: is another terminal"
    assert outcome.view == new_chain(writer.chain).__class__(
        writer.chain, 0, root_hash(writer.chain), None, held=outcome.view.held
    )


def test_a_wrong_signature_at_the_end_is_unvouched_and_the_rest_is_taken() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.press()
    writer.badly_signed()
    outcome = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(outcome) == ["taken", "unvouched"]
    assert outcome.decisions[1].reason == "the signature is wrong"
    assert outcome.view.head_seq == 4


def test_poison_in_the_middle_occupies_its_position() -> None:
    writer = ChainWriter()
    view = begun(writer)
    for poison in (writer.unknown_type, writer.garbage):
        writer.press()
        poison()
    writer.press()
    outcome = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(outcome) == ["taken", "quarantined", "taken", "quarantined", "taken"]
    assert outcome.view.head_seq == 8
    assert [d.place for d in outcome.decisions] == [Place(0, s) for s in range(4, 9)]
    assert outcome.decisions[1].reason == "type: is not a record type known here"


def test_poison_at_the_end_waits_for_a_later_record_to_cover_it() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.unknown_type()
    first = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(first) == ["pending"]
    assert first.view.head_seq == 3
    writer.press()
    second = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(second) == ["quarantined", "taken"]
    assert second.view.head_seq == 5


def test_unreadable_bytes_at_the_end_are_unvouched_until_covered() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.press()
    writer.garbage()
    first = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(first) == ["taken", "unvouched"]
    writer.press()
    assert verdicts(judge(first.view, writer.tokens[4:], enrolled(writer.key))) == [
        "quarantined",
        "taken",
    ]


def test_two_poisons_in_a_row_whose_links_can_be_read_are_covered_together() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.unknown_type()
    writer.unknown_type()
    writer.press()
    outcome = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(outcome) == ["quarantined", "quarantined", "taken"]
    assert outcome.view.head_seq == 6


def test_signed_poison_covers_the_poison_before_it_and_not_itself() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.press()
    writer.unknown_type()
    writer.unknown_type()
    outcome = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(outcome) == ["taken", "quarantined", "pending"]
    assert (outcome.view.head_seq, outcome.view.head_hash) == (5, digest(writer.tokens[4]))
    assert outcome.view.kid == keys.kid_of(writer.key)


def test_poison_signed_by_a_key_that_is_not_the_chains_covers_nothing() -> None:
    writer = ChainWriter()
    view = begun(writer)
    old, other = writer.key, keys.generate()
    writer.garbage()
    writer.key = other
    writer.unknown_type()
    outcome = judge(view, writer.tokens[3:], enrolled(old, other))
    assert verdicts(outcome) == ["unvouched", "pending"]


def test_a_quarantined_position_is_known_when_it_is_sent_again() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.garbage()
    writer.press()
    ring = enrolled(writer.key)
    once = judge(view, writer.tokens[3:], ring)
    assert verdicts(judge(once.view, writer.tokens[3:], ring)) == ["known", "known"]


def test_a_poisoned_first_record_is_covered_by_the_second() -> None:
    writer = ChainWriter()
    writer.garbage()
    writer.boots()
    outcome = judge(new_chain(writer.chain), writer.tokens, enrolled(writer.key))
    assert verdicts(outcome) == ["quarantined", "taken"]
    assert outcome.view.kid == keys.kid_of(writer.key)


def test_a_seq_that_does_not_follow_is_poison() -> None:
    writer = ChainWriter()
    view = begun(writer)
    stray = writer.cloned()
    stray.tokens = [*writer.tokens[:2], b"", writer.tokens[2]]
    wrong = stray.press()  # links to seq 3, says 5
    writer.raw(wrong)
    writer.press()
    outcome = judge(view, writer.tokens[3:], enrolled(writer.key))
    assert verdicts(outcome) == ["quarantined", "taken"]
    assert outcome.decisions[0].reason == "seq: does not follow the record before"
    assert outcome.view.head_seq == 5


def test_the_same_position_with_another_hash_begins_a_disputed_branch() -> None:
    writer = ChainWriter()
    view = begun(writer)
    clone = writer.cloned(2)
    clone.press(choice="unsatisfied")
    clone.press()
    outcome = judge(view, clone.tokens, enrolled(writer.key))
    assert verdicts(outcome) == ["known", "known", "taken", "taken"]
    assert [d.place for d in outcome.decisions[2:]] == [Place(1, 3), Place(1, 4)]
    assert all(d.disputed for d in outcome.decisions[2:])
    assert (outcome.view.head_seq, outcome.view.head_hash) == (3, view.head_hash)
    assert outcome.view.branches == 1
    assert not outcome.resend


def test_a_disputed_branch_is_continued_and_a_second_one_is_told_apart() -> None:
    writer = ChainWriter()
    view = begun(writer)
    clone = writer.cloned(2)
    clone.press(choice="unsatisfied")
    ring = enrolled(writer.key)
    view = judge(view, clone.tokens, ring).view
    clone.press()
    outcome = judge(view, clone.tokens[3:], ring)
    assert [d.place for d in outcome.decisions] == [Place(1, 4)]
    other = clone.cloned(3)
    other.boots()
    outcome = judge(outcome.view, other.tokens[3:], ring)
    assert [d.place for d in outcome.decisions] == [Place(2, 4)]
    assert outcome.view.branches == 2


def test_a_second_first_record_of_a_chain_is_a_fork() -> None:
    writer = ChainWriter()
    view = begun(writer)
    clone = writer.cloned(0)
    clone.start("damage")
    outcome = judge(view, clone.tokens, enrolled(writer.key))
    assert [d.place for d in outcome.decisions] == [Place(1, 1)]
    assert outcome.decisions[0].disputed


def test_a_branch_whose_base_is_not_held_is_not_put_anywhere() -> None:
    writer = ChainWriter()
    view = begun(writer, presses=4)
    clone = writer.cloned(2)
    clone.press(choice="unsatisfied")
    clone.press()
    outcome = judge(view, clone.tokens[3:], enrolled(writer.key))
    assert verdicts(outcome) == ["gap"]
    assert not outcome.resend


def test_a_fork_that_no_enrolled_key_signed_moves_nothing() -> None:
    writer = ChainWriter()
    view = begun(writer)
    clone = writer.cloned(2)
    clone.badly_signed()
    outcome = judge(view, clone.tokens, enrolled(writer.key))
    assert verdicts(outcome) == ["known", "known", "unvouched"]
    assert outcome.view.branches == 0


def test_unreadable_bytes_stay_on_the_branch_of_the_record_before() -> None:
    writer = ChainWriter()
    view = begun(writer)
    clone = writer.cloned(2)
    clone.press(choice="unsatisfied")
    clone.garbage()
    clone.press()
    outcome = judge(view, clone.tokens[2:], enrolled(writer.key))
    assert [d.place for d in outcome.decisions] == [Place(1, 3), Place(1, 4), Place(1, 5)]
    assert outcome.view.branches == 1


def test_unreadable_bytes_over_a_held_position_begin_a_branch() -> None:
    writer = ChainWriter()
    view = begun(writer)
    clone = writer.cloned(2)
    clone.garbage()
    clone.press()
    outcome = judge(view, clone.tokens[2:], enrolled(writer.key))
    assert [d.place for d in outcome.decisions] == [Place(1, 3), Place(1, 4)]


def test_the_key_changes_by_a_key_record() -> None:
    writer = ChainWriter()
    view = begun(writer)
    old, new = writer.key, keys.generate()
    writer.change_key(new)
    ring = enrolled(old, new)
    outcome = judge(view, writer.tokens[3:], ring)
    assert outcome.view.kid == keys.kid_of(new)
    writer.press()
    assert verdicts(judge(outcome.view, writer.tokens[4:], ring)) == ["taken"]


def test_the_key_changes_within_a_run_and_the_new_one_vouches_for_all() -> None:
    writer = ChainWriter()
    view = begun(writer)
    old, new = writer.key, keys.generate()
    writer.press()
    writer.change_key(new)
    writer.press()
    outcome = judge(view, writer.tokens[3:], enrolled(old, new))
    assert verdicts(outcome) == ["taken"] * 3
    assert outcome.view.kid == keys.kid_of(new)


def test_another_enrolled_key_without_a_key_record_moves_nothing() -> None:
    writer = ChainWriter()
    view = begun(writer)
    old, other = writer.key, keys.generate()
    writer.key = other
    writer.press()
    outcome = judge(view, writer.tokens[3:], enrolled(old, other))
    assert verdicts(outcome) == ["pending"]
    assert outcome.decisions[0].reason == "signed by a key that the chain did not change to"


def test_a_change_to_a_key_that_is_not_enrolled_helps_nobody_until_it_is() -> None:
    writer = ChainWriter()
    view = begun(writer)
    old, new = writer.key, keys.generate()
    writer.change_key(new)
    writer.press()
    first = judge(view, writer.tokens[3:], enrolled(old))
    assert verdicts(first) == ["taken", "unvouched"]
    second = judge(first.view, writer.tokens[4:], enrolled(old, new))
    assert verdicts(second) == ["taken"]


def test_what_a_revoked_key_signed_is_taken_as_disputed() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.presses(2)
    outcome = judge(view, writer.tokens[3:], enrolled(writer.key, revoked_at=NOW))
    assert verdicts(outcome) == ["taken", "taken"]
    assert all(d.disputed for d in outcome.decisions)
    assert outcome.view.head_seq == 5


def test_what_came_before_the_revocation_stands() -> None:
    writer = ChainWriter()
    view = begun(writer)
    writer.press()
    outcome = judge(view, writer.tokens[3:], enrolled(writer.key, revoked_at=NOW + 1))
    assert [d.disputed for d in outcome.decisions] == [False]


def test_a_revoked_old_key_is_disputed_and_the_new_one_is_not() -> None:
    writer = ChainWriter()
    view = begun(writer)
    old, new = writer.key, keys.generate()
    writer.press()
    writer.change_key(new)
    writer.press()
    ring = enrolled(old, revoked_at=NOW) | enrolled(new)
    outcome = judge(view, writer.tokens[3:], ring)
    assert [d.disputed for d in outcome.decisions] == [True, True, False]


def test_a_new_key_does_not_vouch_for_the_key_record_that_would_make_it_one() -> None:
    writer = ChainWriter()
    view = begun(writer)
    old, stolen = writer.key, keys.generate()
    writer.press()
    writer.badly_signed()
    writer.change_key(stolen)
    writer.tokens[-1] = writer.tokens[-1][:-8] + b"AAAAAAAA"
    writer.press()
    outcome = judge(view, writer.tokens[3:], enrolled(old, stolen))
    assert verdicts(outcome) == ["taken", "unvouched", "unvouched", "pending"]
    assert outcome.decisions[2].reason == "the signature is wrong"
    assert (outcome.view.head_seq, outcome.view.kid) == (4, keys.kid_of(old))


def test_a_chain_taken_up_from_an_anchor_goes_on_after_it() -> None:
    writer = ChainWriter()
    writer.start()
    writer.presses(9)
    view = ChainView(
        writer.chain, 5, digest(writer.tokens[4]), keys.kid_of(writer.key), start_seq=6
    )
    ring = enrolled(writer.key)
    outcome = judge(view, writer.tokens[5:], ring)
    assert outcome.view.head_seq == 10
    # What lies before the anchor is ignored, and asks for nothing.
    again = judge(outcome.view, writer.tokens, ring)
    assert verdicts(again) == ["gap"] * 4 + ["known"] * 6
    assert not again.resend


def test_a_run_of_several_chains_is_sorted_by_chain() -> None:
    one, two = ChainWriter(), ChainWriter()
    tokens = [one.start(), two.start(), two.garbage(), two.press(), one.garbage()]
    groups = by_chain([sight(t, "t-1") for t in tokens])
    assert list(groups) == [one.chain, two.chain]
    assert [s.raw for s in groups[one.chain]] == [tokens[0]]
    assert [s.raw for s in groups[two.chain]] == tokens[1:]


def test_bytes_that_name_no_chain_at_all_stay_without_one() -> None:
    assert list(by_chain([sight(b"x", "t-1")])) == [None]
    assert spans([sight(b"x", "t-1")]) == []


def test_the_span_covers_the_positions_that_unreadable_bytes_may_have() -> None:
    writer = ChainWriter()
    tokens = [writer.start(), *writer.presses(9)][5:]
    assert spans([sight(t, "t-1") for t in [b"x", *tokens]]) == [(4, 11)]
    assert spans([sight(t, "t-1") for t in [*tokens, b"x", b"y"]]) == [(5, 13)]


def test_two_claims_far_apart_do_not_ask_for_all_that_is_between() -> None:
    writer = ChainWriter()
    tokens = [writer.start(), *writer.presses(999)]
    assert spans([sight(tokens[1], "t-1"), sight(tokens[999], "t-1")]) == [(1, 4), (998, 1001)]


def test_nothing_is_decided_on_an_empty_run() -> None:
    view = new_chain("0" * 32)
    outcome = accept(view, [], {}, NOW)
    assert outcome.decisions == ()
    assert not outcome.changes


def test_a_decision_says_where_a_known_record_stands() -> None:
    writer = ChainWriter()
    view = begun(writer)
    outcome = judge(view, writer.tokens[:1], enrolled(writer.key))
    assert outcome.decisions == (Decision(sight(writer.tokens[0], "t-1"), "known", Place(0, 1)),)
