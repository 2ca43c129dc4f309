"""The district's offices and counters: plain data. All names are invented."""

from dataclasses import dataclass
from typing import Literal

Source = Literal["rest", "own_id", "lan", "scanner"]
"""Who tells of tickets: the queue system through REST, whose visit ids terminals know; the same,
but terminals give ids of their own; an appliance beside the terminal; a scanner at it."""
Kind = Literal["city", "district", "department", "unit"]


@dataclass(frozen=True, slots=True)
class Service:
    """What citizens come for; ``minutes`` is how long one usually takes."""

    code: str
    name: str
    letter: str
    minutes: float


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """An office.

    Attributes:
        code, name, kind: as the fleet knows it.
        parent: code of the office above it, None for the city.
        services: one counter for each.
        source: who tells of its tickets; ``rest`` begins late in the quarter (`stories`).
        saturday: whether it is open on Saturday mornings.
    """

    code: str
    name: str
    kind: Kind
    parent: str | None
    services: tuple[Service, ...] = ()
    source: Source = "lan"
    saturday: bool = False


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A counter; ``number`` counts all counters of the district."""

    code: str
    name: str
    unit: UnitPlan
    service: Service
    number: int

    @property
    def terminal(self) -> str:
        """Id of the terminal that stands there at first."""
        return self.code.lower()


CIVIL = Service("ho-tich", "Hộ tịch", "A", 4.6)
COPIES = Service("chung-thuc", "Chứng thực", "B", 3.2)
LAND = Service("dat-dai", "Đất đai", "C", 6.2)
BUILDING = Service("xay-dung", "Xây dựng", "D", 6.0)
TRADE = Service("ho-kd", "Đăng ký hộ kinh doanh", "E", 5.2)
WELFARE = Service("bao-tro", "Bảo trợ xã hội", "F", 5.4)
RESIDENCE = Service("cu-tru", "Cư trú", "G", 4.2)
RESULTS = Service("tra-kq", "Trả kết quả", "H", 2.6)
TAX = Service("thue", "Thuế", "K", 4.8)
INSURANCE = Service("bhxh", "Bảo hiểm xã hội", "L", 4.4)
MERIT = Service("nguoi-co-cong", "Người có công", "M", 6.4)

CITY, DISTRICT = "HK", "BH"
_OFFICES = (
    UnitPlan(CITY, "Thành phố Hải Khê", "city", None),
    UnitPlan(DISTRICT, "Quận Bình Hòa", "district", CITY),
    UnitPlan("STP", "Sở Tư pháp", "department", CITY),
    UnitPlan("SMT", "Sở Nông nghiệp và Môi trường", "department", CITY),
    UnitPlan(
        "BH-MC", "Bộ phận Một cửa quận Bình Hòa", "unit", DISTRICT,
        (CIVIL, COPIES, COPIES, LAND, BUILDING, TRADE, WELFARE, TAX, RESULTS, RESULTS), "rest",
        saturday=True,
    ),
    UnitPlan(
        "BH-DD", "Chi nhánh Văn phòng Đăng ký đất đai Bình Hòa", "unit", "SMT",
        (LAND, LAND, LAND, RESULTS), "rest",
    ),
    UnitPlan(
        "BH-BH", "Bảo hiểm xã hội quận Bình Hòa", "unit", DISTRICT,
        (INSURANCE, INSURANCE, WELFARE, RESULTS), "own_id",
    ),
    UnitPlan("BH-CT", "Phòng Công chứng số 2, Bình Hòa", "unit", "STP", (COPIES, COPIES)),
)  # fmt: skip
_WARDS = (
    ("BG", "Bến Gỗ", (CIVIL, COPIES, LAND, WELFARE, RESULTS)),
    ("CK", "Cầu Kè", (CIVIL, COPIES, LAND, RESIDENCE, RESULTS)),
    ("CQ", "Chợ Quán", (CIVIL, COPIES, COPIES, TRADE, RESIDENCE, RESULTS)),
    ("DT", "Đông Thạnh", (CIVIL, COPIES, WELFARE, RESULTS)),
    ("HL", "Hòa Lộc", (CIVIL, COPIES, LAND, WELFARE, RESULTS)),
    ("KG", "Kim Giang", (CIVIL, COPIES, RESIDENCE, MERIT, RESULTS)),
    ("LB", "Long Bình", (CIVIL, COPIES, LAND, TRADE, RESIDENCE, RESULTS)),
    ("MA", "Mỹ An", (CIVIL, COPIES, WELFARE, RESULTS)),
    ("NS", "Nam Sơn", (CIVIL, COPIES, LAND, RESULTS)),
    ("PH", "Phú Hội", (CIVIL, COPIES, LAND, RESIDENCE, RESULTS)),
    ("TL", "Tân Lập", (CIVIL, COPIES, TRADE, WELFARE, RESULTS)),
    ("VT", "Vĩnh Tường", (CIVIL, COPIES, RESIDENCE, RESULTS)),
)
_QUEUED = {"LB"}
_SCANNED = {"DT", "MA", "VT"}


def units() -> tuple[UnitPlan, ...]:
    """Return all offices, each after the one above it."""
    return _OFFICES + tuple(_ward(*ward) for ward in _WARDS)


def counters(offices: tuple[UnitPlan, ...]) -> tuple[CounterPlan, ...]:
    """Return the counters of some offices, in the order of the offices."""
    places = [
        (unit, service, index) for unit in offices for index, service in enumerate(unit.services, 1)
    ]
    return tuple(
        CounterPlan(f"{unit.code}-{index}", f"Quầy {index}: {service.name}", unit, service, number)
        for number, (unit, service, index) in enumerate(places)
    )


def _ward(code: str, name: str, services: tuple[Service, ...]) -> UnitPlan:
    source: Source = "rest" if code in _QUEUED else "scanner" if code in _SCANNED else "lan"
    saturday = source != "scanner"
    return UnitPlan(
        f"P-{code}", f"UBND phường {name}", "unit", DISTRICT, services, source, saturday
    )
