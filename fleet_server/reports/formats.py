"""The formats of a report, by the ending of their files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fleet_server.reports.as_csv import to_csv
from fleet_server.reports.as_xlsx import to_xlsx
from fleet_server.reports.written import Written


@dataclass(frozen=True, slots=True)
class Format:
    """How a report is written.

    Attributes:
        write: makes the bytes of a file.
        media: its type.
    """

    write: Callable[[Written], bytes]
    media: str


FORMATS: Mapping[str, Format] = {
    "xlsx": Format(to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": Format(to_csv, "text/csv; charset=utf-8"),
}
