"""The formats of a report, by the ending of their files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fleet_server.reports.as_csv import to_csv
from fleet_server.reports.as_document import to_document
from fleet_server.reports.as_pdf import to_pdf
from fleet_server.reports.as_xlsx import to_xlsx
from fleet_server.reports.standard import standard
from fleet_server.reports.written import Written
from fleet_server.store import report_templates


@dataclass(frozen=True, slots=True)
class Format:
    """How a report is written.

    Attributes:
        write: makes the bytes of a file.
        media: its type.
    """

    write: Callable[[Written], bytes]
    media: str


def _by_template(report: Written) -> bytes:
    """Write it by the template that holds, or by the standard one."""
    return to_document(report, report_templates.held() or standard())


FORMATS: Mapping[str, Format] = {
    "xlsx": Format(to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": Format(
        _by_template, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "pdf": Format(to_pdf, "application/pdf"),
    "csv": Format(to_csv, "text/csv; charset=utf-8"),
}
