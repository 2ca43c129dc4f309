"""The index scores of a report in words."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from fleet_server.core.comparison import Share
from fleet_server.core.scores import (
    Entered,
    Index,
    Lack,
    Result,
    Scale,
    Scored,
    Source,
    hundredths,
)
from fleet_server.reports.cells import Cell, Fact, Points, Table
from fleet_server.web import language

CLASSES: Mapping[str, LazyString] = {
    "excellent": lazy_gettext("excellent"),
    "good": lazy_gettext("good"),
    "fair": lazy_gettext("fair"),
    "average": lazy_gettext("average"),
    "weak": lazy_gettext("weak"),
}
"""What the classes are called, the best first."""

LACKS: Mapping[Lack, LazyString] = {
    "not_entered": lazy_gettext("not scored: nobody entered it"),
    "not_counted": lazy_gettext("not scored: nothing counts it yet"),
    "too_few": lazy_gettext("not scored: too few"),
}

RESTS: Mapping[Source, LazyString] = {
    "attitude": lazy_gettext(
        "Index %(number)s rests on what citizens said in interviews of the attitude of the staff."
    ),
    "explained": lazy_gettext(
        "Index %(number)s rests on the cases of the period that were explained or are overdue: how "
        "many were explained within their deadline. Cases of which no figure tells don't count."
    ),
    "participation": lazy_gettext(
        "Index %(number)s rests on how many of those who were served rated at a terminal."
    ),
    "satisfaction": lazy_gettext("Index %(number)s rests on what was chosen at terminals."),
}
"""What an index that the server counts rests on."""


def called(index: Index) -> str:
    """Return what an index is called, as its scale has it."""
    return index.words.get(language.current()) or next(iter(index.words.values()), index.key)


def table(result: Result) -> Table:
    """Return the scores as a table."""
    title = _(
        "Index scores by version %(version)s of the scale, from %(day)s on",
        version=result.scale.version,
        day=language.day(result.scale.since),
    )
    named = {"index": _("Index"), "measured": _("Made of"), "points": _("Points")}
    rows: list[list[Cell]] = [
        [number, called(one.index), _measured(one), _points(one)]
        for number, one in enumerate(result.scored, 1)
    ]
    whole = _(
        "of %(possible)s points of the indexes that were scored; in all there are %(most)s",
        possible=result.possible,
        most=result.scale.most,
    )
    rows.append(["", _("Together"), whole, Points(hundredths(result.points))])
    heads = [_("No."), *named.values()]
    return Table(_("Index scores"), title, ["number", *named], heads, rows, total=True)


def _points(one: Scored) -> Cell:
    return None if one.points is None else Points(hundredths(one.points))


def _measured(one: Scored) -> str:
    if one.lack is not None:
        return str(LACKS[one.lack])
    if isinstance(one.measured, Entered):
        said = _(
            "entered: %(two)s dossiers with two points, %(one)s with one, %(none)s with none",
            two=language.number(one.measured.two),
            one=language.number(one.measured.one),
            none=language.number(one.measured.none),
        )
        return str(said)
    return _share(one.measured or Share(0, 0))


def _share(share: Share) -> str:
    if share.percent is None:
        return str(_("there was nothing to count; its points are set by the scale"))
    part, whole = language.number(share.part), language.number(share.whole)
    return f"{language.percent(share.percent)} ({part} / {whole})"


def notes(result: Result) -> Iterator[str]:
    """Yield what each index that the server counts rests on."""
    for number, one in enumerate(result.scored, 1):
        if one.index.source in RESTS:
            yield str(RESTS[one.index.source]) % {"number": number}


def facts(result: Result) -> tuple[Fact, ...]:
    """Return what the scores come to: the class, and what satisfaction brings."""
    reached = result.class_
    brought = result.satisfaction
    points = "–" if brought is None else language.hundredths(hundredths(brought))
    return (
        (_("Class"), str(CLASSES.get(reached, reached)) if reached else _lacking(result)),
        (_("Points for satisfaction, of %(most)s in 100", most=result.scale.weight), points),
    )


def _lacking(result: Result) -> str:
    lacking = sum(one.points is None for one in result.scored)
    return str(_("none: %(count)s indexes are not scored", count=lacking))


def limits(scale: Scale) -> str:
    """Return from how many points on each class is reached."""
    return ", ".join(f"{CLASSES.get(one.key, one.key)}: {one.least}" for one in scale.classes)
