"""Somebody reorganises the fleet in a real browser: by keyboard alone, in a narrow window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fleet_server.sheets.reading import read_tables
from tests.fakes.keyboard import Keyboard
from tests.fakes.showroom import Showroom

LIST = "Counter code;Counter name;Unit code\nP1-01;Hộ tịch, cư trú;UBND-P1\nP1-09;Quầy 9;UBND-P1\n"


@pytest.fixture
def page(room: Showroom, browser: Browser) -> Iterator[Page]:
    """A narrow window of an administrator who reads English."""
    context = browser.new_context(base_url=room.url, viewport={"width": 320, "height": 640})
    context.add_cookies(room.cookies("administrator", "en"))  # type: ignore[arg-type]  # typed
    yield context.new_page()
    for window in context.pages:
        window.wait_for_load_state()  # a request that is cut off leaves the server a file open
    context.close()


def test_a_counter_is_found_renamed_and_moved_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/tree/")
    keys = Keyboard(page)
    keys.write("Code or name", "dat dai")
    keys.press_enter()
    expect(page.locator("h2")).to_contain_text("Found for")
    keys.enter("Quầy 3 – Đất đai")
    expect(page.locator("h1")).to_have_text("Quầy 3 – Đất đai")
    keys.enter("Rename")
    expect(page.locator("h1")).to_have_text("Rename this counter")
    keys.write("Name", "Quầy 3 – Địa chính")
    keys.press_enter()
    expect(page.get_by_role("status")).to_contain_text("The counter was renamed.")
    keys.enter("Move")
    expect(page.locator("h1")).to_have_text("Move this counter")
    keys.reach("Unit")
    page.keyboard.type("Trung")
    keys.enter("Move this counter")
    expect(page.get_by_role("status")).to_contain_text("The counter was moved.")
    expect(page.locator("h1")).to_have_text("Quầy 3 – Địa chính")
    expect(page.locator(".crumbs")).to_contain_text("Trung tâm hành chính công Quận 3")


def test_the_second_of_two_people_sees_both_versions_with_the_focus_on_them(page: Page) -> None:
    path = "/tree/counters/Q3-03/change"
    other = page.context.new_page()
    for window in (page, other):
        window.goto(path)
    other.get_by_label("Name").fill("Của họ")
    other.get_by_role("button", name="Rename this counter").click()
    page.get_by_label("Name").fill("Của tôi")
    page.get_by_role("button", name="Rename this counter").click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Của họ")
    expect(notice).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Của tôi")
    page.get_by_role("button", name="Rename this counter").click()
    expect(page.locator("h1")).to_have_text("Của tôi")


def test_a_list_is_looked_at_and_taken(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST.replace("Quầy 9;UBND-P1", "Quầy 9;nowhere"), "utf-8")
    page.goto("/tree/import")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_text("No unit has the code nowhere.")).to_be_visible()
    path.write_text(LIST, "utf-8")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.locator("ins", has_text="Hộ tịch, cư trú")).to_be_visible()
    page.get_by_role("button", name="Take all 2 changes").click()
    expect(page.get_by_role("status")).to_contain_text("Done: 2 changes were made.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as XLSX").click()
    rows = read_tables(Path(download.value.path()).read_bytes(), "x")[1].rows
    assert [cells[:2] for _row, cells in rows if cells[0] == "P1-09"] == [("P1-09", "Quầy 9")]


KEEP_WHAT_IS_SAID = """() => addEventListener("submit", (event) => {
  const said = event.target.querySelector("[role=status]").textContent;
  sessionStorage.said = JSON.stringify([said, event.target.querySelector("button").disabled]);
})"""
"""The page is gone before a test could look at it."""


def test_while_a_list_is_read_the_page_says_so_and_sends_it_once(
    page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST, "utf-8")
    page.goto("/tree/import")
    page.evaluate(KEEP_WHAT_IS_SAID)
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.locator("#preview")).to_be_visible()
    assert page.evaluate("JSON.parse(sessionStorage.said)") == [
        "The list is being read. Thousands of rows take up to a minute.",
        True,
    ]
    page.go_back()
    expect(page.get_by_role("button", name="Show what it would do")).to_be_enabled()
    expect(page.locator("[data-sending]")).to_be_empty()


def test_an_enrolment_file_is_downloaded(page: Page) -> None:
    page.goto("/tree/terminals/q3-01-t1")
    page.get_by_role("link", name="Make an enrolment file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make it and download it").click()
    assert download.value.suggested_filename == "q3-01-t1.toml"
    assert 'counter = "Q3-01"' in Path(download.value.path()).read_text("utf-8")


def test_a_broken_terminal_is_replaced_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/terminals/p1-03-t1")
    keys = Keyboard(page)
    keys.enter("Replace it")
    expect(page.locator("h1")).to_have_text("Replace this terminal")
    keys.write("Id of the new terminal", "kho-02")
    keys.reach("What became of the old one")
    page.keyboard.type("It is broken")
    keys.enter("Go on")
    expect(page.locator("h1")).to_have_text("Replace p1-03-t1 by kho-02?")
    keys.enter("Replace it for good")
    expect(page.get_by_role("status")).to_contain_text("kho-02 has taken the place of p1-03-t1.")
    keys.reach("Make it and download it")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "kho-02.toml"
    page.goto("/tree/terminals/p1-03-t1")
    expect(page.locator("#card")).to_have_text("What its card still holds")
