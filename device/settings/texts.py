"""Table ``[texts]``: an office's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.policy import Texts
from wire.policy import TABLES

if TYPE_CHECKING:
    from device.settings.tables import Table


def read(table: Table) -> Texts:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    return Texts(question=table.parsed("question", (), TABLES["texts"]["question"]))
