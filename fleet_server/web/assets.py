"""Style sheets and scripts: a browser keeps each until it changes, and asks for none twice.

Their addresses carry a piece of their hash, so that a new version has a new address.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

YEAR_S = 31_536_000
DIGITS = 12
ENDPOINT = "static"


def init_app(app: Flask) -> None:
    """Put the version into every address of a file, and let browsers keep what has one."""
    app.url_defaults(_add_version)
    app.after_request(_keep)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == ENDPOINT and current_app.static_folder:
        version = _version(Path(current_app.static_folder, values["filename"]))
        if version:
            values["v"] = version


@cache
def _version(path: Path) -> str:
    """Return a piece of a file's hash, or nothing where there is no such file."""
    try:
        return sha256(path.read_bytes()).hexdigest()[:DIGITS]
    except OSError:
        return ""


def _keep(answer: Response) -> Response:
    if request.endpoint == ENDPOINT and "v" in request.args and answer.status_code == 200:
        answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return answer
