"""Ratings by other channels: entered by form or by list, all or nothing, and never shown singly."""

import re
from io import BytesIO

import pytest

from fleet_server.channels.closing import close_days
from fleet_server.core.retention import DAY_MS
from fleet_server.sheets.reading import read_tables
from fleet_server.sheets.writing import Sheet, xlsx_bytes
from fleet_server.store import audit_log
from fleet_server.store.database import writing
from fleet_server.store.models import ImportDraft, Unit, UnsignedRating, UnsignedWithdrawal
from tests.fakes.grants import confine
from tests.fakes.reading import row, text_of, token
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

OFFICER = "quality_officer"
GOOD = {
    "way": "paper", "unit": "UBND-P1", "day": "2026-11-21", "choice": "unsatisfied",
    "counter": "P1-01", "ticket": "",
}  # fmt: skip
HEAD = "Kênh;Mức hài lòng;Ngày;Mã đơn vị;Mã quầy;Số phiếu"
LINE = "Phiếu giấy;Hài lòng;20/11/2026;UBND-P1;P1-01;"


@pytest.fixture
def before(site: Site) -> int:
    """How many ratings there are."""
    site.post("/language", OFFICER, language="en")
    return taken()


def taken() -> int:
    return int(UnsignedRating.select().count())


def send(site: Site, content: bytes, name: str = "list.csv", who: str = OFFICER) -> str:
    """Send a list, and return the page that is shown then."""
    client = site.client(who)
    sent = {"csrf_token": token(client), "file": (BytesIO(content), name)}
    return str(client.post("/other/import", data=sent, follow_redirects=True).text)


def lines(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows, "")).encode()


def apply(site: Site, preview: str, who: str = OFFICER) -> str:
    """Press the button below a list that can be taken."""
    form = dict(re.findall(r'name="(list)" value="([^"]*)"', preview))
    path = "/other/import/apply"
    sent = {"csrf_token": token(site.client(who)), **form}
    return text_of(site.client(who).post(path, data=sent, follow_redirects=True).text)


# ---- one by one ----


def test_a_rating_is_entered_and_says_who_entered_it(site: Site, before: int) -> None:
    assert site.post("/other/new", OFFICER, **GOOD).status_code == 303
    found = UnsignedRating.select().order_by(UnsignedRating.id.desc()).get()
    assert (found.way, found.choice, found.day, found.taken) == (
        "paper", "unsatisfied", "2026-11-21", "2026-11-22",
    )  # fmt: skip
    assert (found.counter.code, found.entered_by) == (
        "P1-01",
        "person:quality_officer@hailong.example",
    )
    assert "quality_officer@hailong.example" in row(
        site.get("/other", OFFICER).text, f"rating-{found.id}"
    )


def test_the_next_of_a_pile_begins_with_what_the_last_one_had(site: Site, before: int) -> None:
    page = site.get(site.post("/other/new", OFFICER, **GOOD).headers["Location"], OFFICER).text
    assert 'value="2026-11-21"' in page
    assert re.search(r'<option selected value="UBND-P1">', page)
    assert "checked" not in page


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"way": ""}, "Channel : Nothing stands here"),
        ({"way": "qr"}, "“qr” is no channel"),
        ({"choice": ""}, "Choice : Nothing stands here"),
        ({"day": "22/22/2026"}, "“22/22/2026” is no date"),
        ({"day": "2026-11-23"}, "has not come yet"),
        ({"unit": "NOWHERE"}, "no unit with the code “NOWHERE”"),
        ({"counter": "Q3-01"}, "Q3-01 lay in another unit"),
        ({"counter": "X"}, "No counter had the code “X”"),
        ({"ticket": "---"}, "A ticket number is"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_taken(
    site: Site, before: int, form: dict[str, str], words: str
) -> None:
    answer = site.post("/other/new", OFFICER, **(GOOD | form))
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert taken() == before


def test_a_form_with_nothing_in_it_names_all_that_is_missing(site: Site, before: int) -> None:
    answer = site.post("/other/new", OFFICER)
    assert answer.status_code == 422
    assert text_of(answer.text).count("Nothing stands here, and it must.") == 8
    assert taken() == before


# ---- lists ----


def test_a_list_is_looked_at_first_and_then_taken_as_a_whole(site: Site, before: int) -> None:
    preview = send(site, lines(LINE, LINE))
    assert "Nothing has been taken yet" in preview
    assert taken() == before
    assert "2 ratings were taken." in apply(site, preview)
    assert taken() == before + 2
    assert ImportDraft.select().count() == 0
    [entry] = audit_log.newest(1)
    assert (entry.action, '"rows":2' in entry.details) == ("unsigned.import", True)
    assert "satisfied" not in entry.details


def test_a_workbook_is_read_as_well_and_its_empty_pattern_is_given_out(
    site: Site, before: int
) -> None:
    pattern = site.get("/other/pattern.xlsx", OFFICER)
    assert "attachment" in pattern.headers["Content-Disposition"]
    [table] = read_tables(pattern.data, "x", bool)
    book = xlsx_bytes([Sheet("Ratings", table.rows[0][1], [
        ["Phone", "Very satisfied", "2026-11-20", "UBND-P1", "", "A001"],
    ])])  # fmt: skip
    assert "1 rating was taken." in apply(site, send(site, book, "list.xlsx"))
    assert taken() == before + 1


def test_half_the_rows_wrong_takes_none_and_names_each_with_all_its_faults(
    site: Site, before: int
) -> None:
    bad = "Fax;Tốt;30/02/2026;UBND-P9;;"
    page = send(site, lines(*[LINE, bad] * 20))
    words = text_of(page)
    assert "20 rows are wrong" in words
    assert 'name="list"' not in page
    for said in ("“Fax” is no channel", "“Tốt” is no choice", "“30/02/2026” is no date",
                 "no unit with the code “UBND-P9”"):  # fmt: skip
        assert words.count(said) == 20
    assert taken() == before


def test_the_same_file_is_taken_once(site: Site, before: int) -> None:
    preview = send(site, lines(LINE))
    apply(site, preview)
    again = text_of(send(site, lines(LINE), "other-name.csv"))
    assert "was taken on 22 Nov 2026 already, by quality_officer@hailong.example" in again
    assert taken() == before + 1


def test_of_two_who_looked_at_the_same_file_the_second_takes_nothing(
    site: Site, before: int
) -> None:
    site.post("/language", "administrator", language="en")
    mine, theirs = send(site, lines(LINE)), send(site, lines(LINE), who="administrator")
    apply(site, mine)
    assert "already" in apply(site, theirs, "administrator")
    assert taken() == before + 1


def test_what_became_wrong_since_it_was_looked_at_takes_nothing(site: Site, before: int) -> None:
    preview = send(site, lines(LINE, LINE))
    with writing():
        Unit.update(code="RENAMED").where(Unit.code == "UBND-P1").execute()
    assert "Nothing was taken. Below is what is wrong by now." in apply(site, preview)
    assert taken() == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"a;b\n1;2\n", "No sheet has headings that are known. They are: Channel / Kênh"),
        (b"PK\x03\x04rubbish", "The workbook is damaged"),
        ("Kênh\n".encode("utf-16")[:-1], "The file is"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(
    site: Site, before: int, content: bytes, words: str
) -> None:
    assert words in text_of(send(site, content))
    assert taken() == before


def test_a_list_without_rows_can_not_be_taken(site: Site, before: int) -> None:
    page = send(site, lines())
    assert "The list has headings, but no rows." in text_of(page)
    assert 'name="list"' not in page


def test_a_list_that_is_no_longer_kept_must_be_sent_again(site: Site, before: int) -> None:
    preview = send(site, lines(LINE))
    ImportDraft.update(expires_at=site.now).execute()
    assert "no longer kept" in apply(site, preview)
    assert site.get("/other/import?list=nothing", OFFICER).status_code == 303
    assert taken() == before


# ---- who sees what ----


def test_who_may_not_enter_sees_nothing_of_it(site: Site) -> None:
    for path in ("/other", "/other/new", "/other/import", "/other/pattern.xlsx"):
        assert site.get(path, "viewer").status_code == 403, path


def test_a_branch_enters_and_sees_only_its_own(site: Site, before: int) -> None:
    confine(PEOPLE[OFFICER], OFFICER, "UBND-Q3")
    page = site.get("/other", OFFICER).text
    assert "rating-" not in page
    assert site.get("/other?unit=UBND-P1", OFFICER).status_code == 404
    assert site.post("/other/new", OFFICER, **GOOD).status_code == 422
    assert taken() == before


def test_no_page_of_it_tells_what_a_single_rating_says(site: Site, before: int) -> None:
    text = in_english(site, "/other", OFFICER)
    assert not re.search(r"satisfied", text_of(text[text.index("<tbody") : text.index("</tbody")]))


def test_an_address_that_names_no_channel_is_not_there(site: Site) -> None:
    assert site.get("/other?way=fax", OFFICER).status_code == 404


# ---- figures, apart ----


def test_a_counter_tells_each_channel_apart_from_the_signed_ones(site: Site) -> None:
    page = in_english(site, "/counters/P1-01?period=2026-11")
    assert "7" in row(page, "way-paper")
    assert re.search(r"very satisfied: 4 .*unsatisfied: 3", row(page, "way-paper"))
    assert "in groups of 5" in row(page, "way-phone")
    assert "in groups of 5" in row(page, "way-box")
    assert 'id="way-qr"' not in page


def test_participation_and_choices_of_a_page_are_the_same_without_them(site: Site) -> None:
    def tiles(page: str) -> str:
        return text_of(page[page.index('class="tiles"') : page.index("<section")])

    having = tiles(in_english(site, "/counters/P1-01?period=2026-11"))
    UnsignedRating.delete().execute()
    page = in_english(site, "/counters/P1-01?period=2026-11")
    assert tiles(page) == having
    assert "Ratings by other channels" not in page


def test_a_unit_tells_those_of_its_counters_and_those_that_name_none(site: Site) -> None:
    page = in_english(site, "/units/UBND-P1?period=2026-11")
    assert re.search(r"very satisfied: 4 ", row(page, "way-paper"))
    assert re.search(r"Online 2 .* 2 ", row(page, "way-online"))
    assert 'id="way-' not in in_english(site, "/units/UBND-Q3?period=2026-11")


def test_what_was_taken_today_is_not_told_today(site: Site) -> None:
    for _ in range(6):
        site.post("/other/new", OFFICER, **GOOD)
    page = in_english(site, "/counters/P1-01")
    assert "6" in row(page, "way-paper")
    assert "in groups of 5" in row(page, "way-paper")


def test_nobody_knows_their_service_so_a_service_shows_none(site: Site) -> None:
    assert 'id="way-' not in in_english(site, "/counters/P1-01?period=2026-11&service=Khai sinh")


# ---- entered by mistake ----


def newest() -> int:
    return int(UnsignedRating.select().order_by(UnsignedRating.id.desc()).get().id)


def withdraw(site: Site, number: int, who: str = OFFICER, **form: str) -> str:
    path, client = f"/other/{number}/withdraw", site.client(who)
    sent = {"csrf_token": token(client), "reason": "Wrong counter", **form}
    return text_of(client.post(path, data=sent, follow_redirects=True).text)


def test_what_was_entered_by_mistake_stays_with_its_withdrawal_beside_it(
    site: Site, before: int
) -> None:
    site.post("/other/new", OFFICER, **GOOD)
    assert "1 rating was withdrawn." in withdraw(site, newest())
    assert taken() == before + 1
    line = row(site.get("/other", OFFICER).text, f"rating-{newest()}")
    assert "withdrawn quality_officer@hailong.example: Wrong counter" in line
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("unsigned.withdraw", f"unsigned:{newest()}")
    assert "satisfied" not in entry.details


def test_figures_count_without_it_and_say_how_many_were_withdrawn(site: Site, before: int) -> None:
    site.post("/other/new", OFFICER, **GOOD)
    withdraw(site, newest())
    page = site.get("/counters/P1-01?period=2026-11", OFFICER).text
    assert re.search(r"^Paper 7 .* 0 1$", row(page, "way-paper").strip())
    report = site.get("/reports/file.csv?period=2026-11&unit=UBND-P1", OFFICER).text
    assert re.search(r"Paper,7,4,0,3,57\.1,0,1", report)


def test_where_all_was_withdrawn_the_channel_still_says_so(site: Site, before: int) -> None:
    UnsignedRating.delete().execute()
    site.post("/other/new", OFFICER, **GOOD)
    withdraw(site, newest())
    line = row(site.get("/units/UBND-P1", OFFICER).text, "way-paper")
    assert re.search(r"^Paper 0 .* 1$", line.strip())


def test_the_next_rating_of_its_ticket_stands_then(site: Site, before: int) -> None:
    for _ in range(2):
        site.post("/other/new", OFFICER, **(GOOD | {"ticket": "X77"}))
    UnsignedRating.update(visit="v").where(UnsignedRating.ticket == "X77").execute()
    second = f"rating-{newest()}"
    assert "does not stand" in row(site.get("/other", OFFICER).text, second)
    withdraw(site, newest() - 1)
    assert "✓ stands" in row(site.get("/other", OFFICER).text, second)


def test_a_whole_list_is_withdrawn_and_can_be_sent_again(site: Site, before: int) -> None:
    apply(site, send(site, lines(LINE, LINE)))
    assert "All 2 ratings of the same list" in site.get(f"/other/{newest()}/withdraw", OFFICER).text
    assert "2 ratings were withdrawn." in withdraw(site, newest(), whole="y")
    assert "2 ratings were taken." in apply(site, send(site, lines(LINE, LINE)))


def test_one_of_a_list_is_withdrawn_and_the_list_was_taken_still(site: Site, before: int) -> None:
    apply(site, send(site, lines(LINE, LINE)))
    assert "1 rating was withdrawn." in withdraw(site, newest())
    assert "already" in send(site, lines(LINE, LINE))


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_reason_nothing_is_withdrawn(site: Site, before: int, reason: str) -> None:
    site.post("/other/new", OFFICER, **GOOD)
    assert "Nothing was saved" in withdraw(site, newest(), reason=reason)
    assert UnsignedWithdrawal.select().count() == 0


@pytest.mark.parametrize("changed", [{"stood": True}, {"way": "qr"}])
def test_what_was_told_and_what_a_citizen_gave_stays(
    site: Site, before: int, changed: dict[str, object]
) -> None:
    UnsignedRating.update(**changed).where(UnsignedRating.id == newest()).execute()
    assert f"/other/{newest()}/withdraw" not in site.get("/other", OFFICER).text
    assert site.get(f"/other/{newest()}/withdraw", OFFICER).status_code == 303
    assert "It can't be withdrawn" in withdraw(site, newest())
    assert UnsignedWithdrawal.select().count() == 0


def test_withdrawn_twice_is_once(site: Site, before: int) -> None:
    site.post("/other/new", OFFICER, **GOOD)
    withdraw(site, newest())
    assert "It can't be withdrawn" in withdraw(site, newest())
    assert UnsignedWithdrawal.select().count() == 1


def test_another_branch_and_who_may_not_enter_withdraw_nothing(site: Site, before: int) -> None:
    assert site.get(f"/other/{newest()}/withdraw", "viewer").status_code == 403
    confine(PEOPLE[OFFICER], OFFICER, "UBND-Q3")
    path = f"/other/{newest()}/withdraw"
    assert site.get(path, OFFICER).status_code == 404
    assert site.post(path, OFFICER, reason="x").status_code == 404
    assert site.get("/other/999999/withdraw", OFFICER).status_code == 404


def test_the_close_of_the_day_leaves_the_withdrawn_out(site: Site, before: int) -> None:
    for _ in range(5):
        site.post("/other/new", OFFICER, **GOOD)
    withdraw(site, newest())
    site.now += DAY_MS
    close_days(site.now, site.app.extensions["hailong"].settings.fleet.zone)
    assert [row.stood for row in UnsignedRating.select().order_by(-UnsignedRating.id)][:5] == [
        False, True, True, True, True,
    ]  # fmt: skip
