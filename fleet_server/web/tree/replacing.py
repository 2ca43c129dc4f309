"""Putting another terminal in the place of one that is broken, lost or stolen."""

from typing import Any

from flask import abort, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from fleet_server.store.database import writing
from fleet_server.store.edits import replacing
from fleet_server.store.edits.replacing import Replacement
from fleet_server.store.enrolment import Taken
from fleet_server.store.pages import tree as store
from fleet_server.store.pages.tree import Device
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.tree.answers import Edit, Page, answer, blame, shown
from fleet_server.web.tree.blueprint import blueprint
from fleet_server.web.tree.forms import ReplaceForm
from fleet_server.web.tree.places import device_crumbs, device_page, usable_or_404


@blueprint.route("/terminals/<terminal_id>/replace", methods=["GET", "POST"])
@allow("enrol")
def replace(terminal_id: str) -> ResponseReturnValue:
    """Put another terminal at this one's counter; asks once more."""
    device = usable_or_404(terminal_id)
    if device.counter is None:
        abort(404)
    form = ReplaceForm()
    page = _page(device, form)
    if form.is_submitted() and form.validate():
        other = store.device(form.terminal.data)
        if why := _in_the_way(device, form.terminal.data, other):
            blame(form, "terminal", why)
            return shown(form, page), 422
        if not form.sure.data:
            return _asked_again(device, form, other)

    def current() -> tuple[dict[str, Any], int]:
        return {}, (store.device(device.id) or device).version

    def save(version: int) -> None:
        with writing():
            # Meanwhile somebody may have added it, where this person may not change it.
            if why := _in_the_way(device, form.terminal.data, store.device(form.terminal.data)):
                raise Taken(why)
            replacing.replace(_asked(device, form), version, g.now, access.actor())

    done = gettext(
        "%(new)s has taken the place of %(old)s. Now make its enrolment file.",
        new=form.terminal.data,
        old=device.id,
    )
    edit = Edit(
        save, current, {"in_closed": "terminal", "missing": "terminal", "taken": "terminal"}
    )
    return answer(form, page, edit, done)


def _page(device: Device, form: ReplaceForm) -> Page:
    new = form.terminal.data
    return Page(
        title=gettext("Replace this terminal"),
        crumbs=device_crumbs(device, (gettext("Replacement"), None)),
        back=device_page(device.id),
        then=url_for("tree.make_invitation", terminal_id=new) if new else "",
        told=[
            gettext(
                "For a terminal that is broken, lost or stolen: another one takes its place at "
                "the counter %(name)s (%(code)s), and this one is out of use for good.",
                name=device.counter_name,
                code=device.counter,
            ),
            gettext(
                "For another card in the same terminal only make an enrolment file: it keeps its "
                "id."
            ),
        ],
        hints={
            "terminal": gettext("A new one, such as q5-03-t2, or that of a terminal in a store."),
            "former": gettext("What is lost or stolen loses its keys and its certificate."),
        },
        submit=gettext("Go on"),
        danger=True,
    )


def _in_the_way(device: Device, new: str, other: Device | None) -> str:
    """Return why a terminal can't take the place, or nothing."""
    if new == device.id:
        return str(gettext("This is the terminal itself. For another card make an enrolment file."))
    if other is None:
        return ""
    if other.retired_at is not None:
        return str(gettext("This terminal is out of use for good. Give the new one another id."))
    if not access.scope("enrol").covers(other.place):
        return str(gettext("A terminal of this id is where you may not change it."))
    if other.counter is not None:
        return str(gettext(
            "It stands at the counter %(name)s (%(code)s). Move it into a store first.",
            name=other.counter_name,
            code=other.counter,
        ))  # fmt: skip
    return ""


def _asked(device: Device, form: ReplaceForm) -> Replacement:
    return Replacement(
        device.id,
        form.terminal.data,
        reason=gettext("replaced by %(new)s", new=form.terminal.data),
        note=gettext("in the place of %(old)s", old=device.id),
        lost=form.former.data == "lost",
    )


def _asked_again(device: Device, form: ReplaceForm, other: Device | None) -> str:
    names = {"old": device.id, "new": form.terminal.data}
    question = gettext(
        "%(new)s takes the place of %(old)s at the counter %(name)s (%(code)s).",
        name=device.counter_name,
        code=device.counter,
        **names,
    )
    return render_template(
        "confirm.html",
        title=gettext("Replace %(old)s by %(new)s?", **names),
        question=question,
        consequences=[
            _comes(names, other),
            gettext(
                "The counter keeps its figures and its history, and they go on with %(new)s, "
                "which is also configured as %(old)s was.",
                **names,
            ),
            gettext(
                "%(old)s can't connect any more, and its id can't be used again. Its records "
                "stand, and its pages stay.",
                **names,
            ),
            *(_lost(device) if form.former.data == "lost" else _in_our_hands(device)),
            gettext("The next page makes the enrolment file of %(new)s.", **names),
        ],
        action=url_for("tree.replace", terminal_id=device.id),
        submit=gettext("Replace it for good"),
        cancel=device_page(device.id),
        fields={
            "terminal": form.terminal.data,
            "former": form.former.data,
            "version": form.version.data,
            "sure": "yes",
        },
    )


def _comes(names: dict[str, str], other: Device | None) -> str:
    if other is None:
        return str(gettext("%(new)s is new: it is added to the fleet.", **names))
    if other.unit is None:
        return str(gettext("%(new)s is in the fleet, and nowhere yet.", **names))
    store_of = {"name": other.unit_name, "code": other.unit}
    return str(gettext("%(new)s comes from the store of %(name)s (%(code)s).", **names, **store_of))


def _in_our_hands(device: Device) -> list[str]:
    keep = gettext(
        "Keep the card of %(old)s: what did not arrive is on it, and its key stays believed, so "
        "that it counts once it is read in, on the server: hailong-fleet import PATH",
        old=device.id,
    )
    return [*_waiting(device), keep]


def _lost(device: Device) -> list[str]:
    revoked = gettext(
        "Its keys and its certificate are revoked. What is signed with them from now on is held "
        "as disputed and does not count."
    )
    return [*_waiting(device), revoked]


def _waiting(device: Device) -> list[str]:
    if not device.waiting:
        return []
    return [
        ngettext(
            "It still holds %(num)s record that has not arrived.",
            "It still holds %(num)s records that have not arrived.",
            device.waiting,
        )
    ]
