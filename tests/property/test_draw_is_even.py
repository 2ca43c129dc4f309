"""Ten thousand draws are even across tickets and units, small units as well.

Of each draw one place is looked at, so that the 10,000 tickets are independent of each other and
each would be any of the list with the same chance: then the sum of (seen - expected)² / expected is
chi-square with one degree of freedom less than there are tickets, or units. All that is drawn is
looked at too: how often each ticket comes is binomial. The seeds are fixed, so is the outcome.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from math import exp, sqrt

from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.draw import Entry, Sealed, draw

DRAWS = 10_000
WANTED = 7
UNITS = {"A": 96, "B": 80, "C": 50, "D": 31, "E": 20, "F": 12, "G": 7, "H": 4, "I": 1}
"""301 tickets of nine units; seven of these have less than one draw a week coming to them."""

LEAST_P = 0.001


def survival(x: float, freedom: int) -> float:
    """The chance that chi-square is above ``x``, for an even number of degrees of freedom."""
    assert freedom % 2 == 0
    term = total = exp(-x / 2)
    for n in range(1, freedom // 2):
        term *= x / 2 / n
        total += term
    return total


def chi_square(seen: Mapping[str, int], expected: Mapping[str, float]) -> float:
    assert seen.keys() <= expected.keys()
    return sum((seen.get(name, 0) - due) ** 2 / due for name, due in expected.items())


def test_the_tail_of_chi_square_is_that_of_the_tables() -> None:
    assert abs(survival(15.507, 8) - 0.05) < 1e-4
    assert abs(survival(341.395, 300) - 0.05) < 1e-4


def test_ten_thousand_draws_are_even_across_tickets_and_units(
    figure: Callable[[str], None],
) -> None:
    entries = [Entry(unit, f"{unit}{n:03}") for unit, size in UNITS.items() for n in range(size)]
    listed = Sealed("2026-W48", WANTED, tuple(entries), {})
    tickets, units, all_drawn = Counter[str](), Counter[str](), Counter[str]()
    for nth in range(DRAWS):
        drawn = draw(listed, f"seed {nth}").drawn
        all_drawn.update(one.ticket for one in drawn)
        one = drawn[nth % WANTED]
        tickets[one.ticket] += 1
        units[one.unit] += 1

    size = len(entries)
    by_ticket = chi_square(tickets, {one.ticket: DRAWS / size for one in entries})
    by_unit = chi_square(units, {unit: DRAWS * n / size for unit, n in UNITS.items()})
    p_ticket, p_unit = survival(by_ticket, size - 1), survival(by_unit, len(UNITS) - 1)
    chance = WANTED / size
    furthest = max(abs(all_drawn[one.ticket] - DRAWS * chance) for one in entries)
    deviations = furthest / sqrt(DRAWS * chance * (1 - chance))
    figure(
        f"{DRAWS} draws: tickets chi-square {by_ticket:.1f}, {size - 1} degrees, p {p_ticket:.3f}; "
        f"units {by_unit:.1f}, {len(UNITS) - 1} degrees, p {p_unit:.3f}; the ticket furthest from "
        f"{DRAWS * chance:.0f} times is {deviations:.1f} standard deviations off"
    )
    assert min(p_ticket, p_unit) > LEAST_P
    assert max(p_ticket, p_unit) < 1 - LEAST_P
    assert deviations < 4.5


@given(st.lists(st.integers(1, 30), max_size=25), st.integers(5, 10), st.integers(0, 2**32))
def test_whatever_the_units_each_gets_its_share_rounded_up_or_down(
    sizes: list[int], wanted: int, chance: int
) -> None:
    entries = [Entry(f"U{u}", f"{u}-{n}") for u, size in enumerate(sizes) for n in range(size)]
    done = draw(Sealed("2026-W48", wanted, tuple(entries), {}), str(chance))
    drawn, whole = done.drawn, len(entries)
    assert len(drawn) == len(set(drawn)) == min(wanted, whole)
    of_units = Counter(one.unit for one in drawn)
    for u, size in enumerate(sizes):
        share = len(drawn) * size
        assert share // whole <= of_units[f"U{u}"] <= -(-share // whole)


@given(st.lists(st.integers(1, 8), min_size=1, max_size=6), st.data())
def test_whatever_is_replaced_everybody_is_asked_once_at_most(
    sizes: list[int], data: st.DataObject
) -> None:
    entries = [Entry(f"U{u}", f"{u}-{n}") for u, size in enumerate(sizes) for n in range(size)]
    done = draw(Sealed("2026-W48", 5, tuple(entries), {}), "seed")
    asked = [one.ticket for one in done.drawn]
    used: list[str] = []
    while len(asked) < len(entries):
        instead = done.replacement(data.draw(st.sampled_from(asked)), used)
        assert instead is not None
        used.append(instead.ticket)
        asked.append(instead.ticket)
    assert sorted(asked) == sorted(one.ticket for one in entries)
    assert done.replacement(asked[0], used) is None
