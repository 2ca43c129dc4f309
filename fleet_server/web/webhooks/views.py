"""Subscriptions to events: list, make, change, try, end; and what became of each event."""

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.roles import Capability
from fleet_server.core.webhooks import MOST
from fleet_server.store import deliveries, outbox, webhooks
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.store.webhooks import Listed, TooMany
from fleet_server.web import access, words
from fleet_server.web.access import allow
from fleet_server.web.numbers import HIGHEST
from fleet_server.web.services import services
from fleet_server.web.webhooks.forms import WebhookForm

PAGE = 50

blueprint = Blueprint("webhooks", __name__, template_folder=".")


@blueprint.get("/webhooks")
@allow("setup")
def index() -> str:
    """Show the subscriptions that lie in what the person may see."""
    held = webhooks.listed(access.scope("setup"), g.now)
    counts = deliveries.counts([one.id for one in held])
    return render_template("webhooks.html", webhooks=held, counts=counts)


@blueprint.get("/webhooks/<int:number>")
@allow("setup")
def one(number: int) -> str:
    """Show a subscription, and what became of its events."""
    hook = _one(number, "setup")
    chosen = request.args.get("state") or None
    if chosen not in (None, *words.DELIVERIES):
        abort(404)
    cursor = request.args.get("cursor", "0")
    before = min(int(cursor), HIGHEST) if cursor.isascii() and cursor.isdigit() else 0
    found = deliveries.listed(number, chosen, before, PAGE + 1)
    return render_template(
        "webhook.html",
        hook=hook,
        kept_days=services().settings.retention["deliveries"],
        deliveries=found[:PAGE],
        counts=deliveries.counts([number]),
        failing_since=deliveries.failing_since(number),
        chosen=chosen,
        next=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@blueprint.route("/webhooks/new", methods=["GET", "POST"])
@allow("keys")
def add() -> ResponseReturnValue:
    """Make a subscription, and show its secret once."""
    form = WebhookForm()
    if not form.is_submitted():
        return render_template("webhook_form.html", form=form, hook=None)
    if not form.validate():
        return render_template("webhook_form.html", form=form, hook=None), 422
    try:
        with writing():
            number, secret = webhooks.add(form.wish(), g.now, access.actor())
    except TooMany:
        form.unit.errors = [_full()]
        return render_template("webhook_form.html", form=form, hook=None), 422
    return _shown_once(number, secret)


@blueprint.route("/webhooks/<int:number>/edit", methods=["GET", "POST"])
@allow("keys")
def edit(number: int) -> ResponseReturnValue:
    """Change a subscription; who was overtaken is told, and loses nothing."""
    hook = _one(number, "keys")
    form = WebhookForm()
    if not form.is_submitted():
        form.show(hook)
        return render_template("webhook_form.html", form=form, hook=hook)
    if not form.validate():
        return render_template("webhook_form.html", form=form, hook=hook), 422
    version = form.version.data or ""
    try:
        with writing():
            read = int(version) if version.isascii() and version.isdigit() else 0
            webhooks.change(number, min(read, HIGHEST), form.wish(), g.now, access.actor())
    except Stale:
        hook = _one(number, "keys")
        form.version.data = str(hook.version)
        stale = _differences(hook, form)
        return render_template("webhook_form.html", form=form, hook=hook, stale=stale), 409
    except TooMany:
        form.unit.errors = [_full()]
        return render_template("webhook_form.html", form=form, hook=hook), 422
    flash(gettext("The subscription is changed."), "success")
    return redirect(url_for("webhooks.one", number=number), 303)


def _full() -> str:
    return str(
        gettext(
            "There are %(num)s subscriptions there already. End one that nobody needs.", num=MOST
        )
    )


def _differences(hook: Listed, form: WebhookForm) -> list[tuple[str, str, str]]:
    wish = form.wish()
    rows = [
        (form.url.label.text, hook.url, wish.url),
        (form.events.label.text, ", ".join(hook.events), ", ".join(wish.events)),
        (form.unit.label.text, hook.unit or "–", form.unit.data or "–"),
        (form.note.label.text, hook.note or "–", wish.note or "–"),
        (form.active.label.text, _yes(hook.active), _yes(wish.active)),
    ]
    return [row for row in rows if row[1] != row[2]]


def _yes(answer: bool) -> str:
    return str(gettext("yes") if answer else gettext("no"))


@blueprint.post("/webhooks/<int:number>/ping")
@allow("keys")
def ping(number: int) -> ResponseReturnValue:
    """Send a try."""
    _one(number, "keys")
    with writing():
        outbox.send("ping", {"webhook": number}, [number], g.now)
    flash(gettext("A try is on its way; its outcome appears below."), "success")
    return redirect(url_for("webhooks.one", number=number), 303)


@blueprint.post("/webhooks/<int:number>/keep")
@allow("keys")
def take_over(number: int) -> ResponseReturnValue:
    """Answer for a subscription that has stopped, so that it goes on."""
    hook = _one(number, "keys")
    if hook.stopped:
        with writing():
            webhooks.take_over(number, access.actor(), g.now)
        flash(gettext("The subscription goes on; you answer for it now."), "success")
    else:
        flash(gettext("It works already, or has ended; nothing was changed."), "error")
    return redirect(url_for("webhooks.one", number=number), 303)


@blueprint.get("/webhooks/<int:number>/secret")
@allow("keys")
def ask_for_secret(number: int) -> str:
    """Ask once more before a secret is renewed."""
    hook = _one(number, "keys")
    return render_template(
        "confirm.html",
        title=gettext("A new secret"),
        question=gettext("Make a new secret for %(url)s?", url=hook.url),
        consequences=[gettext("For a day, events are signed with both. Then the old one ends.")],
        action=url_for("webhooks.renew_secret", number=number),
        submit=gettext("Make a new secret"),
        cancel=url_for("webhooks.one", number=number),
    )


@blueprint.post("/webhooks/<int:number>/secret")
@allow("keys")
def renew_secret(number: int) -> ResponseReturnValue:
    """Give a subscription a new secret, and show it once."""
    _one(number, "keys")
    with writing():
        secret = webhooks.renew_secret(number, g.now, access.actor())
    return _shown_once(number, secret)


@blueprint.get("/webhooks/<int:number>/end")
@allow("keys")
def ask_to_end(number: int) -> str:
    """Ask once more before a subscription ends."""
    hook = _one(number, "keys")
    return render_template(
        "confirm.html",
        title=gettext("End a subscription"),
        question=gettext("End the subscription of %(url)s?", url=hook.url),
        consequences=[
            gettext("What was not delivered by now is not sent any more."),
            gettext("What became of its events can't be looked up any more."),
        ],
        action=url_for("webhooks.end", number=number),
        submit=gettext("End the subscription"),
        cancel=url_for("webhooks.one", number=number),
    )


@blueprint.post("/webhooks/<int:number>/end")
@allow("keys")
def end(number: int) -> ResponseReturnValue:
    """End a subscription."""
    _one(number, "keys")
    with writing():
        webhooks.remove(number, g.now, access.actor())
    flash(gettext("The subscription has ended."), "success")
    return redirect(url_for("webhooks.index"), 303)


@blueprint.post("/webhooks/<int:number>/deliveries/<int:delivery>/again")
@allow("keys")
def again(number: int, delivery: int) -> ResponseReturnValue:
    """Send an event again."""
    _one(number, "keys")
    with writing():
        known = deliveries.again(min(delivery, HIGHEST), number, g.now, access.actor())
    if not known:
        abort(404)
    flash(gettext("The event is sent again; its outcome appears below."), "success")
    return redirect(url_for("webhooks.one", number=number), 303)


def _one(number: int, capability: Capability) -> Listed:
    found = webhooks.one(min(number, HIGHEST), access.scope(capability), g.now)
    if found is None:
        abort(404)
    return found


def _shown_once(number: int, secret: str) -> ResponseReturnValue:
    answer = make_response(render_template("webhook_secret.html", number=number, secret=secret))
    answer.headers["Cache-Control"] = "no-store"
    return answer
