"""What the guide for callers shows is true: every curl of it is run as it stands."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.served import Served, served

GUIDE = Path(__file__).parents[2] / "fleet_server" / "web" / "api" / "README.md"
BLOCK = re.compile(r"^```\n(curl .*?)^```$", re.MULTILINE | re.DOTALL)
LINES = re.compile(r"^curl (?:.*\\\n)*.*$", re.MULTILINE)


def shown() -> list[str]:
    """Return every curl of the guide."""
    return [
        line for block in BLOCK.findall(GUIDE.read_text("utf-8")) for line in LINES.findall(block)
    ]


@pytest.fixture(scope="module")
def site(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served fleet."""
    with served(tmp_path_factory.mktemp("guide")) as site:
        yield site


def test_every_example_of_the_guide_is_answered(site: Served) -> None:
    examples = shown()
    assert len(examples) >= 7
    for example in examples:
        done = subprocess.run(
            ["sh", "-c", f"{example} --fail-with-body"],
            env={**os.environ, "KEY": site.keys["all"], "URL": site.url},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{example}\n{done.stdout}{done.stderr}"
        assert json.loads(done.stdout)


def test_the_guide_names_every_scope() -> None:
    from fleet_server.core.api_scopes import SCOPES

    text = GUIDE.read_text("utf-8")
    assert [scope for scope in SCOPES if f"`{scope}`" not in text] == []
