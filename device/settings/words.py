"""Languages, and texts in several of them, as values of a policy's table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wire.errors import WireError
from wire.fields import matching, text

LANGUAGE = matching(re.compile(r"[a-z]{2,3}(_[A-Z]{2})?"), "a language code such as vi or zh_TW")
MOST_LANGUAGES = 16
_WORDS_LIMITS = f'must be a table of 1 to {MOST_LANGUAGES} languages, as {{vi = "…", en = "…"}}'


def words(value: Any, longest: int) -> tuple[tuple[str, str], ...]:
    """Return pairs of language and text from a table such as ``{vi = "…", en = "…"}``.

    Raises:
        WireError: It is none, or a text is longer than ``longest`` or cannot be printed.
    """
    if not isinstance(value, Mapping) or not 1 <= len(value) <= MOST_LANGUAGES:
        raise WireError(_WORDS_LIMITS)
    found = []
    for language, said in value.items():
        if not isinstance(language, str):
            raise WireError(_WORDS_LIMITS)
        LANGUAGE.read(language)
        try:
            found.append((language, _text(said, longest)))
        except WireError as error:
            raise WireError(f"{language}: {error}") from None
    return tuple(found)


def _text(value: Any, longest: int) -> str:
    said: str = text(longest).read(value)
    if not said.strip():
        raise WireError("must not be blank")
    return said


def distinct(names: tuple[str, ...]) -> None:
    """Refuse a name that is there twice.

    Raises:
        WireError: One is; it is named.
    """
    for name in names:
        if names.count(name) > 1:
            raise WireError(f"names {name} twice")
