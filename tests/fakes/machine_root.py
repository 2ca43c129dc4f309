"""The root of a machine that was installed, in a folder: its users are all who runs the test."""

import os
from pathlib import Path

from provisioning.server import install
from provisioning.server.install import inside
from provisioning.server.payload import FLEET, NODE, PROGRAMS, ROLES
from tests.fakes.processes import FLEET as PROGRAM


def installed_root(root: Path, *names: str) -> Path:
    """Put the files of some roles in place, as far as that needs no root."""
    roles = [ROLES[name] for name in names]
    for placement in install.plan(root, roles):
        install.write(placement)
    users = (f"{role.user}:x:{os.getuid()}:0::/:/usr/sbin/nologin\n" for role in roles)
    (root / "etc/passwd").write_text("".join(users))
    for folder in (FLEET, f"{FLEET}-backups", NODE):
        inside(root, Path(folder)).mkdir(0o700, parents=True)  # type: ignore[arg-type]
    programs = inside(root, PROGRAMS)
    programs.parent.mkdir(parents=True)
    programs.symlink_to(Path(PROGRAM).parent)
    return root
