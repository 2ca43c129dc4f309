"""Programs of the system that are started here, and the word when one is missing or fails."""

import os
import subprocess

from provisioning.errors import ProvisioningError


def run(package: str, *words: str, given: bytes = b"", **settings: str) -> bytes:
    """Run a program of the Debian package ``package`` and return its output.

    ``given`` is its standard input, ``settings`` are added to its environment. No shell is between.

    Raises:
        ProvisioningError: it is not installed, or failed; with its own last words.
    """
    try:
        done = subprocess.run(  # noqa: S603  # fixed programs, no shell
            words,
            input=given,
            env=os.environ | settings,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise missing(package, words[0]) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ProvisioningError(f"{words[0]}: {said[-1] if said else 'failed without a word'}")
    return done.stdout


def missing(package: str, program: str) -> ProvisioningError:
    """Return the error for a program that is not there."""
    return ProvisioningError(
        f"the program {program} is missing; on Debian: apt-get install {package}"
    )
