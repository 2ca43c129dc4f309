"""Units and counters of the office, and its hours."""

from fleet_server.core.opening import FLEET, Week
from fleet_server.core.tree import BEGINNING
from fleet_server.store import opening, places

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


def add(hours: Week) -> None:
    """Add units and counters, open at these hours."""
    for code, name in UNITS:
        places.add_unit(code, name)
    opening.set_week(FLEET, opening.NEW, BEGINNING, hours)
    for code, name, unit, _asked, _liked in COUNTERS:
        places.add_counter(code, name, unit + 1)


def terminal_id(index: int) -> str:
    """Return the id of the terminal at a counter."""
    return f"{COUNTERS[index][0].lower()}-t1"
