"""The pieces that all pages are made of, as a person without JavaScript reads them."""

import re
from pathlib import Path

import pytest
import wtforms

from fleet_server.web.words.fields import FIELD_TEXTS
from tests.fakes.gallery import GALLERY, add_gallery
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import Site


@pytest.fixture
def gallery(site: Site) -> Site:
    add_gallery(site.app)
    return site


def piece(html: str, pattern: str) -> str:
    found = re.search(pattern, html, re.S)
    assert found, pattern
    return found[0]


@pytest.mark.parametrize("example", GALLERY, ids=lambda one: one.address)
def test_every_piece_is_drawn(gallery: Site, example: object) -> None:
    assert gallery.get(getattr(example, "address", "")).status_code == 200


def test_what_is_wrong_is_listed_above_the_form_and_each_line_leads_to_its_field(
    gallery: Site,
) -> None:
    html = gallery.get("/gallery/form?wrong=1").text
    problems = piece(html, r'<div class="problems".*?</div>')
    assert "autofocus" in problems
    targets = re.findall(r'href="#([^"]+)"', problems)
    assert len(targets) == 9
    for target in targets:
        assert re.search(rf'<(input|select|textarea)[^>]*\bid="{target}"', html), target


def test_what_is_wrong_stands_beside_its_field_in_the_readers_language(gallery: Site) -> None:
    html = gallery.get("/gallery/form?wrong=1").text
    assert "Mục này bắt buộc phải có." in text_of(
        piece(html, r'<p class="error" id="note-error".*?</p>')
    )
    assert "Không được dài quá 5 ký tự." in text_of(html)
    control = piece(html, r'<input[^>]*id="name"[^>]*>')
    assert 'aria-describedby="name-hint name-error"' in control
    assert 'aria-invalid="true"' in control


def test_what_was_typed_stays_even_where_it_is_no_number_and_no_day(gallery: Site) -> None:
    html = gallery.get("/gallery/form?wrong=1").text
    assert 'value="much too long"' in html
    assert 'type="text" value="x"' in piece(html, r'<input[^>]*id="number"[^>]*>')
    assert 'type="text" value="31/31"' in piece(html, r'<input[^>]*id="day"[^>]*>')


def test_a_form_without_faults_lists_none(gallery: Site) -> None:
    html = gallery.get("/gallery/form").text
    assert "problems" not in html
    assert 'type="date"' in piece(html, r'<input[^>]*id="day"[^>]*>')
    assert text_of(html).count("(không bắt buộc)") == 1


def test_who_is_overtaken_sees_both_versions_and_keeps_what_was_typed(gallery: Site) -> None:
    html = gallery.get("/gallery/stale").text
    words = text_of(piece(html, r'<div class="problems".*?</div>'))
    assert "Lan đã lưu một thay đổi" in words
    assert "Name Hà Hải" in words
    assert 'value="Hải"' in html


def test_the_filters_in_force_can_be_taken_away_one_by_one(gallery: Site) -> None:
    html = gallery.get("/gallery/list?sort=-served&unit=P1&q=hai&start=20").text
    active = piece(html, r'<div class="active".*?</div>')
    links = re.findall(r'href="([^"]+)"', active.replace("&amp;", "&"))
    assert links == [
        "/gallery/list?sort=-served&q=hai",
        "/gallery/list?sort=-served&unit=P1",
        "/gallery/list",
    ]


def test_a_head_says_how_the_list_is_sorted_and_turns_it(gallery: Site) -> None:
    html = gallery.get("/gallery/list?sort=-served").text
    head = piece(html, r'<th scope="col" class="right" aria-sort="descending">.*?</th>')
    assert 'href="/gallery/list?sort=served"' in head
    assert "aria-sort" in piece(gallery.get("/gallery/list").text, r"<thead>.*?</thead>")


def test_a_list_is_paged_by_number_and_by_cursor(gallery: Site) -> None:
    html = gallery.get("/gallery/list?start=20&q=a").text
    pager = piece(html, r'<nav class="pager".*?</nav>').replace("&amp;", "&")
    assert re.findall(r'href="([^"]+)"', pager) == [
        "/gallery/list?q=a&start=0",
        "/gallery/list?q=a&start=40",
    ]
    pager = piece(gallery.get("/gallery/list?cursor=x").text, r'<nav class="pager".*?</nav>')
    assert re.findall(r'href="([^"]+)"', pager) == ["/gallery/list", "/gallery/list?cursor=y"]


def test_what_cannot_be_taken_back_asks_once_more_with_a_way_out(gallery: Site) -> None:
    html = gallery.get("/gallery/confirm").text
    form = piece(html, r'<form method="post" action="/gallery/confirm">.*?</form>')
    assert 'name="csrf_token"' in form
    assert 'name="version" value="3"' in form
    assert '<a href="/">Hủy</a>' in form


def test_the_words_of_the_form_library_in_our_catalogue_are_its_own() -> None:
    sources = Path(wtforms.__file__).parent.rglob("*.py")
    said = "".join(source.read_text(encoding="utf-8") for source in sources)
    assert [text._args[0] for text in FIELD_TEXTS if text._args[0] not in said] == []
