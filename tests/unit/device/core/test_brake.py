"""How often a caller may come (device/core/brake.py)."""

from device.core.brake import Brake


def test_so_many_are_let_through_in_a_span_and_then_again() -> None:
    brake = Brake((3, 1_000))
    assert [brake.wait_ms(at) for at in (0, 100, 200, 300, 999)] == [0, 0, 0, 700, 1]
    assert brake.wait_ms(1_000) == 0
    assert brake.wait_ms(1_001) == 99


def test_the_longest_of_several_waits_counts_and_what_is_refused_does_not() -> None:
    brake = Brake((2, 1_000), (3, 60_000))
    assert [brake.wait_ms(at) for at in (0, 1, 2, 1_000, 1_001, 2_000)] == [
        0, 0, 998, 0, 58_999, 58_000,
    ]  # fmt: skip
    assert brake.wait_ms(60_000) == 0
