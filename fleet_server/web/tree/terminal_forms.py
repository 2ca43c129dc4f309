"""Adding and moving terminals, taking them out of use, and inviting them with an enrolment file."""

from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.roles import Scope
from fleet_server.invitations import DAY_MS, invite
from fleet_server.store.edits import terminals
from fleet_server.store.enrolment import Missing, Place
from fleet_server.store.pages import tree as store
from fleet_server.store.pages.tree import Device
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.services import services
from fleet_server.web.tree.answers import Edit, Page, answer, blame, shown
from fleet_server.web.tree.blueprint import blueprint
from fleet_server.web.tree.forms import (
    InvitationForm,
    NewTerminalForm,
    NoteForm,
    RetireForm,
    TerminalPlaceForm,
    unit_choices,
)
from fleet_server.web.tree.places import (
    asked_unit,
    counter_crumbs,
    crumbs,
    device_crumbs,
    device_page,
    usable_or_404,
)
from provisioning.errors import ProvisioningError
from wire.errors import WireError

PLACES = {"in_closed": "counter", "missing": "counter", "taken": "terminal"}


def _stores() -> list[Any]:
    scope, tree = access.scope("enrol"), access.tree()
    units = [one.id for one in tree if scope.covers(one.id)]
    return unit_choices(tree, units, empty=gettext("no unit: it is at a counter"))


def _chosen(form: TerminalPlaceForm, scope: Scope) -> tuple[str | None, str | None]:
    """Return the counter and unit chosen, both in the person's part of the fleet.

    Raises:
        Missing: they are not.
    """
    counter, unit = form.counter.data or None, form.unit.data or None
    if counter is not None:
        row = store.counter(counter)
        if row is None or not scope.covers(row.unit_id):
            raise Missing(counter)
    return counter, unit


@blueprint.route("/new-terminal", methods=["GET", "POST"])
@allow("enrol")
def add_terminal() -> ResponseReturnValue:
    """Add a terminal, at a counter or in a store."""
    store_of = asked_unit("enrol")
    form = NewTerminalForm(
        data={"counter": request.args.get("at", ""), "unit": store_of.code if store_of else ""}
    )
    form.unit.choices = _stores()
    at = store.counter(request.args.get("at", ""))
    seen = at is not None and access.scope("enrol").covers(at.unit_id)
    last = (gettext("Add a terminal"), None)
    page = Page(
        title=gettext("Add a terminal"),
        crumbs=counter_crumbs(at, last) if seen else crumbs(None, last),
        back=_home(),
        then=device_page(form.terminal.data) if form.terminal.data else "",
        told=[gettext("Afterwards make its enrolment file, which a technician puts on its card.")],
        hints={"terminal": gettext("Short and for good, such as q5-03-t1; it stands in records.")},
    )

    def save(_version: int) -> None:
        counter, unit = _chosen(form, access.scope("enrol"))
        terminals.add(form.terminal.data, counter, unit, form.note.data, g.now, access.actor())

    return answer(form, page, Edit(save, blame=PLACES), gettext("The terminal was added."))


def _home() -> str:
    return url_for("tree.index" if access.can("setup") else "terminals.index")


@blueprint.route("/terminals/<terminal_id>/move", methods=["GET", "POST"])
@allow("enrol")
def move_terminal(terminal_id: str) -> ResponseReturnValue:
    """Put a terminal at another counter, or into a store."""
    device = usable_or_404(terminal_id)
    form = TerminalPlaceForm()
    form.unit.choices = _stores()
    page = Page(
        title=gettext("Move this terminal"),
        crumbs=device_crumbs(device, (gettext("Move"), None)),
        back=device_page(device.id),
        told=[
            gettext(
                "This says where the terminal is. The terminal itself does not hear it: the "
                "counter that it names in its records stands in its own settings, and must be "
                "changed there too. The next page says how."
            )
        ],
    )

    def current() -> tuple[dict[str, Any], int]:
        found = store.device(device.id) or device
        return {"counter": found.counter or "", "unit": found.unit or ""}, found.version

    def save(version: int) -> None:
        counter, unit = _chosen(form, access.scope("enrol"))
        terminals.move(device.id, version, counter, unit, g.now, access.actor())

    edit = Edit(save, current, PLACES)
    return answer(form, page, edit, gettext("The terminal was moved."))


@blueprint.route("/terminals/<terminal_id>/note", methods=["GET", "POST"])
@allow("enrol")
def write_note(terminal_id: str) -> ResponseReturnValue:
    """Write what people should know of a terminal."""
    device = usable_or_404(terminal_id)
    form = NoteForm()
    page = Page(
        title=gettext("Write a note"),
        crumbs=device_crumbs(device, (gettext("Note"), None)),
        back=url_for("terminals.one", terminal_id=device.id, _anchor="note"),
        submit=gettext("Save"),
    )

    def current() -> tuple[dict[str, Any], int]:
        found = store.device(device.id) or device
        return {"note": found.note}, found.version

    def save(version: int) -> None:
        terminals.write_note(device.id, version, form.note.data, g.now, access.actor())

    return answer(form, page, Edit(save, current), gettext("The note was saved."))


@blueprint.route("/terminals/<terminal_id>/retire", methods=["GET", "POST"])
@allow("enrol")
def retire(terminal_id: str) -> ResponseReturnValue:
    """Take a terminal out of use for good; asks once more."""
    device = usable_or_404(terminal_id)
    form = RetireForm()
    page = Page(
        title=gettext("Take this terminal out of use"),
        crumbs=device_crumbs(device, (gettext("Out of use"), None)),
        back=device_page(device.id),
        told=[gettext("For a terminal that is broken, lost or given away. This is for good.")],
        submit=gettext("Go on"),
        danger=True,
    )
    if form.is_submitted() and form.validate() and not form.sure.data:
        return _asked_again(device, form)

    def current() -> tuple[dict[str, Any], int]:
        return {"reason": ""}, (store.device(device.id) or device).version

    def save(version: int) -> None:
        terminals.retire(device.id, version, form.reason.data, g.now, access.actor())

    return answer(form, page, Edit(save, current), gettext("The terminal is out of use."))


def _asked_again(device: Device, form: RetireForm) -> str:
    consequences = [
        gettext("It can't connect any more, and its id can't be used again."),
        gettext("Its records stand, and its pages stay."),
        gettext(
            "If somebody else could have it, also revoke its key on the server: "
            "hailong-fleet terminal revoke %(terminal)s",
            terminal=device.id,
        ),
    ]
    if device.waiting:
        consequences.insert(
            0,
            gettext(
                "It still holds %(num)s records that have not arrived. Let it send them first, or "
                "export them onto a stick and import them.",
                num=device.waiting,
            ),
        )
    return render_template(
        "confirm.html",
        title=gettext("Take %(terminal)s out of use?", terminal=device.id),
        question=gettext("Reason: %(reason)s", reason=form.reason.data),
        consequences=consequences,
        action=url_for("tree.retire", terminal_id=device.id),
        submit=gettext("Take it out of use for good"),
        cancel=device_page(device.id),
        fields={"reason": form.reason.data, "version": form.version.data, "sure": "yes"},
    )


@blueprint.route("/terminals/<terminal_id>/enrolment", methods=["GET", "POST"])
@allow("enrol")
def make_invitation(terminal_id: str) -> ResponseReturnValue:
    """Make an enrolment file, which is sent once and kept nowhere."""
    device = usable_or_404(terminal_id)
    form = InvitationForm()
    page = Page(
        title=gettext("Make an enrolment file"),
        crumbs=device_crumbs(device, (gettext("Enrolment file"), None)),
        back=device_page(device.id),
        told=[
            gettext(
                "For a new terminal, a new card, or a terminal that lost its key. One that works "
                "needs none, also after it moved."
            ),
            gettext(
                "The file is a secret until the terminal has enrolled with it. It is sent to your "
                "browser once and kept nowhere; a file made before is of no use from then on."
            ),
        ],
        submit=gettext("Make it and download it"),
    )
    if device.counter is None:
        page.told.append(gettext("First put the terminal at a counter: the file names it."))
    if not form.is_submitted():
        return shown(form, page)
    if not form.validate():
        return shown(form, page), 422
    return _download(device, form, page)


def _download(device: Device, form: InvitationForm, page: Page) -> ResponseReturnValue:
    if device.counter is None or device.counter_name is None:
        blame(form, "days", gettext("First put the terminal at a counter: the file names it."))
        return shown(form, page), 422
    place = Place(device.counter, device.counter_name)
    expires = g.now + form.days.data * DAY_MS
    try:
        text = invite(services().settings, device.id, place, expires, g.now, access.actor())
    except (ProvisioningError, WireError) as error:
        blame(form, "days", gettext("The server can't write it: %(why)s", why=str(error)))
        return shown(form, page), 503
    answer = Response(text, mimetype="application/toml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{device.id}.toml"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
