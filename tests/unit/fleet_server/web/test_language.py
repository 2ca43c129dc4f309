"""Vietnamese first, English beside it."""

import re

import pytest
from flask_babel import ngettext

from fleet_server.web import language
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import Site

PAGES = ["/", "/terminals", "/terminals/p1-03-t1", "/counters", "/counters/Q3-02", "/units"]
PAGES += ["/counters?period=2026-W47&show=under", "/counters/Q3-02?period=2026-11", "/compare"]
PAGES += ["/units/UBND-Q3?period=2026-Q4", "/services?period=30", "/settings/targets?unit=UBND-P1"]
PAGES += ["/services?period=30&service=Hoàn công", "/compare?item=unit:UBND-P1&item=counter:Q3-02"]
PAGES += ["/matters", "/matters/1", "/matters/2", "/nowhere"]


def test_the_first_page_is_vietnamese(site: Site) -> None:
    html = site.client("nobody").get("/login").text
    assert '<html lang="vi">' in html
    assert "Đăng nhập" in html


def test_the_language_is_kept_in_the_session(site: Site) -> None:
    answer = site.post("/language", language="en", back="/counters?period=7")
    assert answer.headers["Location"] == "/counters?period=7"
    assert '<html lang="en">' in site.get("/terminals").text
    site.post("/language", language="vi")
    assert '<html lang="vi">' in site.get("/terminals").text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "javascript:x"]
)
def test_the_way_back_stays_on_this_server(site: Site, back: str) -> None:
    assert site.post("/language", language="en", back=back).headers["Location"] == "/"


def test_a_language_that_is_not_there_is_refused(site: Site) -> None:
    assert site.post("/language", language="xx").status_code == 400


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_on_a_vietnamese_page(site: Site, path: str) -> None:
    english = set()
    site.post("/language", "administrator", language="en")
    for words in re.findall(r">([^<>]*[A-Za-z]{3}[^<>]*)<", site.get(path, "administrator").text):
        english.add(text_of(words).strip())
    site.post("/language", "administrator", language="vi")
    vietnamese = site.get(path, "administrator").text
    same = {words for words in english if f">{words}<" in vietnamese}
    names = re.compile(
        r"Quầy|UBND|Trung tâm|-t1|kho-01|kid-|hailong|^\d|Một cửa|Test fleet|^[A-F]\d"
        r"|Khai|Kết hôn|Giấy phép|Hoàn công|^CSV$|^XLSX$"
    )
    ours = {words for words in same if not names.search(words)}
    assert ours - {"unsatisfied"} == set()


@pytest.mark.parametrize(
    ("which", "number", "share", "day"),
    [
        ("vi", "1.234.567", "45,2%", "22/11/2026"),
        ("en", "1,234,567", "45.2%", "22 Nov 2026"),
    ],
)
def test_numbers_and_dates_are_written_as_people_write_them(
    site: Site, which: str, number: str, share: str, day: str
) -> None:
    with site.app.test_request_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "current", lambda: which)
        assert language.number(1_234_567) == number
        assert language.percent(45.24) == share
        assert language.percent(None) == "–"
        assert language.day("2026-11-22") == day


def test_numbers_within_words_are_written_as_people_write_them(site: Site) -> None:
    with site.app.test_request_context():
        assert ngettext("%(num)s not rated", "%(num)s not rated", 6167) == "6.167 chưa đánh giá"
        template = site.app.jinja_env.from_string(
            "{{ ngettext('%(num)s s ago', '%(num)s s ago', 6167) }}"
            "{{ ngettext('%(count)s terminal', '%(count)s terminals', 1, count='<b>') }}"
        )
        assert template.render() == "6.167 giây trước&lt;b&gt; thiết bị"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-50, "0 s ago"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3600, "1 h ago"),
        (86400, "1 day ago"),
        (2 * 86400, "2 days ago"),
    ],
)
def test_how_long_ago_is_told_in_the_largest_unit(site: Site, seconds: int, words: str) -> None:
    site.post("/language", language="en")
    with site.client("viewer"):
        site.get("/")
        assert language.ago(site.now - seconds * 1000) == words


def test_a_moment_of_today_needs_no_date(site: Site) -> None:
    with site.client("viewer"):
        site.get("/")
        assert language.moment(site.now) == "10:24:30"
        assert language.moment(site.now - 86_400_000) == "21/11/2026 10:24"
