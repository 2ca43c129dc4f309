"""The REST interface answers as its OpenAPI document says, whatever is sent, over real HTTP.

schemathesis reads the document that is served, makes up requests that fit it and requests that
don't, follows its links, and holds every answer against it: no 5xx; no status, content type, header
or body that is not described; nothing that violates the document taken; nothing answered without a
key or with a wrong one; nothing found after it was deleted.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from fleet_server.core.api_scopes import SCOPES
from tests.fakes.served import Served, served

pytestmark = pytest.mark.timeout(900)

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
TOO_STRICT = "positive_data_acceptance"
"""A schema can't say that a time must be recent, or that a visit must fit its ticket."""

CONFIG = """
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "414", "415", "422", "431"]
"""
"""What a request that violates the document may be refused with: 413, 414 and 431 as well."""

SEEN = re.compile(r"(\d+) selected / (\d+) total")
CASES = re.compile(r"(\d+) generated, (\d+) passed")


@pytest.fixture(scope="module")
def site(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served fleet."""
    with served(tmp_path_factory.mktemp("document")) as site:
        yield site


def attack(site: Served, key: str, examples: int, *options: str) -> int:
    """Let schemathesis try everything with a key; return how many requests it made up."""
    command = [
        str(SCHEMATHESIS), "run", f"{site.url}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {site.keys[key]}",
        "--mode", "all", "--checks", "all", "--exclude-checks", TOO_STRICT,
        "--max-examples", str(examples), "--request-timeout", "20",
        "--continue-on-failure", "--no-color", *options,
    ]  # fmt: skip
    folder = site.fleet.layout.directory
    (folder / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-12_000:]}\n{done.stderr[-2_000:]}"
    seen, cases = SEEN.search(done.stdout), CASES.search(done.stdout)
    assert seen is not None
    assert seen[1] == seen[2], "every operation of the document is tried"
    assert cases is not None, done.stdout[-2_000:]
    assert cases[1] == cases[2]
    return int(cases[1])


@pytest.mark.soak
@pytest.mark.parametrize("key", ["all", "branch"])
def test_no_request_is_answered_otherwise_than_described(
    site: Served,
    key: str,
    repeats: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    examples = repeats(12, 300)
    settled = ["--generation-deterministic"] if examples == 12 else []
    cases = attack(site, key, examples, *settled)
    figure(f"{cases} requests with the key of {key}, all answered as described")


@pytest.mark.engines("sqlite")  # what a key may ask is no matter of the engine
@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_of_one_scope_is_refused_as_described(site: Served, scope: str) -> None:
    attack(site, scope, 2, "--generation-deterministic", "--phases", "examples,fuzzing")


def test_the_document_is_one_of_openapi_3_1(site: Served) -> None:
    with urlopen(f"{site.url}/api/v1/openapi.json", timeout=10) as answer:
        document = json.load(answer)
    assert document["openapi"].startswith("3.1")
    errors = list(OpenAPIV31SpecValidator(document).iter_errors())
    assert errors == []
