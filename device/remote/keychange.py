"""Changing the key the journal is signed with, once the next one is certified."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.identity import rotation
from device.ports import JournalError

if TYPE_CHECKING:
    from device.identity.files import IdentityFiles
    from device.journal.writer import Journal

log = logging.getLogger(__name__)


class KeyChanger:
    """The terminal's part of a key change (``identity/rotation.py``).

    Args:
        files: The identity.
        terminal: Terminal id, to be the certificate's name.
        journal: Signs the word that the next key follows.
    """

    def __init__(self, files: IdentityFiles, terminal: str, journal: Journal) -> None:
        self._files = files
        self._terminal = terminal
        self._journal = journal
        self._to_adopt = False

    def is_under_way(self) -> bool:
        """Return True when a next key was made."""
        return self._files.next_key.exists()

    def turn(self) -> bool:
        """Change to the next key if it is certified; return True when that is done."""
        if not self._files.next_certificate.exists():
            return False
        try:
            if not self._to_adopt:
                key = rotation.next_key(self._files, self._terminal)
                if key is None:
                    return False
                self._journal.change_key(key)
                self._to_adopt = True
                log.warning("the journal goes on with the next key")
            rotation.adopt(self._files)
        except (JournalError, OSError) as error:
            log.error("the key cannot be changed yet: %s", error)
            return False
        self._to_adopt = False
        return True
