"""Each role does its main task in a real browser: from sign-in to result, with the keyboard alone.

What needs a terminal that answers is in test_page_asks.py, how the tree is changed in test_tree.py.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fleet_server.store import offices
from fleet_server.store.users import add_user
from fleet_server.web.signin import hashed
from tests.fakes.keyboard import Keyboard
from tests.fakes.office import NOW
from tests.fakes.showroom import PASSWORD, PEOPLE, Showroom

HEAD = "head-of-p1@hailong.example"
OWN, OTHER = "UBND phường Bến Nghé", "Trung tâm hành chính công Quận 3"

# A browser and a keyboard are no matter of the engine.
pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture(scope="module")
def room(room: Showroom) -> Showroom:
    """The pages of the office, with the head of one unit."""
    with room.app.app_context():
        unit = offices.unit_id("UBND-P1")
        add_user(HEAD, hashed(PASSWORD), "unit_head", NOW, actor="test", unit=unit)
    return room


SignIn = Callable[[str], tuple[Page, Keyboard]]


@pytest.fixture
def sign_in(room: Showroom, browser: Browser) -> Iterator[SignIn]:
    """Give a function that signs somebody in with the keyboard, and has the pages in English."""
    with ExitStack() as windows:

        def signed_in(email: str) -> tuple[Page, Keyboard]:
            context = browser.new_context(base_url=room.url, reduced_motion="reduce")
            windows.callback(context.close)
            page = context.new_page()
            windows.callback(page.wait_for_load_state)
            keys = Keyboard(page, tabs=200)
            page.goto("/")
            keys.enter("English", "body")
            expect(page.locator("html")).to_have_attribute("lang", "en")
            keys.write("E-mail", email)
            keys.write("Password", PASSWORD)
            keys.press_enter()
            expect(page.locator("h1")).to_have_text("What needs me now?")
            return page, keys

        yield signed_in


def heading(page: Page, words: str) -> None:
    """Wait for the page that is called so."""
    expect(page.locator("h1")).to_have_text(words)


def take(page: Page, keys: Keyboard, words: str) -> str:
    """Download what a link leads to; return its text."""
    keys.reach(words)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    return Path(download.value.path()).read_text("utf-8")


def test_an_administrator_invites_somebody_and_hands_the_link_over(sign_in: SignIn) -> None:
    page, keys = sign_in(PEOPLE["administrator"])
    keys.enter("Settings", "nav")
    keys.enter("People", "nav")
    keys.enter("Invite somebody")
    keys.write("E-mail", "new@hailong.example")
    keys.reach("Role")
    page.keyboard.type("Quality")
    keys.reach("Where")
    page.keyboard.type("UBND")
    keys.enter("Invite")
    heading(page, "One-time link")
    expect(page.locator("main")).to_contain_text("new@hailong.example")
    expect(page.locator("main")).to_contain_text("/link/")


def test_a_technician_sees_what_is_wrong_and_asks_the_terminal_to_show_itself(
    sign_in: SignIn,
) -> None:
    page, keys = sign_in(PEOPLE["technician"])
    keys.enter("Terminals", "nav")
    keys.enter("On the way", "nav")
    keys.enter("q3-03-t1")
    expect(page.locator("main")).to_contain_text("its clock is not set")
    keys.enter("Show which one it is")
    expect(page.locator("li[id^=command-]").first).to_contain_text("show which one it is")


def test_the_head_of_a_unit_sees_its_counters_alone_and_takes_their_figures_away(
    sign_in: SignIn,
) -> None:
    page, keys = sign_in(HEAD)
    keys.enter("Units", "nav")
    expect(page.locator("main")).not_to_contain_text(OTHER)
    keys.enter(OWN)
    heading(page, OWN)
    keys.enter("Counters", "nav")
    keys.enter("30 days")
    expect(page.locator("main")).to_contain_text("Quầy 3 – Đất đai")
    taken = take(page, keys, "CSV")
    assert "P1-03" in taken
    assert "Q3-" not in taken


def test_a_quality_officer_closes_a_matter_with_its_reason(sign_in: SignIn) -> None:
    page, keys = sign_in(PEOPLE["quality_officer"])
    keys.enter("Matters", "nav")
    keys.enter("Fault: a button is stuck")
    keys.write("What was found or done", "Cleaned; the button moves again.")
    keys.enter("Close this matter")
    keys.enter("All open matters")
    expect(page.locator("main")).not_to_contain_text("a button is stuck")
    keys.enter("Closed")
    keys.enter("Fault: a button is stuck")
    expect(page.locator("main")).to_contain_text("the button moves again")


def test_an_interviewer_finds_where_citizens_were_not_satisfied_and_nothing_else(
    sign_in: SignIn,
) -> None:
    page, keys = sign_in(PEOPLE["interviewer"])
    for hidden in ("Terminals", "Matters", "Settings"):
        expect(page.locator("nav").first).not_to_contain_text(hidden)
    keys.enter("Counters", "nav")
    keys.enter("Satisfaction")
    keys.enter("Quầy 2 – Xây dựng")
    heading(page, "Quầy 2 – Xây dựng")
    expect(page.locator("main")).to_contain_text("unsatisfied")


def test_an_auditor_follows_a_change_and_takes_the_log_away(sign_in: SignIn) -> None:
    page, keys = sign_in(PEOPLE["auditor"])
    keys.enter("Settings", "nav")
    keys.enter("Audit log", "nav")
    keys.write("To what", f"person:{PEOPLE['viewer']}")
    keys.press_enter()
    taken = take(page, keys, "Take this away as CSV")
    assert "person.add" in taken
    assert PEOPLE["viewer"] in taken
    assert PEOPLE["interviewer"] not in taken


def test_a_viewer_reads_from_the_whole_down_to_a_visit_and_signs_out(sign_in: SignIn) -> None:
    page, keys = sign_in(PEOPLE["viewer"])
    keys.enter("Counters", "nav")
    keys.enter("Quầy 1 – Hộ tịch")
    heading(page, "Quầy 1 – Hộ tịch")
    keys.reach(PEOPLE["viewer"], "header")
    page.keyboard.press("Enter")
    keys.enter("Sign out", "header")
    expect(page.locator("input[type=password]")).to_be_visible()
