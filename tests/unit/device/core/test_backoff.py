"""How long to wait before the next attempt (device/core/backoff.py)."""

import pytest

from device.core.backoff import backoff_ms


@pytest.mark.parametrize(("failures", "wait"), [(0, 500), (1, 1000), (3, 4000), (9, 30_000)])
def test_backoff_doubles_up_to_its_cap_with_full_jitter(failures: int, wait: int) -> None:
    assert backoff_ms(failures, 0.5, 1000, 60_000) == wait
    assert backoff_ms(failures, 0.0, 1000, 60_000) == 0
