"""Who takes part in the demo: two units, six counters, and how their citizens behave."""

from dataclasses import dataclass

CHOICES = ("very_satisfied", "satisfied", "unsatisfied")


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """One counter of the demo, with the terminal that stands at it.

    Attributes:
        code: code of the counter.
        name: what people read.
        terminal: id of its terminal.
        letter: what its ticket numbers begin with.
        service: what is dealt with there, as the queue system names it.
        rates: share of the served citizens who press, 0 to 1.
        weights: how often each of the three choices is pressed.
    """

    code: str
    name: str
    terminal: str
    letter: str
    service: str
    rates: float
    weights: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """One unit of the demo with its counters."""

    code: str
    name: str
    counters: tuple[CounterPlan, ...]


UNITS = (
    UnitPlan(
        "AN-HOA",
        "Bộ phận Một cửa phường An Hòa",
        (
            CounterPlan("AH-1", "Quầy 1: Hộ tịch", "an-hoa-1", "A", "ho-tich", 0.8, (6, 3, 1)),
            CounterPlan(
                "AH-2", "Quầy 2: Chứng thực", "an-hoa-2", "B", "chung-thuc", 0.6, (4, 5, 1)
            ),
            CounterPlan("AH-3", "Quầy 3: Đất đai", "an-hoa-3", "C", "dat-dai", 0.3, (2, 3, 4)),
        ),
    ),
    UnitPlan(
        "TAN-PHU",
        "Bộ phận Một cửa phường Tân Phú",
        (
            CounterPlan("TP-1", "Quầy 1: Hộ kinh doanh", "tan-phu-1", "D", "ho-kd", 0.7, (5, 4, 1)),
            CounterPlan(
                "TP-2", "Quầy 2: Bảo trợ xã hội", "tan-phu-2", "E", "bao-tro", 0.5, (5, 3, 2)
            ),
            CounterPlan("TP-3", "Quầy 3: Trả kết quả", "tan-phu-3", "F", "tra-kq", 0.9, (7, 2, 1)),
        ),
    ),
)


def counters() -> tuple[CounterPlan, ...]:
    """Return the counters of all units."""
    return tuple(counter for unit in UNITS for counter in unit.counters)
