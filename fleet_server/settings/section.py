"""One table of the settings file, whose values are taken out one by one under a check."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from fleet_server.errors import UsageError

HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
PLAIN = re.compile(r"[A-Za-z0-9.:/\[\]_~%-]{1,255}")


class SettingsError(UsageError):
    """The settings file is missing or wrong; the message names file and key."""


class Section:
    """One table of the file, whose values are taken out one by one under a check."""

    def __init__(self, path: Path, name: str, table: Mapping[str, object]) -> None:
        self._path, self._name, self._rest = path, name, dict(table)

    def error(self, key: str, wrong: str) -> SettingsError:
        """Return an error that names the key."""
        return SettingsError(f"{self._path}: [{self._name}] {key} {wrong}")

    def _take(self, key: str, default: object = None) -> object:
        value = self._rest.pop(key, default)
        if value is None:
            raise self.error(key, "is missing; please set it")
        return value

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key in self._rest

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text of 1 to 255 printable characters."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"must be a text in quotes, not {value!r}")
        if not 0 < len(value) <= 255 or not value.isprintable():
            raise self.error(key, "must be 1 to 255 printable characters")
        return value

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Take a whole number between two bounds."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(key, f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    def yes(self, key: str, default: bool) -> bool:
        """Take true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, not {value!r}")
        return value

    def words(self, key: str, known: Collection[str], default: tuple[str, ...]) -> tuple[str, ...]:
        """Take a list of known words, which may be empty."""
        value = self._take(key, list(default))
        if not isinstance(value, list) or not all(one in known for one in value):
            raise self.error(key, f"must be a list of some of: {', '.join(known)}")
        return tuple(value)

    def port(self, key: str, default: int | None = None) -> int:
        """Take a TCP port."""
        return self.whole(key, 1, 65_535, default)

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts, by default none."""
        value = self._take(key, ())
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise self.error(key, f"must be a list of texts in quotes, not {value!r}")
        return tuple(value)

    def url(self, key: str, *schemes: str) -> str:
        """Take an address of scheme, host and perhaps port and path, without a slash at the end."""
        value = self.text(key).rstrip("/")
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or not PLAIN.fullmatch(value):
            raise self.error(key, f"must be an address such as {schemes[-1]}://host:port")
        return value

    def host(self, key: str, default: str | None = None) -> str:
        """Take a host name or an address."""
        value = self.text(key, default)
        if not HOST.fullmatch(value):
            raise self.error(key, f"must be a host name or an address, not {value!r}")
        return value

    def done(self) -> None:
        """Refuse what nobody asked for, which is mostly a slip of the keyboard."""
        if self._rest:
            key = next(iter(self._rest))
            raise self.error(key, "is not a known key; please check its spelling")
