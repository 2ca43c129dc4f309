"""When a terminal asks again to be let into its fleet."""

import pytest

from device.core.joining import STAGES, wait_ms
from device.screen import texts


@pytest.mark.parametrize("stage", STAGES)
def test_the_wait_grows_but_never_so_far_that_a_network_stays_unnoticed(stage):
    waits = [wait_ms(stage, failures, 0.999) for failures in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] >= 2_000
    assert waits[-1] <= 3_602_000


def test_a_network_that_comes_after_days_is_found_within_ten_minutes():
    assert wait_ms("no_network", 10_000, 0.999) <= 602_000 < wait_ms("no_token", 10_000, 0.999)


def test_terminals_that_start_together_do_not_ask_together():
    assert len({wait_ms("no_answer", 6, jitter / 10) for jitter in range(10)}) == 10


def test_every_stage_has_words_and_something_to_do():
    assert set(texts.JOINING) == set(STAGES)
