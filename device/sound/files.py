"""Where the sound of a cue lies: the office's own file, else ours.

A cue that is spoken lies in a folder named like its language, the others beside those folders. A
language for which nobody recorded anything stays silent rather than speak a foreign one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from device.core.cues import SPOKEN

if TYPE_CHECKING:
    from device.core.cues import Cue

OURS = Path(__file__).parent / "files"
ENDINGS = (".ogg", ".wav")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z]{2,4})?")


def file_of(cue: Cue, language: str, own: Path | None) -> Path | None:
    """Return the file of a cue in a language; None where there is none."""
    place = Path(cue)
    if cue in SPOKEN:
        if not _LANGUAGE.fullmatch(language):
            return None
        place = Path(language) / cue
    for folder in (own, OURS):
        for ending in ENDINGS:
            path = None if folder is None else folder / f"{place}{ending}"
            if path is not None and path.is_file():
                return path
    return None
