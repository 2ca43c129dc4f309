"""Addresses of databases as fleet.toml has them. No password is ever part of one.

``sqlite:fleet.db``, or ``postgresql://user@host:port/name?sslmode=verify-full``, or by a socket
``postgresql://user@/name?host=/run/postgresql``. PostgreSQL's own library reads the address, so
what it would take besides (passwords, options of the session, service files) is not let through.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

SQLITE = "sqlite:"
POSTGRESQL = "postgresql://"

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_FILES = ("sslrootcert", "sslcert", "sslkey", "passfile")
_PARAMETERS = ("host", "sslmode", *_FILES)
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_PATH = re.compile(r"[A-Za-z0-9_./@+ -]{1,200}")


class AddressError(ValueError):
    """An address can't be used; the message goes on after "[database] url "."""


def is_sqlite(url: str) -> bool:
    """Whether an address is that of a file."""
    return url.startswith(SQLITE)


def absolute(url: str, folder: Path, passfile: Path) -> str:
    """Check an address and return it with paths that no longer depend on the folder.

    Args:
        url: As fleet.toml has it.
        folder: What its paths are relative to.
        passfile: PostgreSQL's password file of this fleet; named in the address if it is there.

    Raises:
        AddressError: it is not one, or holds what it must not.
    """
    if not is_sqlite(url):
        return _postgresql(url, folder, passfile)
    rest = url.removeprefix(SQLITE)
    if not rest or rest.startswith("//"):
        raise AddressError("must be an address such as sqlite:fleet.db")
    return f"{SQLITE}{folder / rest}"


def _postgresql(url: str, folder: Path, passfile: Path) -> str:
    try:
        parts = urlsplit(url)
        user, host, port, secret = parts.username, parts.hostname, parts.port, parts.password
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise AddressError(_SUCH_AS) from None
    if secret is not None or "password" in dict(given):
        raise AddressError(
            f"must hold no password; write it into {passfile.name}, as *:*:*:*:PASSWORD, "
            "readable by its owner alone"
        )
    name = parts.path.removeprefix("/")
    usable = parts.scheme == "postgresql" and "//" in url and not parts.fragment
    if not usable or not _NAME.fullmatch(name) or (user and not _NAME.fullmatch(user)):
        raise AddressError(_SUCH_AS)
    if host and not _HOST.fullmatch(host):
        raise AddressError(_SUCH_AS)
    parameters = _parameters(given, folder)
    if passfile.exists():
        parameters.setdefault("passfile", str(passfile))
    place = f"[{host}]" if host and ":" in host else host or ""
    where = f"{user}@" if user else ""
    where += place + (f":{port}" if port else "")
    query = f"?{urlencode(parameters, quote_via=quote, safe='/')}" if parameters else ""
    return f"{POSTGRESQL}{where}/{name}{query}"


_SUCH_AS = (
    "must be an address such as sqlite:fleet.db or postgresql://user@host/name?sslmode=verify-full"
)


def _parameters(given: list[tuple[str, str]], folder: Path) -> dict[str, str]:
    parameters = dict(given)
    for name, value in parameters.items():
        if name not in _PARAMETERS:
            raise AddressError(f"has an unknown parameter; known are {', '.join(_PARAMETERS)}")
        if name == "sslmode" and value not in _SSL_MODES:
            raise AddressError(f"has a wrong sslmode; known are {', '.join(_SSL_MODES)}")
        if not _PATH.fullmatch(value):
            raise AddressError(f"has a wrong {name}")
    if len(parameters) < len(given):
        raise AddressError("names a parameter twice")
    files = {name: str(folder / parameters[name]) for name in _FILES if name in parameters}
    return parameters | files


def described(url: str) -> str:
    """Return an address as messages name it: the file, or the database without its parameters."""
    return url.removeprefix(SQLITE) if is_sqlite(url) else url.partition("?")[0]


def parameters_of(url: str) -> Mapping[str, str]:
    """Return the parameters of a PostgreSQL address."""
    return dict(parse_qsl(urlsplit(url).query))
