"""The files that make a terminal of Raspberry Pi OS. That they do is shown in tests/image."""

import hashlib
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from provisioning.card.bundle import build, cloud, wheels
from provisioning.cli import main
from provisioning.errors import ProvisioningError
from tests.fakes import card_images
from wire.enrolment import EnrolmentFile, Network, Wifi, dump_toml, load_toml

HERE = build.checkout()


@pytest.fixture
def file(enrolment: Path) -> EnrolmentFile:
    """What the enrolment file says."""
    return load_toml(enrolment.read_text())


@pytest.fixture
def _index(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package index with one package; our own wheel is one as well."""

    def put(name: str) -> Any:
        return lambda _source, out: (out / name).write_bytes(name.encode())

    monkeypatch.setattr(wheels, "download", put("paho_mqtt-2.2.0-py3-none-any.whl"))
    monkeypatch.setattr(wheels, "build", put("hailong-0.1.0-py3-none-any.whl"))


def make(out: Path, enrolment: Path | None = None) -> Path:
    words = ["--enrolment", str(enrolment)] if enrolment else []
    assert main(["card", "bundle", "--out", str(out), *words]) == 0
    return out


@pytest.mark.usefixtures("_index")
def test_a_bundle_has_seed_programs_units_and_a_readme(enrolment: Path, tmp_path: Path) -> None:
    made = make(tmp_path / "b", enrolment)
    names = {path.name for path in made.iterdir()}
    assert names == {
        *("user-data", "meta-data", "network-config", "enrolment.toml", "README.txt", "hailong")
    }
    assert (made / "enrolment.toml").read_bytes() == enrolment.read_bytes()
    inside = {str(path.relative_to(made / "hailong")) for path in (made / "hailong").rglob("*.*")}
    assert {
        "units/hailong-terminal.service",
        "units/hailong-terminal.conf",
        "terminal.txt",
    } < inside
    text = (made / "README.txt").read_text("utf-8-sig")
    assert "Quầy 1 (Q1)" in text


@pytest.mark.usefixtures("_index")
def test_a_copy_that_stopped_halfway_is_noticed(tmp_path: Path) -> None:
    inside = make(tmp_path / "b") / "hailong"
    words = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(words, cwd=inside).returncode == 0
    os.truncate(inside / "wheels/hailong-0.1.0-py3-none-any.whl", 5)
    assert subprocess.run(words, cwd=inside).returncode != 0


@pytest.mark.usefixtures("_index")
def test_the_same_sources_give_the_same_bundle(enrolment: Path, tmp_path: Path) -> None:
    def content(folder: Path) -> dict[str, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    first, second = make(tmp_path / "1", enrolment), make(tmp_path / "2", enrolment)
    assert content(first) == content(second)


@pytest.mark.usefixtures("_index")
def test_another_enrolment_file_is_another_instance_for_cloud_init(
    enrolment: Path, file: EnrolmentFile, tmp_path: Path
) -> None:
    first = make(tmp_path / "1", enrolment)
    enrolment.write_text(dump_toml(replace(file, wifi=Wifi("Quận 1", "passphrase"))))
    second = make(tmp_path / "2", enrolment)
    assert (first / "meta-data").read_text() != (second / "meta-data").read_text()


def test_our_own_wheel_is_built_with_the_same_bytes_each_time(tmp_path: Path) -> None:
    digests = set()
    for name in ("1", "2"):
        wheels.build(HERE, tmp_path / name)
        wheel = next((tmp_path / name).glob("hailong-*.whl"))
        digests.add(hashlib.sha256(wheel.read_bytes()).digest())
    assert len(digests) == 1


def test_a_package_that_can_not_be_had_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "terminal.txt").write_text(
        "hailong-is-not-there==1 --hash=sha256:0\n"
    )
    with pytest.raises(ProvisioningError, match="pip"):
        wheels.download(tmp_path, tmp_path / "out")


def test_an_installed_program_says_that_a_checkout_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build, "__file__", str(tmp_path / "a/b/c/build.py"))
    with pytest.raises(ProvisioningError, match="in a checkout of Hailong"):
        build.checkout()


def user(file: EnrolmentFile | None) -> dict[str, Any]:
    """``user-data`` as cloud-init reads it."""
    head, _, rest = cloud.user_data(file).partition("\n")
    assert head == "#cloud-config"
    said: dict[str, Any] = json.loads(rest)
    return said


def test_without_an_ssh_key_nobody_can_log_in(file: EnrolmentFile) -> None:
    for said in (user(None), user(file)):
        assert said["users"] == []
        assert said["ssh_pwauth"] is False
        assert said["runcmd"] == [["systemctl", "mask", "--now", "ssh.service", "ssh.socket"]]


def test_with_a_key_a_technician_can(file: EnrolmentFile) -> None:
    said = user(replace(file, ssh_key="ssh-ed25519 AAAA x"))
    assert said["users"][0]["ssh_authorized_keys"] == ["ssh-ed25519 AAAA x"]
    assert said["users"][0]["lock_passwd"] is True
    assert said["runcmd"][-1] == ["systemctl", "enable", "--now", "ssh.service"]


def test_the_host_is_called_as_the_terminal_where_that_is_a_host_name(file: EnrolmentFile) -> None:
    assert user(file)["hostname"] == "t-1"
    assert "hostname" not in user(replace(file, terminal="T_1"))
    assert user(replace(file, timezone="Asia/Bangkok"))["timezone"] == "Asia/Bangkok"


def network(file: EnrolmentFile | None, secrets: bool = True) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(cloud.network_config(file, secrets))
    return said


def test_without_a_word_on_the_network_a_cable_gets_its_address_by_dhcp() -> None:
    wired = {"match": {"name": "e*"}, "dhcp4": True, "optional": True}
    assert network(None) == {"version": 2, "ethernets": {"wired": wired}}


def test_a_static_address_is_given_with_gateway_and_name_servers(file: EnrolmentFile) -> None:
    static = Network("10.1.2.3/24", "10.1.2.1", ("10.1.2.1",), "eth0")
    assert network(replace(file, network=static))["ethernets"]["wired"] == {
        "match": {"name": "eth0"},
        "addresses": ["10.1.2.3/24"],
        "optional": True,
        "routes": [{"to": "default", "via": "10.1.2.1"}],
        "nameservers": {"addresses": ["10.1.2.1"]},
    }
    bare = network(replace(file, network=Network("10.1.2.3/24")))["ethernets"]["wired"]
    assert set(bare) == {"match", "addresses", "optional"}


def test_a_wifi_is_joined_and_its_passphrase_can_be_taken_away(file: EnrolmentFile) -> None:
    joined = replace(file, wifi=Wifi('Quận "1"', "passphrase", "VN", True))
    assert network(joined)["wifis"]["wlan0"] == {
        "dhcp4": True,
        "optional": True,
        "access-points": {'Quận "1"': {"password": "passphrase", "hidden": True}},
        "regulatory-domain": "VN",
    }
    assert "passphrase" not in cloud.network_config(joined, secrets=False)
    open_one = network(replace(file, wifi=Wifi("Open")))["wifis"]["wlan0"]
    assert open_one["access-points"] == {"Open": {}}


def test_an_address_for_the_wifi_alone_leaves_the_cable_out(file: EnrolmentFile) -> None:
    static = Network("10.1.2.3/24", interface="wlan0")
    said = network(replace(file, wifi=Wifi("Open"), network=static))
    assert "ethernets" not in said
    assert said["wifis"]["wlan0"]["addresses"] == ["10.1.2.3/24"]


INSTALLER = Path(build.__file__).with_name("stock") / "install"
STAND_INS = """
new=$PWD/new here=$PWD
say() { echo "say: $1"; }
python3() {
    mkdir -p "$new/bin"
    cp /bin/true "$new/bin/python"
    cp /bin/true "$new/bin/hailong-terminal"
}
touch() { echo "touch ${1##*/}"; }
sync() { echo sync; }
ln() { :; }
mv() { echo "rename $3"; }
rm() { case $2 in "$PWD"/*) command rm "$@" ;; esac; }
"""


def calls(part: str, folder: Path) -> list[str]:
    """What one function of the installer does, in its order; nothing of this machine is touched."""
    functions = INSTALLER.read_text().partition('if [ "${1:-}" = plant ]')[0]
    script = folder / "script"
    script.write_text(f"{functions}\n{STAND_INS}\n{part}\n")
    said = subprocess.run(["sh", script], cwd=folder, capture_output=True, text=True, check=True)
    return said.stdout.splitlines()


def test_the_installer_is_a_right_script() -> None:
    card_images.run("sh", "-n", INSTALLER)


def test_a_power_cut_leaves_no_mark_of_programs_or_units_that_are_not_on_the_card(
    tmp_path: Path,
) -> None:
    assert calls("programs", tmp_path)[-3:] == ["sync", "touch .complete", "sync"]
    done = calls("switch", tmp_path)
    assert done.index("sync") < done.index("rename /opt/hailong")


def test_what_an_installation_left_that_was_cut_off_is_removed_and_told_of(tmp_path: Path) -> None:
    (tmp_path / "new" / "half").mkdir(parents=True)
    assert "say: removing what an installation left that was cut off" in calls("programs", tmp_path)
    assert not (tmp_path / "new" / "half").exists()
