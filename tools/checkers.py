"""Bring what judges the pages in the tests: axe-core and the HTML checker, by their own lock file.

They go into the environment, not into the sources, and are no part of what is shipped.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from hatch_build import npm_command

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "tests" / "checkers"
HOME = Path(sys.prefix) / "checkers"
STAMP = HOME / "package-lock.sha256"
AXE = HOME / "node_modules" / "axe-core" / "axe.min.js"
VNU = HOME / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def wanted() -> str:
    """Return what the stamp says once those of this lock file are there."""
    return hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()


def are_there() -> bool:
    """Tell whether the checkers of this lock file are in the environment."""
    stamped = STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted()
    return stamped and AXE.is_file() and VNU.is_file()


def main() -> None:
    """Bring them, unless they are there."""
    if are_there():
        return
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(SOURCES / name, HOME)
    done = subprocess.run([*npm_command(), "ci"], cwd=HOME, check=False)
    if done.returncode != 0:
        raise SystemExit("npm could not bring the page checkers; its message is above")
    STAMP.write_text(wanted(), encoding="ascii")


if __name__ == "__main__":
    main()
