"""Events arrive at a real receiver: signed, once or again, never where nobody may be called."""

import base64
import hmac
import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from huey import MemoryHuey

from fleet_server import retention
from fleet_server.clock import now_ms
from fleet_server.core.case_events import Escalated, Subject, Withdrawn
from fleet_server.core.days import DAY_LATE_MS, day_of
from fleet_server.core.participation import Counts
from fleet_server.core.roles import EVERYTHING
from fleet_server.core.targets import Goal
from fleet_server.core.webhooks import GIVE_UP_MS, OVERLAP_MS
from fleet_server.jobs import Jobs
from fleet_server.notify import rounds, webhook
from fleet_server.settings import Settings, WebhooksSection
from fleet_server.store import (
    case_files,
    daily,
    database,
    deliveries,
    matters,
    outbox,
    places,
    status,
    tallies,
    targets,
    told,
    webhooks,
)
from fleet_server.store.database import writing
from fleet_server.store.matters import Found
from fleet_server.store.models import Daily, Hourly, Unit, Webhook, WebhookDelivery, WebhookEvent
from fleet_server.store.webhooks import Wish
from tests.fakes import databases
from tests.fakes.desk import HOUR, MINUTE, NINE, SAIGON, Desk
from tests.fakes.fleets import new_fleet
from tests.fakes.processes import FLEET, Process
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.wait import eventually
from wire import records
from wire.fields import format_time
from wire.up import State

LOOPBACK = WebhooksSection((ip_network("127.0.0.0/8"),), frozenset())


class Office:
    """A fleet with two branches, a receiver, and jobs whose clock tests move."""

    def __init__(self, fleet: Settings, receiver: Receiver) -> None:
        self.now = NINE
        self.fleet, self.receiver = fleet, receiver
        self.jobs = self.another()
        self.hook, self.secret = self.subscribe("matter.opened")

    def subscribe(self, *events: str, unit: int | None = None, url: str = "") -> tuple[int, str]:
        with writing():
            wish = Wish(url or self.receiver.url, events, unit, True, "")
            return webhooks.add(wish, self.now, "test")

    def ping(self, hook: int | None = None) -> str:
        with writing():
            return outbox.send("ping", {}, [hook or self.hook], self.now)

    def another(self, allowed: WebhooksSection = LOOPBACK) -> Jobs:
        """Return jobs that do at once what they hand out."""
        fleet = replace(self.fleet, webhooks=allowed)
        return Jobs(fleet, lambda: self.now, MemoryHuey(immediate=True))

    @contextmanager
    def threads(self) -> Iterator[Jobs]:
        """Let the threads of other jobs do what those hand out."""
        jobs = Jobs(self.fleet, lambda: self.now)
        threads = jobs.threads()
        threads.start()
        yield jobs
        jobs.end(threads)

    def turn(self) -> None:
        """Let jobs do what is due."""
        self.jobs.look()
        self.jobs.turn()

    def delivery(self) -> WebhookDelivery:
        return WebhookDelivery.select().order_by(WebhookDelivery.id.desc()).get()


@pytest.fixture(scope="module")
def template(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A fleet directory."""
    fleet = new_fleet(tmp_path_factory.mktemp("webhooks") / "fleet")
    database.close()
    return fleet


@pytest.fixture
def office(template: Settings, tmp_path: Path) -> Iterator[Office]:
    """A fresh database of that fleet, with a receiver that may be called."""
    url = databases.made(tmp_path)
    database.open_database(url)
    fleet = replace(template, database=replace(template.database, url=url), webhooks=LOOPBACK)
    with writing():
        targets.begin_with(40, 80)
        for code in ("A", "B"):
            unit = places.add_unit(code, f"Unit {code}")
            counter = places.add_counter(f"{code}1", f"Counter {code}1", unit.id)
            places.add_terminal(f"t-{code.lower()}", counter.id, 0)
    with receiving() as receiver:
        yield Office(fleet, receiver)
    database.close()


def verified(secret: str, received: object, body: bytes) -> bool:
    """Check a signature as a receiver's library does, by the specification alone."""
    headers = received.headers  # type: ignore[attr-defined]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_an_event_arrives_signed(office: Office) -> None:
    event = office.ping()
    office.turn()
    [came] = office.receiver.received
    assert came.path == "/hook?from=hailong"
    assert came.headers["content-type"] == "application/json"
    assert came.headers["webhook-id"] == event
    assert came.headers["webhook-timestamp"] == str(NINE // 1000)
    assert came.headers["host"] == f"127.0.0.1:{office.receiver.port}"
    assert json.loads(came.body) == {
        "type": "ping", "timestamp": "2026-11-22T02:00:00.000Z", "data": {},
    }  # fmt: skip
    assert verified(office.secret, came, came.body)
    assert not verified(office.secret, came, came.body + b" ")
    held = office.delivery()
    assert (held.state, held.status, held.attempts, held.error) == ("delivered", 204, 1, None)


def test_what_is_not_taken_is_tried_again_later_with_the_same_id(office: Office) -> None:
    office.receiver.answers = [500, 503]
    event = office.ping()
    office.turn()
    held = office.delivery()
    assert (held.state, held.status, held.error) == ("waiting", 500, "answered 500")
    assert NINE + 5_000 <= held.next_at <= NINE + 10_000
    office.turn()
    assert len(office.receiver.received) == 1, "not before it is due"
    for _ in range(2):
        office.now = office.delivery().next_at
        office.turn()
    assert office.delivery().state == "delivered"
    assert {one.headers["webhook-id"] for one in office.receiver.received} == {event}
    times = [one.headers["webhook-timestamp"] for one in office.receiver.received]
    assert len(set(times)) == 3, "each attempt is signed anew"


def test_after_three_days_it_is_dead_and_can_be_sent_again(office: Office) -> None:
    office.receiver.answers = [410, 410]
    office.ping()
    office.turn()
    office.now += GIVE_UP_MS
    office.turn()
    held = office.delivery()
    assert (held.state, held.attempts) == ("dead", 2)
    with writing():
        assert deliveries.again(held.id, office.hook, office.now, "test")
    office.turn()
    assert office.delivery().state == "delivered"
    with writing():
        assert not deliveries.again(held.id, 99, office.now, "test")


def test_a_redirect_is_not_followed(office: Office) -> None:
    office.receiver.answers = [302]
    office.receiver.headers = {"Location": office.receiver.url}
    office.ping()
    office.turn()
    assert len(office.receiver.received) == 1
    assert "redirects are not followed" in str(office.delivery().error)


def test_an_answer_without_end_is_not_read(office: Office) -> None:
    office.receiver.endless = True
    office.ping()
    office.turn()
    assert office.delivery().state == "delivered"


def test_who_answers_too_slowly_is_cut_off(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TOTAL_S", 0.2)
    office.receiver.slow_s = 1.5
    office.ping()
    office.turn()
    held = office.delivery()
    assert held.state == "waiting"
    assert held.error


def test_where_nobody_listens_is_an_error_like_any(office: Office) -> None:
    hook, _ = office.subscribe("matter.opened", url="http://127.0.0.1:1/")
    office.ping(hook)
    office.turn()
    held = office.delivery()
    assert (held.state, held.status) == ("waiting", None)
    assert "refused" in str(held.error).lower()


def test_an_address_inside_is_not_called_without_leave(office: Office) -> None:
    office.jobs = office.another(WebhooksSection((), frozenset()))
    office.ping()
    office.turn()
    assert office.receiver.received == []
    assert "leads inside" in str(office.delivery().error)


def test_a_name_that_leads_elsewhere_meanwhile_is_called_where_it_was_judged(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, asked = socket.getaddrinfo, []

    def turning(host: str, *more: Any, **named: Any) -> Any:
        if host == "turning.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.0.0.9"
        return look_up(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", turning)
    hook, _ = office.subscribe(
        "matter.opened", url=f"http://turning.example:{office.receiver.port}/"
    )
    office.ping(hook)
    office.turn()
    [came] = office.receiver.received
    assert came.headers["host"] == f"turning.example:{office.receiver.port}"
    assert asked == ["turning.example"], "the name is asked for once in an attempt"


def test_a_new_secret_signs_beside_the_former_for_a_day(office: Office) -> None:
    with writing():
        fresh = webhooks.renew_secret(office.hook, office.now, "test")
    office.ping()
    office.turn()
    office.now += OVERLAP_MS
    office.ping()
    office.turn()
    both, alone = office.receiver.received
    assert verified(office.secret, both, both.body)
    assert verified(fresh, both, both.body)
    assert verified(fresh, alone, alone.body)
    assert not verified(office.secret, alone, alone.body)


def test_a_slow_receiver_does_not_hold_up_another(office: Office) -> None:
    for _ in range(20):
        office.ping()
    with receiving() as other, office.threads() as jobs:
        hook, _ = office.subscribe("matter.opened", url=other.url)
        office.ping(hook)
        office.receiver.slow_s = 0.3
        for _ in range(2):
            jobs.turn()
        eventually(lambda: len(other.received) == 1, 5, "the other's event")
        assert len(office.receiver.received) <= 4


def test_two_senders_send_each_event_once(office: Office) -> None:
    for _ in range(6):
        office.ping()
    with office.threads() as other:
        for _ in range(6):
            other.turn()
            office.turn()
    ids = [one.headers["webhook-id"] for one in office.receiver.received]
    assert len(ids) == len(set(ids)) == 6


def test_of_two_that_have_seen_the_same_delivery_one_gets_it(office: Office) -> None:
    office.ping()
    held = office.delivery()
    seen = (held.id, held.next_at, office.now)
    assert [deliveries._take(*seen), deliveries._take(*seen)] == [True, False]


def test_a_sender_that_died_leaves_its_delivery_to_another(office: Office) -> None:
    office.ping()
    assert len(deliveries.claim(office.now, 8, 2, {})) == 1
    office.turn()
    assert office.receiver.received == []
    office.now += deliveries.CLAIM_MS
    office.turn()
    assert len(office.receiver.received) == 1


def test_a_matter_and_a_state_are_told_in_their_branch(office: Office) -> None:
    everything, _ = office.subscribe("matter.opened", "terminal.state_changed")
    branch, _ = office.subscribe("matter.opened", "terminal.state_changed", unit=1)
    with writing():
        for name in ("a", "b"):
            found = Found("fault", f"t-{name}:disk", f"t-{name}", details={"what": "disk"})
            matters.open_matter(found, office.now)
            matters.open_matter(found, office.now)  # the same, which is no news
            state = State("ready", "0" * 32, 1, office.now)
            status.presence(f"t-{name}", state, office.now)
            status.presence(f"t-{name}", replace(state, connection=2), office.now)
    bodies = [json.loads(body) for (body,) in WebhookEvent.select(WebhookEvent.body).tuples()]
    assert (
        sorted(one["type"] for one in bodies)
        == ["matter.opened"] * 2 + ["terminal.state_changed"] * 2
    )
    told_of = {"terminal": "t-a", "counter": "A1", "unit": "A", "state": "ready", "former": "init"}
    assert told_of in [one["data"] for one in bodies]
    counts = deliveries.counts([office.hook, everything, branch])
    assert counts == {
        (office.hook, "waiting"): 2, (everything, "waiting"): 4, (branch, "waiting"): 2,
    }  # fmt: skip


def test_a_unit_is_told_of_another_units_terminal_that_speaks_for_it(office: Office) -> None:
    everything, _ = office.subscribe("matter.opened")
    own, named = (office.subscribe("matter.opened", unit=unit)[0] for unit in (1, 2))
    with writing():
        code = Unit.get_by_id(2).code
        found = Found("foreign_counter", matters.about_unit("t-a", code), "t-a")
        matters.open_matter(found, office.now)
    counts = deliveries.counts([everything, own, named])
    assert counts == {(one, "waiting"): 1 for one in (everything, own, named)}


def test_cases_are_told_in_the_branch_of_their_unit_and_confined_ones_to_nobody(
    office: Office,
) -> None:
    office.subscribe("case.opened", "case.overdue", "case.closed", "complaint.filed")
    branch, _ = office.subscribe("case.opened", "case.overdue", "case.closed", unit=1)
    with writing():
        for number in (1, 2):
            for confined in (False, True):
                about = Subject("day", number, number, "2026-11-22", confined=confined)
                case = case_files.open_case(about, office.now, office.now)
                assert case is not None
                held = case_files.one(case)
                held = case_files.append(case, held, None, Escalated((1,)), office.now)
                case_files.append(case, held, None, Withdrawn(), office.now)
    told_of = [json.loads(body) for (body,) in WebhookEvent.select(WebhookEvent.body).tuples()]
    assert Counter(one["type"] for one in told_of) == {
        "case.opened": 2, "case.overdue": 2, "case.closed": 2,
    }  # fmt: skip
    [opened] = [
        one["data"] for one in told_of if (one["type"], one["data"]["unit"]) == ("case.opened", "A")
    ]
    assert opened == {
        "case": 1, "about": "day", "counter": "A1", "unit": "A", "day": "2026-11-22",
        "due_at": format_time(office.now),
    }  # fmt: skip
    assert deliveries.counts([branch]) == {(branch, "waiting"): 3}


def test_a_complaint_is_told_with_what_it_is_of(office: Office) -> None:
    office.subscribe("complaint.filed")
    desk = Desk("t-complaint", "A1")
    desk.write(records.Items("A1", ("parking", "lift")), MINUTE)
    [(body,)] = WebhookEvent.select(WebhookEvent.body).tuples()
    assert json.loads(body)["data"] == {
        "case": 1, "counter": "A1", "unit": "A", "at": format_time(NINE + MINUTE),
        "items": ["parking", "lift"],
    }  # fmt: skip


def test_an_event_is_not_told_where_what_it_tells_of_is_undone(office: Office) -> None:
    with pytest.raises(RuntimeError), writing():  # noqa: PT012 - what is undone is the point
        matters.open_matter(Found("fault", "x", "t-a"), office.now)
        raise RuntimeError
    assert WebhookEvent.select().count() == 0


def test_where_nobody_has_subscribed_nothing_is_written(office: Office) -> None:
    with writing():
        status.presence("t-a", State("ready", "0" * 32, 1, office.now), office.now)
    assert WebhookEvent.select().count() == 0


def test_unsatisfied_ratings_are_told_by_the_day_in_blocks_of_five(office: Office) -> None:
    office.subscribe("rating.unsatisfied")
    for counter, service, told_of in ((1, "", 5), (1, "Căn cước", 0), (2, "", 0)):
        Daily.create(
            counter=counter, day="2026-11-22", service=service, satisfied=3, unsatisfied=2,
            told_fair=3 if told_of else 0, told_poor=2 if told_of else 0,
        )  # fmt: skip
    rounds.tell_days(NINE, SAIGON)  # the first time begins with now
    midnight = NINE + 15 * HOUR
    rounds.tell_days(midnight + 59 * MINUTE, SAIGON)
    assert WebhookEvent.select().count() == 0, "the day is not over for long enough"
    for after in (HOUR, 2 * HOUR, 100 * HOUR):
        rounds.tell_days(midnight + after, SAIGON)
    [event] = WebhookEvent.select()
    assert json.loads(event.body)["data"] == {
        "counter": "A1", "unit": "A", "day": "2026-11-22", "ratings": 5, "unsatisfied": 2,
    }  # fmt: skip


def test_no_hour_tells_the_choices_of_the_rest_of_its_day(office: Office) -> None:
    """Five ratings in one hour and two in another are one block of seven: the hour is not told."""
    office.subscribe("rating.unsatisfied")
    day = {"counter": 1, "day": "2026-11-22"}
    Hourly.create(hour=NINE, satisfied=3, unsatisfied=2, **day)
    Hourly.create(hour=NINE + HOUR, satisfied=1, unsatisfied=1, **day)
    Daily.create(service="", satisfied=4, unsatisfied=3, told_fair=4, told_poor=3, **day)
    office.turn()
    for _ in range(3 * 24):
        office.now += HOUR
        office.turn()
    [event] = WebhookEvent.select()
    told_of = json.loads(event.body)["data"]
    assert (told_of["ratings"], told_of["unsatisfied"]) == (7, 3)
    assert "hour" not in told_of


def test_a_day_is_told_once_even_if_it_is_looked_at_again(office: Office) -> None:
    office.subscribe("rating.unsatisfied")
    Daily.create(
        counter=1, day="2026-11-22", service="", satisfied=3, unsatisfied=2, told_fair=3,
        told_poor=2,
    )  # fmt: skip
    for _ in range(2):
        with writing():
            told.tell_day(day_of(NINE, SAIGON), NINE + 16 * HOUR)
    assert WebhookEvent.select().count() == 1


def note_day(counter: int, **counts: int) -> None:
    """Keep the 22nd of a counter as ingest keeps it."""
    with writing():
        daily.note_units(daily.note(counter, "2026-11-22", {"": Counts(**counts)}))


def test_counters_under_the_target_are_told_once_their_day_is_over(office: Office) -> None:
    office.subscribe("participation.under_target")
    note_day(1, served=10, rated=3)
    note_day(2, served=10, rated=4)
    rounds.tell_days(NINE, SAIGON)
    midnight = NINE + 15 * HOUR
    rounds.tell_days(midnight + 59 * MINUTE, SAIGON)
    assert WebhookEvent.select().count() == 0
    for after in (HOUR, 2 * HOUR, 100 * HOUR):
        rounds.tell_days(midnight + after, SAIGON)
    [event] = WebhookEvent.select()
    assert json.loads(event.body)["data"] == {
        "counter": "A1", "unit": "A", "day": "2026-11-22", "served": 10, "rated": 3, "target": 40,
    }  # fmt: skip


def test_jobs_looks_at_what_is_over(office: Office) -> None:
    office.turn()
    first = tallies.read()[tallies.DAYS_TOLD]
    office.now = first + 24 * HOUR + DAY_LATE_MS - 1
    office.turn()
    assert tallies.read()[tallies.DAYS_TOLD] == first
    office.now += 1
    office.turn()
    assert tallies.read()[tallies.DAYS_TOLD] == first + 24 * HOUR


def test_jobs_says_every_ten_seconds_that_it_lives(office: Office) -> None:
    office.turn()
    assert tallies.read()[tallies.JOBS] == NINE
    office.now += tallies.ALIVE_MS - 1
    office.turn()
    assert tallies.read()[tallies.JOBS] == NINE
    office.now += 1
    office.turn()
    assert tallies.read()[tallies.JOBS] == office.now


def test_after_a_month_what_became_of_an_event_is_forgotten(office: Office) -> None:
    office.ping()
    office.turn()
    office.now += 31 * 24 * HOUR
    office.receiver.answers = [500]
    office.ping()
    office.turn()
    retention.erase({"deliveries": 30}, office.now, "server")
    assert [one.state for one in WebhookDelivery.select()] == ["waiting"]
    assert WebhookEvent.select().count() == 1


def test_a_paused_subscription_gets_nothing_until_it_goes_on(office: Office) -> None:
    office.ping()
    held = webhooks.one(office.hook, EVERYTHING, office.now)
    assert held is not None
    wish = Wish(held.url, held.events, None, False, "")
    with writing():
        webhooks.change(held.id, held.version, wish, office.now, "test")
    office.turn()
    assert office.receiver.received == []
    with writing():
        webhooks.change(held.id, 2, replace(wish, active=True), office.now, "test")
    office.turn()
    assert len(office.receiver.received) == 1


def test_what_waits_for_a_subscription_is_not_sent_while_nobody_answers_for_it(
    office: Office,
) -> None:
    office.ping()
    Webhook.update(created_by="person:gone@hailong.example").execute()
    office.turn()
    assert office.receiver.received == []
    with writing():
        webhooks.take_over(office.hook, "command:root", office.now)
    office.turn()
    assert len(office.receiver.received) == 1


def test_the_process_delivers_and_ends_when_it_is_told(template: Settings, tmp_path: Path) -> None:
    text = template.path.read_text(encoding="utf-8")
    fleet = template.path.with_name("jobs.toml")
    fleet.write_text(f'{text}\n[webhooks]\nallow = ["127.0.0.0/8"]\n', encoding="utf-8")
    database.open_database(template.database.url)
    with receiving() as receiver:
        with writing():
            wish = Wish(receiver.url, ("matter.opened",), None, True, "")
            hook, _ = webhooks.add(wish, now_ms(), "test")
            outbox.send("ping", {"webhook": hook}, [hook], now_ms())
        database.close()
        log = tmp_path / "jobs.log"
        process = Process([FLEET, "jobs", "--config", str(fleet)], log).start()
        try:
            eventually(lambda: len(receiver.received) == 1, 20, "the event")
        finally:
            assert process.stop() == 0, process.output()
    database.open_database(template.database.url)
    assert WebhookDelivery.get(WebhookDelivery.webhook == hook).state == "delivered"
    assert tallies.read()[tallies.JOBS] == tallies.ENDED
    database.close()


def test_a_past_day_is_told_of_the_unit_where_the_counter_lay(office: Office) -> None:
    former, later = (
        office.subscribe("rating.unsatisfied", "participation.under_target", unit=unit)[0]
        for unit in (1, 2)
    )
    note_day(1, served=10, rated=5, satisfied=3, unsatisfied=2)
    with writing():
        day = "2026-11-22"
        targets.add(1, 0, day, Goal(90, 90), day, actor="person:a", now=NINE)
        places.move_counter(1, 2, "2026-11-23")
        told.tell_day(day_of(NINE, SAIGON), NINE + 24 * HOUR)
    heard = {event.type: json.loads(event.body)["data"] for event in WebhookEvent.select()}
    assert {name: data["unit"] for name, data in heard.items()} == {
        "rating.unsatisfied": "A", "participation.under_target": "A",
    }  # fmt: skip
    assert heard["participation.under_target"]["target"] == 90
    assert deliveries.counts([former, later]) == {(former, "waiting"): 2}
