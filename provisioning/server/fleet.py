"""The fleet on a server, looked at by its own doctor: ``hailong-fleet doctor`` knows how."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from provisioning.errors import ProvisioningError
from provisioning.finding import Finding
from provisioning.server import payload, units
from provisioning.server.install import inside


def look(root: Path) -> Iterator[Finding]:
    """Ask the doctor, as the fleet's own user where this is root, and yield what it finds.

    Raises:
        ProvisioningError: it gave no answer; with what it said.
    """
    program = inside(root, payload.PROGRAMS) / "hailong-fleet"
    words = [str(program), "doctor", "--json", "--config", str(units.settings_file(root))]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell
            words, capture_output=True, text=True, check=False, cwd="/", **as_the_fleet(root)
        )
        return (Finding(**found) for found in json.loads(done.stdout))
    except OSError as error:
        raise ProvisioningError(f"{program}: {error.strerror}") from None
    except (ValueError, TypeError):
        raise ProvisioningError(f"{program}: {done.stderr.strip() or 'said nothing'}") from None


def as_the_fleet(root: Path) -> dict[str, Any]:
    """Return as whom to run a program: root would leave files that the fleet can't write."""
    if os.geteuid() != 0 or root != Path("/"):
        return {}
    return {"user": payload.SERVER.user, "group": payload.SERVER.user, "extra_groups": []}
