"""Lists of ratings: headings in both languages, all rows or none, and all that is wrong at once."""

from datetime import date

import pytest

from fleet_server.core.channel_lists import Read, Wrong, is_list, read_lists
from fleet_server.core.channels import Fault, Known, Row
from fleet_server.core.tree_import.wanted import FORMULA, Table

KNOWN = Known({"P1": 7}, lambda code, _day: {"P1-01": (3, 7)}.get(code), date(2026, 11, 22))
HEAD = ("Kênh", "Mức hài lòng", "Ngày", "Mã đơn vị", "Mã quầy", "Số phiếu")
GOOD = ("Phiếu giấy", "Không hài lòng", "21/11/2026", "P1", "P1-01", "A017")
TAKEN = Row("paper", "unsatisfied", "2026-11-21", 7, 3, "A017")


def table(*rows: tuple[str, ...], name: str = "list.csv") -> Table:
    return Table(name, tuple(enumerate(rows, 1)))


def said(*rows: tuple[str, ...]) -> Read:
    return read_lists([table(*rows)], KNOWN)


def test_a_list_is_read_in_either_language_and_by_the_codes_themselves() -> None:
    english = ("channel", " Choice ", "DAY", "Unit  code")
    assert said(HEAD, GOOD).rows == [TAKEN]
    assert said(english, ("Suggestion Box", "Very satisfied", "2026-11-20", "P1")).rows == [
        Row("box", "very_satisfied", "2026-11-20", 7, None, None)
    ]
    assert said(english, ("online", "satisfied", "2026-11-20", "P1")).rows == [
        Row("online", "satisfied", "2026-11-20", 7, None, None)
    ]


def test_columns_may_stand_in_any_order_and_short_rows_are_filled_up() -> None:
    head = ("Mã đơn vị", "", "Ngày", "Mức hài lòng", "Kênh", "Số phiếu")
    row = ("P1", "", "1/11/2026", "Hài lòng", "Điện thoại")
    assert said(head, row).rows == [Row("phone", "satisfied", "2026-11-01", 7, None, None)]


def test_one_wrong_row_leaves_none_to_be_taken_and_says_all_of_its_faults() -> None:
    bad = ("Fax", "", "31/02/2026", "P9", "P1-01", "–")
    found = said(HEAD, GOOD, bad)
    assert found.rows == []
    [wrong] = found.wrong
    assert (wrong.table, wrong.row, wrong.troubles) == ("list.csv", 3, ())
    assert wrong.faults == (
        Fault("choice", "missing"),
        Fault("way", "unknown", "Fax"),
        Fault("unit", "unknown", "P9"),
        Fault("day", "not_a_day", "31/02/2026"),
        Fault("ticket", "not_a_ticket", "–"),
    )


def test_of_half_a_thousand_rows_every_wrong_one_is_named() -> None:
    rows = [GOOD if number % 2 else (*GOOD[:3], "P9") for number in range(1_000)]
    found = said(HEAD, *rows)
    assert found.rows == []
    assert [one.row for one in found.wrong] == list(range(2, 1_002, 2))


def test_a_formula_is_not_worked_out_and_named_once() -> None:
    [wrong] = said(HEAD, (*GOOD[:4], FORMULA, FORMULA)).wrong
    assert wrong == Wrong("list.csv", 2, (), (("formula", "counter"), ("formula", "ticket")))


def test_a_cell_without_a_heading_is_wrong_even_where_the_row_is_right() -> None:
    [wrong] = said(HEAD, (*GOOD, "?")).wrong
    assert wrong == Wrong("list.csv", 2, (), (("no_heading", "?"),))


@pytest.mark.parametrize(
    ("headings", "troubles"),
    [
        ((*HEAD, "Ghi chú"), (("heading", "Ghi chú"),)),
        ((*HEAD, "Channel"), (("heading_twice", "Channel"),)),
        (HEAD[1:], (("heading_missing", "way"),)),
    ],
)
def test_wrong_headings_are_said_once_and_no_row_is_read(
    headings: tuple[str, ...], troubles: tuple[tuple[str, str], ...]
) -> None:
    found = said(headings, GOOD)
    assert found.rows == []
    assert found.wrong == [Wrong("list.csv", 1, (), troubles)]  # type: ignore[arg-type]  # as given


def test_a_sheet_about_something_else_is_left_out_and_named() -> None:
    found = read_lists([table(("Notes",), ("x",), name="Notes"), table(HEAD, GOOD)], KNOWN)
    assert (found.ignored, found.rows) == (["Notes"], [TAKEN])
    assert (is_list(["Notes"]), is_list(["x", "kênh"])) == (False, True)


def test_long_texts_are_cut_where_they_are_told() -> None:
    [wrong] = said(HEAD, ("x" * 900, *GOOD[1:])).wrong
    assert len(wrong.faults[0].value) == 64
