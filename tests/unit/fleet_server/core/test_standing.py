"""Which rating of a visit stands."""

from dataclasses import replace

from fleet_server.core.standing import Judgement, Press, judge

FIRST = Press(record=10, chain=1, seq=5, boot="b", up=1_000)
CORRECTION = Press(record=11, chain=1, seq=6, boot="b", up=6_000, replaces=5)


def statuses(*presses: Press) -> list[str]:
    return [judgement.status for _, judgement in sorted(judge(presses).items())]


def test_the_first_rating_stands() -> None:
    assert judge([FIRST]) == {10: Judgement("standing")}


def test_a_correction_within_five_seconds_replaces_it() -> None:
    assert judge([FIRST, CORRECTION]) == {
        10: Judgement("replaced", replaced_by=11),
        11: Judgement("standing"),
    }


def test_a_correction_after_more_than_five_seconds_is_contested() -> None:
    assert statuses(FIRST, replace(CORRECTION, up=6_001)) == ["standing", "contested"]


def test_a_correction_from_before_the_standing_one_is_contested() -> None:
    assert statuses(FIRST, replace(CORRECTION, up=999)) == ["standing", "contested"]


def test_a_later_rating_that_does_not_say_it_corrects_is_contested() -> None:
    assert statuses(FIRST, replace(CORRECTION, replaces=None)) == ["standing", "contested"]


def test_a_correction_of_another_seq_is_contested() -> None:
    assert statuses(FIRST, replace(CORRECTION, replaces=4)) == ["standing", "contested"]


def test_a_correction_from_another_chain_is_contested() -> None:
    assert statuses(FIRST, replace(CORRECTION, chain=2)) == ["standing", "contested"]


def test_a_correction_from_another_boot_is_contested() -> None:
    assert statuses(FIRST, replace(CORRECTION, boot="c")) == ["standing", "contested"]


def test_the_last_of_several_corrections_wins() -> None:
    third = replace(CORRECTION, record=12, seq=7, up=11_000, replaces=6)
    assert statuses(FIRST, CORRECTION, third) == ["replaced", "replaced", "standing"]


def test_a_correction_of_a_replaced_rating_is_contested() -> None:
    third = replace(CORRECTION, record=12, seq=7, replaces=5)
    assert statuses(FIRST, CORRECTION, third) == ["replaced", "standing", "contested"]


def test_a_second_terminal_cannot_overturn_what_stands() -> None:
    other = Press(record=12, chain=9, seq=5, boot="z", up=1_000, replaces=5)
    assert statuses(FIRST, other) == ["standing", "contested"]


def test_a_rating_that_the_terminal_marked_as_contested_never_stands() -> None:
    assert statuses(replace(FIRST, flagged=True)) == ["contested"]


def test_a_rating_on_a_disputed_branch_neither_stands_nor_contests() -> None:
    assert statuses(replace(FIRST, disputed=True), CORRECTION) == ["disputed", "standing"]


def test_a_disputed_correction_replaces_nothing() -> None:
    assert statuses(FIRST, replace(CORRECTION, disputed=True)) == ["standing", "disputed"]


def test_the_order_of_acceptance_decides_not_the_order_given() -> None:
    assert judge([CORRECTION, FIRST]) == judge([FIRST, CORRECTION])
