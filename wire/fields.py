"""Fields of a message: how each is read from JSON, checked, and written back.

A `Shape` binds a frozen dataclass to its JSON names. Reading and encoding use the same
checks, so nothing can be sent that could not be read.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from wire.errors import WireError
from wire.strictjson import Object

T = TypeVar("T")

MAX_SEQ = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_AT = 253402300799999  # 9999-12-31T23:59:59.999Z in Unix milliseconds
_TIME_LIMITS = "must be a time between 1970 and 9999"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``read`` checks a JSON value and returns Python's, ``write`` is its inverse."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    required: bool = True


def integer(low: int, high: int) -> Field:
    """Return a field for whole numbers from ``low`` to ``high``."""

    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise WireError(f"must be a whole number from {low} to {high}")
        return value

    return Field(read, read)


def number(low: float, high: float) -> Field:
    """Return a field for numbers from ``low`` to ``high``, with or without a fraction."""

    def read(value: Any) -> float:
        if type(value) not in (int, float) or not low <= value <= high:
            raise WireError(f"must be a number from {low:g} to {high:g}")
        return float(value)

    return Field(read, read)


def boolean() -> Field:
    """Return a field for true and false."""

    def read(value: Any) -> bool:
        if type(value) is not bool:
            raise WireError("must be true or false")
        return value

    return Field(read, read)


def one_of(*words: str) -> Field:
    """Return a field for one of some fixed words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise WireError(f"must be one of {', '.join(words)}")
        return value

    return Field(read, read)


def matching(pattern: re.Pattern[str], what: str) -> Field:
    """Return a field for text that ``pattern`` matches whole; ``what`` names it in errors."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise WireError(f"is not {what}")
        return value

    return Field(read, read)


def text(longest: int, shortest: int = 1) -> Field:
    """Return a field for printable text in NFC of up to ``longest`` characters.

    Control, format (right-to-left marks and the like), private and unassigned characters and
    lone surrogates are refused: what is shown to a person must be what was signed.
    """

    def read(value: Any) -> str:
        if not isinstance(value, str) or not shortest <= len(value) <= longest:
            raise WireError(f"must be text of {shortest} to {longest} characters")
        if any(unicodedata.category(c) in _UNPRINTABLE for c in value):
            raise WireError("has characters that can't be printed")
        if not unicodedata.is_normalized("NFC", value):
            raise WireError("is not in Unicode normal form C")
        return value

    return Field(read, read)


def time() -> Field:
    """Return a field for RFC 3339 UTC times with milliseconds, in Python Unix milliseconds."""
    return Field(parse_time, format_time)


def day() -> Field:
    """Return a field for a calendar day ``YYYY-MM-DD``."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise WireError("must be a day as YYYY-MM-DD")
        try:
            datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            raise WireError("is a day that does not exist") from None
        return value

    return Field(read, read)


def optional(field: Field) -> Field:
    """Return ``field`` made optional: left out of the JSON where the attribute is None."""
    return Field(field.read, field.write, required=False)


def nullable(field: Field) -> Field:
    """Return ``field`` that must be given but may be null."""
    return Field(
        lambda value: None if value is None else field.read(value),
        lambda value: None if value is None else field.write(value),
    )


def listing(field: Field, longest: int, shortest: int = 0) -> Field:
    """Return a field for a list of ``shortest`` to ``longest`` of ``field``; a tuple in Python."""

    def check(values: Any) -> None:
        if not isinstance(values, list | tuple) or not shortest <= len(values) <= longest:
            raise WireError(f"must be a list of {shortest} to {longest}")

    def read(values: Any) -> tuple[Any, ...]:
        check(values)
        return tuple(field.read(value) for value in values)

    def write(values: Any) -> list[Any]:
        check(values)
        return [field.write(value) for value in values]

    return Field(read, write)


def mapping() -> Field:
    """Return a field for a JSON object whose content another layer checks."""

    def read(value: Any) -> Object:
        if not isinstance(value, Mapping):
            raise WireError("must be an object")
        return dict(value)

    return Field(read, read)


def printable(name: str) -> str:
    """Return a name from outside as it can be shown on one short line."""
    shown = name if name.isprintable() else ascii(name)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def parse_time(value: Any) -> int:
    """Return Unix milliseconds of an RFC 3339 UTC time with exactly three decimals.

    Raises:
        WireError: another form, or a time that does not exist.
    """
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise WireError("must be a UTC time as 2026-11-22T08:30:00.000Z")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise WireError("is a time that does not exist") from None
    at = (moment - _EPOCH) // timedelta(milliseconds=1)
    if at < 0:
        raise WireError(_TIME_LIMITS)
    return at


def format_time(at: Any) -> str:
    """Return Unix milliseconds ``at`` as an RFC 3339 UTC time with milliseconds.

    Raises:
        WireError: before 1970 or after 9999.
    """
    if type(at) is not int or not 0 <= at <= _MAX_AT:
        raise WireError(_TIME_LIMITS)
    moment = _EPOCH + timedelta(milliseconds=at)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at % 1000:03d}Z"


@dataclass(frozen=True)
class Shape(Generic[T]):
    """A dataclass and its JSON: names, fields, and attributes whose name differs.

    Attributes:
        cls: the frozen dataclass.
        fields: JSON name to field, in the order in which they are written.
        attributes: JSON name to attribute where the two differ (``from`` is a word of Python).
    """

    cls: Callable[..., T]
    fields: Mapping[str, Field]
    attributes: Mapping[str, str] | None = None

    def read(self, values: Object) -> T:
        """Return the object that ``values`` describe.

        Raises:
            WireError: a field is missing, unknown or wrong; its name is in the message.
        """
        unknown = values.keys() - self.fields.keys()
        if unknown:
            fields = "field" if len(unknown) == 1 else "fields"
            raise WireError(f"{len(unknown)} unknown {fields}")
        found = {}
        for name, field in self.fields.items():
            if name in values:
                found[self._attribute(name)] = _named(name, field.read, values[name])
            elif field.required:
                raise WireError(f"{name}: is missing")
        return self.cls(**found)

    def write(self, thing: T) -> Object:
        """Return ``thing`` as a JSON object.

        Raises:
            WireError: an attribute is out of its limits.
        """
        values: Object = {}
        for name, field in self.fields.items():
            value = getattr(thing, self._attribute(name))
            if value is not None or field.required:
                values[name] = _named(name, field.write, value)
        return values

    def as_field(self) -> Field:
        """Return a field whose value is one of these."""

        def read(value: Any) -> T:
            if not isinstance(value, dict):
                raise WireError("must be an object")
            return self.read(value)

        return Field(read, self.write)

    def _attribute(self, name: str) -> str:
        return (self.attributes or {}).get(name, name)


def _named(name: str, convert: Callable[[Any], Any], value: Any) -> Any:
    try:
        return convert(value)
    except WireError as error:
        raise WireError(f"{name}: {error}") from None
