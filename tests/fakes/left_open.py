"""What a test opens and leaves open, as a crash would: closed when the test is over.

Python 3.13 tells of every database that nobody closed, and the suite takes such a word for an
error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar


class Closeable(Protocol):
    """Something that can be closed, more than once."""

    def close(self) -> None: ...


T = TypeVar("T", bound=Closeable)
_LEFT: list[Closeable] = []


def closed_later(thing: T) -> T:
    """Return ``thing``, which is closed when the test is over."""
    _LEFT.append(thing)
    return thing


@contextmanager
def nothing_stays_open() -> Iterator[None]:
    """Close what was opened meanwhile, the newest first; what was open before stays so."""
    before = len(_LEFT)
    try:
        yield
    finally:
        while len(_LEFT) > before:
            _LEFT.pop().close()
