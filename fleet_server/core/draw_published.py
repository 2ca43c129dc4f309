"""A draw as it is published: one file, from which anybody can repeat it.

The file is a JSON object of texts and lists. `repeated` does with our own code what the twelve
lines of ``DRAW.md`` do without: it draws again, and says what does not come out the same.

Names in it tell nobody who is meant; but who sees of which unit somebody was drawn can lean on
citizens. So the file is open to everybody once nobody is to be asked any more (`is_open`); until
then the list's hash, heads, seed and counts are.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from fleet_server.core.contacts import MOST_DAYS
from fleet_server.core.draw import (
    FORM,
    LEAST_WANTED,
    MOST_WANTED,
    Draw,
    Entry,
    Sealed,
    draw,
    pulse,
    seed,
)
from fleet_server.core.draw_witness import FormError, check_word
from wire.errors import WireError
from wire.strictjson import parse_object

MOST_BYTES = 256 * 1024 * 1024
"""Of a file: lists of some millions of tickets."""


class PublishedError(ValueError):
    """This file is no published draw; the message says why."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who was asked in place of whom, and why; ``ticket`` is None where nobody was left."""

    replaces: str
    ticket: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Published:
    """A draw.

    Attributes:
        sealed: the list, with the week, how many are wanted, and the witness that was named.
        first: the first day on which a ticket on the list was served.
        last: the last one.
        heads: hash of the newest record of each chain, by the chain.
        witnessed: what the witness said; "" if none was named.
        seed: what followed from all of these.
        drawn: who was drawn, in order.
        replaced: who was asked in their place, in the order in which it happened.
    """

    sealed: Sealed
    first: str
    last: str
    heads: Mapping[str, str]
    witnessed: str
    seed: str
    drawn: tuple[Entry, ...]
    replaced: tuple[Replacement, ...] = ()


def is_open(state: str, left: int, sealed: date, day: date) -> bool:
    """Tell whether everybody may read the list of a draw, and who was drawn.

    At the latest they may when no contact data is left by which anybody could be asked: whoever
    closes interviews can't keep a list closed for ever.

    Args:
        state: of the draw; a *lapsed* one has drawn nobody and never will.
        left: how many are still to be asked.
        sealed: the day on which the list was sealed.
        day: today in the fleet's time zone.
    """
    asked = state in ("drawn", "lapsed") and left == 0
    return asked or day > sealed + timedelta(days=MOST_DAYS)


def heads_text(heads: Mapping[str, str]) -> str:
    """Return heads as they are published: a line for each chain, sorted, chain and hash."""
    return "".join(f"{chain}\t{heads[chain]}\n" for chain in sorted(heads))


def heads_of(text: str) -> dict[str, str]:
    """Return heads from their text.

    Raises:
        ValueError: a line has not one tab.
    """
    return dict(_pair(line) for line in text.splitlines())


def entries_of(text: str) -> tuple[Entry, ...]:
    """Return the tickets of a list from its text (`Sealed.text`).

    Raises:
        ValueError: a line has not one tab.
    """
    return tuple(Entry(*_pair(line)) for line in text.splitlines())


def _pair(line: str) -> tuple[str, str]:
    first, second = line.split("\t")
    return first, second


def written(published: Published) -> str:
    """Return a draw as its file."""
    sealed = published.sealed
    said = {
        "form": FORM,
        "week": sealed.week,
        "served_from": published.first,
        "served_to": published.last,
        "wanted": sealed.wanted,
        "witness": sealed.witness,
        "witnessed": published.witnessed,
        "seed": published.seed,
        "drawn": [[one.unit, one.ticket] for one in published.drawn],
        "replaced": [[one.replaces, one.ticket, one.reason] for one in published.replaced],
        "left_out": dict(sealed.left_out),
        "list_sha256": sealed.hash,
        "list": sealed.text,
        "heads": heads_text(published.heads),
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def read(data: bytes) -> Published:
    """Return the draw of a file.

    Raises:
        PublishedError: it is none.
    """
    try:
        said = parse_object(data, MOST_BYTES)
        if said.get("form") != FORM:
            raise PublishedError(f"it is no draw of the form {FORM}")
        if not LEAST_WANTED <= said["wanted"] <= MOST_WANTED:
            raise PublishedError("5 to 10 people are drawn a week")
        return _published(said)
    except WireError as error:
        raise PublishedError(str(error)) from None
    except KeyError as error:
        raise PublishedError(f"{error} is missing") from None
    except PublishedError:
        raise
    except (AttributeError, TypeError, ValueError):
        raise PublishedError("a value in it is not of the form of a published draw") from None


def _published(said: Mapping[str, Any]) -> Published:
    entries = entries_of(said["list"])
    return Published(
        Sealed(said["week"], said["wanted"], entries, dict(said["left_out"]), said["witness"]),
        said["served_from"],
        said["served_to"],
        heads_of(said["heads"]),
        said["witnessed"],
        said["seed"],
        tuple(Entry(unit, ticket) for unit, ticket in said["drawn"]),
        tuple(Replacement(*three) for three in said["replaced"]),
    )


def repeated(published: Published) -> tuple[Draw, list[str]]:
    """Draw again from what is published.

    Returns:
        The draw as it comes out, and in words what is published otherwise.

    Raises:
        PublishedError: it can't be drawn again: the witness that was named is missing, or a text
            has a line break.
    """
    try:
        again = draw(published.sealed, _seed(published))
    except ValueError as error:
        raise PublishedError(str(error)) from None
    return again, list(_differences(published, again))


def _seed(published: Published) -> str:
    return seed(published.sealed, pulse(published.heads), published.witnessed)


def _differences(published: Published, again: Draw) -> Iterator[str]:
    entries = published.sealed.entries
    try:
        check_word(published.sealed.witness, published.witnessed)
    except FormError as error:
        yield str(error)
    if any(after <= before for before, after in pairwise(entries)):
        yield "the list is not sorted, or names a ticket twice"
    if again.seed != published.seed:
        yield f"the seed is {again.seed}, not {published.seed}"
    if tuple(again.drawn) != published.drawn:
        yield "others were drawn than follow from the seed"
    yield from _replacements(published, again)


def _replacements(published: Published, again: Draw) -> Iterator[str]:
    known = {one.ticket for one in published.sealed.entries}
    used: list[str] = []
    for one in published.replaced:
        if one.replaces not in known:
            yield f"{one.replaces} was replaced, but is not on the list"
            continue
        follows = again.replacement(one.replaces, used)
        right = None if follows is None else follows.ticket
        if right != one.ticket:
            yield f"{one.replaces} is to be replaced by {right}, not by {one.ticket}"
        used += [] if one.ticket is None else [one.ticket]
