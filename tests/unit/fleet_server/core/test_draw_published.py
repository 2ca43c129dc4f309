"""A published draw can be repeated from its file, with our code and without."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fleet_server.core.draw import Entry, Sealed, draw, pulse, seed
from fleet_server.core.draw_published import (
    Published,
    PublishedError,
    Replacement,
    is_open,
    read,
    repeated,
    written,
)

SEALED = date(2026, 11, 23)
PAPER = Path(__file__).parents[4] / "fleet_server/core/DRAW.md"


def published(size: int = 40, witness: str = "") -> Published:
    """Return a draw from so many tickets of three units, with two replacements."""
    random = Random(size)
    entries = sorted(
        Entry(random.choice(["P1", "P2", "Q3"]), f"{random.getrandbits(128):032x}")
        for _ in range(size)
    )
    sealed = Sealed("2026-W48", 7, tuple(entries), {"no_contact": 12}, witness)
    heads = {f"t-{n}/{n:032x}": f"{random.getrandbits(256):064x}" for n in range(30)}
    witnessed = "04217" if witness else ""
    by = seed(sealed, pulse(heads), witnessed)
    found = draw(sealed, by)
    replaced: list[Replacement] = []
    for one in found.drawn[:2]:
        used = [each.ticket for each in replaced if each.ticket]
        follows = found.replacement(one.ticket, used)
        replaced.append(Replacement(one.ticket, follows and follows.ticket, "refused"))
    return Published(
        sealed, "2026-10-26", "2026-11-22", heads, witnessed, by, tuple(found.drawn),
        tuple(replaced),
    )  # fmt: skip


@pytest.mark.parametrize("size", [0, 3, 8, 500])
@pytest.mark.parametrize("witness", ["", "giải đặc biệt"])
def test_what_is_published_is_read_and_comes_out_the_same(size: int, witness: str) -> None:
    once = published(size, witness)
    again = read(written(once).encode())
    assert again == once
    drawn, faults = repeated(again)
    assert (tuple(drawn.drawn), faults) == (once.drawn, [])


def test_when_nobody_is_left_that_is_published_too() -> None:
    once = published(3)
    assert [one.ticket for one in once.replaced] == [None, None]
    assert repeated(once)[1] == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (lambda one: replace(one, seed="ab"), "the seed is"),
        (lambda one: replace(one, drawn=one.drawn[1:]), "others were drawn"),
        (lambda one: replace(one, heads={**one.heads, "t-0/x": "1"}), "the seed is"),
        (lambda one: _listed(one, one.sealed.entries[1:]), "the seed is"),
        (lambda one: _listed(one, one.sealed.entries[::-1]), "not sorted"),
        (lambda one: _replaced(one, ticket=one.drawn[5].ticket), "is to be replaced by"),
        (lambda one: _replaced(one, replaces="nobody"), "but is not on the list"),
    ],
)
def test_whatever_was_changed_is_found(other: Callable[[Published], Published], said: str) -> None:
    _, faults = repeated(other(published()))
    assert any(said in fault for fault in faults), faults


def _listed(one: Published, entries: tuple[Entry, ...]) -> Published:
    return replace(one, sealed=replace(one.sealed, entries=entries))


def _replaced(one: Published, **changes: str) -> Published:
    return replace(one, replaced=(replace(one.replaced[0], **changes),))


def test_a_witness_that_has_not_spoken_stops_it() -> None:
    with pytest.raises(PublishedError, match="the witness that was named speaks"):
        repeated(replace(published(witness="xổ số"), witnessed=""))


def _without(name: str) -> bytes:
    said = json.loads(written(published()))
    del said[name]
    return json.dumps(said).encode()


def _with(**other: Any) -> bytes:
    return json.dumps(json.loads(written(published())) | other).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not json", "not JSON"),
        (b"{}", "no draw of the form hailong-draw-1"),
        (_without("seed"), "'seed' is missing"),
        (_with(wanted=200), "5 to 10"),
        (_with(wanted="7"), "not of the form"),
        (_with(list="P1 without a tab\n"), "not of the form"),
        (_with(heads=7), "not of the form"),
        (_with(replaced=[["a", "b"]]), "not of the form"),
    ],
)
def test_what_is_no_published_draw_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(PublishedError, match=said):
        read(data)


# ---- by hand ----


def recipe() -> str:
    """The lines that the paper for outsiders gives."""
    found = re.search(r"```python\n(.*?)```", PAPER.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_recipe_is_a_dozen_lines_that_use_none_of_our_code() -> None:
    lines = [line for line in recipe().splitlines() if line]
    assert len(lines) == 12
    assert [line for line in lines if "import" in line] == [
        "import json",
        "from hashlib import sha256",
        "from pathlib import Path",
    ]


@pytest.mark.parametrize("size", [0, 3, 500])
@pytest.mark.parametrize("witness", ["", "xổ số"])
def test_the_recipe_repeats_the_draw_from_the_published_file(
    size: int, witness: str, tmp_path: Path
) -> None:
    once = published(size, witness)
    (tmp_path / "draw.json").write_text(written(once), "utf-8")
    alone = [sys.executable, "-I", "-S", "-c", recipe()]
    told = subprocess.run(alone, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    ours = [once.seed, *(str([one.unit, one.ticket]) for one in once.drawn)]
    assert told.splitlines() == ours


# ---- when it opens ----


@pytest.mark.parametrize(
    ("state", "left", "opens"),
    [
        ("sealed", 0, False), ("pulsed", 0, False), ("drawn", 1, False), ("drawn", 0, True),
        ("lapsed", 0, True),
    ],
)  # fmt: skip
def test_a_list_opens_when_nobody_is_to_be_asked_any_more(
    state: str, left: int, opens: bool
) -> None:
    assert is_open(state, left, SEALED, SEALED) == opens


def test_a_list_opens_at_the_latest_when_no_contact_data_is_left() -> None:
    assert not is_open("drawn", 3, SEALED, SEALED + timedelta(days=180))
    assert is_open("drawn", 3, SEALED, SEALED + timedelta(days=181))


def test_a_word_that_is_not_written_as_its_witness_was_sealed_is_found() -> None:
    _, faults = repeated(published(witness="xổ số [999999]"))
    assert faults == ["what the witness said is written 999999: 9 is a digit, A a capital letter"]
