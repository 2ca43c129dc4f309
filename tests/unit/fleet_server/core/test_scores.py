"""Index scores: at, just under and just over each limit, and what is not known."""

from fractions import Fraction

import pytest

from fleet_server.core.comparison import Share
from fleet_server.core.national_scale import NATIONAL
from fleet_server.core.scores import (
    Class,
    Counted,
    Entered,
    Index,
    Scale,
    Source,
    hundredths,
    on,
    score,
    weighed,
)

BIT = Fraction(1, 10**30)
ENTERED = [index.key for index in NATIONAL.indexes if index.source == "entered"]
FULL: Counted = {
    "attitude": Share(100, 100),
    "explained": Share(10, 10),
    "satisfaction": Share(9, 10),
}


def all_of(two: int, one: int, none: int) -> dict[str, Entered]:
    return {key: Entered(two, one, none, "person:a@b") for key in ENTERED}


def scale(index: Index | None = None, **other: object) -> Scale:
    said = {"classes": (Class("good", 1), Class("weak", 0))} | other
    return Scale(7, "2026-01-01", (index or Index("x", {}, "attitude", 90, 80),), **said)  # type: ignore[arg-type]


# ---- classes ----


def test_there_are_nine_indexes_of_two_points() -> None:
    assert (len(NATIONAL.indexes), NATIONAL.most) == (9, 18)


@pytest.mark.parametrize(
    ("limit", "reached", "under"),
    [
        (15, "excellent", "good"),
        (12, "good", "fair"),
        (9, "fair", "average"),
        (6, "average", "weak"),
    ],
)
def test_a_class_begins_at_its_limit(limit: int, reached: str, under: str) -> None:
    assert NATIONAL.class_of(Fraction(limit)) == reached
    assert NATIONAL.class_of(limit + BIT) == reached
    assert NATIONAL.class_of(limit - BIT) == under


def test_nothing_and_all_have_a_class() -> None:
    assert (NATIONAL.class_of(Fraction(0)), NATIONAL.class_of(Fraction(18))) == (
        "weak",
        "excellent",
    )


@pytest.mark.parametrize(
    ("limit", "reached", "under"),
    [
        (15, "excellent", "good"),
        (12, "good", "fair"),
        (9, "fair", "average"),
        (6, "average", "weak"),
    ],
)
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_one_dossier_of_two_hundred_thousand_decides_at_a_limit(
    limit: int, reached: str, under: str, more: int
) -> None:
    first, *others = ENTERED
    entered = {first: Entered(100_000 + more, 0, 100_000 - more, "person:a@b")}
    left = limit - 5  # Four points are counted, and the first index has one.
    for key in others:
        entered[key] = Entered(int(left > 1), int(left == 1), int(left < 1), "person:a@b")
        left -= min(2, left)
    found = score(NATIONAL, FULL, entered)
    assert found.points == limit + Fraction(more, 100_000)
    assert found.class_ == (under if more < 0 else reached)
    assert hundredths(found.points) == 100 * limit - (more < 0)


def test_a_third_is_not_rounded_up_to_a_limit() -> None:
    thirds = score(NATIONAL, FULL, all_of(1, 1, 1)).points
    assert thirds == 11
    assert NATIONAL.class_of(thirds) == "fair"
    assert hundredths(Fraction(17_999_999, 1_200_000)) == 1499


# ---- counted ----


@pytest.mark.parametrize(
    ("part", "points"),
    [
        (100_000, 2),
        (90_001, 2),
        (90_000, 2),
        (89_999, 1),
        (80_001, 1),
        (80_000, 1),
        (79_999, 0),
        (0, 0),
    ],
)
def test_a_share_reaches_a_limit_at_it(part: int, points: int) -> None:
    found = score(scale(), {"attitude": Share(part, 100_000)}, {})
    assert found.scored[0].points == points
    assert found.scored[0].measured == Share(part, 100_000)


@pytest.mark.parametrize("source", ["attitude", "satisfaction", "explained", "participation"])
def test_an_index_takes_what_it_is_set_to(source: Source) -> None:
    others: dict[Source, Share] = dict.fromkeys(
        ("attitude", "satisfaction", "explained", "participation"), Share(0, 10)
    )
    found = score(scale(Index("x", {}, source)), others | {source: Share(10, 10)}, {})
    assert found.points == 2


# ---- what is not known ----


def test_what_is_not_known_is_not_scored_and_never_nothing() -> None:
    found = score(NATIONAL, {"attitude": Share(4, 4)}, {"online": Entered(0, 0, 0, "person:a@b")})
    lacks = {one.index.key: one.lack for one in found.scored}
    assert lacks["attitude"] == "too_few"
    assert lacks["answering"] == "not_counted"
    assert lacks["online"] == lacks["one_stop"] == "not_entered"
    assert all(one.points is None for one in found.scored)
    assert (found.points, found.possible, found.class_, found.satisfaction) == (0, 0, None, None)


def test_a_share_of_a_few_is_not_even_named() -> None:
    assert score(scale(), {"attitude": Share(4, 4)}, {}).scored[0].measured is None
    assert score(scale(), {"attitude": Share(5, 5)}, {}).scored[0].points == 2


@pytest.mark.parametrize(
    ("due", "points", "lack"),
    [
        (Share(0, 0), 2, None),
        (Share(1, 1), 2, None),
        (Share(0, 1), 0, None),
        (None, None, "not_counted"),
    ],
)
def test_where_no_case_was_due_none_was_left_without_an_answer(
    due: Share | None, points: int | None, lack: str | None
) -> None:
    found = score(NATIONAL, {} if due is None else {"explained": due}, {})
    answering = next(one for one in found.scored if one.index.key == "answering")
    assert (answering.points, answering.lack) == (points, lack)


def test_nothing_to_count_is_not_scored_unless_the_index_says_what_it_is_worth() -> None:
    found = score(scale(Index("x", {}, "participation")), {"participation": Share(0, 0)}, {})
    assert found.scored[0].lack == "too_few"


def test_with_one_index_missing_there_is_a_sum_but_no_class() -> None:
    entered = all_of(1, 0, 0)
    assert score(NATIONAL, FULL, entered).class_ == "excellent"
    del entered["online"]
    found = score(NATIONAL, FULL, entered)
    assert (found.points, found.possible, found.class_) == (16, 16, None)


def test_no_points_that_were_found_are_points() -> None:
    found = score(NATIONAL, {"attitude": Share(0, 9), "explained": Share(0, 9)}, all_of(0, 0, 3))
    assert (found.points, found.possible, found.class_) == (0, 18, "weak")


def test_nothing_is_entered_for_what_the_server_counts() -> None:
    with pytest.raises(ValueError, match="not to be entered: attitude, other"):
        score(
            NATIONAL, FULL, {key: Entered(1, 0, 0, "x") for key in ("other", "attitude", "online")}
        )
    with pytest.raises(ValueError, match="no fewer than no"):
        Entered(1, -1, 0, "x")


# ---- the weight of satisfaction ----


def test_satisfaction_weighs_18_of_100() -> None:
    assert weighed(NATIONAL, Share(9, 10)) == Fraction(81, 5)
    assert weighed(NATIONAL, Share(10, 10)) == 18
    assert weighed(NATIONAL, Share(1, 3)) is None
    assert score(NATIONAL, FULL, {}).satisfaction == Fraction(81, 5)


# ---- versions ----


def test_a_period_is_scored_by_the_scale_of_its_last_day() -> None:
    scales = [NATIONAL, scale()]
    assert on(scales, "2025-12-31").version == 1
    assert on(scales, "2026-01-01").version == 7
    with pytest.raises(LookupError):
        on(scales, "2018-06-20")


def test_a_result_names_its_scale() -> None:
    assert score(scale(), {}, {}).scale.version == 7


@pytest.mark.parametrize(
    "wrong",
    [
        {"indexes": ()},
        {"indexes": (Index("x", {}), Index("x", {}))},
        {"classes": ()},
        {"classes": (Class("a", 1),)},
        {"classes": (Class("a", 1), Class("b", 1), Class("c", 0))},
        {"classes": (Class("a", 1), Class("b", 2), Class("c", 0))},
        {"classes": (Class("a", 3), Class("b", 0))},
        {"weight": 101},
        {"weight": -1},
        {"least": 4},
    ],
)
def test_a_scale_that_can_not_be_used_is_refused(wrong: dict[str, object]) -> None:
    said: dict[str, object] = {"indexes": (Index("x", {}),), "classes": (Class("a", 0),)} | wrong
    with pytest.raises(ValueError, match=r"scale|limits|classes|weighs|fewer"):
        Scale(1, "2026-01-01", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"full": 80, "half": 90},
        {"full": 101},
        {"half": -1},
        {"of_nothing": 3},
        {"of_nothing": -1},
        {"of_nothing": 2, "source": "attitude"},
        {"of_nothing": 0, "source": "satisfaction"},
    ],
)
def test_an_index_that_can_not_be_used_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"limits of an index|nothing has"):
        Index("x", {}, **wrong)  # type: ignore[arg-type]
