"""An office as the store holds it after a busy morning, for the tests and pictures of the pages.

Everything is made from a fixed seed and a fixed moment: Sunday 22 November 2026, 10:24 in Vietnam.
"""

from collections import defaultdict
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

from fleet_server.core.choices import Choices
from fleet_server.core.days import day_of, hour_of
from fleet_server.core.opening import FLEET, Week
from fleet_server.core.participation import COUNTED, Counts
from fleet_server.core.tree import BEGINNING
from fleet_server.store import api_keys, daily, opening, outbox, places, running, webhooks
from fleet_server.store.database import writing
from fleet_server.store.models import (
    AlarmRow,
    Boot,
    Chain,
    Change,
    CounterTally,
    EnrolmentToken,
    Hourly,
    KeptFile,
    KeptReport,
    Letter,
    Matter,
    PublicUnit,
    Rating,
    Record,
    ReportSchedule,
    Rollout,
    RolloutTerminal,
    Signal,
    SignalRuling,
    TerminalKey,
    TerminalStatus,
    UnsignedRating,
    UpdateBundle,
    Visit,
    WebhookDelivery,
)
from fleet_server.store.webhooks import Wish
from tests.fakes import cases, draws

VIETNAM = timezone(timedelta(hours=7))
NOW = int(datetime(2026, 11, 22, 3, 24, 30, tzinfo=UTC).timestamp() * 1000)
TODAY = "2026-11-22"
HOUR_MS = 3_600_000
MINUTE_MS = 60_000

UNITS = [
    ("UBND-P1", "UBND phường Bến Nghé"),
    ("UBND-Q3", "Trung tâm hành chính công Quận 3"),
]
COUNTERS = [
    ("P1-01", "Quầy 1 – Hộ tịch", 0, 0.62, 0.95),
    ("P1-02", "Quầy 2 – Chứng thực", 0, 0.48, 0.88),
    ("P1-03", "Quầy 3 – Đất đai", 0, 0.21, 0.66),
    ("Q3-01", "Quầy 1 – Đăng ký kinh doanh", 1, 0.55, 0.92),
    ("Q3-02", "Quầy 2 – Xây dựng", 1, 0.37, 0.84),
    ("Q3-03", "Quầy 3 – Trả kết quả", 1, 0.71, 0.97),
]
SERVICES = [
    ("Khai sinh", "Khai tử", "Kết hôn"),
    ("",),
    ("",),
    ("",),
    ("Giấy phép xây dựng", "Hoàn công"),
    ("",),
]
"""What citizens come for, counter by counter; most queue systems don't tell."""

MISSING, MISSING_BACK = 4, 4
"""A counter and how many days ago it told nothing, though it was open: Wednesday, 18 November."""

OPEN_ALL_WEEK = Week((((7 * 60, 17 * 60),),) * 7)
"""The moment is a Sunday morning."""

ALWAYS = Week((((0, 24 * 60),),) * 7)


def counted(first: str, last: str) -> dict[int, Counts]:
    """Return what hours hold of each counter from one day to another, both included."""
    found: dict[int, Counts] = defaultdict(Counts)
    for row in Hourly.select().where(Hourly.day.between(first, last)):
        found[row.counter_id] += _of(row)
    return found


def _day(at: int) -> str:
    return day_of(at, VIETNAM).name


def _half(counts: Counts) -> Choices:
    return Choices(*(number // 2 for number in astuple(counts.choices)))


def _of(row: Hourly) -> Counts:
    return Counts(*(getattr(row, name) for name in COUNTED))


@dataclass(slots=True)
class Office:
    """Fills an empty database; ``now`` is the moment at which the pages look."""

    now: int = NOW
    hours: Week = OPEN_ALL_WEEK
    random: Random = field(default_factory=lambda: Random(20261122))
    counted: dict[tuple[int, str], dict[str, Counts]] = field(default_factory=dict)

    def fill(self) -> None:
        """Add everything: counters, four weeks of figures, today's visits, terminals, matters."""
        with writing():
            self.counters()
            for index in range(len(COUNTERS)):
                self.history(index)
                self.today(index)
            self.days()
            self.terminals()
            self.matters()
            self.programs()
            self.images()
            cases.add(self.now)
            self.signals()
            draws.of_office(self.now)
            self.other_channels()
            self.reports()
            self.alarms()
            PublicUnit.create(unit=2, since=self.now - 9 * 24 * HOUR_MS, set_by="command:root")
            Change.insert(subject="counter:P1-01").execute()

    def other_channels(self) -> None:
        """Add ratings that no terminal signed: of yesterday, told; of today, not told yet."""
        for ago, way, choices, counter, ticket in (
            (1, "paper", "very_satisfied " * 4 + "unsatisfied " * 3, 1, None),
            (1, "phone", "satisfied " * 2, 1, None),
            (0, "box", "satisfied", 1, None),
            (0, "online", "satisfied satisfied", None, "A1"),
        ):
            at = self.now - ago * 24 * HOUR_MS
            for choice in choices.split():
                UnsignedRating.create(
                    way=way, choice=choice, at=at, taken=day_of(at, VIETNAM).name,
                    day=TODAY if ticket else "2026-11-20", unit=1, counter=counter, ticket=ticket,
                    visit="P1-01-1" if ticket else None, stood=True if ago else None, file=None,
                    entered_by="person:quality_officer@hailong.example",
                )  # fmt: skip

    def reports(self) -> None:
        """Add a report that is ready, one that waits and one that failed."""
        for state, period, made in (
            ("ready", "2026-10", self.now - HOUR_MS),
            ("waiting", "2026-Q3", None),
            ("failed", "2026-09", None),
        ):
            KeptReport.create(
                unit=1, period=period, formats="csv", language="vi", state=state, steps=2,
                done=2 if made else 0, ordered_at=self.now - 2 * HOUR_MS,
                ordered_by="person:administrator@hailong.example", made_at=made,
                digest="5c" * 32 if made else "",
            )  # fmt: skip
        ReportSchedule.create(
            unit=1, every="month", day=5, formats="xlsx pdf", language="vi",
            told_until="2026-10-31", set_at=self.now - 24 * HOUR_MS,
            set_by="person:administrator@hailong.example",
        )  # fmt: skip
        KeptFile.create(report=1, format="csv", digest="6d" * 32, data=b"served,1")

    def alarms(self) -> None:
        """Add alarms as they can stand, and letters in every state."""
        ago, raised = self.now - HOUR_MS, {"heard_at": self.now - HOUR_MS, "stages": 1}
        complaint = {"case": "2", "counter": "P1-01", "items": ["waiting_time", "attitude"]}
        lost = {"terminal": "p1-03-t1", "minutes": 40}
        few = {"counter": "Q3-01", "served": 210, "rated": 60, "target": 40}
        for kind, subject, unit, details, took, ended in (
            ("complaint", "2", 1, complaint, None, None),
            ("terminal_lost", "p1-03-t1", 1, lost, "technician@hailong.example", None),
            ("participation", "Q3-01@2026-11", 2, few, None, self.now - MINUTE_MS),
        ):
            AlarmRow.create(
                kind=kind, subject=subject, unit=unit, raised_at=ago, details=details,
                acknowledged_at=ago if took else None, acknowledged_by=took, ended_at=ended,
                **raised,
            )  # fmt: skip
        for number, (state, reply, trouble, error) in enumerate(
            (
                ("sent", 250, None, None), ("waiting", None, "silent", "timed out"),
                ("dead", 550, "address", "no such person"),
            )
        ):  # fmt: skip
            Letter.create(
                key=f"complaint:2@{ago}/raised/0/{number}", person=1, kind="complaint",
                what="raised", details=complaint, path="/alarms/1", made_at=ago, state=state,
                since=ago, attempts=1, next_at=self.now + MINUTE_MS, tried_at=ago, reply=reply,
                trouble=trouble, error=error,
            )  # fmt: skip

    def images(self) -> None:
        """Add two images: one that was rolled out to Quận 3, and one whose rollout was stopped."""
        day = 24 * HOUR_MS
        for version, sha256, ago in (("1.3.0", "3a" * 32, 30), ("1.4.0", "4b" * 32, 2)):
            UpdateBundle.create(
                sha256=sha256, version=version, size=163_000_000, added_by="command:root",
                added_at=self.now - ago * day, removed_at=None,
            )  # fmt: skip
        said = {"kind": "failed", "few": 1, "many": 2, "others": 0}
        for sha256, unit, state, ring, rings, ago, ended, reason in (
            ("3a" * 32, 2, "done", 1, 1, 29, self.now - 27 * day, {}),
            ("4b" * 32, 1, "stopped", 1, 2, 1, None, said),
        ):
            Rollout.create(
                bundle=sha256, unit=unit, state=state, ring=ring, rings=rings, automatic=True,
                soak_ms=day, ring_at=self.now - ago * day, begun_at=self.now - ago * day,
                begun_by="person:technician@hailong.example", ended_at=ended, reason=reason,
            )  # fmt: skip
        for rollout, terminal, ring, became, stage, reason in (
            (1, "q3-01-t1", 1, "confirmed", "confirmed", ""),
            (1, "q3-02-t1", 1, "refused", "", "this machine has no slots for updates"),
            (2, "p1-01-t1", 1, "failed", "fallen_back", "fell back: the new image did not start"),
            (2, "p1-02-t1", 1, "asked", "verified", ""),
            (2, "p1-03-t1", 2, "waiting", "", ""),
        ):
            RolloutTerminal.create(
                rollout=rollout, terminal=terminal, ring=ring, state=became, stage=stage,
                reason=reason, command=None, asked_at=None, changed_at=self.now - day,
                was_ill=False,
            )  # fmt: skip

    def signals(self) -> None:
        """Add signs of cheating: one that waits, one that was ruled on twice, one long ago."""
        day = 24 * HOUR_MS
        for counter, unit, rule, severity, (hits, of), honest, chance, verdict, ago in (
            (5, 2, "soon_after_close", "strong", (64, 70), 0.5, 1.2e-13, None, 1),
            (1, 1, "outside_hours", "notable", (6, 7), 0.05, 1.04e-7, "dismissed", 1),
            (4, 2, "too_good", "notable", (412, 413), 0.97, 5e-5, "upheld", 600),
        ):
            end = self.now - ago * day
            moments = [] if rule == "too_good" else [end - n * HOUR_MS for n in range(4, 0, -1)]
            row = Signal.create(
                counter=counter, unit=unit, rule=rule, opened_at=end, severity=severity,
                since=_day(end - 6 * day), until=_day(end), hits=hits, of=of, honest=honest,
                chance=chance, moments=moments, last_day=_day(end), verdict=verdict,
            )  # fmt: skip
            for n, said in enumerate(("upheld", verdict) if verdict else ()):
                why = "Đèn và cửa mở khi tạp vụ lau sàn." if n else "Không ai được phép ở lại."
                by, at = "person:quality_officer@hailong.example", end + (n + 1) * HOUR_MS
                SignalRuling.create(signal=row, verdict=said, by=by, at=at, why=why)
        for counter, rule, hits, few, of in (
            (5, "soon_after_close", 10, 4, 10),
            (1, "outside_hours", 1, 0, 1),
        ):
            for back in range(1, 8):
                found = {rule: [hits if back % 5 else few, of, []]}
                name = _day(self.now - back * day)
                CounterTally.create(counter=counter, day=name, tallies=found)

    def programs(self) -> None:
        """Add API keys as they can stand, and webhooks, one with events in every state."""
        day = 24 * HOUR_MS
        for name, scopes, unit, ends in (
            ("Hệ thống xếp hàng", {"tickets:write", "units:read"}, None, None),
            ("Giám sát", {"metrics:read"}, None, self.now + 400 * day),
            ("Báo cáo quận", {"figures:read"}, "UBND-Q3", self.now + 9 * day),
        ):
            api_keys.add(api_keys.NewKey(name, scopes, unit, ends, "command:root"), self.now - day)
        api_keys.add(api_keys.NewKey("Thử", {"tickets:write"}), self.now - 2 * day)
        api_keys.revoke("Thử", self.now - day)
        wish = Wish("https://queue.example/hailong", ("matter.opened",), None, True, "Xếp hàng")
        hook, _secret = webhooks.add(wish, self.now - day, "command:root")
        for state in ("waiting", "delivered", "dead"):
            event = outbox.send("ping", {"webhook": hook}, [hook], self.now - HOUR_MS)
            WebhookDelivery.update(
                state=state, attempts=1, tried_at=self.now - HOUR_MS,
                status=204 if state == "delivered" else None,
                error=None if state == "delivered" else "connection refused",
            ).where(WebhookDelivery.event == event).execute()  # fmt: skip
        paused = Wish("https://other.example/", ("terminal.state_changed",), None, False, "")
        webhooks.add(paused, self.now - day, "command:root")
        self.left_behind(self.now - day)

    def left_behind(self, at: int) -> None:
        """Add what somebody made who is not here any more: a key and a webhook."""
        who = "person:da-nghi@hailong.example"
        api_keys.add(api_keys.NewKey("Màn hình cũ", {"figures:read"}, None, None, who), at)
        wish = Wish("https://left.example/", ("matter.opened",), None, True, "")
        webhooks.add(wish, at, who)

    def counters(self) -> None:
        """Add units and counters."""
        for code, name in UNITS:
            places.add_unit(code, name)
        opening.set_week(FLEET, opening.NEW, BEGINNING, self.hours)
        for code, name, unit, _asked, _liked in COUNTERS:
            places.add_counter(code, name, unit + 1)

    def history(self, index: int) -> None:
        """Add the hourly roll-ups of the last four weeks."""
        midnight = self._midnight()
        for back in range(1, 29):
            start = midnight - back * 24 * HOUR_MS
            if back == MISSING_BACK and index == MISSING:
                continue
            for hour in (7, 8, 9, 10, 13, 14, 15, 16):
                self._hour(index, start + hour * HOUR_MS, self.random.randint(4, 14))

    def today(self, index: int) -> None:
        """Add today's visits and their roll-ups, from seven o'clock until now."""
        code, _name, _unit, asked, liked = COUNTERS[index]
        at = self._midnight() + 7 * HOUR_MS + 4 * MINUTE_MS
        number = 0
        rows: dict[int, dict[str, int]] = {}
        chain = self._chain(index)
        while at < self.now - 12 * MINUTE_MS:
            number += 1
            long = self.random.randint(4, 11) * MINUTE_MS
            rated = self.random.random() < asked
            self._visit(index, code, number, at, at + long, rated, liked, chain)
            hour = rows.setdefault(at // HOUR_MS * HOUR_MS, {"served": 0, "rated": 0})
            hour["served"] += 1
            hour["rated"] += rated
            at += long + self.random.randint(10, 90) * 1000
        self._visit(index, code, number + 1, min(at, self.now - 90_000), None, False, liked, chain)
        for start, row in rows.items():
            self._hour(index, start, row["served"], row["rated"])

    def days(self) -> None:
        """Add the days by service, the months and the days of units, as ingest keeps them.

        Of each day, half of the choices came before the rest.
        """
        for (counter, day), services in sorted(self.counted.items()):
            running.note(counter, day, {name: _half(one) for name, one in services.items()})
            daily.note_units(daily.note(counter, day, services))

    def _count(self, index: int, row: Hourly, number: int) -> None:
        names = SERVICES[index]
        service = names[number % len(names)]
        day = self.counted.setdefault((index + 1, row.day), {})
        day[service] = day.get(service, Counts()) + _of(row)

    def _midnight(self) -> int:
        local = datetime.fromtimestamp(self.now / 1000, VIETNAM)
        return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)

    def _hour(self, index: int, start: int, served: int, rated: int | None = None) -> None:
        _code, _name, _unit, asked, liked = COUNTERS[index]
        if rated is None:
            rated = sum(self.random.random() < asked for _ in range(served))
        happy = sum(self.random.random() < liked for _ in range(rated))
        very = sum(self.random.random() < 0.6 for _ in range(happy))
        row = Hourly.create(
            counter=index + 1,
            hour=start,
            day=datetime.fromtimestamp(start / 1000, VIETNAM).date().isoformat(),
            served=served,
            rated=rated,
            very_satisfied=very,
            satisfied=happy - very,
            unsatisfied=rated - happy,
            unbound=int(index == 2 and self.random.random() < 0.2),
            contested=int(index == 4 and self.random.random() < 0.3),
            disputed=0,
            estimated=int(index == 5 and self.random.random() < 0.1),
        )
        self._count(index, row, start // HOUR_MS)

    def _chain(self, index: int) -> Chain:
        terminal = terminal_id(index)
        places.add_terminal(terminal, index + 1, self.now - 40 * 24 * HOUR_MS)
        chain = Chain.create(
            terminal=terminal,
            chain_id=f"{index:032x}",
            kid=f"kid-{index}",
            head_seq=0,
            head_hash="h",
            opened_at=self.now - 39 * 24 * HOUR_MS,
            start_reason="first",
            receipted_at=self.now - 2000,
        )
        Boot.create(
            terminal=terminal,
            boot_id=f"{index + 10:032x}",
            chain=chain,
            branch=0,
            first_up=0,
            last_up=0,
            latest_offset=0,
            quality="derived",
        )
        return chain

    def _visit(
        self,
        index: int,
        code: str,
        number: int,
        start: int,
        end: int | None,
        rated: bool,
        liked: float,
        chain: Chain,
    ) -> None:
        visit = f"{code}-{number}"
        Visit.create(
            id=visit,
            counter=index + 1,
            ticket=f"{'ABCDEF'[index]}{number:03}",
            ticket_norm=f"{'ABCDEF'[index]}{number}",
            day=datetime.fromtimestamp(start / 1000, VIETNAM).date().isoformat(),
            service=SERVICES[index][start // HOUR_MS % len(SERVICES[index])] or None,
            first_at=start,
            called_at=start,
            served_at=end,
            ended="closed" if end else None,
            by_rest=True,
            by_terminal=number % 9 != 4,
            disagreement="only_rest" if number % 9 == 4 else None,
        )
        if rated:
            happy = self.random.random() < liked
            self.rate(chain, index, visit, end or start, "satisfied" if happy else "unsatisfied")

    def rate(
        self, chain: Chain, index: int, visit: str | None, at: int, choice: str, **marks: bool
    ) -> None:
        """Add a rating record at the chain's end; ``marks`` says why it doesn't stand."""
        chain.head_seq += 1
        record = Record.create(
            chain=chain,
            seq=chain.head_seq,
            hash="h",
            type="rating",
            jws=b"sealed",
            received_at=at + 300,
            checked=1,
        )
        chain.save()
        flags = {"contested": False, "disputed": False, "unbound": visit is None} | marks
        Rating.create(
            record=record,
            terminal=terminal_id(index),
            counter=index + 1,
            visit=visit,
            choice=choice,
            at=at,
            at_quality="exact",
            standing=not any(flags.values()),
            boot=index + 1,
            up=0,
            **flags,
        )

    def terminals(self) -> None:
        """Add keys and the last states: four well, one lost with waiting records, one silent."""
        states: list[dict[str, Any]] = [
            {},
            {},
            {"state": "lost", "waiting": 23, "oldest_waiting_at": self.now - 52 * MINUTE_MS},
            {"clock": "holdover"},
            {"last_seen": self.now - 17 * MINUTE_MS},
            {"clock": "unset"},
        ]
        for index, given in enumerate(states):
            ago = 52 * MINUTE_MS if given.get("state") == "lost" else 21_000
            usual: dict[str, Any] = {
                "state": "ready",
                "state_at": self.now - 3 * HOUR_MS if ago == 21_000 else self.now - ago,
                "last_seen": self.now - ago,
                "boot": f"{index + 10:032x}",
                "connection": 3 + index,
                "waiting": 0,
                "clock": "synced",
                "firmware": "0.1.0",
                "health": {
                    "cpu_celsius": 48.5,
                    "disk_free_mib": 5120,
                    "terminal": {"state": "idle"},
                },
            }
            TerminalStatus.create(terminal=terminal_id(index), **(usual | given))
            TerminalKey.create(
                kid=f"kid-{index}",
                terminal=terminal_id(index),
                x="x",
                certificate_pem="-",
                serial=f"{index:x}",
                not_after=self.now + 300 * 24 * HOUR_MS,
                enrolled_at=self.now - 39 * 24 * HOUR_MS,
            )
        places.add_terminal("kho-01", None, self.now - HOUR_MS, unit=2)
        EnrolmentToken.create(
            terminal="kho-01", token_sha256="t", expires_at=self.now + 24 * HOUR_MS
        )

    def matters(self) -> None:
        """Add a fork, a stuck button, and a new chain that somebody has closed."""
        Matter.create(
            kind="fork",
            subject="1",
            terminal=terminal_id(4),
            chain_id=f"{4:032x}",
            seq=12,
            opened_at=self.now - 26 * HOUR_MS,
            details={"branch": 1, "records": 3},
        )
        Matter.create(
            kind="fault",
            subject="2",
            terminal=terminal_id(2),
            opened_at=self.now - 70 * MINUTE_MS,
            details={"what": "button_stuck", "details": "unsatisfied"},
        )
        Matter.create(
            kind="new_chain",
            subject="3",
            terminal=terminal_id(0),
            opened_at=self.now - 39 * 24 * HOUR_MS,
            details={"reason": "first"},
            closed_at=self.now - 38 * 24 * HOUR_MS,
            closed_by="admin@hailong.example",
        )
        self.rate(Chain.get(Chain.id == 5), 4, None, self.now - HOUR_MS, "satisfied")
        self.rate(
            Chain.get(Chain.id == 5), 4, "Q3-02-2", self.now - HOUR_MS, "satisfied", contested=True
        )


def terminal_id(index: int) -> str:
    """Return the id of the terminal at a counter."""
    return f"{COUNTERS[index][0].lower()}-t1"


def serve(counter: int, now: int, add: int = 1) -> None:
    """Let more people be served and very satisfied in this hour, as ingest keeps it."""
    day = day_of(now, VIETNAM).name
    row = {"counter": counter, "hour": hour_of(now, VIETNAM), "day": day}
    Hourly.insert(row).on_conflict_ignore().execute()
    Hourly.update(
        served=Hourly.served + add,
        rated=Hourly.rated + add,
        very_satisfied=Hourly.very_satisfied + add,
    ).where(Hourly.counter == counter, Hourly.hour == row["hour"]).execute()
    month = daily.of_month(counter, day[:7])
    services = {
        service: Counts(*numbers[: len(COUNTED)])
        for (held, service), numbers in month.items()
        if held == day
    }
    more = Counts(served=add, rated=add, very_satisfied=add)
    services[""] = services.get("", Counts()) + more
    daily.note_units(daily.note(counter, day, services))
