"""A fleet whose pages and REST interface are served by ``hailong-fleet serve``, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fleet_server.clock import now_ms
from fleet_server.core.api_scopes import NEEDS, SCOPES, WHOLE_ONLY
from fleet_server.core.case_events import Subject
from fleet_server.settings import Settings
from fleet_server.store import case_files, database, matters, outbox, places, webhooks
from fleet_server.store.database import writing
from fleet_server.store.matters import Found
from fleet_server.store.models import CaseFile
from fleet_server.store.webhooks import Wish
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, Desk
from tests.fakes.fleets import new_fleet
from tests.fakes.keys import new_key
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually

BRANCHES = ("P1", "P2")
INSIDE, OUTSIDE = "UBND-P1", "UBND-P2"
"""Units; keys of a branch are for the first."""

MORE = """
[api]
requests_per_minute = 1000000
failures_per_minute = 1000000

[webhooks]
allow = ["127.0.0.0/8", "::1"]
"""


@dataclass
class Served:
    """What is served: the address, and keys by name (*all*, *branch*, and one for each scope)."""

    fleet: Settings
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Address of the pages."""
        return f"http://127.0.0.1:{self.fleet.web.port}"


def fill() -> None:
    """Add two branches with a counter each, ratings of every kind, matters and a webhook."""
    with writing():
        city = places.add_unit("CITY", "The city", "city")
        for code in BRANCHES:
            unit = places.add_unit(f"UBND-{code}", f"Unit {code}", "unit", city.id)
            places.add_counter(f"{code}-01", f"Counter {code}-01", unit.id)
    for code, terminal in (("P1-01", "t-a"), ("P2-01", "t-b")):
        desk = Desk(terminal, code)
        for number in range(7):
            visit = f"{code}-v{number}"
            desk.ticket(visit, "closed", number * 2 * MINUTE, ticket=f"A{number}")
            desk.rate(
                visit, number * 2 * MINUTE + MINUTE, "unsatisfied" if number % 3 else "satisfied"
            )
        desk.rate(None, HOUR)
        desk.rate(f"{code}-v1", HOUR + MINUTE, disputed=True)
    with writing():
        for unit, counter in ((2, 1), (2, 1), (3, 2)):
            about = Subject("rating", unit, counter, DAY, f"c/{CaseFile.select().count()}")
            case_files.open_case(about, NINE + HOUR, NINE)
        for terminal in ("t-a", "t-b"):
            found = Found("fault", f"{terminal}:disk", terminal, details={"what": "disk"})
            matters.open_matter(found, NINE)
        for unit in (None, 2, 3):
            wish = Wish("https://queue.example/x", ("matter.opened",), unit, True, "")
            number, _ = webhooks.add(wish, NINE, "test")
            outbox.send("ping", {"webhook": number}, [number], NINE)


def make_keys() -> dict[str, str]:
    """Make a key with all scopes, one of the branch, and one for each scope."""
    now = now_ms()
    keys = {
        "all": new_key("all", now=now),
        "branch": new_key("branch", unit=INSIDE, now=now),
    }
    for scope in SCOPES:
        wanted = {scope, NEEDS.get(scope, scope)}
        keys[scope] = new_key(scope, wanted, now=now)
        if scope not in WHOLE_ONLY:
            keys[f"branch {scope}"] = new_key(f"branch {scope}", wanted, INSIDE, now=now)
    return keys


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Make the fleet, fill it, serve it, and end the server again."""
    fleet = new_fleet(folder / "fleet", more=MORE)
    database.open_database(fleet.database.url)
    fill()
    site = Served(fleet, make_keys())
    database.close()
    server = Process([FLEET, "serve", "--config", str(fleet.path)], folder / "serve.log").start()
    try:
        eventually(lambda: is_open(fleet.web.port), 30, "the pages")
        yield site
        assert "Traceback" not in server.output(), server.output()[-4000:]
    finally:
        server.stop()
