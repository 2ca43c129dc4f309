"""The page of API keys: list, make (shown once), revoke."""

import re

import pytest

from fleet_server.store import api_keys
from fleet_server.store.models import ApiKey, AuditEntry
from tests.unit.fleet_server.web.conftest import Site

KEY = re.compile(r"hailong_[A-Za-z0-9_-]{43}")
NEW = {"name": "Quầy ảo", "scopes": "tickets:write", "unit": "", "expires": ""}


def test_the_list_says_how_each_key_stands(site: Site) -> None:
    page = site.get("/keys", "administrator").text
    for words in ("Hệ thống xếp hàng", "tickets:write", "UBND-Q3", "sắp hết hạn", "đã thu hồi"):
        assert words in page, words


def test_a_key_that_expires_soon_is_pointed_out_on_top(site: Site) -> None:
    page = site.get("/keys", "administrator").text
    assert "Có khóa sắp hết hạn" in page
    assert page.index("Báo cáo quận") < page.index("<table")


def test_a_new_key_is_shown_once_and_works(site: Site) -> None:
    answer = site.post("/keys/new", "administrator", **NEW)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    [key] = KEY.findall(answer.text)
    holder = api_keys.holder(key, site.now)
    assert holder is not None
    assert (holder.name, holder.scopes, holder.unit) == ("Quầy ảo", {"tickets:write"}, None)
    assert key not in site.get("/keys", "administrator").text
    [entry] = AuditEntry.select().where(AuditEntry.subject == "key:Quầy ảo")
    assert (entry.action, entry.actor) == ("key.add", "person:administrator@hailong.example")


def test_the_last_day_of_a_key_is_its_last(site: Site) -> None:
    site.post("/keys/new", "administrator", **{**NEW, "expires": "2026-11-22", "unit": "UBND-P1"})
    row = ApiKey.get(ApiKey.name == "Quầy ảo")
    assert row.unit.code == "UBND-P1"
    end = row.expires_at
    assert site.now < end <= site.now + 24 * 3_600_000


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "ai sẽ dùng"),
        ({"name": "a\u0007b"}, "ký tự điều khiển"),
        ({"name": "x" * 65}, "Tối đa 64"),
        ({"name": "Giám sát"}, "Đã có khóa mang tên này"),
        ({"scopes": "choices:read"}, "ratings:read"),
        ({"scopes": "metrics:read", "unit": "UBND-P1"}, "toàn hệ thống"),
        ({"scopes": "moon:land"}, "moon"),
        ({"unit": "NOWHERE"}, ""),
        ({"expires": "2026-11-21"}, "đã qua"),
        ({"expires": "soon"}, ""),
    ],
)
def test_a_wrong_field_is_said_and_what_was_typed_stays(
    site: Site, change: dict[str, str], says: str
) -> None:
    before = ApiKey.select().count()
    answer = site.post("/keys/new", "administrator", **{**NEW, **change})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'class="problems"' in answer.text
    if "name" not in change:
        assert 'value="Quầy ảo"' in answer.text
    assert ApiKey.select().count() == before


def test_a_key_is_revoked_after_a_question(site: Site) -> None:
    key = ApiKey.get(ApiKey.name == "Giám sát")
    assert "Thu hồi khóa" in site.get(f"/keys/{key.id}/revoke", "administrator").text
    answer = site.post(f"/keys/{key.id}/revoke", "administrator")
    assert answer.status_code == 303
    assert ApiKey.get_by_id(key.id).revoked_at == site.now
    assert site.get(f"/keys/{key.id}/revoke", "administrator").status_code == 404


def test_who_only_reads_sees_the_keys_and_can_not_change_them(site: Site) -> None:
    page = site.get("/keys", "auditor")
    assert page.status_code == 200
    assert "/keys/new" not in page.text
    assert site.get("/keys/new", "auditor").status_code == 403
    assert site.get("/keys", "viewer").status_code == 403
