"""A case from the press of a button to its closing, by each role in turn, in both languages.

Terminal, broker and ingest are real processes. The pages have a clock that the test moves, as days
must pass; what jobs does each minute is done by that clock.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fleet_server.app import create_app
from fleet_server.cases import deadlines, opening
from fleet_server.clock import now_ms
from fleet_server.store import case_files, offices
from fleet_server.store.database import reading
from fleet_server.store.models import CaseFile
from fleet_server.store.users import add_user
from fleet_server.web.signin import hashed
from tests.e2e.system import System, running_system
from tests.fakes.cases import PAPER
from tests.fakes.processes import run
from tests.fakes.showroom import PASSWORD, serving
from tests.fakes.wait import eventually

# A browser is no matter of the engine, nor of the broker.
pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.timeout(600)]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
PRESSES = ("satisfied", "unsatisfied", "very_satisfied", "unsatisfied", "satisfied", "satisfied")

PEOPLE = {
    "head": ("unit_head", "U1"),
    "clerk": ("viewer", "U1"),
    "officer": ("quality_officer", None),
    "administrator": ("administrator", None),
    "auditor": ("auditor", None),
    "interviewer": ("interviewer", None),
}

WORDS = {
    "vi": {
        "open": "chờ giao", "overdue": "quá hạn từ", "told": "đã báo 1 cấp trên",
        "late": "giải trình trễ hạn", "returned": "trả lại để làm lại", "closed": "đã xong",
        "wrong": "Hãy chọn khâu bị trễ", "ruled": "Nguyên nhân từ phía người dân.",
        "without": "đánh giá được kết luận có nguyên nhân từ phía người dân",
    },
    "en": {
        "open": "to be assigned", "overdue": "overdue since", "told": "1 level above was told",
        "late": "answered late", "returned": "returned for rework", "closed": "closed",
        "wrong": "Please choose the step", "ruled": "The reason lay on the citizen's side.",
        "without": "found to lie on the citizen's side",
    },
}  # fmt: skip


@dataclass
class Offices:
    """The system with its pages, in which days pass when a test says so."""

    system: System
    browser: Browser
    now: int
    url: str = ""

    @contextmanager
    def acting(self, who: str, language: str) -> Iterator[Page]:
        """Give the window of somebody who has just signed in."""
        context = self.browser.new_context(base_url=self.url, reduced_motion="reduce")
        page = context.new_page()
        page.goto("/")
        if language == "en":
            page.click("text=English")
        page.fill("input[type=email]", f"{who}@hailong.example")
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_selector("#live")
        yield page
        context.close()

    def later(self, moment: int) -> None:
        """Let time pass, and jobs do what is due by then."""
        self.now = moment
        zone = self.system.fleet.fleet.zone
        opening.open_new(moment, zone)
        deadlines.look(moment, zone)

    def due(self, case: int) -> int:
        """Return when the next step of a case is late."""
        with reading():
            due = case_files.one(case).due
        assert due is not None
        return due


@pytest.fixture(scope="module")
def held(
    engine: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Offices]:
    """An office whose citizens have pressed real buttons, the day after."""
    with running_system(tmp_path_factory.mktemp("walk"), "nats") as system:
        found = Offices(system, browser, now_ms())
        app = create_app(system.fleet, lambda: found.now)
        with serving(app) as found.url:
            found.later(found.now)
            _press(system)
            with app.app_context():
                secret = hashed(PASSWORD)
                for name, (role, code) in PEOPLE.items():
                    unit = offices.unit_id(code) if code else None
                    email = f"{name}@hailong.example"
                    add_user(email, secret, role, found.now, actor="test", unit=unit)
            found.later(found.now + DAY_MS + 2 * HOUR_MS)
            yield found


def _press(system: System) -> None:
    terminal = system.add_terminal("t-1", "Q1")
    terminal.start()
    for number, choice in enumerate(PRESSES):
        visit = system.ticket("Q1", f"A{number:03d}", "called")
        system.wait_until_shown(visit)
        said = terminal.press_apart(choice)
        eventually(lambda said=said: terminal.receipted() >= said["seq"], 20, "a receipt")
        system.ticket("Q1", f"A{number:03d}", "closed", visit)


def send(page: Page) -> None:
    """Send the form of the step."""
    with page.expect_navigation():
        page.click("form.sheet button[type=submit]")


def answer(page: Page, paper: Path | None = None) -> None:
    """Fill the explanation in and send it."""
    page.check("input[name=late][value=yes]")
    page.select_option("select[name=late_in]", "handling")
    page.fill("textarea[name=cause]", "Hồ sơ chờ xác minh.")
    page.fill("textarea[name=remedy]", "Đã bổ sung người trực.")
    page.check("input[name=apology][value=written]")
    if paper is not None:
        page.set_input_files("input[type=file]", paper)
    send(page)


@dataclass
class Walk:
    """A case on its way, in one language; each act is somebody who signs in."""

    held: Offices
    number: int
    language: str

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/cases/{self.number}"

    @property
    def line(self) -> str:
        """Its line in a list."""
        return f"#case-{self.number}"

    def words(self, page: Page, where: str, *names: str) -> None:
        """Wait for words in the language of the walk."""
        for name in names:
            expect(page.locator(where)).to_contain_text(WORDS[self.language][name])

    def act(self, who: str) -> AbstractContextManager[Page]:
        """Sign somebody in."""
        return self.held.acting(who, self.language)

    def head_assigns_it(self) -> None:
        with self.act("head") as page:
            page.goto("/cases")
            self.words(page, self.line, "open")
            page.click(f"{self.line} a")
            page.select_option("select[name=person]", label="clerk@hailong.example")
            send(page)
            expect(page.locator("ol.trail")).to_contain_text("clerk@hailong.example")

    def officer_finds_it_overdue(self) -> None:
        self.held.later(max(self.held.now, self.held.due(self.number) + HOUR_MS))
        with self.act("officer") as page:
            page.goto("/cases?overdue=1")
            self.words(page, self.line, "overdue", "told")

    def clerk_answers_after_a_slip(self, paper: Path) -> None:
        with self.act("clerk") as page:
            page.goto("/cases?mine=1")
            page.click(f"{self.line} a")
            page.check("input[name=late][value=yes]")
            page.fill("textarea[name=cause]", "Vì")
            send(page)
            self.words(page, "#problems", "wrong")
            expect(page.locator("textarea[name=cause]")).to_have_value("Vì")
            answer(page, paper)
            with page.expect_download() as download:
                page.click(f"text={paper.name}")
            assert Path(download.value.path()).read_bytes() == PAPER

    def officer_returns_it(self) -> None:
        with self.act("officer") as page:
            page.goto(f"{self.path}?do=return")
            page.fill("textarea[name=reason]", "Chưa nói vì sao công dân không được báo.")
            send(page)
            page.goto("/cases?state=returned")
            self.words(page, self.line, "returned", "late")

    def head_answers_it_again(self) -> None:
        with self.act("head") as page:
            page.goto(self.path)
            answer(page)

    def administrator_rules(self) -> None:
        with self.act("administrator") as page:
            page.goto(f"{self.path}?do=rule")
            page.check("input[name=citizens_side][value=yes]")
            page.fill("textarea[name=reason]", "Hồ sơ thuộc thẩm quyền cơ quan khác.")
            send(page)
            self.words(page, "ol.trail", "ruled")

    def officer_closes_it(self) -> None:
        with self.act("officer") as page:
            page.goto(f"{self.path}?do=close")
            send(page)

    def auditor_reads_all_of_it(self) -> None:
        with self.act("auditor") as page:
            page.goto(self.path)
            said = WORDS[self.language]
            expect(page.locator("p.lead")).to_have_text(f"{said['closed']} · {said['late']}")
            expect(page.locator("ol.trail > li")).to_have_count(8)
            expect(page.locator("form.sheet")).to_have_count(0)
            page.goto("/audit?what=case.")
            expect(page.locator("main")).to_contain_text("officer@hailong.example")

    def interviewer_sees_both_figures_and_no_case(self) -> None:
        with self.act("interviewer") as page:
            page.goto(f"/counters/Q1?period={CaseFile.get_by_id(self.number).day}")
            self.words(page, "main", "without")
            refused = page.goto(self.path)
            assert refused is not None
            assert refused.status == 403


@pytest.mark.parametrize(("number", "language"), [(1, "vi"), (2, "en")])
def test_a_case_goes_from_the_press_to_its_closing(
    held: Offices, number: int, language: str, tmp_path: Path
) -> None:
    assert CaseFile.select().count() == PRESSES.count("unsatisfied")
    paper = tmp_path / "Thư xin lỗi.pdf"
    paper.write_bytes(PAPER)
    walk = Walk(held, number, language)
    walk.head_assigns_it()
    walk.officer_finds_it_overdue()
    walk.clerk_answers_after_a_slip(paper)
    walk.officer_returns_it()
    walk.head_answers_it_again()
    walk.administrator_rules()
    walk.officer_closes_it()
    walk.auditor_reads_all_of_it()
    walk.interviewer_sees_both_figures_and_no_case()
    assert run(*held.system.command("verify")).returncode == 0
    [(rated,)] = held.system.query("select count(*) from rating where standing")
    assert rated == len(PRESSES), "nothing is taken out of what citizens said"
