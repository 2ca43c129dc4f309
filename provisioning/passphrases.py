"""What opens the keys of one command: typed at the terminal, or read from a file.

Never an argument and never a variable of the environment: both are seen by other programs. Letters
are composed (NFC, as RFC 8265 wants): keyboards differ in how they make a letter with accents.
"""

import getpass
import stat
import sys
import unicodedata
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.pki.files import MIN_PASSPHRASE

_MOST = 1024


class Passphrases:
    """Asks for each secret once, however many keys it opens."""

    def __init__(self, file: Path | None, pin_file: Path | None = None) -> None:
        """Begin.

        Args:
            file: holds the passphrase of the keys; None asks for it.
            pin_file: holds the PIN of the root's token; None asks for it.
        """
        self._file, self._pin_file = file, pin_file
        self._held: bytes | None = None

    def of_key(self, path: Path) -> bytes:
        """Return the passphrase that the keys have now.

        Raises:
            ProvisioningError: there is nobody to ask, or the file can't be used.
        """
        if self._held is None:
            self._held = self._read(f"Passphrase of {path.name}: ")
        return self._held

    def new(self, what: str = "the keys") -> bytes:
        """Return a passphrase to be given to keys; who types it does so twice.

        Raises:
            ProvisioningError: it is too short, or the second is not the first.
        """
        chosen = self._read(f"New passphrase of {what}: ")
        if len(chosen.decode()) < MIN_PASSPHRASE:
            raise ProvisioningError(
                f"a passphrase has at least {MIN_PASSPHRASE} characters: take six words by dice"
            )
        if self._file is None and _typed("The same again: ", "") != chosen:
            raise ProvisioningError("the second was not the first; nothing was changed")
        self._held = chosen
        return chosen

    def pin(self, token: str) -> str:
        """Return the PIN of a token.

        Raises:
            ProvisioningError: there is nobody to ask, or the file can't be used.
        """
        if self._pin_file is not None:
            return from_file(self._pin_file).decode()
        return _typed(f"PIN of token {token}: ", "--pin-file").decode()

    def _read(self, prompt: str) -> bytes:
        if self._file is not None:
            return from_file(self._file)
        return _typed(prompt, "--passphrase-file")


def _typed(prompt: str, option: str) -> bytes:
    if not sys.stdin.isatty():
        raise ProvisioningError(f"there is nobody to ask for it here; give a file by {option}")
    try:
        return _composed(getpass.getpass(prompt))
    except (EOFError, UnicodeError):
        raise ProvisioningError("nothing that can be read was typed; nothing changed") from None


def _composed(text: str) -> bytes:
    return unicodedata.normalize("NFC", text).encode()


def from_file(path: Path) -> bytes:
    """Return the secret in a file: one line of text that only its owner can read.

    Raises:
        ProvisioningError: it is none, or others can read it.
    """
    with path.open("rb") as file:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode) and stat.S_IMODE(mode) & 0o077:
            raise ProvisioningError(f"{path}: others can read it; run: chmod go= {path}")
        content = file.read(_MOST + 1)
    try:
        plain = content.rstrip(b"\r\n").decode()
    except UnicodeDecodeError:
        plain = ""
    if not plain or len(content) > _MOST or "\n" in plain:
        raise ProvisioningError(f"{path}: holds no passphrase, which is one line of UTF-8 text")
    return _composed(plain)
