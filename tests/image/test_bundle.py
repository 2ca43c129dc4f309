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

pytestmark = [pytest.mark.image, pytest.mark.timeout(3600)]
BOOT_S, INSTALL_S = 900, 1800
UNITS = "hailong-site hailong-terminal hailong-uplink"


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
        console.wait_for("login: root", BOOT_S)
        console.ask(
            "until ls /opt/hailong-*/lib/python3.13/site-packages/* ; do sleep 1; done", INSTALL_S
        )
        console.cut()

    with Console(card, tmp_path) as console:
        console.wait_for("login: root", BOOT_S)
        began = time.monotonic()
        console.ask("until systemctl is-active hailong-terminal; do sleep 1; done", INSTALL_S)
        figure(f"from login to a terminal that is ready: {time.monotonic() - began:.0f} s")
        assert console.ask(f"systemctl is-active {UNITS}").split() == ["active"] * 3
        assert 'counter = "AH-1"' in console.ask("cat /var/lib/hailong/terminal.toml")
        assert "done: /opt/hailong-" in console.ask("cat /boot/firmware/hailong-install.log")
        assert "token" not in console.ask("cat /boot/firmware/enrolment.toml")
