"""What is made of a seed, before any server takes it."""

import hashlib
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from fleet_server.core.verify import EnrolledKey, verify_record
from fleet_server.district import cache
from fleet_server.district.acts import Attend, Join, Move, Revoke, Rounds, acts
from fleet_server.district.calendar import opening
from fleet_server.district.district import District
from fleet_server.district.journal import Journal, Pen, public_key, signing_key
from fleet_server.district.making import MadeDay, Pace, make_day
from tests.fakes.district import SMALL, ZONE
from wire import keys, topics
from wire.envelope import seal, split_run
from wire.records import Boot, ChainStart

QUARTER = District(date(2026, 8, 27), ZoneInfo("Asia/Ho_Chi_Minh"))


def digest(day: MadeDay) -> str:
    lines = [f"{one.at} {one.topic} {one.payload!r}" for one in day.sent]
    lines += [repr(one) for one in (*day.told, *day.said)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def made(district: District, days: int) -> list[MadeDay]:
    found: list[MadeDay] = []
    for index in range(days):
        states = found[-1].states if found else {}
        found.append(make_day(district, states, index, Pace(health=3_600_000)))
    return found


def test_the_same_seed_makes_the_same_bytes() -> None:
    assert [digest(day) for day in made(SMALL, 2)] == [digest(day) for day in made(SMALL, 2)]


def test_another_seed_makes_others() -> None:
    other = replace(SMALL, seed="other")
    assert digest(made(SMALL, 1)[0]) != digest(made(other, 1)[0])


def test_what_is_made_belongs_to_its_generation() -> None:
    """Where this fails, what is made has changed: raise `cache.GENERATION`, and put both here."""
    days = [digest(day) for day in made(SMALL, 9)]
    assert (cache.GENERATION, hashlib.sha256(" ".join(days).encode()).hexdigest()[:16]) == PINNED


def test_the_district_is_large_enough_to_be_believed() -> None:
    counters = QUARTER.counters
    assert len(counters) >= 60
    assert len({one.code for one in counters}) == len(counters)
    assert len(QUARTER.units) == 20
    sample = range(0, 90, 6)
    rated = sum(
        bool(one.presses)
        for index in sample
        for counter in counters
        for one in QUARTER.servings(counter, index)
    )
    assert rated * 6 > 300_000


def test_numbers_of_a_day_are_given_out_once_in_a_unit() -> None:
    tickets = [
        (counter.unit.code, one.ticket)
        for counter in QUARTER.counters
        for one in QUARTER.servings(counter, 0)
    ]
    assert len(tickets) == len(set(tickets))


def test_offices_are_closed_on_sundays_holidays_and_at_lunch() -> None:
    assert opening(date(2026, 11, 22), date.max, True, ZONE) == ()
    assert opening(date(2026, 9, 2), date.max, True, ZONE) == ()
    assert opening(date(2027, 2, 5), date.max, True, ZONE) == ()
    assert len(opening(date(2026, 11, 28), date.max, True, ZONE)) == 1
    assert opening(date(2026, 11, 28), date.max, False, ZONE) == ()
    (start, noon), (after, _end) = opening(date(2026, 11, 26), date.max, False, ZONE)
    assert (noon - start, after - noon) == (4 * 3_600_000, 90 * 60_000)


def test_a_pen_signs_as_the_wire_does() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(signing_key("s", "t-1")))
    pen = Pen(Journal("t-1", "s"))
    assert pen.sign(b"{}") == seal(b"{}", OKPKey.import_key(private))


def test_records_verify_and_link() -> None:
    pen = Pen(Journal("t-1", "s"))
    pen.start(1_790_000_000_000, "synced")
    pen.begin(1_790_000_000_000, ChainStart("first"))
    pen.write(1_790_000_000_100, Boot("1", "1"))
    key = public_key("s", "t-1")
    ring = {keys.kid_of(key): EnrolledKey(keys.kid_of(key), keys.x_of(key))}
    read = [verify_record(entry.token, "t-1", ring) for entry in pen.entries]
    assert [record.stamp.seq for record in read] == [1, 2]


def test_a_run_fits_into_a_message() -> None:
    for day in made(SMALL, 1):
        for one in day.sent:
            if topics.parse(one.topic).leaf == "records":
                assert split_run(one.payload)


def test_every_story_happens_somewhere_in_both_districts() -> None:
    from fleet_server.district.stories import STORIES

    for district in (QUARTER, SMALL):
        told = {kind for story in district.stories.values() for kind in story.days}
        assert told == {story.kind for story in STORIES}


def test_people_add_terminals_first_and_do_what_stories_ask_for() -> None:
    done = [act for index in range(92) for act in acts(QUARTER, index)]
    joined = {act.dev for act in acts(QUARTER, 0) if isinstance(act, Join)}
    assert {counter.terminal for counter in QUARTER.counters} <= joined
    assert sum(isinstance(act, Revoke) for act in done) == 1
    assert sum(isinstance(act, Move) for act in done) == 1


def test_cases_begin_four_weeks_before_the_newest_day_and_offices_see_to_them_when_open() -> None:
    days = [acts(QUARTER, index) for index in range(92)]
    rounds = [index for index, day in enumerate(days) if any(isinstance(a, Rounds) for a in day)]
    assert rounds == list(range(92 - 28, 92))
    attended = [
        QUARTER.day(index).weekday()
        for index, day in enumerate(days)
        if any(isinstance(act, Attend) for act in day)
    ]
    assert set(attended) == set(range(6))
    assert len(attended) < 28 - 4 + 1


PINNED = (5, "74be33725bb0efd2")
