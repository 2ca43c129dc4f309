"""From site and policy to rules (device/core/rules.py)."""

from dataclasses import replace

import pytest

from device.core.policy import HOSPITAL, Asking, Look, Policy, Tickets
from device.core.rules import Site, rules_of

SITE = Site("t-1", "Q1", "Quầy 1", scale=3)
POLICY = Policy(
    tickets=Tickets("unbound", 90),
    asking=Asking("items", "unsatisfied", HOSPITAL, 20, 10),
    look=Look(("en", "vi")),
)


def test_the_rules_are_what_site_and_policy_say_in_milliseconds() -> None:
    rules = rules_of(SITE, POLICY)
    assert (rules.counter, rules.scale, rules.without) == ("Q1", 3, "unbound")
    assert (rules.open_after_closed, rules.answer, rules.warning) == (90_000, 20_000, 10_000)
    assert (rules.touch, rules.mode, rules.reasons) == (True, "items", "unsatisfied")
    assert (rules.items, rules.languages) == (HOSPITAL, ("en", "vi"))


@pytest.mark.parametrize("less", [{"touch": False}, {"screen": False}])
def test_without_a_touch_screen_only_the_choice_is_asked(less: dict[str, bool]) -> None:
    rules = rules_of(replace(SITE, **less), POLICY)  # type: ignore[arg-type]
    assert (rules.touch, rules.mode, rules.reasons) == (False, "rating", "never")
