"""The times of a whole chain at once, where the store works them out piece by piece."""

from fleet_server.core.times import (
    BootSpan,
    Moment,
    Time,
    clamp,
    estimate,
    extend,
    known_time,
)


def derive(held: list[Moment]) -> list[Time]:
    """Return the time of each record of one chain, given whole and in the order of sequence."""
    spans: dict[str, BootSpan] = {}
    for moment in held:
        spans[moment.boot] = extend(spans.get(moment.boot), moment)
    estimated = estimate(list(spans.values()))
    offsets = {boot: span.offset for boot, span in spans.items()}
    times: list[Time] = []
    for moment in reversed(held):
        if moment.clock_set is not None:
            offsets[moment.boot] = moment.clock_set - moment.up
        known = known_time(moment, offsets[moment.boot])
        times.append(known or Time(clamp(estimated[moment.boot] + moment.up), "estimated"))
    times.reverse()
    return times
