"""What all forms of the tree do: save, or say beside the field why not, or that it was changed.

Nothing that was typed is lost: a page that refuses is the same form again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.tree import Reason, TreeError
from fleet_server.store.editing import Stale
from fleet_server.store.enrolment import Missing, Taken
from fleet_server.web.words.tree import refusal


@dataclass(frozen=True, slots=True)
class Page:
    """The page around a form.

    Attributes:
        title: what is done, which is also what its button says.
        crumbs: the way to it: label and address.
        back: where it leads on *cancel*, and afterwards unless `then` says otherwise.
        then: where it leads once it is saved.
        told: sentences above the form: what it means.
        hints: a sentence under a field's label, by field.
        submit: what its button says, where that is not the title.
        danger: it can't be taken back easily.
    """

    title: str
    crumbs: list[tuple[str, str | None]]
    back: str
    told: list[str] = field(default_factory=list)
    hints: Mapping[str, str] = field(default_factory=dict)
    then: str = ""
    submit: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that a form asks for.

    Attributes:
        save: does it, given the version that was read.
        current: returns what is there now, by field, and its version; None for what is added.
        blame: the field beside which a reason stands, where it is not the first one.
    """

    save: Callable[[int], None]
    current: Callable[[], tuple[dict[str, Any], int]] | None = None
    blame: Mapping[Reason | str, str] = field(default_factory=dict)


def answer(form: Any, page: Page, edit: Edit, done: str) -> ResponseReturnValue:
    """Show a form, or save what it holds.

    Args:
        form: bound to the request.
        page: what surrounds it.
        edit: what it asks for.
        done: said once it is saved.
    """
    if not form.is_submitted():
        if edit.current is not None:
            values, version = edit.current()
            for name, value in values.items():
                form[name].data = value
            form.version.data = str(version)
        return shown(form, page)
    if not form.validate():
        return shown(form, page), 422
    return _save(form, page, edit, done)


def _save(form: Any, page: Page, edit: Edit, done: str) -> ResponseReturnValue:
    try:
        edit.save(form.read())
    except Stale:
        return _stale(form, page, edit)
    except TreeError as error:
        blame(form, edit.blame.get(error.reason), refusal(error))
    except Taken:
        blame(form, edit.blame.get("taken"), gettext("This is in use already, or was."))
    except Missing as error:
        name = edit.blame.get("missing")
        said = (
            gettext("There is no such place, or none that you may change.") if name else str(error)
        )
        blame(form, name, said)
    else:
        flash(done, "success")
        return redirect(page.then or page.back, 303)
    return shown(form, page), 422


def blame(form: Any, name: str | None, words: str) -> None:
    """Put an error beside a field; without a name, beside the first that people fill in."""
    seen = (one for one in form if getattr(one.widget, "input_type", "") != "hidden")
    chosen = form[name] if name else next(seen)
    chosen.errors = [*chosen.errors, words]


def _stale(form: Any, page: Page, edit: Edit) -> ResponseReturnValue:
    """Show both versions; sending it again saves over the other, for it has been seen now."""
    assert edit.current is not None  # noqa: S101  # what is added is never stale
    values, version = edit.current()
    form.version.data = str(version)
    rows = [
        (form[name].label.text, _told(form[name], value), _told(form[name], form[name].data))
        for name, value in values.items()
        if value != form[name].data
    ]
    return shown(form, page, stale=rows), 409


def _told(one: Any, value: Any) -> Any:
    labels = {each.value: each.label for each in getattr(one, "choices", None) or ()}
    return str(labels.get(value, value)).strip() or "–"


def shown(form: Any, page: Page, **more: Any) -> str:
    """Return the page of a form."""
    return render_template("tree_form.html", form=form, page=page, **more)
