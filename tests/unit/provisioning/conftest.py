"""A fleet directory with its authorities, made once and copied for tests that change it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.layout import FleetLayout
from provisioning.pki import authority, keylist

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    layout = FleetLayout(tmp_path_factory.mktemp("template") / "fleet")
    issuing = authority.create(layout, "Thử nghiệm", NOW)
    keylist.create(layout, NOW)
    authority.write_server(layout, issuing, ["fleet.example", "10.1.2.3", "::1"], NOW)
    authority.write_service(layout, issuing, "fleet-ingest", NOW)
    return layout.directory


@pytest.fixture
def layout(_template: Path, tmp_path: Path) -> FleetLayout:
    """A fleet directory of this test's own."""
    shutil.copytree(_template, tmp_path / "fleet")
    return FleetLayout(tmp_path / "fleet")


PASSPHRASE = "sáu từ gieo bằng xúc xắc"


def passphrase(folder: Path, text: str = PASSPHRASE, option: str = "passphrase") -> list[str]:
    """The option that names a file with a secret, which only its owner can read."""
    file = folder / option
    file.write_text(f"{text}\n", "utf-8")
    file.chmod(0o600)
    return [f"--{option}-file", str(file)]
