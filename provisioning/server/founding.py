"""The fleet directory of a server, made by ``hailong-fleet init`` as the fleet's own user."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.pki import sets
from provisioning.pki.sets import Set
from provisioning.server import payload
from provisioning.server.fleet import as_the_fleet

_NAME = "server.tar"


def line(words: Sequence[str]) -> list[str]:
    """Return what makes the directory; ``words`` are further ones for ``hailong-fleet init``."""
    return [str(payload.PROGRAMS / "hailong-fleet"), "init", "--dir", str(payload.FLEET), *words]


def make(words: Sequence[str], authorities: Set | None) -> None:
    """Make the fleet's directory.

    Args:
        words: as `line` takes them.
        authorities: a server's set from where the offline keys are; None: new ones are made here.

    Raises:
        ProvisioningError: it refused.
    """
    called = line(words)
    with ExitStack() as stack:
        if authorities is not None:
            called += ["--ca", str(stack.enter_context(lent(authorities)))]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program; its words are the caller's own
                called, check=False, umask=0o077, cwd=payload.FLEET, **as_the_fleet(Path("/"))
            )
        except FileNotFoundError:
            raise ProvisioningError(
                f"{called[0]}: is not there; see provisioning/server/README.md"
            ) from None
    if done.returncode != 0:
        raise ProvisioningError("hailong-fleet init refused; its sentence is above")


@contextmanager
def lent(authorities: Set) -> Iterator[Path]:
    """Yield a copy of a set that the fleet's user can read, and nobody else; it is gone afterwards.

    The set itself lies where root alone can read it, as on a stick.
    """
    user = as_the_fleet(Path("/")).get("user")
    with tempfile.TemporaryDirectory(prefix="hailong-") as folder:
        copy = Path(folder) / _NAME
        sets.write(authorities, copy)
        if user is not None:
            for path in (copy, folder):
                shutil.chown(path, user)
        yield copy
