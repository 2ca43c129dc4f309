"""What tests of real processes share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.systemd import Systemd


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(tmp_path / "notify")
    yield made
    made.socket.close()
