"""To which visit of a number an event belongs."""

from fleet_server.core.tickets import Candidate, match


def test_an_event_belongs_to_the_visit_nearest_in_time() -> None:
    assert match(90, [Candidate("early", 10), Candidate("late", 100)]) == "late"


def test_an_event_without_a_candidate_belongs_to_none() -> None:
    assert match(90, []) is None
