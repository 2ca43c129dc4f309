"""Passkeys, the authenticator app and one-time links in a real browser."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fleet_server import settings
from fleet_server.app import create_app
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database
from fleet_server.store.users import add_user
from fleet_server.web.signin import hashed
from tests.e2e.test_pages import PASSWORD, Watched
from tests.fakes.fleets import new_fleet
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually

# What a browser and an authenticator agree on is no matter of the engine.
pytestmark = pytest.mark.engines("sqlite")

ADMIN, NAM = "admin@hailong.example", "nam@hailong.example"


@pytest.fixture(scope="module")
def fleet(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A fleet whose pages are reached by a name: passkeys are not for bare addresses."""
    fleet = new_fleet(tmp_path_factory.mktemp("passkeys") / "fleet")
    fleet.path.write_text(fleet.path.read_text().replace("http://127.0.0.1:", "http://localhost:"))
    fleet = settings.load(fleet.path)
    with create_app(fleet).app_context():
        for email, role in ((ADMIN, "administrator"), (NAM, "viewer")):
            add_user(email, hashed(PASSWORD), role, 0, actor="server")
    database.close()
    process = Process(
        [FLEET, "serve", "--config", str(fleet.path)], fleet.path.parent / "serve.log"
    )
    process.start()
    try:
        eventually(lambda: is_open(fleet.web.port), 30, "the pages")
        yield fleet
    finally:
        process.stop()


@pytest.fixture
def context(fleet: Settings, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=fleet.web.url)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    watched = Watched(context)
    yield watched.page
    assert watched.trouble == []


@pytest.fixture
def key(context: BrowserContext, page: Page) -> str:
    """Give the browser a key that checks who holds it, as a fingerprint does."""
    control = context.new_cdp_session(page)
    control.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    made = control.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return str(made["authenticatorId"])


def sign_in(page: Page, email: str) -> None:
    """Sign in by password, with the keyboard alone."""
    page.goto("/login")
    page.focus("input[type=email]")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address or "/login/" in address)


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.click("text=Đăng xuất khỏi mọi nơi")
    page.wait_for_url(re.compile("/login"))


def set_up(page: Page, name: str, usage: str) -> None:
    page.goto("/account/passkeys")
    page.fill("#name", name)
    page.check(f"input[name=usage][value={usage}]")
    page.click("form.sheet button[type=submit]")
    expect(page.locator(".flash.success")).to_contain_text(name)


def said(fleet: Settings) -> list[str]:
    database.open_database(fleet.database.url)
    found = [one.action for one in audit_log.newest(30)]
    database.close()
    return found


def test_a_passkey_signs_in_without_a_password_and_can_be_taken_away(
    page: Page, key: str, fleet: Settings
) -> None:
    sign_in(page, NAM)
    set_up(page, "Máy cơ quan", "first")
    sign_out(page)
    page.click("text=Đăng nhập bằng khóa truy cập")
    page.click("text=Dùng khóa truy cập")
    expect(page).to_have_url(re.compile(r":\d+/$"))
    page.goto("/account/passkeys")
    page.click("ul.rows button")
    expect(page.locator(".flash.success")).to_contain_text("Máy cơ quan")
    assert {"second_factor.passkey", "second_factor.passkey_gone"} <= set(said(fleet))


def test_a_passkey_is_asked_for_after_the_password_and_confirms_later(
    page: Page, key: str, fleet: Settings
) -> None:
    sign_in(page, NAM)
    set_up(page, "Khóa xanh", "secondary")
    sign_out(page)
    sign_in(page, NAM)
    assert "/login/passkey" in page.url
    page.click("text=Dùng khóa truy cập")
    expect(page).to_have_url(re.compile(r":\d+/$"))
    page.goto("/verify?next=/account")
    page.click("text=Xác nhận bằng khóa truy cập")
    expect(page).to_have_url(re.compile(r":\d+/account$"))
    page.goto("/account/passkeys")
    page.click("ul.rows button")
    expect(page.locator(".flash.success")).to_be_visible()


def test_a_browser_without_the_key_says_so_and_signs_nobody_in(page: Page, key: str) -> None:
    page.goto("/login/passkey")
    page.click("text=Dùng khóa truy cập")
    expect(page.locator("#passkey-failed")).to_be_visible(timeout=30_000)
    page.goto("/account")
    assert "/login" in page.url


def test_an_app_is_set_up_asked_for_and_replaced_by_a_recovery_code(
    page: Page, fleet: Settings
) -> None:
    sign_in(page, ADMIN)
    page.goto("/account/app")
    page.click("button[value=authenticator]")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 50
    app = pyotp.TOTP(page.inner_text("#key").replace("-", ""))
    page.fill("#code", app.now())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r":\d+/account$"))
    page.goto("/account/codes")
    page.click("text=Tạo mã mới")
    code = page.locator("#codes code").first.inner_text()
    page.goto("/account/codes?show_codes=yes")
    assert page.locator("#codes").count() == 0
    sign_out(page)
    sign_in(page, ADMIN)
    page.fill("#code", "000000")
    page.keyboard.press("Enter")
    expect(page.locator("#code-error")).to_be_visible()
    page.click("text=Dùng mã khôi phục")
    page.fill("#code", code)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r":\d+/$"))
    assert {"second_factor.app", "second_factor.codes", "session.begin"} <= set(said(fleet))
