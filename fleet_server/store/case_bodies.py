"""Steps of cases as a table holds them: what kind each is, and its fields as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fleet_server.core.answers import Answer, Attachment
from fleet_server.core.case_events import (
    OPEN,
    STEPS,
    Answered,
    Body,
    Escalated,
    Opened,
    Subject,
    step_of,
)

_BY_STEP: Mapping[str, type[Body]] = {step: body for body, step in STEPS.items()}


def write(body: Body | Opened) -> tuple[str, dict[str, Any]]:
    """Return the kind of a step, and its fields."""
    return step_of(body), asdict(body)


def read(step: str, fields: Mapping[str, Any]) -> Body | Opened:
    """Return what `write` wrote."""
    if step == OPEN:
        return Opened(_subject(fields["subject"]), fields["due"])
    if step == STEPS[Answered]:
        return Answered(_answer(fields["answer"]), fields["due"])
    if step == STEPS[Escalated]:
        return Escalated(tuple(fields["levels"]))
    return _BY_STEP[step](**fields)


def _subject(fields: Mapping[str, Any]) -> Subject:
    return Subject(**{**fields, "items": tuple(fields["items"])})


def _answer(fields: Mapping[str, Any]) -> Answer:
    attached = tuple(Attachment(**one) for one in fields["attachments"])
    return Answer(**{**fields, "attachments": attached})
