"""Lines of text for ``run --simulate``: read without blocking, taken apart, or refused."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING, get_args

from device.core.targets import Target, TargetKind
from wire.records import CHOICES

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from wire.records import Choice

_MAX_LINE = 200
_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
WORDS = ("press", "bounce", "hold", "together", "touch", "advance", "wind", "state")


class LineError(ValueError):
    """A line cannot be obeyed; the text says why."""


def lines_of(descriptor: int, stopping: threading.Event) -> Iterator[bytes]:
    """Yield the lines of a descriptor until it ends or ``stopping`` is set.

    Not by ``sys.stdin``: a thread that is blocked in it makes the interpreter's end fail.
    """
    rest = b""
    while not stopping.is_set():
        if not select.select([descriptor], [], [], 0.1)[0]:
            continue
        data = os.read(descriptor, 4096)
        *lines, rest = (rest + data).split(b"\n")
        yield from lines
        # The rest of a line that is too long already is not needed to refuse it.
        rest = rest[: _MAX_LINE + 1]
        if not data:
            if rest:
                yield rest
            return


def words_of(line: bytes) -> list[str]:
    """Return the words of a line, the first of which is known.

    Raises:
        LineError: It is no such line.
    """
    if len(line) > _MAX_LINE:
        raise LineError(f"a line has at most {_MAX_LINE} bytes")
    try:
        words = line.decode("utf-8").split()
    except UnicodeDecodeError:
        raise LineError("a line must be UTF-8 text") from None
    if words and words[0] not in WORDS:
        raise LineError(f"unknown word {words[0]!r}; the words are {', '.join(WORDS)}")
    return words


def choice_of(word: str) -> Choice:
    """Return the choice that a word names.

    Raises:
        LineError: There is no such choice.
    """
    for choice in CHOICES:
        if word == choice:
            return choice
    raise LineError(f"unknown choice {word!r}; the choices are {', '.join(CHOICES)}")


def number_of(word: str, most: float) -> float:
    """Return the number above 0 and up to ``most`` that a word is.

    Raises:
        LineError: It is none.
    """
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not 0 < value <= most:
        raise LineError(f"{word!r} is not a number above 0 and up to {most:.0f}")
    return value


def target_of(words: list[str]) -> Target:
    """Return what the words KIND NAME of a touch mean.

    Raises:
        LineError: They mean nothing that can be on a screen.
    """
    if len(words) != 2:
        raise LineError("touch needs a kind and a name, like: touch key skip")
    for kind in _KINDS:
        if words[0] == kind:
            return Target(kind, words[1])
    raise LineError(f"unknown kind {words[0]!r}; the kinds are {', '.join(_KINDS)}")
