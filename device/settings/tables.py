"""Reading one table of a TOML file: a value that fits, or an error that names its key."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, TypeVar

from wire.errors import WireError
from wire.fields import printable
from wire.records import CHOICES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


class SettingsError(ValueError):
    """The configuration cannot be used; the text names the file, the key and the remedy."""


class Table:
    """One TOML table being read; remembers which keys were asked for."""

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self._name = name
        self._values = values
        self._asked: set[str] = set()

    @property
    def empty(self) -> bool:
        """True when the file has no such table, or nothing in it."""
        return not self._values

    def text(self, key: str, default: str | None = None, max_chars: int = 200) -> str:
        """Return a text.

        Raises:
            SettingsError: Missing, no text, too long, or with characters that nobody can see.
        """
        value = self._get(key, default)
        if not isinstance(value, str) or not 0 < len(value) <= max_chars:
            raise self.error(key, f"must be a text of 1 to {max_chars} characters")
        if any(unicodedata.category(letter).startswith("C") for letter in value):
            raise self.error(key, "must not hold control characters")
        return value

    def name(self, key: str, check: Callable[[str], str]) -> str:
        """Return a name that ``check`` (one of ``wire.ids``) takes.

        Raises:
            SettingsError: Missing, or refused by ``check``.
        """
        try:
            return check(self.text(key))
        except WireError as error:
            raise self.error(key, str(error)) from None

    def number(self, key: str, default: int | None, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``.

        Raises:
            SettingsError: Missing, not a whole number, or out of range.
        """
        value = self._get(key, default)
        if type(value) is not int or not low <= value <= high:
            raise self.error(key, f"must be a whole number from {low} to {high}")
        return value

    def decimal(self, key: str, default: float | None, low: float, high: float) -> float:
        """Return a number from ``low`` to ``high``.

        Raises:
            SettingsError: Missing, not a number, or out of range.
        """
        value = self._get(key, default)
        if type(value) not in (int, float) or not low <= value <= high:
            raise self.error(key, f"must be a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, key: str, default: bool | None) -> bool:
        """Return true or false.

        Raises:
            SettingsError: Missing or neither true nor false.
        """
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def one_of(self, key: str, default: object, allowed: tuple[object, ...]) -> object:
        """Return one of the allowed values.

        Raises:
            SettingsError: Missing or none of them.
        """
        value = self._get(key, default)
        if (type(value), value) not in [(type(each), each) for each in allowed]:
            choices = ", ".join(repr(each) for each in allowed)
            raise self.error(key, f"must be one of {choices}")
        return value

    def parsed(self, key: str, default: T, read: Callable[[Any], T]) -> T:
        """Return what ``read`` makes of the value; ``default`` where the key is not there.

        Args:
            key: Name of the key.
            default: What holds without it.
            read: Checks the value; raises `WireError` with what is allowed.

        Raises:
            SettingsError: ``read`` refused the value.
        """
        self._asked.add(key)
        if key not in self._values:
            return default
        try:
            return read(self._values[key])
        except WireError as error:
            raise self.error(key, str(error)) from None

    def pins(self, key: str, default: tuple[int, int, int]) -> tuple[int, int, int]:
        """Return three GPIO numbers, one for each choice.

        Raises:
            SettingsError: Not a table with exactly the three choices, or not GPIO numbers.
        """
        value = self._get(key, dict(zip(CHOICES, default, strict=True)))
        if not isinstance(value, dict) or set(value) != set(CHOICES):
            raise self.error(key, f"must be a table with the keys {', '.join(CHOICES)}")
        table = Table(f"{self._name}.{key}", value)
        first, second, third = (table.number(choice, None, 0, 27) for choice in CHOICES)
        return first, second, third

    def finish(self) -> None:
        """Refuse keys that nobody asked for.

        Raises:
            SettingsError: There is such a key.
        """
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.error(key, f"is unknown; the keys here are {known}")

    def error(self, key: str, problem: str) -> SettingsError:
        """Return an error that names the key."""
        return SettingsError(f"{self._name}.{printable(key)}: {problem}")

    def _get(self, key: str, default: object) -> Any:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.error(key, "is missing; add it")
        return value
