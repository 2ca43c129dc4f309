"""A report as CSV: each table, the notes, the facts, with an empty line between."""

import csv
from io import StringIO

from flask_babel import gettext as _

from fleet_server.reports.cells import Cell, Percent, Points
from fleet_server.reports.written import Written
from fleet_server.web.exports.sheets import safe


def to_csv(report: Written) -> bytes:
    """Return it with the mark that Excel wants; numbers are plain, a missing one is empty."""
    lines = StringIO()
    writer = csv.writer(lines)
    for table in report.tables:
        writer.writerow([safe(table.title)])
        writer.writerow([safe(head) for head in table.heads])
        writer.writerows([_plain(cell) for cell in row] for row in table.rows)
        writer.writerow([])
    writer.writerow([safe(_("Notes"))])
    writer.writerows([safe(note)] for note in report.notes)
    writer.writerow([])
    writer.writerows([safe(name), safe(value)] for name, value in (*report.facts, *report.stamp))
    return lines.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int | float | None:
    if isinstance(cell, Percent | Points):
        return round(cell.value, 1 if isinstance(cell, Percent) else 2)
    return safe(cell) if isinstance(cell, str) else cell
