"""Does in the fleet what makes figures known: reports that are kept, and a public page."""

from datetime import timedelta, tzinfo

from fleet_server.core.days import local
from fleet_server.core.spans import of
from fleet_server.district.acts import Publish, Report
from fleet_server.store import kept_reports, offices, published, report_schedules
from fleet_server.store.database import writing
from fleet_server.store.kept_reports import Order

HEAD, OFFICER = "person:quan-tri@binhhoa.example", "person:chat-luong@binhhoa.example"
FORMATS, LANGUAGE = ("pdf", "xlsx"), "vi"
REPORTED_ON = 3
"""The day of the month on which the report of the last one is made."""


def report(act: Report, zone: tzinfo) -> None:
    """Order last month's report, and one of each month to come."""
    unit, today = offices.unit_id(act.unit), local(act.at, zone).date()
    last_month = of("month", of("month", today).first - timedelta(days=1))
    wanted = Order(unit, act.unit, last_month.text, FORMATS, LANGUAGE)
    with writing():
        if report_schedules.going_on():
            return  # the day is taken again
        report_schedules.add(wanted, "month", REPORTED_ON, today, [], actor=HEAD, now=act.at)
        kept_reports.order(wanted, actor=OFFICER, now=act.at)


def publish(act: Publish) -> None:
    """Let a unit show its figures to everybody; once more changes nothing."""
    with writing():
        unit = offices.unit_id(act.unit)
        published.switch(unit, act.unit, on=True, actor=HEAD, now=act.at)
