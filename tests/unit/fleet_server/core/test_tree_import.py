"""What a list asks for, and what is wrong with it."""

import pytest

from fleet_server.core.tree_import.plan import Fleet, Plan, Reach, plan
from fleet_server.core.tree_import.vocabulary import COLUMNS, SUBJECTS, Subject, subject_of
from fleet_server.core.tree_import.wanted import FORMULA, Table, read, row_of

FLEET = Fleet(
    {
        "units": {
            "C": {"name": "City", "kind": "city", "parent": "", "closed": ""},
            "D1": {"name": "District 1", "kind": "district", "parent": "C", "closed": ""},
            "D2": {"name": "District 2", "kind": "district", "parent": "C", "closed": ""},
            "W": {"name": "Ward", "kind": "unit", "parent": "D1", "closed": ""},
            "OLD": {"name": "Old", "kind": "unit", "parent": "D1", "closed": "2026-01-01"},
        },
        "counters": {
            "A": {"name": "Counter A", "unit": "W", "closed": ""},
            "X": {"name": "Counter X", "unit": "OLD", "closed": "2026-01-01"},
        },
        "terminals": {
            "t-1": {"counter": "A", "unit": "", "note": ""},
            "t-2": {"counter": "", "unit": "D2", "note": ""},
            "t-3": {"counter": "X", "unit": "", "note": ""},
        },
    },
    retired=frozenset({"t-9"}),
)
HEADINGS: dict[Subject, tuple[str, ...]] = {
    subject: tuple(column.headings["en"] for column in COLUMNS[subject]) for subject in SUBJECTS
}


def table(subject: Subject, *rows: str, headings: str = "") -> Table:
    """Make a sheet; cells are divided by bars."""
    held = [tuple(headings.split("|")) if headings else HEADINGS[subject]]
    held += [tuple(row.split("|")) for row in rows]
    return Table(subject, tuple(enumerate(held, 1)))


def planned(*tables: Table, reach: Reach | None = None, last: str | None = None) -> Plan:
    """Plan what sheets ask for."""
    return plan(read(tables), FLEET, reach or Reach(), lambda _code: last)


def told(made: Plan) -> list[tuple[int, str, str]]:
    """Return a plan's problems as row, heading and reason."""
    return [(one.row, one.column, one.reason) for one in made.problems]


def steps(made: Plan) -> list[str]:
    """Return what a plan does, in its order."""
    assert made.problems == []
    return [f"{'add' if one.before is None else 'change'} {one.code}" for one in made.steps]


def test_what_is_as_it_was_changes_nothing() -> None:
    sheets = []
    for subject in SUBJECTS:
        things = FLEET.things[subject].items()
        sheets.append(table(subject, *("|".join(row_of(subject, *one)) for one in things)))
    made = planned(*sheets)
    assert steps(made) == []
    assert dict(made.unchanged) == {"units": 5, "counters": 2, "terminals": 3}


def test_headings_and_kinds_are_read_in_either_language() -> None:
    vietnamese = table(
        "units", "P|Phường|quận, huyện|C", headings="MÃ ĐƠN VỊ|Tên  đơn vị|Loại|Thuộc đơn vị (mã)"
    )
    [step] = planned(vietnamese).steps
    assert step.after == {"name": "Phường", "kind": "district", "parent": "C", "closed": ""}


def test_a_list_that_names_terminals_and_counters_is_one_of_terminals() -> None:
    assert subject_of(["Counter code", "Terminal"]) == "terminals"
    assert subject_of(["Unit code", "Counter code"]) == "counters"
    assert subject_of(["Unit code"]) == "units"
    assert subject_of(["Address"]) is None


def test_a_sheet_about_something_else_is_named_and_not_read() -> None:
    made = planned(table("units", "x", headings="Notes"), Table("Empty", ()))
    assert made.ignored == ["units", "Empty"]


def test_what_holds_others_comes_first_whatever_the_order_of_the_file() -> None:
    made = planned(
        table("terminals", "t-5|B"),
        table("counters", "B|Counter B|N2"),
        table("units", "N2|New 2|unit|N1", "N1|New 1||W"),
    )
    assert steps(made) == ["add N1", "add N2", "add B", "add t-5"]


def test_a_unit_without_a_kind_is_an_office() -> None:
    made = planned(table("units", "N|New", "W|Ward", headings="Unit code|Unit name"))
    assert [step.after["kind"] for step in made.steps] == ["unit"]
    assert made.unchanged["units"] == 1


def test_two_units_can_change_places_in_one_list() -> None:
    made = planned(table("units", "W|Ward|unit|N", "N|New|unit|D1"))
    assert steps(made) == ["add N", "change W"]


def test_a_column_that_is_not_there_changes_nothing() -> None:
    made = planned(table("counters", "A|New name", headings="Counter code|Counter name"))
    [step] = made.steps
    assert step.changes == [("name", "Counter A", "New name")]
    assert not step.moves


def test_days_are_read_as_people_write_them_and_an_empty_one_opens_again() -> None:
    made = planned(
        table("counters", "A|Counter A|W|31/12/2026", "X|Counter X|W|"), last="2026-11-22"
    )
    assert [step.changes[-1] for step in made.steps] == [
        ("closed", "", "2026-12-31"),
        ("closed", "2026-01-01", ""),
    ]


def test_empty_rows_are_passed_over_and_short_ones_are_filled() -> None:
    made = planned(table("counters", "||", "B|Counter B|W", "A|Counter A|W"))
    assert [(step.code, step.row) for step in made.steps] == [("B", 3)]


@pytest.mark.parametrize(
    ("subject", "row", "heading", "reason"),
    [
        ("counters", "|Name|W", "Counter code", "missing"),
        ("counters", "A||W", "Counter name", "missing"),
        ("counters", "Ă|Name|W", "Counter code", "code"),
        ("counters", f"B|{FORMULA}|W", "Counter name", "formula"),
        ("counters", "B|Qu?y|W", "Counter name", "lost_letters"),
        ("counters", f"B|{'x' * 65}|W", "Counter name", "name"),
        ("counters", "B|a\tb|W", "Counter name", "name"),
        ("counters", "B|Name|W|30/02/2026", "Closed from", "day"),
        ("counters", "B|Name|W|soon", "Closed from", "day"),
        ("counters", "B|Name|W||x", "", "no_heading"),
        ("counters", "B|Name|nowhere", "Unit code", "no_unit"),
        ("counters", "B|Name|OLD", "Unit code", "in_closed"),
        ("counters", "A|Counter A|W|2026-11-22", "Closed from", "served"),
        ("units", "N|New|village|C", "Kind", "kind"),
        ("units", "N|New|unit|nowhere", "Lies in (unit code)", "no_unit"),
        ("units", "N|New|city|D1", "Lies in (unit code)", "rank"),
        ("units", "N|New|unit|OLD", "Lies in (unit code)", "in_closed"),
        ("units", "D1|District 1|unit|W", "Lies in (unit code)", "below"),
        ("units", "C|City|district|", "Kind", "children"),
        ("units", "W|Ward|unit|D1|2026-12-01", "Closed from", "holds_open"),
        ("units", "D1|District 1|district|C|2026-12-01", "Closed from", "holds_open"),
        ("terminals", "T_1|A", "Terminal", "terminal_id"),
        ("terminals", "fleet-1|A", "Terminal", "terminal_id"),
        ("terminals", "t-9|A", "Terminal", "retired"),
        ("terminals", "t-5|nowhere", "Counter code", "no_counter"),
        ("terminals", "t-5||nowhere", "Kept by (unit code)", "no_unit"),
        ("terminals", "t-1|A|W", "Kept by (unit code)", "two_places"),
        ("terminals", "t-2|X", "Counter code", "in_closed"),
        ("terminals", f"t-5|||{'x' * 201}", "Note", "note"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(
    subject: Subject, row: str, heading: str, reason: str
) -> None:
    made = planned(table(subject, row), last="2026-11-22")
    assert (2, heading, reason) in told(made)


def test_a_new_one_needs_what_its_list_must_say() -> None:
    made = planned(table("counters", "B", headings="Counter code"))
    assert [(one.reason, one.value) for one in made.problems] == [
        ("missing", "name"),
        ("missing", "unit"),
    ]


def test_the_same_one_twice_is_told_at_the_second_with_the_row_of_the_first() -> None:
    made = planned(table("counters", "B|Name|W", "B|Other|W"))
    assert told(made) == [(3, "Counter code", "twice")]
    assert made.problems[0].value == "2"


def test_a_heading_that_nobody_knows_is_told_and_the_sheet_is_not_taken() -> None:
    made = planned(table("counters", "B|x|W", headings="Counter code|Nmae|Unit code"))
    assert told(made) == [(1, "Nmae", "heading")]
    made = planned(table("counters", "B|x|W", headings="Counter code|Mã quầy||Unit code"))
    assert told(made) == [(1, "Mã quầy", "heading_twice")]
    assert made.steps == []


def test_a_unit_closes_together_with_all_in_it() -> None:
    made = planned(
        table("units", "W|Ward|unit|D1|2026-12-01"),
        table("counters", "A|Counter A|W|2026-12-01"),
    )
    assert steps(made) == ["change W", "change A"]


def test_a_terminal_at_a_closed_counter_may_stay_there() -> None:
    assert steps(planned(table("terminals", "t-3|X||new note"))) == ["change t-3"]


def test_who_has_a_branch_changes_only_that() -> None:
    reach = Reach(frozenset({"D1", "W", "OLD"}), frozenset({"W"}))
    inside = [
        table("units", "N|New|unit|W", "M|Below|unit|N", "D1|Another name|district|C"),
        table("counters", "B|Counter B|M", "A|Counter A|N"),
        table("terminals", "t-1|B", "t-5||N"),
    ]
    assert len(steps(planned(*inside, reach=reach))) == 7
    outside = [
        table("units", "N|New|unit|", "D2|Mine|district|C", "W|Ward|unit|D2", "D1|D|district|"),
        table("counters", "A|Counter A|D2"),
        table("terminals", "t-2|A", "t-1||"),
    ]
    made = planned(*outside, reach=reach)
    assert {one.reason for one in made.problems} == {"outside"}
    assert len(made.problems) == 7


def test_who_may_change_no_units_is_told_so() -> None:
    reach = Reach(frozenset(), None)
    made = planned(table("units", "W|Mine|unit|D1"), table("terminals", "t-1||W"), reach=reach)
    assert told(made) == [(2, "Unit code", "not_yours")]


def test_a_circle_of_new_units_is_no_way_into_a_branch() -> None:
    made = planned(
        table("units", "N|New|unit|M", "M|New|unit|N"), reach=Reach(frozenset({"W"}), None)
    )
    assert {one.reason for one in made.problems} == {"outside"}
    made = planned(table("units", "N|New|unit|M", "M|New|unit|N"))
    assert {one.reason for one in made.problems} == {"below"}


def test_a_plan_is_told_from_another_and_counted() -> None:
    one, other = planned(table("counters", "B|x|W")), planned(table("counters", "B|y|W"))
    assert one.digest != other.digest
    assert one.digest == planned(table("counters", "B|x|W")).digest
    assert one.counts["counters"] == {"added": 1, "changed": 0, "unchanged": 0}


def test_problems_stand_in_the_order_of_the_file() -> None:
    made = planned(table("counters", "B|Name|nowhere", "|x|W", "Z|Name|nowhere"))
    assert [one.row for one in made.problems] == [2, 3, 4]
