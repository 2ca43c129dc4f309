"""Times of records, whatever the terminal's clock did."""

from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.times import MAX_AT, BootSpan, Moment, estimate, extend, known_time
from tests.fakes.times import derive

HOUR = 3_600_000
WILD = st.integers(-(2**63), 2**63 - 1)


@st.composite
def wild_moments(draw: st.DrawFn) -> list[Moment]:
    """Anything that a terminal, or somebody in its place, could claim."""
    one = st.builds(
        Moment,
        boot=st.sampled_from("abcd"),
        up=st.integers(0, 2**63 - 1),
        at=WILD,
        clock=st.sampled_from(["synced", "holdover", "unset"]),
        received=st.integers(0, 2**45),
        clock_set=st.none() | WILD,
    )
    return draw(st.lists(one, max_size=12))


@st.composite
def honest_chain(draw: st.DrawFn) -> tuple[list[Moment], list[int]]:
    """A terminal that lost the time now and then, and what the time really was."""
    moments: list[Moment] = []
    truth: list[int] = []
    now = 1_000 * HOUR
    for boot in range(draw(st.integers(1, 5))):
        now += draw(st.integers(0, 20)) * HOUR
        booted, known = now, draw(st.booleans())
        for _ in range(draw(st.integers(1, 5))):
            now += draw(st.integers(0, HOUR))
            sets = not known and draw(st.booleans())
            clock = "synced" if known else "unset"
            moments.append(
                Moment(
                    f"boot {boot}",
                    up=now - booted,
                    at=now if known else 7,
                    clock=clock,
                    received=now + draw(st.integers(0, 100 * HOUR)),
                    clock_set=now if sets else None,
                )
            )
            truth.append(now)
            known = known or sets
    return moments, truth


@given(wild_moments())
def test_any_claim_gets_a_time_that_a_calendar_can_show(moments: list[Moment]) -> None:
    times = derive(moments)
    assert len(times) == len(moments)
    assert all(0 <= time.at <= MAX_AT for time in times)


@given(honest_chain())
def test_exact_and_derived_times_of_an_honest_terminal_are_the_truth(
    chain: tuple[list[Moment], list[int]],
) -> None:
    moments, truth = chain
    for time, true in zip(derive(moments), truth, strict=True):
        assert time.quality == "estimated" or time.at == true


@given(honest_chain())
def test_times_of_an_honest_terminal_follow_the_sequence_and_precede_reception(
    chain: tuple[list[Moment], list[int]],
) -> None:
    moments, _ = chain
    times = derive(moments)
    assert [time.at for time in times] == sorted(time.at for time in times)
    assert all(time.at <= moment.received for time, moment in zip(times, moments, strict=True))


@given(honest_chain())
def test_records_of_one_boot_keep_their_distances(chain: tuple[list[Moment], list[int]]) -> None:
    moments, _ = chain
    offsets: dict[str, set[int]] = {}
    for time, moment in zip(derive(moments), moments, strict=True):
        offsets.setdefault(moment.boot, set()).add(time.at - moment.up)
    assert all(len(of_boot) == 1 for of_boot in offsets.values())


@given(honest_chain())
def test_taken_one_by_one_the_boots_come_to_the_same(
    chain: tuple[list[Moment], list[int]],
) -> None:
    moments, _ = chain
    spans: dict[str, BootSpan] = {}
    for moment in moments:
        spans[moment.boot] = extend(spans.get(moment.boot), moment)
    placed = estimate(list(spans.values()))
    for time, moment in zip(derive(moments), moments, strict=True):
        known = known_time(moment, spans[moment.boot].offset)
        assert time.at == (known.at if known else placed[moment.boot] + moment.up)
