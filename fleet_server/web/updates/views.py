"""Which images terminals run, and bringing newer ones to them, ring after ring."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.roles import Capability
from fleet_server.core.rollout import rings
from fleet_server.judged import Judged
from fleet_server.store import bundles, rolling, rollouts
from fleet_server.store.rolling import RolloutError, Wish
from fleet_server.store.rollouts import Line
from fleet_server.web import access, branch
from fleet_server.web.access import allow
from fleet_server.web.terminals.judged import judged
from fleet_server.web.updates.forms import HOUR_MS, RolloutForm
from wire.commands import is_older

blueprint = Blueprint("updates", __name__, template_folder=".")

MOST_SHOWN = 500
"""Terminals of a rollout that are listed; all are counted."""


@blueprint.get("/updates")
@allow("fleet")
def index() -> str:
    """Show which versions are in use, the bundles that are there, and all rollouts."""
    scope = access.scope("fleet")
    here = [one for one in judged(g.now, scope) if one.row.retired_at is None]
    versions = Counter(_image(one) for one in here)
    return render_template(
        "updates.html",
        versions=sorted(versions.items(), key=lambda one: (-one[1], one[0])),
        total=len(here),
        bundles=bundles.listed(),
        rollouts=[one for one in rollouts.listed() if scope.covers(one.unit)],
        counts=rollouts.counts(),
        subjects=["fleet"],
    )


@blueprint.get("/updates/<int:number>")
@allow("fleet")
def one(number: int) -> str:
    """Show one rollout: its rings, and each terminal with its state and reason."""
    line = _line(number, "fleet")
    members = rollouts.members(number)
    order = list(_ORDER)
    asked = request.args.get("state")
    shown = [each for each in members if asked in (None, each.state)]
    shown.sort(key=lambda each: (order.index(each.state), each.ring, each.terminal))
    return render_template(
        "rollout.html",
        rollout=line,
        by_ring=[
            (ring, Counter(each.state for each in members if each.ring == ring))
            for ring in range(1, line.rings + 1)
        ],
        counts=Counter(each.state for each in members),
        members=shown[:MOST_SHOWN],
        total=len(members),
        limit=MOST_SHOWN,
        chosen=asked,
        deeds=[deed for deed in DEEDS.values() if deed.fits(line)],
        may=access.scope("command").covers(line.unit),
        subjects=["fleet"],
    )


_ORDER = ("failed", "refused", "expired", "asked", "confirmed", "waiting")


@blueprint.route("/updates/new", methods=["GET", "POST"])
@allow("command")
def begin() -> ResponseReturnValue:
    """Begin a rollout."""
    held = bundles.listed()
    if not held:
        abort(404)
    form = RolloutForm(held)
    if not form.is_submitted():
        return render_template("rollout_new.html", form=form)
    if form.validate():
        try:
            number = rolling.begin(_wish(form), access.actor(), g.now)
        except RolloutError:
            form.form_errors.append(
                gettext(
                    "Nothing was begun: no terminal there runs an older image, or another rollout "
                    "has some of them. End that one first."
                )
            )
        else:
            flash(gettext("The rollout has begun; the first terminals are being told."), "success")
            return redirect(url_for("updates.one", number=number), 303)
    return render_template("rollout_new.html", form=form), 422


def _wish(form: RolloutForm) -> Wish:
    unit = branch.id_of(form.unit.data)
    first = branch.id_of(form.first.data)
    tree, scope = access.tree(), access.scope("command")
    if unit is not None:
        scope = scope.within(tree.branch(unit))
    version = next(one.version for one in bundles.listed() if one.sha256 == form.bundle.data)
    here = [one for one in judged(g.now, scope) if one.row.retired_at is None]
    here = [one for one in here if _image(one) != version and not is_older(version, _image(one))]
    chosen = tree.branch(first) if first is not None else frozenset()
    ahead = [one.row.id for one in here if one.row.unit in chosen]
    return Wish(
        sha256=form.bundle.data,
        unit=unit,
        rings=rings([one.row.id for one in here], ahead, form.rings, f"{version}:{g.now}"),
        ill={one.row.id for one in here if one.verdict.level == "bad"},
        automatic=bool(form.automatic.data),
        soak_ms=int(form.soak_h.data) * HOUR_MS,
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person may do to a rollout; asked once more."""

    name: str
    label: LazyString
    consequences: tuple[LazyString, ...]
    fits: Callable[[Line], bool]
    do: Callable[[Line], None]


def _ill() -> set[str]:
    return {one.row.id for one in judged(g.now) if one.verdict.level == "bad"}


DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed(
            "next",
            _("Begin the next ring"),
            (_("The terminals of the next ring are told now; so are those still missing here."),),
            lambda line: line.state == "running" and line.ring < line.rings,
            lambda line: rolling.next_ring(line, _ill(), access.actor(), g.now),
        ),
        Deed(
            "pause",
            _("Pause"),
            (_("Nobody else is told. Terminals that have begun go on."),),
            lambda line: line.state == "running",
            lambda line: rolling.pause(line, access.actor(), g.now),
        ),
        Deed(
            "resume",
            _("Go on"),
            (
                _("Terminals that could not be updated are told once more."),
                _("What went wrong until now does not stop it again."),
            ),
            lambda line: line.state in ("paused", "stopped") and line.ended_at is None,
            lambda line: rolling.resume(line, _ill(), access.actor(), g.now),
        ),
        Deed(
            "end",
            _("End for good"),
            (
                _("Terminals that have not begun to install it let it be."),
                _("Those that run it keep it."),
            ),
            lambda line: line.ended_at is None,
            lambda line: rolling.end(line, access.actor(), g.now),
        ),
    )
}
"""By the last part of their address."""


@blueprint.get("/updates/<int:number>/<deed>")
@allow("command")
def sure(number: int, deed: str) -> str:
    """Ask once more before something is done to a rollout."""
    line, chosen = _line(number, "command"), DEEDS.get(deed)
    if chosen is None or not chosen.fits(line):
        abort(404)
    return render_template(
        "confirm.html",
        title=f"{line.version}: {chosen.label}",
        question=gettext("Do you want this now?"),
        consequences=chosen.consequences,
        action=url_for("updates.change", number=number, deed=deed),
        submit=chosen.label,
        cancel=url_for("updates.one", number=number),
        fields={"ring": line.ring},
    )


@blueprint.post("/updates/<int:number>/<deed>")
@allow("command")
def change(number: int, deed: str) -> ResponseReturnValue:
    """Do it, unless somebody else has changed the rollout meanwhile."""
    line, chosen = _line(number, "command"), DEEDS.get(deed)
    if chosen is None:
        abort(404)
    try:
        if request.form.get("ring") != str(line.ring) or not chosen.fits(line):
            raise RolloutError("it is not as it was on the page")
        chosen.do(line)
    except RolloutError:
        flash(gettext("It has changed meanwhile; nothing was done."), "error")
    else:
        flash(gettext("Done."), "success")
    return redirect(url_for("updates.one", number=number), 303)


def _line(number: int, capability: Capability) -> Line:
    line = rollouts.find(number)
    if line is None:
        abort(404)
    access.demand(capability, line.unit)
    return line


def _image(one: Judged) -> str:
    """Return the version of a terminal's image; empty where it has none or did not say."""
    said = (one.row.health or {}).get("image")
    return said if isinstance(said, str) and said != "none" else ""
