"""The wall of terminals, one terminal, what is asked of it, and the technician's view."""

import re

import pytest

from fleet_server.core.opening import FLEET, USUAL
from fleet_server.core.participation import Counts
from fleet_server.store import (
    audit_log,
    commands,
    daily,
    database,
    downlink,
    history,
    listening,
    opening,
    tallies,
)
from fleet_server.store import places as place_store
from fleet_server.store.models import ButtonSilence, Command, Tally, TerminalStatus
from tests.fakes.office import HOUR_MS, MINUTE_MS, NOW
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import Site, in_english

ONE = "/terminals/p1-01-t1"


def listed(html: str) -> list[str]:
    return re.findall(r'<tr id="terminal-([^"]+)"', html)


# ---- the wall ----


def test_the_wall_has_a_cell_for_every_terminal_and_says_in_words_how_many_are_how(
    site: Site,
) -> None:
    html = in_english(site, "/terminals")
    assert html.count('tabindex=-1 href="terminals/') == 7
    assert '<a class=l tabindex=-1 href="terminals/p1-03-t1"></a>' in html
    assert '<a class=s tabindex=-1 href="terminals/kho-01"></a>' in html
    assert "UBND phường Bến Nghé 1 lost , 2 ready" in text_of(html)


def test_below_the_wall_stand_those_that_need_somebody_the_worst_first(site: Site) -> None:
    html = in_english(site, "/terminals")
    assert listed(html) == ["p1-03-t1", "q3-02-t1", "q3-03-t1"]
    lost = row(html, "terminal-p1-03-t1")
    assert "✕ Lost connection lost since 09:32:30 records don't arrive since 09:32:30" in lost
    assert "Check power and network at the counter." in lost
    assert "52 min ago 23 oldest 52 min ago 1 " in lost
    assert "! Alert its clock is not set" in row(html, "terminal-q3-03-t1")
    assert "! Alert its chain of records forked" in row(html, "terminal-q3-02-t1") or (
        "✕ Lost silent" in row(html, "terminal-q3-02-t1")
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=needed", ["p1-03-t1", "q3-02-t1", "q3-03-t1"]),
        ("state=lost", ["p1-03-t1", "q3-02-t1"]),
        ("state=store", ["kho-01"]),
        ("state=closed", []),
        ("reason=clock", ["q3-03-t1"]),
        ("reason=fork", ["q3-02-t1"]),
        ("waiting=1", ["p1-03-t1"]),
        ("version=9.9", []),
        ("q=P1-02", ["p1-02-t1"]),
        ("q=kho", ["kho-01"]),
        ("state=ready&unit=UBND-P1", ["p1-01-t1", "p1-02-t1"]),
    ],
)
def test_terminals_are_found_by_what_the_address_asks_for(
    site: Site, query: str, found: list[str]
) -> None:
    assert listed(site.get(f"/terminals?{query}").text) == found


def test_many_terminals_come_page_by_page(site: Site) -> None:
    with database.writing():
        for number in range(120):
            place_store.add_terminal(f"x-{number:03}", None, 0)
    html = in_english(site, "/terminals?state=store&start=50")
    assert len(listed(html)) == 50
    assert "51 to 100 of 121" in text_of(html)
    assert len(listed(site.get("/terminals?state=store&start=999").text)) == 50


def test_outside_the_opening_hours_nothing_is_late(site: Site) -> None:
    with database.writing():
        opening.set_week(FLEET, opening.version(FLEET), "2026-11-22", USUAL)
    html = in_english(site, "/terminals")
    assert listed(html) == ["q3-02-t1", "q3-03-t1"], (
        "a fork and a clock need somebody on Sunday too"
    )
    assert "Closed now 4" in text_of(html)
    page = text_of(in_english(site, "/terminals/p1-03-t1"))
    assert "○ Closed now" in page
    assert "It opens again: 23 Nov 2026 07:30" in page


def test_what_the_server_missed_is_told_and_blamed_on_nobody(site: Site) -> None:
    with database.writing():
        listening.beat(NOW - 20 * MINUTE_MS)
    html = in_english(site, "/terminals")
    assert "The server itself hears no terminal" in text_of(html)
    assert "q3-02-t1" in listed(html), "a fork is there all the same"
    assert "silent" not in row(html, "terminal-q3-02-t1")


def test_a_change_of_some_state_is_seen_at_once_though_the_fleet_is_judged_for_all(
    site: Site,
) -> None:
    assert "p1-01-t1" not in listed(site.get("/terminals").text)
    with database.writing():
        TerminalStatus.update(clock="unset").where(TerminalStatus.terminal == "p1-01-t1").execute()
        from fleet_server.store import changes

        changes.note(changes.FLEET)
    assert "p1-01-t1" in listed(site.get("/terminals").text)


def test_a_button_that_nobody_presses_is_told_with_its_tickets(site: Site) -> None:
    with database.writing():
        ButtonSilence.create(counter=1, choice="unsatisfied", served=412, most=338, since=NOW)
        ButtonSilence.create(counter=2, choice="", served=55, most=50)
    html = in_english(site, "/terminals")
    told = row(html, "terminal-p1-01-t1")
    assert "no press of “unsatisfied” for 412 served tickets" in told
    assert "no press for 55 served tickets" in row(html, "terminal-p1-02-t1")


# ---- one terminal ----


def test_a_terminal_shows_its_days_where_it_stood_and_what_changed(site: Site) -> None:
    day = 24 * HOUR_MS
    with database.writing():
        Tally.create(name=tallies.HEARD_SINCE, value=NOW - 20 * day)
        Tally.create(name=tallies.HEARD, value=NOW)
        history.turned("p1-01-t1", set(), {"gone"}, NOW - 5 * day)
        history.turned("p1-01-t1", {"gone"}, set(), NOW - 5 * day + HOUR_MS)
        history.note("p1-01-t1", "firmware", {"from": "0.1.0", "to": "0.2.0"}, NOW)
        history.note("p1-01-t1", "began", {"what": "under_voltage"}, NOW)
        history.waited("p1-01-t1", "2026-11-17", 12, 3 * MINUTE_MS)
    words = text_of(in_english(site, ONE))
    assert "17 Nov 2026 540 min 0 min 5 min 55 min 0 min 0 min 12 longest 3 min" in words
    assert "New firmware: 0.1.0 → 0.2.0" in words
    assert "Began: too little voltage" in words
    assert "Quầy 1 – Hộ tịch P1-01" in words


def test_choices_of_past_days_are_shown_to_who_may_see_figures(site: Site) -> None:
    day = "2026-11-20"
    with database.writing():
        daily.note(1, day, {"": Counts(served=20, rated=9, very_satisfied=9)})
    words = text_of(in_english(site, ONE))
    assert "20 Nov 2026 20 9" in words
    assert "22 Nov 2026 " not in words.partition("Choices at its counter")[2][:300]
    assert "Choices at its counter" not in text_of(in_english(site, ONE, "technician"))


def test_what_a_self_test_found_and_who_asked_for_it_is_told_in_words(site: Site) -> None:
    found = '{"good":false,"tried":["satisfied","sound"],"missing":["sound"],"x":{"y":[1]}}'
    with database.writing():
        Command.create(
            dev="p1-01-t1", name="self-test", arguments={}, ttl_s=60, wished_at=NOW, n=5,
            published_at=NOW, answered_at=NOW, outcome="failed", details=found,
            actor="person:a@hailong.example",
        )  # fmt: skip
    told = row(in_english(site, ONE), "command-1")
    assert "a@hailong.example" in told
    assert "✕ failed" in told
    assert "Last self-test: what did not work sound" in told
    assert "{" not in told
    phone = text_of(in_english(site, "/technician/p1-01-t1", "technician"))
    assert "● satisfied ✕ sound not tried, or does not work" in phone


# ---- commands ----


def test_a_command_is_given_from_the_page_and_written_down(site: Site) -> None:
    answer = site.post(f"{ONE}/commands", "technician", name="identify", seconds="30", ttl="3600")
    assert answer.status_code == 303
    [given] = commands.history("p1-01-t1", 5)
    assert (given.name, given.arguments, given.ttl_s) == ("identify", {"seconds": 30}, 3600)
    assert given.actor == "person:technician@hailong.example"
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("terminal.command", "terminal:p1-01-t1")
    assert "○ not sent yet" in row(in_english(site, ONE), f"command-{given.id}")


def test_what_interrupts_a_terminal_is_asked_once_more(site: Site) -> None:
    asked = site.post(f"{ONE}/commands", "technician", name="reboot", ttl="120")
    assert asked.status_code == 200
    assert commands.history("p1-01-t1", 5) == []
    assert 'name="sure" value="1"' in asked.text
    site.post(f"{ONE}/commands", "technician", name="reboot", ttl="120", sure="1")
    assert [one.name for one in commands.history("p1-01-t1", 5)] == ["reboot"]


def test_a_command_that_there_is_not_is_refused_in_words(site: Site) -> None:
    site.post("/language", "technician", language="en")
    for form in ({"name": "explode"}, {"name": "identify", "seconds": "9999"}, {}):
        site.post(f"{ONE}/commands", "technician", **form)
        assert "There is no such command" in site.get(ONE, "technician").text
    assert commands.history("p1-01-t1", 5) == []
    assert site.post("/terminals/nobody/commands", "technician", name="hello").status_code == 404


def test_a_command_that_nobody_answered_in_time_says_so(site: Site) -> None:
    commands.wish("p1-01-t1", "hello", {}, 60, NOW)
    site.now += 61_000
    assert "no answer; its time is over" in row(in_english(site, ONE), "command-1")


# ---- configuration ----


def test_a_configuration_is_sent_as_a_form_and_leaves_alone_what_it_does_not_know(
    site: Site,
) -> None:
    with database.writing():
        settings = {"look": {"letters": "large"}, "asking": {"answer_s": 20}}
        downlink.configure("p1-01-t1", settings, known=0)
    page = f"{ONE}/configuration"
    assert '<option selected value="large">' in site.get(page, "technician").text
    form = {"what": "simple", "version": "1", "reasons": "never", "opening": "counter"}
    assert site.post(page, "technician", **form).status_code == 303
    sent = downlink.configuration("p1-01-t1")
    assert sent is not None
    assert sent.settings["asking"] == {"answer_s": 20, "reasons": "never"}
    assert sent.settings["hours"]["opening"]["sun"] == ["07:00-17:00"]
    assert "look" not in sent.settings
    assert audit_log.newest(1)[0].action == "terminal.configure"


def test_the_second_of_two_configurations_is_shown_both(site: Site) -> None:
    page = f"{ONE}/configuration"
    site.post("/language", "technician", language="en")
    site.post(page, "technician", what="expert", version="0", toml='[look]\nletters = "large"\n')
    second = site.post(
        page, "technician", what="expert", version="0", toml='[look]\ncontrast = "high"\n'
    )
    assert second.status_code == 409
    words = text_of(second.text)
    assert 'Tables [look] letters = "large" [look] contrast = "high"' in words
    assert 'name="version" type="hidden" value="1"' in second.text
    assert downlink.configuration("p1-01-t1").version == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"what": "expert", "toml": "[look"}, "This is not valid TOML"),
        ({"what": "expert", "toml": f"a = {'1' * 5000}"}, "This is not valid TOML"),
        ({"what": "expert", "toml": f"{'.'.join('a' * 8000)} = 1"}, "This is not valid TOML"),
        ({"what": "expert", "toml": "[hours]\nday_ends = 04:00:00"}, "Times are texts here"),
        (
            {"what": "expert", "toml": "[uplink]\nx = 1"},
            "No terminal would take this: uplink: cannot",
        ),
        (
            {"question_vi": "a\u202eb", "question_en": "?"},
            "No terminal would take this: texts.question: vi",
        ),
        ({"question_vi": "Được không?"}, "Please give the question in both languages."),
        ({"day_ends": "noon"}, "Please write a time such as 04:00."),
        ({"letters": "huge"}, "Not a valid choice"),
    ],
)
def test_what_is_no_configuration_is_said_beside_its_field_and_stays_typed(
    site: Site, form: dict[str, str], said: str
) -> None:
    site.post("/language", "technician", language="en")
    answer = site.post(f"{ONE}/configuration", "technician", version="0", **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert downlink.configuration("p1-01-t1") is None


def test_a_branch_is_configured_after_it_was_seen_whom_it_reaches(site: Site) -> None:
    page = "/terminals/configuration?unit=UBND-P1"
    with database.writing():
        downlink.configure("p1-01-t1", {"look": {"contrast": "high"}}, known=0)
    site.post("/language", "technician", language="en")
    seen = site.post(page, "technician", letters="large")
    assert "Send this to 3 terminals?" in seen.text
    assert downlink.configuration("p1-02-t1") is None
    assert site.post(page, "technician", letters="large", sure="1").status_code == 303
    first, second = (downlink.configuration(f"p1-0{n}-t1") for n in (1, 2))
    assert first is not None
    assert first.settings == {"look": {"contrast": "high", "letters": "large"}}
    assert second is not None
    assert second.settings == {"look": {"letters": "large"}}
    assert downlink.configuration("q3-01-t1") is None
    assert "version 1 · ◐ no answer yet" in row(
        site.get(page, "technician").text, "terminal-p1-02-t1"
    )
    assert site.post(page, "technician").status_code == 422, "nothing was filled in"


def test_a_branch_is_not_asked_for_what_no_terminal_takes(site: Site) -> None:
    page = "/terminals/configuration?unit=UBND-P1"
    site.post("/language", "technician", language="en")
    hidden = {"question_vi": "a\u202eb", "question_en": "?"}
    for sure in ("", "1"):
        answer = site.post(page, "technician", **hidden, sure=sure)
        assert answer.status_code == 422
        assert "No terminal would take this: texts.question: vi" in answer.text
    assert downlink.configuration("p1-01-t1") is None


def test_what_was_wished_before_it_was_checked_is_not_sent_again(site: Site) -> None:
    with database.writing():
        wrong = {"database": {"url": "x"}, "look": {"letters": "huge", "contrast": "high"}, "a": 1}
        downlink.configure("p1-01-t1", wrong, known=0)
    form = {"what": "simple", "version": "1", "reasons": "never"}
    assert site.post(f"{ONE}/configuration", "technician", **form).status_code == 303
    sent = downlink.configuration("p1-01-t1")
    assert sent is not None
    assert sent.settings == {"asking": {"reasons": "never"}}


# ---- on the phone ----


def test_the_technician_sees_what_needs_somebody_by_unit_and_finds_a_terminal_by_its_name(
    site: Site,
) -> None:
    html = in_english(site, "/technician", "technician")
    assert re.findall(r'<li id="terminal-([^"]+)"', html) == ["q3-02-t1", "q3-03-t1", "p1-03-t1"]
    for text in ("P1-01-T1", "https://fleet/terminals/p1-01-t1", " p1-01-t1 "):
        found = site.get(f"/technician?terminal={text}", "technician")
        assert found.headers["Location"] == "/technician/p1-01-t1"
    assert (
        "There is no terminal with the name"
        in site.get("/technician?terminal=x", "technician").text
    )
    page = text_of(in_english(site, "/technician/kho-01", "technician"))
    assert "waiting for its first connection An enrolment file is valid until" in page
