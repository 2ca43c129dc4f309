"""Adding, renaming, moving and closing counters."""

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.days import parse_date
from fleet_server.core.tree import BEGINNING, TreeError
from fleet_server.store.editing import Stale
from fleet_server.store.edits import counters
from fleet_server.store.offices import add_counter as save_new
from fleet_server.store.pages import tree as store
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.period import today
from fleet_server.web.tree.answers import Edit, Page, answer
from fleet_server.web.tree.blueprint import blueprint
from fleet_server.web.tree.forms import (
    CloseForm,
    CounterForm,
    EditForm,
    MoveCounterForm,
    NewCounterForm,
    unit_choices,
)
from fleet_server.web.tree.places import (
    asked_unit,
    counter_crumbs,
    counter_or_404,
    crumbs,
    latest_closing,
)
from fleet_server.web.words.tree import refusal, written


def _units() -> list[Any]:
    scope, tree = access.scope("tree"), access.tree()
    return unit_choices(tree, [one.id for one in tree if scope.covers(one.id)])


def _back(code: str) -> str:
    return url_for("tree.counter", code=code)


@blueprint.route("/new-counter", methods=["GET", "POST"])
@allow("tree")
def add_counter() -> ResponseReturnValue:
    """Add a counter to a unit."""
    holder = asked_unit("tree")
    form = NewCounterForm(data={"unit": holder.code if holder else ""})
    form.unit.choices = _units()
    page = Page(
        title=gettext("Add a counter"),
        crumbs=crumbs(holder, (gettext("Add a counter"), None)),
        back=url_for("tree.unit", unit=holder.code) if holder else url_for("tree.index"),
        hints={
            "code": gettext(
                "As the queue system names it. It can't be changed later: signed records hold it."
            ),
            "name": gettext("As citizens read it, such as Quầy 3 – Hộ tịch."),
        },
    )

    def save(_version: int) -> None:
        save_new(form.code.data, form.name.data, form.unit.data, g.now, access.actor())

    edit = Edit(save, blame={"taken": "code", "in_closed": "unit", "missing": "unit"})
    return answer(form, page, edit, gettext("The counter was added."))


@blueprint.route("/counters/<code>/change", methods=["GET", "POST"])
@allow("tree")
def rename_counter(code: str) -> ResponseReturnValue:
    """Give a counter another name."""
    row = counter_or_404(code, "tree")
    form = CounterForm()
    page = Page(
        title=gettext("Rename this counter"),
        crumbs=counter_crumbs(row, (gettext("Rename"), None)),
        back=_back(code),
        told=[
            gettext(
                "The code %(code)s stays for good: signed records and the queue system name the "
                "counter by it. For another code, close this counter and add a new one.",
                code=code,
            )
        ],
    )

    def current() -> tuple[dict[str, Any], int]:
        found = store.counter(code)
        return {"name": found.name}, found.version

    def save(version: int) -> None:
        counters.rename(code, version, form.name.data, g.now, access.actor())

    return answer(form, page, Edit(save, current), gettext("The counter was renamed."))


@blueprint.route("/counters/<code>/move", methods=["GET", "POST"])
@allow("tree")
def move_counter(code: str) -> ResponseReturnValue:
    """Put a counter into another unit, from a day on."""
    row = counter_or_404(code, "tree")
    form = MoveCounterForm()
    form.unit.choices = _units()
    last = counters.last_move(row.id)
    told = [
        gettext(
            "All that the counter counted from that day on counts for the new unit, also what is "
            "in the figures already. The days before stay with the former unit."
        ),
        gettext("Choose today, or an earlier day if the move was not entered in time."),
    ]
    if last != BEGINNING:
        told.append(
            gettext("It last moved on %(day)s; no earlier day is possible.", day=written(last))
        )
    page = Page(
        title=gettext("Move this counter"),
        crumbs=counter_crumbs(row, (gettext("Move"), None)),
        back=_back(code),
        told=told,
    )

    def current() -> tuple[dict[str, Any], int]:
        found = store.counter(code)
        return {"unit": found.unit.code, "day": today()}, found.version

    def save(version: int) -> None:
        day = form.day.data
        if day > today():
            raise TreeError("ahead")
        counters.move(code, version, form.unit.data, day.isoformat(), g.now, access.actor())

    places = {"before": "day", "ahead": "day", "in_closed": "unit", "missing": "unit"}
    return answer(form, page, Edit(save, current, places), gettext("The counter was moved."))


@blueprint.route("/counters/<code>/close", methods=["GET", "POST"])
@allow("tree")
def close_counter(code: str) -> ResponseReturnValue:
    """Close a counter from a day on."""
    row = counter_or_404(code, "tree")
    form = CloseForm()
    form.latest = latest_closing()
    last = counters.last_day(code)
    told = [gettext("From that day on it is in no list. Its past and its figures stay.")]
    if last is not None:
        told.append(
            gettext(
                "It has figures up to %(day)s; it can close from the day after.", day=written(last)
            )
        )
    standing = [one.terminal for one in store.stood_at(row.id) if one.until is None]
    if standing:
        told.append(
            gettext(
                "Still there: %(terminals)s. Move that to another counter or into a store.",
                terminals=", ".join(standing),
            )
        )
    page = Page(
        title=gettext("Close this counter"),
        crumbs=counter_crumbs(row, (gettext("Close"), None)),
        back=_back(code),
        told=told,
        danger=True,
    )

    def current() -> tuple[dict[str, Any], int]:
        earliest = today() if last is None else parse_date(last) + timedelta(days=1)
        return {"day": max(today(), earliest)}, store.counter(code).version

    def save(version: int) -> None:
        counters.close(code, version, form.day.data.isoformat(), g.now, access.actor())

    return answer(form, page, Edit(save, current), gettext("The counter is closed."))


@blueprint.post("/counters/<code>/reopen")
@allow("tree")
def reopen_counter(code: str) -> ResponseReturnValue:
    """Let a closed counter be there again."""
    counter_or_404(code, "tree")
    try:
        counters.reopen(code, EditForm().read(), g.now, access.actor())
    except Stale:
        flash(gettext("Somebody else changed it meanwhile. Please look again."), "error")
    except TreeError as error:
        flash(refusal(error), "error")
    else:
        flash(gettext("The counter is open again."), "success")
    return redirect(_back(code), 303)
