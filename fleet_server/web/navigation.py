"""What stands in the navigation: every subject once. Who sees it is what its page's own rule says.

A new page adds one line here, and nothing else: an entry is shown to those who may open its page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

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
        heading: what it stands under, where a subject has many; those of a heading stand together.
    """

    endpoint: str
    label: LazyString
    heading: LazyString | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What people come for: one page, or several that share a second row."""

    label: LazyString
    entries: tuple[Entry, ...]


def _page(endpoint: str, label: LazyString) -> Subject:
    return Subject(label, (Entry(endpoint, label),))


_PLACES, _FIGURES = _("Places"), _("Figures")
_DUTIES, _ACCESS = _("Cases and alarms"), _("People and access")

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
        ),
    ),
    Subject(
        _("Other channels"),
        (
            Entry("other.index", _("All ratings")),
            Entry("other.add", _("Enter a rating")),
            Entry("other.import_list", _("Take in a list")),
        ),
    ),
    Subject(
        _("Settings"),
        (
            Entry("tree.index", _("Tree"), _PLACES),
            Entry("tree.import_list", _("Import and export"), _PLACES),
            Entry("hours.index", _("Opening hours"), _PLACES),
            Entry("targets.index", _("Targets"), _FIGURES),
            Entry("scales.index", _("Index scores"), _FIGURES),
            Entry("report_templates.index", _("Templates"), _FIGURES),
            Entry("switches.index", _("Public figures"), _FIGURES),
            Entry("case_terms.index", _("Rules of cases"), _DUTIES),
            Entry("alarm_rules.index", _("Rules of alarms"), _DUTIES),
            Entry("letters.index", _("Mail and messages"), _DUTIES),
            Entry("people.index", _("People"), _ACCESS),
            Entry("keys.index", _("API keys"), _ACCESS),
            Entry("webhooks.index", _("Webhooks"), _ACCESS),
            Entry("walls.index", _("Wall screens"), _ACCESS),
            Entry("audit.index", _("Audit log"), _ACCESS),
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
        heading: what it stands under, or empty.
    """

    label: str
    href: str
    current: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """The navigation of one request.

    Attributes:
        subjects: the first row.
        pages: the second row, of the subject that is being read, by heading; empty where it has one
            page.
        name: the subject that is being read, or empty.
        account: the person's own pages.
    """

    subjects: tuple[Link, ...]
    pages: tuple[tuple[str, tuple[Link, ...]], ...]
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
    groups = groupby(pages, lambda one: one.heading)
    rows = tuple((heading, tuple(links)) for heading, links in groups)
    return Menu(tuple(subjects), rows, name, tuple(_links(ACCOUNT)))


def _links(held: tuple[Entry, ...]) -> Iterator[Link]:
    """Yield those entries that may be opened, at most one of them marked."""
    entries = [one for one in held if access.may_open(one.endpoint)]
    marked = _marked(entries)
    for entry in entries:
        mark = (
            "" if entry is not marked else "page" if entry.endpoint == request.endpoint else "true"
        )
        yield Link(str(entry.label), url_for(entry.endpoint), mark, str(entry.heading or ""))


def _marked(entries: list[Entry]) -> Entry | None:
    """Return the entry that is being read: this very page, else the first of the same blueprint."""
    for entry in entries:
        if entry.endpoint == request.endpoint:
            return entry
    for entry in entries:
        if request.blueprint and entry.endpoint.rpartition(".")[0] == request.blueprint:
            return entry
    return None
