"""Whether what a template names is there, and does nothing but be shown. Pure.

Of the language of templates (Jinja) only this may stand in one: fields and their parts, loops over
lists, conditions, and a few filters. So a template can neither call anything nor grow without end,
and each field is checked wherever it stands, also where a report seldom gets to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from jinja2 import nodes

from fleet_server.reports.fields import Shape

FILTERS = frozenset({"upper", "lower", "capitalize", "trim"})

Kind = Literal[
    "no_document", "too_large", "macros", "external", "syntax", "unknown", "forbidden", "no_list",
    "loops", "unfit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, and where or which.

    *no_document*: no document of Word; *too_large*: too much in it; *macros*: programs or embedded
    files; *external*: what lies elsewhere; *syntax*: no template at that place; *unknown*: a field
    that there is none of; *forbidden*: what may not be done; *no_list*: a loop over what is no
    list; *loops*: a loop within one, and not over a part of what that gave; *unfit*: no document
    comes of it.
    """

    kind: Kind
    value: str = ""


_LOOP: dict[str, Shape] = dict.fromkeys(("index", "index0", "first", "last", "length"), "")
_PLAIN = (
    nodes.Template, nodes.Output, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Compare,
    nodes.Operand, nodes.CondExpr,
)  # fmt: skip
_SILENT = (nodes.TemplateData, nodes.Const)

Scope = Mapping[str, Shape]


def faults(template: nodes.Template, fields: Scope) -> Iterator[Fault]:
    """Yield what is wrong with a part of a template.

    Args:
        template: as it was parsed.
        fields: what it may name.
    """
    yield from _look(template, fields, "")


def looped(template: nodes.Template) -> int:
    """Return how many characters of a part stand in loops; those in loops of loops count twice."""
    loops = template.find_all(nodes.For)
    return sum(len(text.data) for loop in loops for text in loop.find_all(nodes.TemplateData))


def _look(node: nodes.Node, scope: Scope, looping: str) -> Iterator[Fault]:
    """Yield what is wrong below a node; ``looping`` is the name that the loop around it gave."""
    if isinstance(node, nodes.For):
        yield from _loop(node, scope, looping)
    elif isinstance(node, nodes.Name | nodes.Getattr):
        found = _shape(node, scope)
        if isinstance(found, Fault):
            yield found
    elif isinstance(node, nodes.Filter) and node.name in FILTERS and node.node and not node.args:
        yield from _look(node.node, scope, looping)
    elif isinstance(node, _PLAIN):
        for child in node.iter_child_nodes():
            yield from _look(child, scope, looping)
    elif not isinstance(node, _SILENT):
        yield Fault("forbidden", _called(node))


def _loop(node: nodes.For, scope: Scope, looping: str) -> Iterator[Fault]:
    found = _shape(node.iter, scope)
    if isinstance(found, Fault):
        yield found
    elif not isinstance(found, list) or not isinstance(node.target, nodes.Name):
        yield Fault("no_list", _written(node.iter))
    elif looping and _root(node.iter) != looping:
        yield Fault("loops", _written(node.iter))
    elif node.test is not None or node.recursive:
        yield Fault("forbidden", _called(node))
    else:
        name = node.target.name
        inside = {**scope, name: found[0], "loop": _LOOP}
        for child in (*node.body, *node.else_):
            yield from _look(child, inside, name)


def _shape(node: nodes.Node, scope: Scope) -> Shape | Fault:
    if isinstance(node, nodes.Name):
        return scope.get(node.name, Fault("unknown", node.name))
    if not isinstance(node, nodes.Getattr):
        return Fault("forbidden", _called(node))
    held = _shape(node.node, scope)
    if isinstance(held, Fault):
        return held
    part = held.get(node.attr) if isinstance(held, dict) else None
    return Fault("unknown", _written(node)) if part is None else part


def _root(node: nodes.Node) -> str:
    return _written(node).partition(".")[0]


def _written(node: nodes.Node) -> str:
    """Return a field as it stands in the template."""
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else _called(node)


def _called(node: nodes.Node) -> str:
    """Return what a node of the language is called, with its line."""
    name = node.name if isinstance(node, nodes.Filter) else type(node).__name__.lower()
    return f"{name}, {node.lineno}"
