"""Why a file can't be read as a list."""

from typing import Literal

Trouble = Literal[
    "empty", "too_large", "windows_1258", "not_utf8", "not_csv", "old_xls", "not_xlsx",
    "too_many_rows", "no_list",
]  # fmt: skip
"""*no_list*: none of its sheets has headings that are known."""


class SheetError(Exception):
    """A file is no list, or too much of one; ``value`` is where, if that can be said."""

    def __init__(self, trouble: Trouble, value: str = "") -> None:
        """Keep what is wrong, which whoever shows it puts into words."""
        super().__init__(trouble)
        self.trouble: Trouble = trouble
        self.value = value
