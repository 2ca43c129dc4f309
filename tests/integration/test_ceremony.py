"""The ceremony of provisioning/README.md, with its commands as they stand there."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet_server.settings import load
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, files, keylist
from tests.fakes.processes import FLEET
from tests.fakes.typist import typed

README = Path(__file__).parents[2] / "provisioning" / "README.md"
OFFLINE = "sáu từ gieo bằng sáu con xúc xắc"
WAY = "bốn từ khác chỉ dùng trên đường đi"


def steps() -> list[str]:
    """The blocks of commands of the ceremony, in order."""
    text = README.read_text("utf-8")
    section = text.partition("## The ceremony\n")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def two_people() -> Callable[[str], str | None]:
    """Who types the passphrases: the one of the keys, and the one for the way."""
    said = OFFLINE

    def answer(line: str) -> str | None:
        nonlocal said
        if "assphrase" in line:
            said = WAY if "for the way" in line or line.endswith(".tar:") else OFFLINE
        return said if "assphrase" in line or "same again" in line else None

    return answer


def test_the_ceremony_is_as_it_is_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = steps()
    places = {name: tmp_path / name for name in ("ca", "way", "safe", "fleet")}
    for name in ("way", "safe"):
        places[name].mkdir()
    for name, path in places.items():
        first, count = re.subn(rf"\b{name.upper()}=\S+", f"{name.upper()}='{path}'", first)
        assert count == 1
    script = tmp_path / "ceremony.sh"
    script.write_text("set -eu\n" + "".join([first, *others]), "utf-8")
    monkeypatch.setenv("PATH", f"{Path(FLEET).parent}:{os.environ['PATH']}")
    code, shown = typed(["bash", str(script)], two_people())
    assert code == 0, shown
    assert OFFLINE not in shown
    assert WAY not in shown
    # The fingerprint is printed where the root is made and, by OpenSSL, where it has arrived.
    offline, server = FleetLayout(places["ca"]), load(places["fleet"] / "fleet.toml").layout
    root = files.read_certificate(offline.root_certificate)
    assert shown.count(files.fingerprint(root)) == 2
    assert files.is_locked(offline.root_key)
    assert not server.root_key.exists()
    assert not server.fleet_key.exists()
    issuing = authority.load_issuing(server)
    assert certificates.common_name(issuing.certificate) == "Hailong issuing CA 2"
    assert keylist.load(server.receipt_key)
    assert not list(places["way"].glob("server.tar"))
