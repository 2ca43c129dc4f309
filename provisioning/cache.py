"""The folder for what can be made again: Debian's part of images, the demo's district."""

import os
from pathlib import Path


def folder() -> Path:
    """Return Hailong's cache folder, which may not be there yet.

    ``$HAILONG_CACHE``, else ``hailong`` in ``$XDG_CACHE_HOME``, else ``~/.cache/hailong``.
    """
    if chosen := os.environ.get("HAILONG_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hailong"
