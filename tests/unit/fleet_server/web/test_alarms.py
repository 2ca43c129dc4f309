"""Alarms on their pages: who sees and acknowledges them, and what is set for whom."""

from dataclasses import replace

import pytest

from fleet_server.core.alarms.quiet import Quiet
from fleet_server.core.alarms.rules import USUAL, Stage
from fleet_server.settings import MailSection
from fleet_server.store import alarm_rules, audit_log, places
from fleet_server.store.database import writing
from fleet_server.store.models import AlarmRow, Letter, Unit
from fleet_server.web.services import EXTENSION
from tests.fakes.grants import confine
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

RULE = {
    "says": "rule", "seen": "0", "lost_min": "30", "back_min": "5", "after_1": "0", "up_1": "0",
    "roles_1": "technician", "after_2": "90", "up_2": "1", "roles_2": "unit_head",
    "quiet_since": "22:00", "quiet_until": "06:00",
}  # fmt: skip
PAGE = "/settings/alarms/terminal_lost"


def send(site: Site, path: str = PAGE, who: str = "administrator", **form: str) -> int:
    site.post("/language", who, language="en")
    given = {
        name: value for name, value in {**RULE, **form}.items() if value or "roles" not in name
    }
    site.answer = site.post(path, who, **given)  # type: ignore[attr-defined]
    return int(site.answer.status_code)  # type: ignore[attr-defined]


def of_unit(code: str) -> object:
    tree = places.tree()
    unit = tree.by_code(code)
    assert unit is not None
    return alarm_rules.rules().of("terminal_lost", unit.id, tree)


def test_what_is_raised_stands_on_the_page_and_in_the_overview(site: Site) -> None:
    page = in_english(site, "/alarms")
    told = row(page, "alarm-1")
    assert "Complaint: P1-01" in told
    said = "A citizen complained at the counter P1-01 of: Waiting time, Attitude of the staff."
    assert said in told
    assert "by nobody yet" in told
    assert "technician@hailong.example" in row(page, "alarm-2")
    assert 'id="alarm-3"' not in page
    assert "Complaint: P1-01" in row(in_english(site, "/"), "alarm-1")
    assert "210 served rated" in row(in_english(site, "/alarms?show=over"), "alarm-3")


def test_a_list_is_of_a_unit_and_of_those_the_person_may_see(site: Site) -> None:
    of_p1 = in_english(site, "/alarms?unit=UBND-P1")
    assert 'id="alarm-1"' in of_p1
    of_q3 = in_english(site, "/alarms?unit=UBND-Q3")
    assert 'id="alarm-1"' not in of_q3
    assert "Unit: Trung tâm hành chính công Quận 3" in text_of(of_q3)
    assert "show=over&amp;unit=" in of_q3 or "unit=UBND-Q3&amp;show=over" in of_q3
    assert site.get("/alarms?unit=nowhere").status_code == 404
    confine(PEOPLE["viewer"], "viewer", "UBND-Q3")
    assert site.get("/alarms?unit=UBND-P1").status_code == 404


def test_without_a_mail_server_the_alarms_say_that_nothing_is_mailed(site: Site) -> None:
    said = text_of(in_english(site, "/alarms", "administrator"))
    assert "Alarms are not mailed now No mail server is set" in said
    assert "Please tell the administrator." in text_of(in_english(site, "/alarms", "viewer"))
    held = site.app.extensions[EXTENSION]
    mail = MailSection("mail.example", 587, "starttls", "", "hailong@office.example")
    site.app.extensions[EXTENSION] = replace(held, settings=replace(held.settings, mail=mail))
    assert "not mailed" not in in_english(site, "/alarms", "administrator")


def test_an_overdue_case_that_is_told_at_two_levels_is_one_case(site: Site) -> None:
    assert "alarms of overdue cases" not in in_english(site, "/alarms")
    held = AlarmRow.get_by_id(1)
    with writing():
        for subject, over in (("7@1/0", 3), ("7@1/1", 3), ("8@1/0", 1)):
            AlarmRow.create(
                kind="case_overdue", subject=subject, unit=held.unit, raised_at=site.now,
                details={"case": 7, "level": 0, "over": over}, heard_at=site.now, stages=0,
            )  # fmt: skip
    said = "2 cases stand behind 3 alarms of overdue cases"
    assert said in text_of(in_english(site, "/alarms"))
    assert said in text_of(in_english(site, "/alarms?kind=case_overdue"))
    assert said not in text_of(in_english(site, "/alarms?kind=complaint"))


def test_a_long_list_has_pages(site: Site) -> None:
    held = AlarmRow.get_by_id(3)
    with writing():
        for number in range(60):
            AlarmRow.create(
                kind=held.kind, subject=f"unit:{number}", unit=held.unit, details=held.details,
                raised_at=site.now - number, heard_at=site.now, stages=0, ended_at=site.now,
            )  # fmt: skip
    first = in_english(site, f"/alarms?show=over&kind={held.kind}")
    assert first.count('<tr id="alarm-') == 50
    assert "1 to 50 of 61" in text_of(first)
    second = in_english(site, f"/alarms?show=over&kind={held.kind}&start=50")
    assert second.count('<tr id="alarm-') == 11


def test_a_head_of_unit_acknowledges_once_and_it_is_noted(site: Site) -> None:
    assert site.post("/alarms/1/acknowledge", "unit_head").status_code == 303
    held = AlarmRow.get_by_id(1)
    assert (held.acknowledged_by, held.acknowledged_at) == ("unit_head@hailong.example", site.now)
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("alarm.acknowledge", "alarm:1")
    site.post("/alarms/1/acknowledge", "administrator")
    assert AlarmRow.get_by_id(1).acknowledged_by == "unit_head@hailong.example"
    assert "✓ unit_head@hailong.example" in text_of(in_english(site, "/alarms/1"))


def test_a_unit_does_not_acknowledge_what_it_is_judged_by(site: Site) -> None:
    with writing():
        held = AlarmRow.get_by_id(1)
        details = {**held.details, "over": 3}
        AlarmRow.update(kind="case_overdue", details=details).where(AlarmRow.id == 1).execute()
    unit = Unit.get_by_id(held.unit_id).code
    confine(PEOPLE["unit_head"], "unit_head", unit)
    assert "above the unit acknowledge it" in text_of(in_english(site, "/alarms/1", "unit_head"))
    assert site.post("/alarms/1/acknowledge", "unit_head").status_code == 404
    assert site.post("/alarms/1/acknowledge", "administrator").status_code == 303


def test_a_level_acknowledges_what_it_is_told_of_an_overdue_case_below(site: Site) -> None:
    details = {"case": 1, "level": 1, "over": 3}
    with writing():
        AlarmRow.update(kind="case_overdue", details=details).where(AlarmRow.id == 1).execute()
    level = Unit.get_by_id(AlarmRow.get_by_id(1).unit_id).code
    confine(PEOPLE["unit_head"], "unit_head", level)
    assert "I see to it" in text_of(in_english(site, "/alarms/1", "unit_head"))
    assert site.post("/alarms/1/acknowledge", "unit_head").status_code == 303


def test_a_technician_above_does_not_end_what_only_heads_are_told(site: Site) -> None:
    held = AlarmRow.get_by_id(1)
    assert held.kind == "complaint"
    assert site.post("/alarms/1/acknowledge", "technician").status_code == 404
    said = text_of(in_english(site, "/alarms/1", "technician"))
    assert "acknowledged by those who are told of it" in said
    assert AlarmRow.get_by_id(1).acknowledged_at is None
    with writing():
        alarm_rules.add(
            held.unit_id, "complaint", 0, "off", None, actor="person:an@x.vn", now=site.now
        )
    assert site.post("/alarms/1/acknowledge", "unit_head").status_code == 404
    assert site.post("/alarms/1/acknowledge", "quality_officer").status_code == 303


def test_an_alarm_of_a_case_leads_to_the_case(site: Site) -> None:
    page = site.get("/alarms/1").text
    assert 'href="/cases/2"' in page
    assert site.get("/cases/2").status_code == 200


def test_who_only_looks_does_not_acknowledge(site: Site) -> None:
    assert "acknowledged by those who are told of it" in text_of(in_english(site, "/alarms/1"))
    assert site.post("/alarms/1/acknowledge", "viewer").status_code == 404
    assert site.post("/alarms/99/acknowledge", "administrator").status_code == 404
    assert site.get("/alarms/1", "interviewer").status_code == 403


def test_a_rule_holds_for_a_unit_until_it_is_given_back(site: Site) -> None:
    assert send(site, f"{PAGE}?unit=UBND-P1") == 303
    rule = alarm_rules.read(alarm_rules.write(of_unit("UBND-P1")))  # type: ignore[arg-type]  # a rule
    assert (rule.limits.lost_min, rule.quiet) == (30, Quiet(22 * 60, 6 * 60))
    assert rule.stages == (
        Stage(0, 0, frozenset({"technician"})), Stage(90, 1, frozenset({"unit_head"})),
    )  # fmt: skip
    assert not rule.say_end
    assert of_unit("UBND-Q3") == USUAL["terminal_lost"]
    page = in_english(site, "/settings/alarms?unit=UBND-P1", "administrator")
    assert "set here" in row(page, "rule-terminal_lost")
    assert send(site, f"{PAGE}?unit=UBND-P1", says="above", seen="1") == 303
    assert of_unit("UBND-P1") == USUAL["terminal_lost"]


def test_the_list_of_rules_says_what_is_too_much(site: Site) -> None:
    page = in_english(site, "/settings/alarms", "administrator")
    assert "Away for 15 minutes of opening hours" in row(page, "rule-terminal_lost")
    assert "5 unsatisfied of 10 ratings in 60 minutes." in row(page, "rule-unsatisfied")
    assert "From day 15 of the month on" in row(page, "rule-participation")
    assert "Working days before the deadline: 1." in row(page, "rule-case_due")


def test_a_kind_is_switched_off(site: Site) -> None:
    assert send(site, says="off") == 303
    assert of_unit("UBND-P1") is None
    page = in_english(site, "/settings/alarms", "administrator")
    assert "off" in row(page, "rule-terminal_lost")


@pytest.mark.parametrize("held", ["above", "off"])
def test_values_are_not_lost_to_a_choice_that_was_left_as_it_was(site: Site, held: str) -> None:
    if held == "off":
        assert send(site, says="off") == 303
    seen = str(alarm_rules.newest(None, "terminal_lost"))
    assert send(site, says=held, seen=seen, lost_min="40") == 422
    page = site.answer.text  # type: ignore[attr-defined]
    assert 'id="says-error"' in page
    assert "choose “A rule of its own, as below”" in text_of(page)
    assert 'value="40"' in page
    assert alarm_rules.newest(None, "terminal_lost") == int(seen)


def test_what_holds_above_may_be_left_as_it_is_shown(site: Site) -> None:
    shown = {
        "lost_min": "15", "roles_1": "technician", "after_2": "60", "up_2": "0",
        "roles_2": "unit_head", "after_3": "240", "up_3": "1", "roles_3": "technician",
        "quiet_since": "20:00", "quiet_until": "06:30", "say_end": "y",
    }  # fmt: skip
    assert send(site, says="above", **shown) == 303


def test_who_was_overtaken_is_told(site: Site) -> None:
    assert send(site) == 303
    assert send(site, lost_min="40") == 409
    assert "Somebody else saved" in text_of(site.answer.text)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"lost_min": "0"}, "Give a whole number from 1 to 1440."),
        ({"lost_min": "x"}, "Not a valid integer value"),
        ({"lost_min": ""}, "Please fill this in."),
        ({"roles_1": ""}, "Please choose who is told."),
        ({"after_1": "", "roles_1": "", "after_2": "", "roles_2": ""}, "choose who is told."),
        ({"after_3": "10", "up_3": "0", "roles_3": "unit_head"}, "Not before the stage above it."),
        ({"quiet_until": ""}, "Quiet hours need a beginning and an end."),
        ({"quiet_until": "22:00"}, "Quiet hours must end at another time"),
        ({"roles_2": "viewer"}, "Nothing was saved"),
        ({"says": "perhaps"}, "Nothing was saved"),
    ],
)
def test_what_can_not_be_a_rule_is_refused(site: Site, form: dict[str, str], words: str) -> None:
    assert send(site, **form) == 422
    assert words in text_of(site.answer.text)  # type: ignore[attr-defined]
    assert alarm_rules.newest(None, "terminal_lost") == 0


def test_what_is_a_sign_of_tampering_is_chosen(site: Site) -> None:
    path = "/settings/alarms/tampering"
    assert 'value="fork" checked' in in_english(site, path, "administrator")
    given = {**RULE, "matters": ["fork", "poison"]}
    assert site.post(path, "administrator", **given).status_code == 303
    [held] = alarm_rules.held()
    assert held.rule is not None
    assert held.rule.limits.matters == {"fork", "poison"}
    for matters in ([], ["luck"]):
        wrong = site.post(path, "administrator", **{**given, "seen": "1", "matters": matters})
        assert wrong.status_code == 422
    assert alarm_rules.held() == [held]


def test_both_numbers_of_a_share_that_can_not_be_are_marked(site: Site) -> None:
    share = {"unsatisfied": "30", "of": "10", "within_min": "60"}
    assert send(site, "/settings/alarms/unsatisfied", **share) == 422
    page = site.answer.text  # type: ignore[attr-defined]
    assert 'id="unsatisfied-error"' in page
    assert 'id="of-error"' in page


def test_what_a_rule_needs_is_not_called_optional(site: Site) -> None:
    page = text_of(in_english(site, PAGE, "administrator"))
    assert "Minutes that it must be there again (optional)" not in page
    assert "First: after so many minutes (optional)" not in page
    assert "Second: after so many minutes (optional)" in page


def test_only_who_may_settings_changes_rules(site: Site) -> None:
    assert send(site, who="unit_head") == 403
    assert site.get("/settings/alarms/nothing", "administrator").status_code == 404
    assert site.get("/settings/alarms?unit=nowhere", "administrator").status_code == 404
    assert "You may look" in text_of(in_english(site, PAGE, "auditor"))


@pytest.mark.parametrize("kind", ["complaint", "tampering", "case_overdue"])
def test_no_unit_switches_off_by_itself_what_is_told_above_it(site: Site, kind: str) -> None:
    confine(PEOPLE["administrator"], "administrator", "UBND-P1")
    own = f"/settings/alarms/{kind}?unit=UBND-P1"
    assert send(site, own, says="off") == 404
    assert alarm_rules.held() == []
    page = in_english(site, own, "administrator")
    assert 'name="says"' not in page
    said = "set by who looks after the settings a level above it"
    assert said in text_of(page)
    assert said in text_of(in_english(site, "/settings/alarms?unit=UBND-P1", "administrator"))


def test_a_level_above_sets_the_rules_of_a_unit(site: Site) -> None:
    with writing():
        above = Unit.get(Unit.code == "UBND-Q3")
        Unit.update(parent=above.id).where(Unit.code == "UBND-P1").execute()
    confine(PEOPLE["administrator"], "administrator", "UBND-Q3")
    assert send(site, f"{PAGE}?unit=UBND-P1") == 303
    assert send(site, f"{PAGE}?unit=UBND-Q3") == 404
    assert send(site) == 404


def test_the_outbox_says_what_is_stuck_and_sends_it_again(site: Site) -> None:
    page = in_english(site, "/settings/letters", "administrator")
    assert "The server does not take mail for this address." in row(page, "letter-3")
    assert site.post("/settings/letters/3/again", "administrator").status_code == 303
    assert (Letter.get_by_id(3).state, Letter.get_by_id(3).attempts) == ("waiting", 0)
    assert site.post("/settings/letters/99/again", "administrator").status_code == 404
    assert site.get("/settings/letters?state=lost", "administrator").status_code == 404


def test_who_looks_after_a_branch_alone_is_told_whom_to_ask(site: Site) -> None:
    confine(PEOPLE["administrator"], "administrator", "UBND-P1")
    page = in_english(site, "/settings/letters", "administrator")
    assert "Ask them if a mail did not arrive." in page
    assert "letter-1" not in page
    assert site.post("/settings/letters/3/again", "administrator").status_code == 404
