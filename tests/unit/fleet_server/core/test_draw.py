"""The weekly draw: who is on the list, who is drawn, and who is asked in their place."""

from collections import Counter
from datetime import date

import pytest

from fleet_server.core.draw import (
    Draw,
    DrawRules,
    Entry,
    Sealed,
    Served,
    draw,
    name_of,
    pulse,
    seal,
    seed,
)
from fleet_server.core.tree import Node, Tree

MONDAY = date(2026, 11, 23)
GOOD = date(2026, 12, 31)
TREE = Tree(
    [
        Node(1, "D", "District", "district", None),
        Node(2, "W1", "Ward", "unit", 1),
        Node(3, "W2", "Ward", "unit", 1, closed="2026-11-23"),
        Node(4, "W3", "Ward", "unit", 1, closed="2026-11-24"),
        Node(5, "GONE", "Office", "unit", None, closed="2026-11-01"),
    ]
)
RULES = DrawRules()
KEY, WEEK = b"k" * 32, "2026-W48"


def served(visit: str, unit: int = 2, **other: object) -> Served:
    said = {"citizen": f"of {visit}", "reachable_until": GOOD, "consents": True} | other
    return Served(visit, unit, **said)  # type: ignore[arg-type]


def sealed(
    tickets: list[Served],
    lately: tuple[str, ...] = (),
    witness: str = "",
    week: str = WEEK,
    tree: Tree = TREE,
) -> Sealed:
    return seal(
        week, tickets, key=KEY, day=MONDAY, rules=RULES, lately=lately, tree=tree, witness=witness
    )


def name(visit: str) -> str:
    return name_of(KEY, WEEK, visit)


def a_list(units: dict[str, int], wanted: int = 7) -> Sealed:
    entries = [Entry(unit, f"{unit}-{n}") for unit, size in units.items() for n in range(size)]
    return Sealed("2026-W48", wanted, tuple(sorted(entries)), {})


# ---- the list ----


def test_tickets_of_the_four_weeks_before_the_day_may_be_drawn() -> None:
    assert RULES.window(MONDAY) == (date(2026, 10, 26), date(2026, 11, 22))


@pytest.mark.parametrize("wrong", [{"wanted": 4}, {"wanted": 11}, {"weeks": 0}, {"again_days": 0}])
def test_settings_out_of_their_limits_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"5 to 10|at least one"):
        DrawRules(**wrong)


def test_five_and_ten_may_be_wanted() -> None:
    assert [DrawRules(wanted=n).wanted for n in (5, 10)] == [5, 10]


def test_who_can_not_be_asked_is_not_on_the_list_but_counted() -> None:
    listed = sealed(
        [
            served("ok"),
            served("no-data", citizen=None, reachable_until=None),
            served("no-end", reachable_until=None),
            served("ends-too-soon", reachable_until=date(2026, 11, 29)),
            served("just-long-enough", reachable_until=date(2026, 11, 30)),
            served("withdrawn", consents=False),
            served("again", citizen="asked in May"),
        ],
        lately=("asked in May",),
    )
    assert {one.ticket for one in listed.entries} == {name("just-long-enough"), name("ok")}
    assert listed.left_out == {"no_contact": 3, "no_consent": 1, "drawn_lately": 1}


def test_a_citizen_with_three_tickets_is_on_the_list_once_whatever_order_they_come_in() -> None:
    three = [
        served(visit, citizen="same", unit=unit) for visit, unit in (("a", 4), ("b", 2), ("c", 2))
    ]
    there, back = sealed(three), sealed(three[::-1])
    assert there == back
    assert [one.ticket for one in there.entries] == [min(map(name, "abc"))]
    assert there.left_out == {"same_citizen": 2}


def test_over_the_weeks_each_of_a_citizens_tickets_is_the_one_on_the_list() -> None:
    three = [served(visit, citizen="same") for visit in "abc"]
    chosen = Counter[str]()
    for n in range(300):
        week = f"week {n}"
        (entry,) = sealed(three, week=week).entries
        chosen.update(visit for visit in "abc" if name_of(KEY, week, visit) == entry.ticket)
    assert all(70 < chosen[visit] < 130 for visit in "abc")


def test_a_tickets_name_says_nothing_without_the_key_and_is_another_each_week() -> None:
    names = {name("v"), name("w"), name_of(KEY, "2026-W49", "v"), name_of(b"other", WEEK, "v")}
    assert len(names) == 4
    assert {len(one) for one in names} == {32}


def test_a_dissolved_units_tickets_belong_to_the_one_above_it_or_to_nobody() -> None:
    listed = sealed([served("a", 2), served("b", 3), served("c", 4), served("d", 5)])
    assert listed.entries == (
        Entry("D", name("b")),
        Entry("W1", name("a")),
        Entry("W3", name("c")),
    )
    assert listed.left_out == {"dissolved": 1}


def test_the_published_list_is_a_line_for_each_ticket_in_order() -> None:
    listed = sealed([served("c", 4), served("a", 2)])
    assert listed.text == f"W1\t{name('a')}\nW3\t{name('c')}\n"


@pytest.mark.parametrize("code", ["A\tB", "A\nB", "A\rB"])
def test_a_text_that_would_blur_the_list_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="tab or a line break"):
        sealed([served("a", 1)], tree=Tree([Node(1, code, "", "unit", None)]))
    with pytest.raises(ValueError, match="tab or a line break"):
        sealed([], witness=code)


# ---- the seed ----


def test_the_seed_changes_with_the_list_the_week_the_number_the_heads_and_the_witness() -> None:
    one = a_list({"A": 3})
    lottery = Sealed("2026-W48", 7, one.entries, {}, "lottery")
    seeds = {
        seed(one, pulse({"t": "1"})),
        seed(a_list({"A": 4}), pulse({"t": "1"})),
        seed(Sealed("2026-W49", 7, one.entries, {}), pulse({"t": "1"})),
        seed(a_list({"A": 3}, 8), pulse({"t": "1"})),
        seed(one, pulse({"t": "2"})),
        seed(one, pulse({"t": "1", "u": "1"})),
        seed(lottery, pulse({"t": "1"}), "12345"),
        seed(lottery, pulse({"t": "1"}), "12346"),
    }
    assert len(seeds) == 8


def test_the_order_in_which_heads_are_read_makes_no_difference() -> None:
    assert pulse({"b": "2", "a": "1"}) == pulse({"a": "1", "b": "2"})


def test_a_witness_that_was_named_must_speak_and_no_other() -> None:
    with pytest.raises(ValueError, match="witness"):
        seed(sealed([], witness="lottery of 23 November"), "p")
    with pytest.raises(ValueError, match="witness"):
        seed(sealed([]), "p", "12345")


# ---- the draw ----


def test_each_unit_gets_its_share_rounded_up_or_down() -> None:
    listed = a_list({"A": 50, "B": 30, "C": 20}, 7)  # 3.5, 2.1 and 1.4
    seen: dict[str, set[int]] = {"A": set(), "B": set(), "C": set()}
    for n in range(200):
        drawn = draw(listed, str(n)).drawn
        assert len(drawn) == len(set(drawn)) == 7
        for unit, counts in seen.items():
            counts.add(sum(one.unit == unit for one in drawn))
    assert seen == {"A": {3, 4}, "B": {2, 3}, "C": {1, 2}}


def test_with_more_units_than_draws_no_unit_is_drawn_twice_and_each_is_in_the_long_run() -> None:
    listed = a_list({f"U{n}": 4 for n in range(20)}, 5)
    met: set[str] = set()
    for n in range(60):
        units = [one.unit for one in draw(listed, str(n)).drawn]
        assert len(units) == len(set(units)) == 5
        met.update(units)
    assert len(met) == 20


@pytest.mark.parametrize("size", [1, 6, 7])
def test_of_no_more_tickets_than_wanted_all_are_drawn(size: int) -> None:
    listed = a_list({"A": size})
    assert sorted(draw(listed, "s").drawn) == list(listed.entries)


def test_a_week_without_tickets_is_a_draw_of_nobody() -> None:
    nobody = sealed([])
    assert nobody.text == ""
    assert draw(nobody, seed(nobody, pulse({}))) == Draw(seed(nobody, pulse({})), (), ())


# ---- who is asked instead ----


def test_who_can_not_be_asked_is_replaced_by_the_next_of_the_same_unit() -> None:
    done = draw(a_list({"A": 9, "B": 9}, 5), "s")
    used: list[str] = []
    for one in done.drawn:
        instead = done.replacement(one.ticket, used)
        assert instead is not None
        assert instead.unit == one.unit
        assert instead.ticket not in {other.ticket for other in done.drawn}
        assert instead.ticket not in used
        used.append(instead.ticket)


def test_a_unit_that_has_nobody_left_is_helped_out_by_the_next_ones_until_nobody_is_left() -> None:
    draws = [draw(a_list({"A": 1, "B": 8}, 5), str(n)) for n in range(20)]
    done, alone = next((it, one) for it in draws for one in it.drawn if one.unit == "A")
    used: list[str] = []
    at = alone.ticket
    for _ in range(4):
        instead = done.replacement(at, used)
        assert instead is not None
        assert instead.unit == "B"
        used.append(instead.ticket)
        at = instead.ticket
    assert len(set(used)) == 4
    assert done.replacement(at, used) is None
    assert done.replacement(alone.ticket, used) is None


def test_nobody_replaces_a_ticket_that_is_not_on_the_list() -> None:
    with pytest.raises(ValueError, match="not in list"):
        draw(a_list({"A": 8}), "s").replacement("A-99", ())
