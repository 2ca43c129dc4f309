"""Who may call what, and in which part of the fleet.

Each route carries a rule, and a route without one is refused. A view says its rule with `allow`;
what other libraries register is listed in `OUTSIDE`. A rule that is a capability lets in whoever
has it somewhere; *where*, the view asks with `scope` and `demand`.
"""

from collections.abc import Callable
from typing import Literal, TypeVar, get_args
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.utils import check_and_update_authn_fresh

from fleet_server.core.roles import Capability, Changing, Grant, Reading, Scope, scope_of
from fleet_server.core.tree import Tree
from fleet_server.store import places, users
from fleet_server.store.people import By
from fleet_server.web import second_factor, signin

Rule = Literal["public", "person", "key"] | Capability
"""*public*: anybody; *person*: who is signed in; *key*: programs, which the interface checks."""

View = TypeVar("View", bound=Callable[..., object])

CAPABILITIES: frozenset[str] = frozenset((*get_args(Reading), *get_args(Changing)))

OUTSIDE: dict[str, Rule] = {
    "static": "public",
    "openapi.spec": "public",
    "security.login": "public",
    "security.logout": "public",
    "security.static": "public",
    "security.two_factor_token_validation": "public",
    "security.two_factor_rescue": "public",
    "security.tf_select": "public",
    "security.mf_recovery": "public",
    "security.wan_signin": "public",
    "security.wan_signin_response": "public",
    "security.verify": "person",
    "security.change_password": "person",
    "security.two_factor_setup": "person",
    "security.two_factor_setup_validate": "person",
    "security.mf_recovery_codes": "person",
    "security.wan_register": "person",
    "security.wan_register_response": "person",
    "security.wan_delete": "person",
    "security.wan_verify": "person",
    "security.wan_verify_response": "person",
}
"""Rules of routes that libraries register, by endpoint."""

LIVE_HEADER = "X-Live"
"""Sent by a page that refreshes itself."""

STREAM = "live.stream"

OWN_CHECK = "api"
"""Blueprints whose name begins so check the caller's key themselves."""


FRESH: frozenset[str] = frozenset({"people", "keys"})
"""Capabilities whose changes are asked for by somebody who has just shown who they are."""

WITHOUT_SECOND = ("security", "account")
"""Blueprints that open to somebody who must set up a second factor before anything else."""


def allow(rule: Rule, fresh: bool = False) -> Callable[[View], View]:
    """Say who may call a view.

    Args:
        rule: who.
        fresh: only who has shown in the last half hour who they are; for what can't be taken back.
            Changes under the capabilities of `FRESH` are so without being told.
    """

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # a mark on a function
        view.access_fresh = fresh  # type: ignore[attr-defined]  # another mark
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """Return a route's rule, or None where nobody has thought of one."""
    rule: Rule | None = getattr(app.view_functions.get(endpoint), "access_rule", None)
    if rule is None and endpoint.partition(".")[0].startswith(OWN_CHECK):
        return "key"
    return rule or OUTSIDE.get(endpoint)


def enforce() -> ResponseReturnValue | None:
    """Stop a request whose sender may not make it; runs before every view."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule in ("public", "key"):
        return None
    if rule is None:
        current_app.logger.error("the route %s has no access rule", request.endpoint)
        abort(403)
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if rule != "person" and not scope(rule):  # type: ignore[arg-type]  # the others are done
        abort(403)
    return _ask_for_second_factor() or _ask_again(rule)


def _ask_for_second_factor() -> ResponseReturnValue | None:
    """Send a person whose time for setting up a second factor is over to where that is done."""
    if request.blueprint in WITHOUT_SECOND or second_factor.standing(g.now) != "due":
        return None
    if request.headers.get(LIVE_HEADER) or request.endpoint == STREAM:
        abort(401)
    return redirect(url_for("account.show"))


def _ask_again(rule: str) -> ResponseReturnValue | None:
    """Ask who has been here for a while to show once more who they are, before what is dangerous.

    A form is seldom lost by it: whoever opened it in time is given more time.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    changes = request.method not in ("GET", "HEAD") and rule in FRESH
    if not (changes or getattr(view, "access_fresh", False)):
        return None
    if check_and_update_authn_fresh(signin.FRESH, signin.FRESH, "session"):
        return None
    page = request.full_path if request.method == "GET" else urlsplit(request.referrer or "").path
    return redirect(url_for("security.verify", next=page.rstrip("?") or "/"))


def may_open(endpoint: str) -> bool:
    """Tell whether whoever asks may open a page; the navigation shows what is so."""
    rule = rule_of(current_app, endpoint)
    if rule == "public":
        return True
    if rule in (None, "key") or not current_user.is_authenticated:
        return False
    return rule == "person" or can(rule)  # type: ignore[arg-type]  # the others are done


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send a person to the sign-in and back again; tell a page that refreshes itself to reload."""
    if request.headers.get(LIVE_HEADER) or request.endpoint == STREAM:
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=wanted))


def tree() -> Tree:
    """Return the tree of units, read once for a request."""
    if "tree" not in g:
        g.tree = places.tree()
    found: Tree = g.tree
    return found


def _grants() -> list[Grant]:
    if "grants" not in g:
        signed_in = current_user.is_authenticated
        g.grants = users.grants_of(current_user.id) if signed_in else []
    found: list[Grant] = g.grants
    return found


def scope(capability: Capability) -> Scope:
    """Return where the person who is signed in has a capability: perhaps nowhere."""
    return scope_of(capability, _grants(), tree())


def can(capability: Capability) -> bool:
    """Tell whether the person has a capability anywhere; for templates."""
    return bool(scope(capability))


def demand(capability: Capability, unit: int | None) -> None:
    """Answer 404 if the person lacks a capability in a unit, as if there were nothing."""
    if not scope(capability).covers(unit):
        abort(404)


def actor() -> str:
    """Return the person who is signed in, for the audit log."""
    return f"person:{current_user.email}"


def by() -> By:
    """Return the person who is signed in, with what they hold, for changes of people."""
    return By(actor(), current_user.id, tuple(_grants()))
