"""What the pages say, read as a person without JavaScript reads them."""

import re
from dataclasses import replace

import pytest

from fleet_server.core.roles import Grant, Scope
from fleet_server.settings.sections import MailSection
from fleet_server.store import commands, database, downlink, places, users
from fleet_server.store.accounts import User
from fleet_server.store.models import (
    Command,
    Counter,
    Daily,
    Downlink,
    Hourly,
    Matter,
    Rating,
    TerminalKey,
    TerminalStatus,
    Unit,
)
from fleet_server.store.pages import sums
from fleet_server.web.services import EXTENSION
from tests.fakes.grants import confine
from tests.fakes.office import HOUR_MS, NOW, TODAY, counted
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english, sent


def test_the_overview_sets_today_beside_the_same_weekday(site: Site) -> None:
    before = sums.of_all("2026-11-15", NOW - 7 * 24 * HOUR_MS + HOUR_MS)
    words = text_of(in_english(site, "/"))
    assert f"by 11:00 a week ago: {before.served}" in words
    assert "Sunday 22 Nov 2026" in words


def test_a_week_ago_counts_what_lay_in_the_branch_then(site: Site) -> None:
    confine(PEOPLE["unit_head"], "unit_head", "UBND-P1")
    hour = NOW - 7 * 24 * HOUR_MS + HOUR_MS
    before = sums.of_all("2026-11-15", hour, Scope(frozenset({1})))
    with database.writing():
        places.move_counter(1, 2, TODAY)
    words = text_of(in_english(site, "/", "unit_head"))
    assert f"by 11:00 a week ago: {before.served}" in words


def test_the_overview_names_the_terminals_that_should_work_and_do_not(site: Site) -> None:
    html = in_english(site, "/")
    assert "Lost: connection lost, records don't arrive , 52 min ago" in row(
        html, "terminal-p1-03-t1"
    )
    assert "Lost: silent" in row(html, "terminal-q3-02-t1")
    assert "terminal-p1-01-t1" not in html
    assert "terminal-kho-01" not in html


def test_the_overview_names_counters_under_target(site: Site) -> None:
    html = in_english(site, "/")
    assert "under the target of 40%" in row(html, "counter-P1-03")
    assert 'id="counter-Q3-03"' not in html


def test_the_overview_names_open_matters_only(site: Site) -> None:
    html = in_english(site, "/")
    assert "Fork" in row(html, "matter-1")
    assert "a button is stuck" in row(html, "matter-2")
    assert 'id="matter-3"' not in html


def test_a_terminal_shows_its_configuration_and_what_it_said_of_it(site: Site) -> None:
    page = "/terminals/p1-01-t1"
    assert "Configuration its own" in text_of(in_english(site, page))
    with database.writing():
        downlink.configure("p1-01-t1", {}, known=6)
    assert "version 7 · ◐ no answer yet" in text_of(in_english(site, page))
    with database.writing():
        Downlink.update(n=5, signed=Downlink.changed).execute()
        downlink.answered("p1-01-t1", "config", 5, {"applied": True, "reason": None})
    assert "version 7 · ● applied" in text_of(in_english(site, page))
    with database.writing():
        refused = {"applied": False, "reason": "look.letters: must be one of <b>"}
        downlink.answered("p1-01-t1", "config", 5, refused)
    html = in_english(site, page)
    assert "✕ refused look.letters: must be one of <b>" in text_of(html)
    assert "<b>" not in html


def test_a_terminal_shows_its_last_commands_with_their_outcomes(site: Site) -> None:
    with database.writing():
        commands.wish("p1-01-t1", "restart", {}, 60, NOW)
        Command.create(
            dev="p1-01-t1", name="identify", arguments={}, ttl_s=60, wished_at=NOW, n=5,
            published_at=NOW, outcome="refused", details="<i>no</i>",
        )  # fmt: skip
        Command.create(
            dev="p1-01-t1", name="hologram", arguments={}, ttl_s=60, wished_at=NOW, n=6,
            published_at=NOW,
        )  # fmt: skip
    html = in_english(site, "/terminals/p1-01-t1")
    assert "start the program again" in row(html, "command-1")
    assert "○ not sent yet" in row(html, "command-1")
    assert "✕ refused" in row(html, "command-2")
    assert "<i>" not in html
    assert "hologram" in row(html, "command-3")
    assert "◐ no answer yet" in row(html, "command-3")


def test_a_key_that_was_replaced_is_shown_as_such(site: Site) -> None:
    with database.writing():
        TerminalKey.update(replaced_at=NOW).where(TerminalKey.kid == "kid-0").execute()
    html = in_english(site, "/terminals/p1-01-t1", "technician")
    assert "replaced by a newer one" in row(html, "key-kid-0")


def test_a_terminal_shows_its_forks_keys_and_records(site: Site) -> None:
    from fleet_server.store.models import Chain, Record

    with database.writing():
        chain = Chain.get(Chain.terminal == "q3-02-t1")
        Chain.update(branches=1, flaws=2).where(Chain.id == chain.id).execute()
        Record.create(
            chain=chain, seq=3, branch=1, hash="o", type="rating", jws=b"x", received_at=NOW,
            checked=1, disputed=True,
        )  # fmt: skip
        Record.create(
            chain=chain, seq=99, hash="p", type="?", jws=b"x", received_at=NOW, checked=0,
            quarantined="not JSON",
        )  # fmt: skip
    words = text_of(in_english(site, "/terminals/q3-02-t1", "technician"))
    assert "Forks Chain Side From record To record Held, disputed 000000000000… 1 3 3 1" in words
    assert "✕ not believed not JSON" in words
    assert "kid-4" in words
    assert "● valid" in words


EVIDENCE = ("Records up to", "What it sent last", "✓ verified", "kid-0", "Certificate valid until")


def test_who_may_not_see_evidence_sees_how_a_terminal_is_and_not_what_it_signed(
    site: Site,
) -> None:
    page = "/terminals/p1-01-t1"
    for who in ("technician", "quality_officer", "auditor", "administrator"):
        words = text_of(in_english(site, page, who))
        assert [one for one in EVIDENCE if one not in words] == [], who
    for who in ("viewer", "unit_head"):
        words = text_of(in_english(site, page, who))
        assert [one for one in EVIDENCE if one in words] == [], who
        assert "are for those who may see evidence" in words
        assert "Last seen" in words


def test_evidence_of_one_branch_opens_none_of_another(site: Site) -> None:
    with database.writing():
        person = User.get(User.email == PEOPLE["viewer"])
        users.give(person.id, Grant("technician", Unit.get(Unit.code == "UBND-Q3").id))
    assert "kid-0" not in site.get("/terminals/p1-01-t1").text
    assert "kid-4" in site.get("/terminals/q3-02-t1").text


def test_a_terminal_shows_what_came_and_was_not_taken(site: Site) -> None:
    with database.writing():
        figures = {"repeated": 17, "gaps": 4, "refused": 2}
        TerminalStatus.update(figures).where(TerminalStatus.terminal == "p1-01-t1").execute()
    words = text_of(in_english(site, "/terminals/p1-01-t1"))
    assert "Records that came again 17" in words
    assert "Records after a gap 4" in words
    assert "Records nobody vouched for 2" in words


def report(name: str, /, **health: object) -> None:
    with database.writing():
        rows = TerminalStatus.update(health=health).where(TerminalStatus.terminal == name)
        rows.execute()


def test_a_terminal_whose_report_is_bad_is_in_trouble_and_says_why(site: Site) -> None:
    report("p1-01-t1", disk_free_mib=12, throttled={"now": [], "since_boot": ["under_voltage"]})
    reasons = "! Alert: disk nearly full"
    assert reasons in row(in_english(site, "/"), "terminal-p1-01-t1")
    listed = row(in_english(site, "/terminals?state=alert"), "terminal-p1-01-t1")
    assert "disk nearly full had too little voltage since its start" in listed
    words = text_of(in_english(site, "/terminals/p1-01-t1"))
    assert "Make room on its card" in words
    assert "Use the power supply and the cable made for the board" in words
    assert "Power or heat trouble since the start too little voltage" in words


def test_a_terminal_says_in_vietnamese_what_ails_it(site: Site) -> None:
    report("p1-01-t1", terminal={"out_of_service": True}, camera="none")
    words = text_of(site.get("/terminals/p1-01-t1").text)
    assert "! Cảnh báo" in words
    assert "ngừng phục vụ" in words
    assert "Camera không có" in words


def test_a_terminal_shows_no_choice_to_who_may_not_see_figures(site: Site) -> None:
    words = text_of(in_english(site, "/terminals/p1-01-t1", "technician"))
    assert "rating" in words
    assert "satisfied" not in words


def test_counters_show_today_and_link_each_number_to_what_it_counts(site: Site) -> None:
    today = counted(TODAY, TODAY)[1]
    html = in_english(site, "/counters")
    assert f"{today.served} {today.rated} " in row(html, "counter-P1-01")
    assert f'"/counters/P1-01?day={TODAY}&amp;show=served#visits">' in html
    assert '/counters/Q3-02?period=today#uncounted">not counted: unbound 0' in html


def test_counters_add_up_over_a_period(site: Site) -> None:
    week = counted("2026-11-16", TODAY)[1]
    assert f" {week.served} {week.rated} " in row(
        in_english(site, "/counters?period=7"), "counter-P1-01"
    )


def test_counters_of_one_unit_only(site: Site) -> None:
    html = site.get("/counters?unit=UBND-P1").text
    assert re.findall(r'<tr id="counter-([^"]+)"', html) == ["P1-01", "P1-02", "P1-03"]


def test_a_closed_counter_is_listed_where_it_has_figures_and_says_that_it_is_closed(
    site: Site,
) -> None:
    Counter.update(closed_day="2026-11-20").where(Counter.code == "P1-02").execute()
    html = in_english(site, f"/counters?period={TODAY}")
    assert "closed from 20 Nov 2026" in row(html, "counter-P1-02")
    assert "closed" not in row(html, "counter-P1-01")
    Counter.update(closed_day="2026-11-20").where(Counter.code == "P1-03").execute()
    Daily.delete().where(Daily.counter == 3, Daily.day == TODAY).execute()
    assert "counter-P1-03" not in site.get(f"/counters?period={TODAY}").text


@pytest.mark.parametrize("sort", ["-served", "rated", "participation", "satisfaction"])
def test_counters_are_sorted_as_asked(site: Site, sort: str) -> None:
    html = site.get(f"/counters?sort={sort}&period=30").text
    held = counted("2026-10-24", TODAY)
    by = {
        "-served": lambda s: -s.served,
        "rated": lambda s: s.rated,
        "participation": lambda s: s.rated / s.served,
        "satisfaction": lambda s: -s.unsatisfied / s.rated,
    }[sort]
    found = re.findall(r'<tr id="counter-([^"]+)"', html)
    codes = ["P1-01", "P1-02", "P1-03", "Q3-01", "Q3-02", "Q3-03"]
    assert found == sorted(codes, key=lambda code: by(held[codes.index(code) + 1]))
    assert 'aria-sort="' in html


def test_a_counters_tiles_and_lists_agree(site: Site) -> None:
    today = counted(TODAY, TODAY)[1]
    for show, count in (
        ("served", today.served),
        ("rated", today.rated),
        ("unrated", today.served - today.rated),
        ("all", today.served + 1),
    ):
        html = site.get(f"/counters/P1-01?show={show}").text
        assert html.count('<tr id="visit-') == count, show


def test_a_visit_shows_its_ticket_its_sources_and_whether_it_was_rated(site: Site) -> None:
    html = in_english(site, "/counters/P1-01")
    assert "A004" in row(html, "visit-P1-01-4")
    assert "▲ only the queue system saw it" in row(html, "visit-P1-01-4")
    assert "queue system and terminal" in row(html, "visit-P1-01-5")


def test_the_disagreements_of_a_day_can_be_listed(site: Site) -> None:
    html = site.get("/counters/P1-01?show=disagreement").text
    assert set(re.findall(r'<tr id="visit-P1-01-(\d+)"', html)) == {"4", "13", "22"}


def test_no_visit_tells_its_choice(site: Site) -> None:
    before = site.get("/counters/P1-01").text
    visits = re.compile(r'<section aria-labelledby="visits">.*?</section>', re.S)
    with database.writing():
        Rating.update(choice="unsatisfied").execute()
    found, again = visits.search(before), visits.search(site.get("/counters/P1-01").text)
    assert found
    assert again
    assert found[0] == again[0]


def test_ratings_that_do_not_count_are_listed_with_the_reason_and_no_choice(site: Site) -> None:
    html = in_english(site, "/counters/Q3-02")
    section = html[html.index('aria-labelledby="uncounted"') : html.index('aria-labelledby="days"')]
    words = text_of(section)
    assert "unbound: no ticket was being served" in words
    assert "contested: pressed before or after the citizen" in words
    assert "satisfied" not in words


def hours_with_choices(site: Site, path: str) -> list[bool]:
    hours = re.findall(r'<tr id="hour-\d+">.*?</tr>', site.get(path).text, re.S)
    return ["stack" in hour for hour in hours]


def test_the_running_hour_shows_no_choices_of_its_own(site: Site) -> None:
    day = (Hourly.counter == 2) & (Hourly.day == TODAY)
    with database.writing():
        Hourly.update(very_satisfied=9, satisfied=0, unsatisfied=0, rated=9).where(day).execute()
        count = Hourly.select().where(day).count()
        Daily.update(
            very_satisfied=9 * count, satisfied=0, unsatisfied=0, told_very=9 * count,
            told_fair=0, told_poor=0,
        ).where(Daily.counter == 2, Daily.day == TODAY).execute()  # fmt: skip
    assert hours_with_choices(site, "/counters/P1-02") == [True] * (count - 1) + [False]


def test_hours_show_no_choices_on_days_of_several_services(site: Site) -> None:
    assert True in hours_with_choices(site, "/counters/P1-02?day=2026-11-20")
    assert True not in hours_with_choices(site, "/counters/P1-01?day=2026-11-20")


def test_another_day_of_a_counter_can_be_opened(site: Site) -> None:
    html = in_english(site, "/counters/P1-01?day=2026-11-20")
    words = text_of(html)
    assert "Friday 20 Nov 2026" in words
    assert "No such visits on this day." in words
    assert "day=2026-11-19" in html
    assert "day=2026-11-21" in html


def test_units_add_their_counters_up(site: Site) -> None:
    today = counted(TODAY, TODAY)
    served = sum(today[counter].served for counter in (1, 2, 3))
    assert f" 3 {served} " in row(in_english(site, "/units"), "unit-UBND-P1")


def test_units_count_the_counters_that_are_open(site: Site) -> None:
    Counter.update(closed_day=TODAY).where(Counter.code == "P1-02").execute()
    assert re.search(r"sure 2 \d", row(in_english(site, "/units"), "unit-UBND-P1"))


@pytest.mark.parametrize("sort", ["participation", "-participation", "-satisfaction"])
def test_units_without_a_share_stand_last_whichever_way(site: Site, sort: str) -> None:
    with database.writing():
        places.add_unit("AA", "An empty one")
    found = re.findall(r'<tr id="unit-([^"]+)"', site.get(f"/units?period=7&sort={sort}").text)
    assert (len(found), found[-1]) == (3, "AA")


@pytest.mark.parametrize("path", ["/", "/matters", "/matters/1", "/counters", "/terminals"])
def test_every_page_says_whose_fleet_it_is(site: Site, path: str) -> None:
    assert '<p class="brand"><a href="/">Test fleet</a>' in site.get(path).text


def test_an_admin_closes_a_matter_with_a_note(site: Site) -> None:
    answer = site.post("/matters/1/close", "administrator", note="  Thẻ đã được thay.  ")
    assert answer.status_code == 303
    held = Matter.get_by_id(1)
    assert (held.closed_at, held.closed_by) == (NOW, "administrator@hailong.example")
    assert held.details == {"branch": 1, "records": 3, "note": "Thẻ đã được thay."}
    words = text_of(in_english(site, "/matters/1"))
    assert "The matter is closed." in text_of(site.get("/matters/1", "administrator").text) or words
    assert "Thẻ đã được thay." in words
    assert 'id="matter-1"' in site.get("/matters?show=closed").text
    assert 'id="matter-1"' not in site.get("/matters").text


def test_a_matter_is_closed_once(site: Site) -> None:
    site.post("/matters/1/close", "administrator", note="first")
    site.post("/matters/1/close", "administrator", note="second")
    assert Matter.get_by_id(1).details["note"] == "first"


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_a_matter_is_not_closed_without_a_note_of_good_length(site: Site, note: str) -> None:
    site.post("/matters/1/close", "administrator", note=note)
    assert Matter.get_by_id(1).closed_at is None


def test_a_viewer_sees_a_matter_but_no_form(site: Site) -> None:
    assert "/matters/1/close" not in site.get("/matters/1").text
    assert "/matters/1/close" in site.get("/matters/1", "administrator").text


def test_matters_can_be_listed_by_kind_and_terminal(site: Site) -> None:
    assert re.findall(r'<tr id="matter-(\d)', site.get("/matters?kind=fork").text) == ["1"]
    assert re.findall(r'<tr id="matter-(\d)', site.get("/matters?terminal=p1-03-t1").text) == ["2"]


def test_a_kind_of_matter_without_words_is_shown_all_the_same(site: Site) -> None:
    with database.writing():
        Matter.create(kind="brand_new", subject="9", opened_at=NOW, details={"odd": [1, None]})
    assert "Other" in text_of(in_english(site, "/matters"))
    assert "odd [1, null]" in text_of(site.get("/matters/4").text)


def test_what_terminals_say_is_never_taken_for_markup(site: Site) -> None:
    nasty = "<script>alert(1)</script>"
    with database.writing():
        TerminalStatus.update(firmware=nasty, health={nasty: nasty}, clock=nasty).execute()
        Matter.update(details={"what": nasty, nasty: nasty}).execute()
    for path in ("/terminals", "/terminals/p1-01-t1", "/matters", "/matters/1"):
        assert nasty not in site.get(path).text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "hailong-fleet terminal add"),
        ("/terminals", "hailong-fleet terminal add"),
        ("/counters", "hailong-fleet counter add"),
        ("/units", "hailong-fleet unit add"),
        ("/matters", "appear here by themselves"),
        ("/matters?show=closed", "who closed it, when, and the note"),
    ],
)
def test_an_empty_page_says_what_will_be_there_and_how_to_get_it(
    empty_site: Site, path: str, words: str
) -> None:
    assert words in text_of(in_english(empty_site, path))


def test_each_page_says_how_fresh_it_is(site: Site) -> None:
    for path in ("/", "/terminals", "/counters", "/counters/P1-01", "/matters", "/units"):
        words = text_of(in_english(site, path))
        assert "Reload for newer figures" in words
        assert "as of 10:24:30" in words


def test_a_unit_that_tells_nothing_says_whether_it_is_empty_or_only_closed(site: Site) -> None:
    unit = {"code": "NEW", "name": "Mới", "kind": "unit", "parent": ""}
    assert sent(site, "/tree/new-unit", **unit).status_code == 303
    here = "/units/NEW?period=today"
    assert "Nothing lies in this unit yet." in text_of(in_english(site, here, "administrator"))
    counter = {"code": "N-01", "name": "Quầy", "unit": "NEW"}
    assert sent(site, "/tree/new-counter", **counter).status_code == 303
    holiday = {"what": "day", "first": TODAY, "name": "Lễ", "version": "1"}
    assert site.post("/settings/hours/one", "administrator", **holiday).status_code == 303
    told = text_of(in_english(site, here, "administrator"))
    assert "There are no figures for this period." in told
    assert "No units yet" not in told


def test_estimated_times_are_said_beside_the_figures(site: Site) -> None:
    words = text_of(in_english(site, "/units?period=30", "viewer"))
    assert re.search(r"≈ [0-9]+ times estimated", words)


def waiting(site: Site, who: str) -> str:
    page = in_english(site, "/", who)
    found = re.search(r'<h2 id="tasks".*?</section>', page, re.S)
    return text_of(found[0]) if found else ""


def test_letters_that_were_given_up_are_a_task_where_there_is_a_mail_server(site: Site) -> None:
    held = site.app.extensions[EXTENSION]
    mail = MailSection("mail.example", 587, "starttls", "", "hailong@office.example")
    site.app.extensions[EXTENSION] = replace(held, settings=replace(held.settings, mail=mail))
    assert re.search(r"\d letters? w\w+ given up", waiting(site, "administrator"))


def test_the_overview_begins_with_what_waits_for_who_reads_it(site: Site) -> None:
    said = waiting(site, "administrator")
    assert "interviews that nobody has taken" in said
    assert "the draw of 2026-W47 waits for its witness" in said
    assert "given up" not in said, "without a mail server that is no task"
    asked = waiting(site, "interviewer")
    assert "interview" in asked
    assert "draw" not in asked
    assert "letter" not in asked
    assert waiting(site, "viewer") == ""
    page = site.get("/", "administrator").text
    places = [page.index(f'id="{one}"') for one in ("tasks", "alarms", "cases", "signs", "today")]
    assert places == sorted(places)


def test_an_interview_that_a_person_took_waits_for_them(site: Site) -> None:
    site.post("/interviews/2/take", "interviewer")
    assert "interview of yours" in waiting(site, "interviewer")
    assert "of yours" not in waiting(site, "administrator")
