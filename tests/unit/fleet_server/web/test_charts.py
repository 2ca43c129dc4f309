"""Lines are laid out with gaps where a day is missing, and never with a zero."""

from fleet_server.web.charts import Point, height, line, spark


def test_a_missing_day_is_a_gap_with_a_hatch_and_a_closed_one_a_gap() -> None:
    points = [
        Point("1", 50.0, target=40),
        Point("2", 60.0, target=40),
        Point("3", None, "missing"),
        Point("4", None, "closed"),
        Point("5", 70.0, target=45),
        Point("6", 80.0, target=45),
    ]
    found = line(points)
    assert len(found.runs) == 2
    assert [dot.point.label for dot in found.dots] == ["1", "2", "5", "6"]
    assert len(found.missing) == 1
    assert len(found.targets) == 2
    assert [label.text for label in found.labels] == ["1", "2", "3", "4", "5", "6"]


def test_more_is_higher() -> None:
    assert height(100) < height(50) < height(0)
    assert [level for level, _ in line([]).levels] == [0, 50, 100]


def test_many_points_are_not_all_named() -> None:
    assert len(line([Point(str(n), 1.0) for n in range(92)]).labels) <= 8


def test_a_single_day_between_gaps_is_a_dot() -> None:
    found = spark([None, 50.0, None, 10.0, 20.0], ["missing", "told", "closed", "told", "told"])
    assert len(found.single) == 1
    assert len(found.runs) == 1
    assert len(found.missing) == 1
    assert found.last == (81.0, 15.4)
    assert spark([], []).last is None
