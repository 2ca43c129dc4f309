"""What was pressed beside what the server holds."""

from fleet_server.demo.tally import Tally


def tally(made: int, held: int, terminal: str = "t-1") -> Tally:
    return Tally(
        {(terminal, seq) for seq in range(1, made + 1)},
        {(terminal, seq) for seq in range(1, held + 1)},
    )


def test_presses_that_the_server_shows_are_held() -> None:
    sums = tally(made=3, held=3).sums({}, ended=True)
    assert (sums.made, sums.held, sums.waiting, sums.lost) == (3, 3, 0, 0)
    assert sums.settled
    assert sums.good


def test_while_presses_go_on_nothing_counts_as_lost() -> None:
    sums = tally(made=3, held=1).sums({}, ended=False)
    assert (sums.held, sums.waiting, sums.lost) == (1, 2, 0)
    assert not sums.settled


def test_a_press_that_is_neither_held_nor_waiting_is_lost() -> None:
    sums = tally(made=3, held=1).sums({"t-1": 0}, ended=True)
    assert (sums.waiting, sums.lost) == (0, 2)
    assert not sums.good


def test_records_waiting_at_a_terminal_excuse_only_its_own_presses() -> None:
    sums = tally(made=3, held=1).sums({"t-1": 1, "t-2": 9}, ended=True)
    assert (sums.waiting, sums.lost) == (1, 1)


def test_a_rating_that_nobody_pressed_is_told() -> None:
    sums = tally(made=1, held=2).sums({}, ended=True)
    assert sums.invented == 1
    assert not sums.good
    assert str(sums) == "presses made 1, ratings held 1, waiting 0, lost 0, invented 1"
