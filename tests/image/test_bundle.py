"""The bundle, dropped onto a card with a stock system, makes a terminal of it without network."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.cli import main
from provisioning.enrol import files
from provisioning.layout import FleetLayout
from provisioning.pki import authority, keylist
from tests.image import stock
from tests.image.console import Console
from tests.unit.provisioning.conftest import NOW
from wire.enrolment import Panel, dump_toml, load_toml

pytestmark = [pytest.mark.image, pytest.mark.timeout(7200)]
INSTALL_S = 2400
UNITS = "hailong-site hailong-terminal hailong-uplink"
PACKAGES = "/opt/hailong-*/lib/python3.13/site-packages"
LOG = "/boot/firmware/hailong-install.log"


def bundle(folder: Path) -> Path:
    """A bundle with the enrolment file of terminal an-hoa-1, which has no buttons."""
    layout = FleetLayout(folder / "fleet")
    authority.create(layout, "Thử nghiệm", NOW)
    keylist.create(layout, NOW)
    invited = files.Invitation("an-hoa-1", "AH-1", "Quầy 1", "x" * 43, 4_000_000_000_000)
    server = files.Server("https://fleet.example:8443", "fleet.example", 8883)
    enrolment = files.keep(layout, invited.terminal, files.text(layout, invited, server))
    told = load_toml(enrolment.read_text())
    enrolment.write_text(dump_toml(replace(told, panel=Panel(buttons=False))))
    out = folder / "bundle"
    assert main(["card", "bundle", "--enrolment", str(enrolment), "--out", str(out)]) == 0
    return out


def test_a_stock_system_becomes_a_terminal_also_after_a_power_cut(
    tmp_path: Path, figure: Callable[[str], None]
) -> None:
    card = stock.make(tmp_path)
    card.drop(bundle(tmp_path))
    with Console(card, tmp_path) as console:
        console.start()
        console.ask(f"until ls {PACKAGES}/* >/dev/null 2>&1; do sleep 1; done; sync", INSTALL_S)
        assert "installing the programs" in console.ask(f"tail -n 1 {LOG}")
        assert console.ask("ls -d /opt/hailong /opt/hailong-*/.complete").count("No such file") == 2
        console.pull_the_plug()

        began = time.monotonic()
        console.start()
        console.ask("until systemctl is-active hailong-terminal; do sleep 1; done", INSTALL_S)
        figure(f"from power to a terminal that is ready: {time.monotonic() - began:.0f} s")
        console.picture("terminal")
        told = console.ask(f"cat {LOG}")
        assert "removing what an installation left that was cut off" in told
        assert "done: /opt/hailong-" in told
        assert console.ask(f"systemctl is-active {UNITS}").splitlines().count("active") == 3
        assert 'counter = "AH-1"' in console.ask("cat /var/lib/hailong/terminal.toml")
        assert "token" not in console.ask("cat /boot/firmware/enrolment.toml")
