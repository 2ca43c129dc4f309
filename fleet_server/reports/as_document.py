"""A report as a document of Word, by a template that the office may change."""

import io
from collections.abc import Mapping

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from fleet_server.reports.fields import Shape, context
from fleet_server.reports.naming import FILTERS
from fleet_server.reports.written import Written


def to_document(report: Written, template: bytes) -> bytes:
    """Return it as a document.

    Args:
        report: in words.
        template: one that `fleet_server.reports.examining` found nothing wrong with.
    """
    return fill(template, context(report))


def fill(template: bytes, fields: Mapping[str, Shape]) -> bytes:
    """Return a template with its fields filled in, in a form that Word can read."""
    made = DocxTemplate(io.BytesIO(template))
    made.render(dict(fields), environment(), autoescape=True)
    out = io.BytesIO()
    made.save(out)
    Document(io.BytesIO(out.getvalue()))  # raises where tags stood so that no document is left
    return out.getvalue()


def environment() -> SandboxedEnvironment:
    """Return what a template is read in: nothing to call, a few filters, no field unknown."""
    found = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    found.globals.clear()
    found.filters = {name: found.filters[name] for name in FILTERS}
    return found
