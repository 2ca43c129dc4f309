"""What stands in the navigation: every subject once. Who sees it is what its page's own rule says.

A new page adds one line here, and nothing else: an entry is shown to those who may open its page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.web import access


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the navigation leads to.

    Attributes:
        endpoint: its view, such as ``terminals.index``.
        label: its name for people.
    """

    endpoint: str
    label: LazyString


@dataclass(frozen=True, slots=True)
class Subject:
    """What people come for: one page, or several that share a second row."""

    label: LazyString
    entries: tuple[Entry, ...]


def _page(endpoint: str, label: LazyString) -> Subject:
    return Subject(label, (Entry(endpoint, label),))


SUBJECTS: tuple[Subject, ...] = (
    _page("overview.show", _("Overview")),
    Subject(
        _("Terminals"),
        (
            Entry("terminals.index", _("At a glance")),
            Entry("technician.index", _("On the way")),
            Entry("configuring.many", _("Configure")),
            Entry("updates.index", _("Updates")),
        ),
    ),
    _page("counters.index", _("Counters")),
    Subject(
        _("Units"),
        (
            Entry("units.index", _("Units")),
            Entry("by_service.index", _("Services")),
            Entry("compare.index", _("Compare")),
        ),
    ),
    Subject(
        _("Reports"),
        (
            Entry("reports.index", _("Reports")),
            Entry("kept_reports.index", _("Kept reports")),
            Entry("report_schedules.index", _("Scheduled reports")),
        ),
    ),
    Subject(
        _("Matters"),
        (
            Entry("matters.index", _("Matters")),
            Entry("alarms.index", _("Alarms")),
            Entry("signals.index", _("Signs of cheating")),
        ),
    ),
    _page("cases.index", _("Cases")),
    Subject(
        _("Citizens asked"),
        (
            Entry("interviews.index", _("Interviews")),
            Entry("draws.index", _("Draws")),
            Entry("contacts.index", _("Contact data")),
            Entry("contacts.looks", _("Who looked")),
            Entry("other.index", _("Other channels")),
            Entry("other.add", _("Enter a rating")),
            Entry("other.import_list", _("Take in a list")),
        ),
    ),
    Subject(
        _("Settings"),
        (
            Entry("tree.index", _("Tree")),
            Entry("tree.import_list", _("Import and export")),
            Entry("targets.index", _("Targets")),
            Entry("case_terms.index", _("Explanations")),
            Entry("scales.index", _("Index scores")),
            Entry("report_templates.index", _("Templates")),
            Entry("hours.index", _("Opening hours")),
            Entry("alarm_rules.index", _("Rules of alarms")),
            Entry("letters.index", _("Mail and messages")),
            Entry("switches.index", _("Public figures")),
            Entry("people.index", _("People")),
            Entry("keys.index", _("API keys")),
            Entry("webhooks.index", _("Webhooks")),
            Entry("walls.index", _("Wall screens")),
            Entry("audit.index", _("Audit log")),
        ),
    ),
)
"""In the order of the navigation. A subject of which a person may open no page is not shown."""

ACCOUNT: tuple[Entry, ...] = (
    Entry("account.show", _("My account")),
    Entry("wall.show", _("Wall screen")),
)
"""What stands in the person's own menu, above light and dark and the sign-out."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a template shows it.

    Attributes:
        label: its name in the reader's language.
        href: where it leads.
        current: the value of ``aria-current``: ``page`` for the page that is being read, ``true``
            for what that page belongs to, else empty.
    """

    label: str
    href: str
    current: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The navigation of one request.

    Attributes:
        subjects: the first row.
        pages: the second row, of the subject that is being read; empty where it has one page.
        name: the subject that is being read, or empty.
        account: the person's own pages.
    """

    subjects: tuple[Link, ...]
    pages: tuple[Link, ...]
    name: str
    account: tuple[Link, ...]


def menu() -> Menu:
    """Return the navigation for whoever asks, with what is being read marked."""
    subjects: list[Link] = []
    pages: tuple[Link, ...] = ()
    name = ""
    for subject in SUBJECTS:
        links = tuple(_links(subject.entries))
        if not links:
            continue
        current = next((link.current for link in links if link.current), "")
        exact = current if len(links) == 1 else current and "true"
        subjects.append(Link(str(subject.label), links[0].href, exact))
        if current:
            name, pages = str(subject.label), links if len(links) > 1 else ()
    return Menu(tuple(subjects), pages, name, tuple(_links(ACCOUNT)))


def _links(held: tuple[Entry, ...]) -> Iterator[Link]:
    """Yield those entries that may be opened, at most one of them marked."""
    entries = [one for one in held if access.may_open(one.endpoint)]
    marked = _marked(entries)
    for entry in entries:
        mark = (
            "" if entry is not marked else "page" if entry.endpoint == request.endpoint else "true"
        )
        yield Link(str(entry.label), url_for(entry.endpoint), mark)


def _marked(entries: list[Entry]) -> Entry | None:
    """Return the entry that is being read: this very page, else the first of the same blueprint."""
    for entry in entries:
        if entry.endpoint == request.endpoint:
            return entry
    for entry in entries:
        if request.blueprint and entry.endpoint.rpartition(".")[0] == request.blueprint:
            return entry
    return None
