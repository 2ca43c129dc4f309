"""The order of names as Vietnamese lists have it. Pure.

1. Letters decide first, by the Vietnamese alphabet: *a ă â b c d đ e ê …*; *f j w z* stand where
   English has them. Whether one is a capital never matters.
2. Where all letters are the same, tones decide, from the left: none, *huyền, hỏi, ngã, sắc, nặng*.
3. Numbers within names are read as numbers: *Quầy 2* stands before *Quầy 10*.
4. Signs stand before numbers, numbers before letters, letters of other alphabets at the end.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_PARTS = re.compile(r"[0-9]+|.", re.DOTALL)

Held = TypeVar("Held")
Key = tuple[tuple[tuple[int, int, str], ...], tuple[int, ...]]


@lru_cache(maxsize=8_192)
def place(name: str) -> Key:
    """Return what names are sorted by; equal for those that differ in capitals only."""
    letters: list[str] = []
    tones = [0]
    for one in unicodedata.normalize("NFD", name.casefold()):
        if one in _TONES:
            tones[-1] = _TONES.index(one) + 1
            continue
        letters.append(one)
        if not unicodedata.combining(one):
            tones.append(0)
    plain = unicodedata.normalize("NFC", "".join(letters))
    return tuple(_part(one) for one in _PARTS.findall(plain)), tuple(tones)


def services(named: Mapping[str, Held]) -> dict[str, Held]:
    """Return what is held by the names of services in their order; what has none is last."""
    return dict(sorted(named.items(), key=lambda one: (not one[0], place(one[0]))))


def _part(text: str) -> tuple[int, int, str]:
    if text[0] in "0123456789":
        return 1, int(text), ""
    if text in _ALPHABET:
        return 2, _ALPHABET.index(text), ""
    return (3 if text.isalpha() else 0), 0, text
