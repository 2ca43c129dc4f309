"""Every form of the pages that changes something leaves an entry in the audit log."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import fleet_server
from fleet_server.core.audit_log import Entry
from fleet_server.store import audit_log
from fleet_server.web.access import rule_of
from fleet_server.web.words import audit as words
from tests.fakes.changes import CHANGES, NO_CHANGES
from tests.fakes.reading import token
from tests.unit.fleet_server.web.conftest import Site

NOTED = re.compile(r'\bnote\(\s*[\w.()\[\]]+,\s*"([a-z_]+\.[a-z_]+)"')
"""The action of a call of `audit_log.note`, where it is written out."""


def forms(app: Flask) -> set[str]:
    """Return the endpoints of the pages that take a form, by the route map."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        and rule_of(app, rule.endpoint) != "key"
    }


def test_every_form_has_an_example_or_a_reason_why_it_changes_nothing(site: Site) -> None:
    assert forms(site.app) == set(CHANGES) | set(NO_CHANGES)


@pytest.mark.parametrize("endpoint", CHANGES)
def test_a_change_leaves_an_entry(site: Site, endpoint: str) -> None:
    change = CHANGES[endpoint]
    found = change.before(site)
    path = change.path.format(**found)
    typed = {name: value for name, value in found.items() if f"{{{name}}}" not in change.path}
    number, _ = audit_log.head()
    client = site.client(change.who)
    sent = {"csrf_token": token(client, change.page), **typed, **change.form}
    answer = client.post(path, data=sent)
    assert answer.status_code in (200, 302, 303), answer.text
    entries = audit_log.newest(audit_log.head()[0] - number)
    assert entries, f"{endpoint} left no entry"
    assert all(one.at == site.now for one in entries)
    assert list(audit_log.wrong()) == []
    assert [unnamed for one in entries for unnamed in without_words(one)] == []


def without_words(entry: Entry) -> list[str]:
    """Return what of an entry the pages of the log have no words for."""
    kind = entry.subject.partition(":")[0]
    fields = set(json.loads(entry.details)) - set(words.FIELDS)
    return [
        *([] if entry.action in words.ACTIONS else [entry.action]),
        *([] if kind in words.SUBJECTS else [kind]),
        *sorted(fields),
    ]


def test_every_action_can_be_asked_for_by_its_group_and_every_group_has_actions() -> None:
    groups = {f"{action.partition('.')[0]}." for action in words.ACTIONS}
    assert groups == set(words.GROUPS)


def test_every_action_that_is_written_anywhere_has_words() -> None:
    """Jobs and commands, too, which no form reaches."""
    written = {
        found
        for source in Path(fleet_server.__file__).parent.rglob("*.py")
        for found in NOTED.findall(source.read_text("utf-8"))
    }
    assert len(written) > 60
    assert written - set(words.ACTIONS) == set()


def test_entries_follow_each_other_without_a_gap(site: Site) -> None:
    site.post("/matters/1/close", "administrator", note="Đã thay thẻ")
    numbers = [one.id for one in audit_log.newest(100)]
    assert all(later == earlier + 1 for later, earlier in pairwise(numbers))


def test_no_entry_holds_a_secret(site: Site) -> None:
    for endpoint in ("security.change_password", "people.invite", "security.mf_recovery_codes"):
        change = CHANGES[endpoint]
        site.post(change.path, change.who, **change.form)
    said = " ".join(one.details for one in audit_log.newest(100))
    assert "bốn từ" not in said
    assert "correct horse" not in said
    assert "/link/" not in said


def test_in_vietnamese_what_was_done_is_told_as_done(site: Site) -> None:
    """But for what says that something was not done."""
    with site.app.test_request_context(), force_locale("vi"):
        told = {action: str(said) for action, said in words.ACTIONS.items()}
    assert {action for action, said in told.items() if not said.startswith("Đã ")} == {
        "draw.lapse", "session.failing",
    }  # fmt: skip
