"""What the pages are made of: assets and translations."""

import re
from collections.abc import Iterator
from pathlib import Path

from fleet_server.doctor.patient import Patient
from provisioning.finding import Finding, good, wrong

CHECK = "page assets"
WEB = Path(__file__).parents[1] / "web"
_VENDOR = re.compile(r"vendor/[\w.-]+")


def look(_patient: Patient) -> Iterator[Finding]:
    """Look for every asset that a template names, and for each language's compiled texts."""
    named = {
        name for page in WEB.rglob("*.html") for name in _VENDOR.findall(page.read_text("utf-8"))
    }
    missing = [WEB / "static" / name for name in sorted(named)]
    missing += [path.with_suffix(".mo") for path in WEB.rglob("*.po")]
    missing = [path for path in missing if not path.is_file()]
    for path in missing:
        yield wrong(
            CHECK,
            f"{path}: is not there",
            "install the built package, or run make assets in a checkout",
        )
    if not missing:
        yield good(CHECK, "assets and translations are there")
