"""Each kind of step is read as it was written, by way of JSON."""

import json

import pytest

from fleet_server.core import case_events as steps
from fleet_server.core.answers import Answer, Attachment
from fleet_server.store import case_bodies

SCAN = Attachment("biên bản.pdf", "application/pdf", 1_000, "ab" * 32)
BODIES = [
    steps.Opened(steps.Subject("item", 1, 2, "2026-11-22", "c/3", ("lift",)), 9),
    steps.Assigned(7),
    steps.Answered(Answer(True, "intake", "máy hỏng", "sửa", "written", (SCAN,)), 9),
    steps.Returned("thiếu", 9),
    steps.Ruled(True, "thiếu giấy tờ"),
    steps.Prolonged("nghỉ lễ", 9),
    steps.Escalated((1, 2)),
    steps.Rehomed(None, 9),
    steps.Closed(""),
    steps.Withdrawn(),
]


@pytest.mark.parametrize("body", BODIES)
def test_a_step_is_read_as_it_was_written(body: steps.Body | steps.Opened) -> None:
    step, fields = case_bodies.write(body)
    assert case_bodies.read(step, json.loads(json.dumps(fields))) == body


def test_there_is_an_example_of_each_kind() -> None:
    assert {type(body) for body in BODIES} == {steps.Opened, *steps.STEPS}
