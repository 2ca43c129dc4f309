"""Names that travel: terminals, counters, visits, chains, boots, nonces."""

import re
import secrets

from wire.errors import WireError

TERMINAL_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
COUNTER_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
VISIT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
RANDOM_ID = re.compile(r"[0-9a-f]{32}")
HASH = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""Base64url of 32 bytes: 43 characters, the last of which carries only four bits."""

RESERVED_PREFIX = "fleet-"
"""Names of the fleet's own services at the broker; no terminal may have one."""


def new_id() -> str:
    """Return 128 random bits as 32 hexadecimal digits, for a chain, boot, visit or nonce."""
    return secrets.token_hex(16)


def check_terminal_id(text: str) -> str:
    """Return ``text`` if it can name a terminal.

    Raises:
        WireError: it can't.
    """
    if not TERMINAL_ID.fullmatch(text) or text.startswith(RESERVED_PREFIX):
        raise WireError(
            "a terminal id is 1 to 40 of a-z, 0-9 and '-', does not begin with '-' or 'fleet-'"
        )
    return text


def check_counter_code(text: str) -> str:
    """Return ``text`` if it can name a counter.

    Raises:
        WireError: it can't.
    """
    if not COUNTER_CODE.fullmatch(text):
        raise WireError("a counter code is 1 to 32 letters, digits, '.', '_' or '-'")
    return text
