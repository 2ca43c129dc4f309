"""Pages, enrolment, ingest and jobs: whether they live, and what waits in the terminals."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator

from fleet_server.beforehand import at_hand
from fleet_server.doctor.opened import with_database
from fleet_server.doctor.patient import Patient
from fleet_server.settings import Settings
from fleet_server.store import rest, tallies
from provisioning.finding import Finding, good, wrong

WAIT_S = 5
SILENT_MS = 60_000
OLD_MS = 24 * 3_600_000
LONGEST = 65_536


def look(patient: Patient) -> Iterator[Finding]:
    """Ask each process what it is."""
    settings = patient.settings
    yield _pages(settings)
    yield _enrolment(settings)
    yield from _by_tables(patient)


@with_database
def _by_tables(patient: Patient) -> Iterator[Finding]:
    yield _lives("ingest", tallies.INGEST, patient.now)
    yield _lives("jobs", tallies.JOBS, patient.now)
    yield _waiting(patient.now)


def _pages(settings: Settings) -> Finding:
    host, port = at_hand(settings.web.host), settings.web.port
    where = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    try:
        body = _ask(f"{where}/healthz", None)
    except OSError as error:
        return wrong("pages", f"{where}: do not answer ({_why(error)})", "run: hailong-fleet serve")
    if b"alive" not in body:
        return wrong("pages", f"{where}: another program answers", "choose another [web] port")
    return good("pages", f"{where}: answer")


def _enrolment(settings: Settings) -> Finding:
    url = f"{settings.est.url}/.well-known/est/cacerts"
    context = ssl.create_default_context(cafile=str(settings.layout.root_certificate))
    try:
        _ask(url, context)
    except OSError as error:
        return wrong(
            "enrolment",
            f"{settings.est.url}: does not answer ({_why(error)})",
            "run: hailong-fleet est; and is its name among the server certificate's?",
        )
    return good("enrolment", f"{settings.est.url}: answers under the fleet's own root")


def _lives(name: str, process: str, now: int) -> Finding:
    at = tallies.read().get(process)
    if not at:
        word = "never ran" if at is None else "has been ended"
        return wrong(name, word, f"run: hailong-fleet {name}")
    silent = now - at
    if silent > SILENT_MS:
        said = f"was last heard of {silent // 60_000} minutes ago"
        return wrong(name, said, f"run: hailong-fleet {name}; its log says why it ended")
    return good(name, f"lives, heard of {max(0, silent) // 1_000} s ago")


def _waiting(now: int) -> Finding:
    backlog = rest.backlog()
    said = f"{backlog.records} records wait in {backlog.terminals} terminals"
    if backlog.oldest is not None and now - backlog.oldest > OLD_MS:
        days = (now - backlog.oldest) / OLD_MS
        return wrong(
            "backlog",
            f"{said}, the oldest for {days:.1f} days",
            "see the terminals' pages: which are lost, and is the broker reached from there?",
        )
    return good("backlog", said)


def _ask(url: str, context: ssl.SSLContext | None) -> bytes:
    request = urllib.request.Request(url)  # noqa: S310  # http or https, as the settings have it
    with urllib.request.urlopen(request, timeout=WAIT_S, context=context) as answer:  # noqa: S310  # the same
        return bytes(answer.read(LONGEST))


def _why(error: OSError) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"it answers {error.code}"
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason)
