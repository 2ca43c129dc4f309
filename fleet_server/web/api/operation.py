"""What is said of each route: the scope it needs, its summary, what it can answer.

`operation` is put on every view of the interface. `guard` asks for the scope, and the OpenAPI
document is completed from the rest (`document`). A route without it is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fleet_server.core.api_scopes import ApiScope

View = TypeVar("View", bound=Callable[..., object])
MARK = "api_operation"


@dataclass(frozen=True, slots=True)
class Operation:
    """What is said of a route.

    Attributes:
        scope: what a key needs to call it.
        summary: one line for people.
        subject: the part of the document that it stands in.
        answers: refusals besides those that every route can give, each with its reason.
        lasting: its answer has an ``ETag``, and can be asked for by ``If-None-Match``.
        once: it takes an ``Idempotency-Key``.
        example: an answer.
        links: what can be done with an answer, as links of the OpenAPI document.
    """

    scope: ApiScope
    summary: str
    subject: str
    answers: dict[int, str] = field(default_factory=dict)
    lasting: bool = False
    once: bool = False
    example: object = None
    links: dict[str, dict[str, Any]] = field(default_factory=dict)


def operation(said: Operation) -> Callable[[View], View]:
    """Say of a view what it needs and answers."""

    def mark(view: View) -> View:
        setattr(view, MARK, said)
        return view

    return mark


def operation_of(view: object) -> Operation | None:
    """Return what is said of a view, or None where nobody has thought of it."""
    found: Operation | None = getattr(view, MARK, None)
    return found
