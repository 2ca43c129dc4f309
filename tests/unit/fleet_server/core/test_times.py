"""The server's judgement of when a record happened."""

from fleet_server.core.times import MAX_AT, MIN_OFFSET, Moment, Time, estimate, extend
from tests.fakes.times import derive

HOUR = 3_600_000
LONG_AFTER = 1_000 * HOUR


def synced(boot: str, up: int, at: int, received: int = LONG_AFTER) -> Moment:
    return Moment(boot, up, at, "synced", received)


def unset(boot: str, up: int, received: int = LONG_AFTER, at: int = 0) -> Moment:
    return Moment(boot, up, at, "unset", received)


def clock(boot: str, up: int, after: int, received: int = LONG_AFTER) -> Moment:
    return Moment(boot, up, after, "synced", received, clock_set=after)


def test_a_synced_time_is_taken_as_it_is() -> None:
    assert derive([synced("a", 5, 1_000)]) == [Time(1_000, "exact")]


def test_a_holdover_time_is_taken_as_it_is() -> None:
    assert derive([Moment("a", 5, 1_000, "holdover", LONG_AFTER)]) == [Time(1_000, "exact")]


def test_an_unset_time_is_derived_from_the_next_clock_record_of_its_boot() -> None:
    times = derive([unset("a", 100), unset("a", 300), clock("a", 1_000, 50_000)])
    assert times[:2] == [Time(49_100, "derived"), Time(49_300, "derived")]


def test_the_next_clock_record_counts_not_a_later_one() -> None:
    times = derive([unset("a", 0), clock("a", 10, 1_010), unset("a", 20), clock("a", 30, 9_030)])
    assert times[0] == Time(1_000, "derived")
    assert times[2] == Time(9_020, "derived")


def test_a_clock_record_that_is_itself_unset_gets_the_time_it_set() -> None:
    assert derive([Moment("a", 10, 0, "unset", LONG_AFTER, clock_set=7_000)]) == [
        Time(7_000, "derived")
    ]


def test_after_the_last_clock_record_the_one_before_serves() -> None:
    assert derive([clock("a", 10, 1_010), unset("a", 500)])[1] == Time(1_500, "derived")


def test_a_clock_record_of_another_boot_says_nothing() -> None:
    times = derive([unset("a", 0), synced("b", 0, 9_000), clock("b", 10, 9_010)])
    assert times[0].quality == "estimated"


def test_without_a_clock_record_an_exact_stamp_of_the_boot_serves() -> None:
    assert derive([unset("a", 100), synced("a", 200, 5_200)])[0] == Time(5_100, "derived")


def test_a_clock_record_is_preferred_to_an_exact_stamp() -> None:
    times = derive([unset("a", 0), synced("a", 10, 500), clock("a", 20, 9_020)])
    assert times[0] == Time(9_000, "derived")


def test_a_boot_without_the_time_lies_in_the_middle_between_its_neighbours() -> None:
    times = derive(
        [
            synced("before", 0, 17 * HOUR),
            unset("lost", 0),
            unset("lost", 9 * HOUR),
            synced("after", 0, 32 * HOUR),
        ]
    )
    assert times[1] == Time(20 * HOUR, "estimated")
    assert times[2] == Time(29 * HOUR, "estimated")


def test_the_time_off_is_shared_evenly_between_several_lost_boots() -> None:
    times = derive(
        [
            synced("before", 0, 0),
            unset("one", 7),
            unset("one", HOUR + 7),
            unset("two", 0),
            unset("two", 2 * HOUR),
            synced("after", 0, 9 * HOUR),
        ]
    )
    assert [time.at // HOUR for time in times] == [0, 2, 3, 5, 7, 9]


def test_records_that_came_live_are_placed_by_their_reception() -> None:
    times = derive(
        [
            synced("before", 0, 0),
            unset("lost", 50, received=HOUR),
            synced("after", 0, 9 * HOUR),
        ]
    )
    assert times[1] == Time(HOUR, "estimated")


def test_of_several_receptions_the_tightest_bound_counts() -> None:
    times = derive([unset("a", 0, received=5_000), unset("a", 1_000, received=5_100)])
    assert [time.at for time in times] == [4_100, 5_100]


def test_without_an_earlier_neighbour_a_lost_boot_ends_where_the_next_begins() -> None:
    times = derive([unset("lost", 0), unset("lost", HOUR), synced("after", 0, 9 * HOUR)])
    assert [time.at for time in times[:2]] == [8 * HOUR, 9 * HOUR]


def test_an_earlier_neighbour_that_claims_the_future_does_not_push_a_lost_boot() -> None:
    times = derive([synced("liar", 0, 900 * HOUR), unset("lost", 0), synced("after", 0, 9 * HOUR)])
    assert times[1] == Time(9 * HOUR, "estimated")


def test_a_backlog_of_lost_boots_keeps_its_order() -> None:
    times = derive([unset("one", HOUR), unset("two", 0), unset("two", HOUR)])
    assert times[0].at <= times[1].at
    assert times[2].at == LONG_AFTER


def test_the_estimate_of_an_unset_clock_does_not_use_what_the_clock_showed() -> None:
    believed = derive([unset("a", 0, at=123), synced("b", 0, 5_000)])
    assert believed == derive([unset("a", 0, at=456_789), synced("b", 0, 5_000)])


def test_a_time_beyond_every_calendar_is_kept_within_it() -> None:
    assert derive([clock("a", 0, 10**18), unset("a", 2**62)])[1].at == MAX_AT
    assert derive([synced("a", 0, -(10**18))])[0].at == 0


def test_no_records_have_no_times() -> None:
    assert derive([]) == []


def test_boots_longer_than_history_are_placed_where_numbers_still_hold() -> None:
    longest = 2**63 - 1
    spans = [
        extend(extend(None, unset(boot, 0)), unset(boot, longest)) for boot in ("a", "b", "c", "d")
    ]
    offsets = estimate([*spans, extend(None, synced("e", longest, 1_000))])
    assert set(offsets) == {"a", "b", "c", "d"}
    assert min(offsets.values()) == MIN_OFFSET == -longest
