"""Every form of the pages that changes something leaves an entry in the audit log."""

from itertools import pairwise

import pytest
from flask import Flask

from fleet_server.store import audit_log
from fleet_server.web.access import rule_of
from tests.fakes.changes import CHANGES, NO_CHANGES
from tests.fakes.reading import token
from tests.unit.fleet_server.web.conftest import Site


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
