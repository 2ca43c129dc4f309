"""``hailong-fleet demo --district``: builds the district or lets it grow, and shows it."""

import logging
import re
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

import structlog

from fleet_server import clock, settings
from fleet_server.core.days import local
from fleet_server.demo.fleet import run
from fleet_server.demo.play import ended_by_signals, shielded
from fleet_server.demo.ports import answers, free_ports
from fleet_server.demo.processes import Processes, program
from fleet_server.demo.show import StatusLine, say
from fleet_server.district import cache
from fleet_server.district.district import QUARTER_DAYS, District
from fleet_server.district.founding import found, taking_of
from fleet_server.district.growing import grow
from fleet_server.district.kept import Kept
from fleet_server.district.people import PEOPLE
from fleet_server.district.progress import Progress
from fleet_server.district.pulse import Pulse
from fleet_server.settings import Settings
from fleet_server.store import database, tallies
from wire.files import write_atomic

NAME = "Quận Bình Hòa"
START_TIMEOUT_S = 60.0
BEAT_S = 3.0


def main(seconds: float | None, *, refresh: bool) -> int:
    """Show the district until somebody ends it; return the exit code.

    Args:
        seconds: how long; None goes on until Ctrl-C.
        refresh: build it anew.
    """
    where = cache.folder()
    # What goes wrong in the district is its story, and on the pages; here it would break the bar.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with ended_by_signals(), cache.held(where):
        try:
            fleet, district, kept = ready(where, refresh=refresh)
            show(where, fleet, district, kept, seconds)
        except KeyboardInterrupt:
            say("\nEnding everything")
        finally:
            database.close()
    return 0


def ready(where: Path, *, refresh: bool) -> tuple[Settings, District, Kept]:
    """Build the district where there is none, let it grow to now, and return it."""
    now = clock.now_ms()
    kept = None if refresh else cache.usable(where, now)
    if kept is None:
        cache.clear(where, part=refresh)
        build(where, now)
        now = clock.now_ms()  # minutes later, in which every terminal would seem to be lost
        kept = cache.usable(where, now)
        if kept is None:
            raise RuntimeError("what was just built can't be gone on with")
    fleet = settings.load(where / "fleet" / "fleet.toml")
    database.create_database(fleet.database.url)  # brings one that an older version made up to date
    district = District(kept.first, fleet.fleet.zone)
    taking = taking_of(fleet, district, publishes=True)
    if kept.until < now - 60_000:
        progress = Progress("Letting the district grow by", clock.monotonic_s)
        kept = grow(district, taking, where, kept, now, progress.moved)
        progress.end()
    return fleet, district, kept


def build(where: Path, now: int) -> None:
    """Build the district beside its place, and put it there once it is whole.

    What was broken off is gone on with.
    """
    part = where.with_suffix(".part")
    kept = cache.usable(part, now)
    if kept is None:
        kept = begin(part, now)
    fleet = settings.load(part / "fleet" / "fleet.toml")
    database.create_database(fleet.database.url)
    district = District(kept.first, fleet.fleet.zone)
    progress = Progress("Building", clock.monotonic_s)
    taking = taking_of(fleet, district, publishes=True)
    grow(district, taking, part, kept, now, progress.moved)
    progress.end()
    database.close()
    part.rename(where)


def begin(part: Path, now: int) -> Kept:
    """Make the fleet of a new district, whose last day is today."""
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    run([program("hailong-fleet"), "init", "--dir", str(part / "fleet"), "--name", NAME])
    fleet = settings.load(part / "fleet" / "fleet.toml")
    today = local(now, fleet.fleet.zone).date()
    district = District(today - timedelta(days=QUARTER_DAYS - 1), fleet.fleet.zone)
    say(f"Building {NAME}: {len(district.counters)} counters, {QUARTER_DAYS} days. Once only.")
    return found(fleet, district, part, secrets.token_urlsafe(9))


def show(
    where: Path, fleet: Settings, district: District, kept: Kept, seconds: float | None
) -> None:
    """Start the fleet's processes, and keep the district alive meanwhile."""
    fleet = with_free_ports(fleet)
    logs = where / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    processes = Processes(logs)
    try:
        for name in ("broker", "broker-auth", "est", "serve", "ingest", "jobs"):
            words = [program("hailong-fleet"), name, "--config", str(fleet.path)]
            processes.start(name, words)
        wait = processes.wait_for
        wait("the pages", lambda: answers(fleet.web.port), START_TIMEOUT_S)
        introduce(where, fleet, kept, seconds)
        live(processes, Pulse(district, taking_of(fleet, district, publishes=False), where, kept),
             seconds)  # fmt: skip
    finally:
        shielded(processes.stop)


def live(processes: Processes, pulse: Pulse, seconds: float | None) -> None:
    """Let what is to happen happen, until the time is over."""
    began, status = clock.monotonic_s(), StatusLine()
    while seconds is None or clock.monotonic_s() - began < seconds:
        processes.check()
        pulse.beat(clock.now_ms())
        status.show(f"{tallies.read().get('records_taken', 0):,} records held")
        processes.stopping.wait(BEAT_S)
    status.end()


def with_free_ports(fleet: Settings) -> Settings:
    """Keep the ports of last time where nobody else has taken one, else take others."""
    ports = [fleet.web.port, fleet.est.port, fleet.broker.port, fleet.broker.client_port]
    if not any(answers(port) for port in ports):
        return fleet
    text = fleet.path.read_text("utf-8")
    for port, other in zip(ports, free_ports(4), strict=True):
        text = re.sub(rf"\b{port}\b", str(other), text)
    write_atomic(fleet.path, text.encode())
    return settings.load(fleet.path)


def introduce(where: Path, fleet: Settings, kept: Kept, seconds: float | None) -> None:
    """Say where to look, and how to sign in."""
    say("")
    say(f"  Pages     http://127.0.0.1:{fleet.web.port}/")
    say(f"  Sign in   password {kept.password}, as")
    for person in PEOPLE:
        say(f"            {person.email:<34} {person.role}, {person.unit or 'the whole fleet'}")
    say("            other offices: truong.p-dt@binhhoa.example leads P-DT, and")
    say("            can-bo.p-dt@binhhoa.example explains; in each office alike.")
    say("  Look at   Counters: who is rated how well, and who does not ask;")
    say("            Terminals: one lost, one with a stuck button, one with weak power;")
    say("            Matters: a copied card, a stolen terminal, a damaged record;")
    say("            Cases, Alarms, Draws, Interviews, Other channels, Reports:")
    say("            some of each kind, and what comes due goes on by itself.")
    say("  Hours     Offices are open from 7:30 to 17:00 in Vietnam, with lunch from 11:30;")
    say("            while they are, the pages move by themselves.")
    say(f"  Files     {where}")
    say(f"  It ends   {'with Ctrl-C' if seconds is None else f'after {seconds:g} s'}")
    say("")
