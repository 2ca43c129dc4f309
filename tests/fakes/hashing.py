"""Passwords that cost little to hash, for tests that sign in hundreds of times."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fleet_server.web import signin


@contextmanager
def cheap() -> Iterator[None]:
    """Make Argon2 cheap meanwhile."""
    options = {"argon2__rounds": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signin, "HASHING", options)
        yield
