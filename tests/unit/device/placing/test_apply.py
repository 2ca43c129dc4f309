"""The enrolment file alone makes a terminal's place."""

import json
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from device import settings
from device.cli import main
from device.placing import apply as applying
from device.placing.apply import apply
from device.placing.shown import site_trouble
from device.placing.trouble import NEW_CARD, SiteError
from tests.fakes.card_folders import FILE, Card, new_card
from wire.enrolment import Network, Panel, Wifi, dump_toml, load_toml

SSH_KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICHHIBuz5zoD/ge7fnPCVZVdovZRC6AmeaxXmBG7zAaP you@office"
)
PLACED = replace(
    FILE,
    timezone="Asia/Bangkok",
    panel=Panel(1280, 800, 10.1, 90, touch=True, buttons=False, fitted=True),
    wifi=Wifi("Mot cua", "mat khau!", "VN"),
    network=Network("10.1.2.3/24", "10.1.2.1", ("10.1.2.1",)),
    proxy="http://10.1.2.9:3128",
    ssh_key=SSH_KEY,
)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return new_card(tmp_path)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_file_dropped_on_the_card_makes_the_place(card):
    card.put(PLACED)
    assert "q1-quay-3 has its place at counter Q1-03" in card.start()
    placed = settings.load(card.state / "terminal.toml")
    assert (placed.terminal.id, placed.terminal.counter_name) == ("q1-quay-3", "Quầy 3")
    assert placed.terminal.data == card.state / "data"
    assert placed.terminal.timezone.key == "Asia/Bangkok"
    assert (placed.screen.width_px, placed.screen.rotation, placed.buttons.fitted) == (
        1280,
        90,
        False,
    )
    assert placed.uplink.enrolment == card.state / "enrolment.toml"
    assert mode(card.state / "terminal.toml") == mode(card.state / "enrolment.toml") == 0o600


def test_updates_are_taken_from_the_fleet_of_the_file_and_the_terminals_user_cannot_change_that(
    card,
):
    card.put(PLACED)
    card.start()
    keyring = card.root / "var/lib/hailong-site/update/keyring.pem"
    assert keyring.read_text() == PLACED.fleet_root_pem


def test_the_token_is_for_the_uplink_and_the_passphrase_for_the_wifi_alone(card):
    card.put(PLACED)
    card.start()
    kept = load_toml((card.state / "enrolment.toml").read_text())
    assert (kept.token, kept.wifi, kept.proxy) == (PLACED.token, None, PLACED.proxy)
    wifi = card.root / "var/lib/iwd/Mot cua.psk"
    assert "Passphrase=mat khau!\n" in wifi.read_text()
    assert mode(wifi) == 0o600
    assert load_toml(card.file.read_text()) == PLACED.without_secrets()
    secrets = (PLACED.token.encode(), b"mat khau!")
    for name, content in everything(card.root).items():
        if not name.endswith(("var/lib/iwd/Mot cua.psk", "var/lib/hailong/enrolment.toml")):
            assert not [secret for secret in secrets if secret in content], name


def test_network_and_ssh_are_as_the_file_says(card):
    card.put(PLACED)
    card.start()
    written = (card.root / "var/lib/hailong-site/network/10-hailong.network").read_text()
    assert "Address=10.1.2.3/24\nGateway=10.1.2.1\nDNS=10.1.2.1\n" in written
    assert (card.root / "run/systemd/network/10-hailong.network").read_text() == written
    assert (card.root / "var/lib/hailong-site/ssh/authorized_keys").read_text() == f"{SSH_KEY}\n"
    assert "Country=VN" in (card.root / "var/lib/hailong-site/iwd/main.conf").read_text()


@pytest.mark.parametrize(
    "written",
    ["[terminal]\nsince = 2026-11-27\n", f"{'.'.join('a' * 8000)} = 1\n", f"a = 0x{'f' * 9000}\n"],
    ids=["a day", "deep keys", "a long number"],
)
def test_what_no_setting_can_be_keeps_no_new_file_from_its_terminal(written, card):
    card.put(FILE)
    card.start()
    (card.state / "terminal.toml").write_text(written)
    card.put(replace(FILE, counter="Q1-04"))
    card.start()
    assert settings.load(card.state / "terminal.toml").terminal.counter == "Q1-04"


def test_each_later_start_changes_nothing(card):
    card.put(PLACED)
    card.start()
    before = {path: path.stat().st_mtime_ns for path in card.root.rglob("*") if path.is_file()}
    (card.root / "run/systemd/network/10-hailong.network").unlink()
    assert "stays" in card.start()
    assert (card.root / "run/systemd/network/10-hailong.network").exists()
    for path, at in before.items():
        if "run/" not in str(path):
            assert path.stat().st_mtime_ns == at, path


def test_what_a_technician_set_by_hand_stays_until_a_new_file_names_it(card):
    card.put(FILE)
    card.start()
    own = card.state / "terminal.toml"
    by_hand = own.read_text().replace("Quầy 3", "Quầy 33") + "[sound]\nfitted = true\n"
    own.write_text(by_hand)
    card.start()
    assert own.read_text() == by_hand
    card.put(replace(FILE, counter="Q1-04"))
    card.start()
    placed = settings.load(own)
    assert (placed.terminal.counter, placed.terminal.counter_name) == ("Q1-04", "Quầy 3")
    assert placed.sound.fitted
    assert (card.state / "terminal.toml.before").read_text() == by_hand


def test_a_hand_made_file_that_is_broken_is_kept_beside_and_does_not_stop_the_new_place(card):
    own = card.state / "terminal.toml"
    own.write_text("[terminal\n")
    card.put(FILE)
    card.start()
    assert settings.load(own).terminal.id == "q1-quay-3"
    assert (card.state / "terminal.toml.before").read_text() == "[terminal\n"


def test_a_file_that_only_brings_a_token_takes_nobody_off_the_network(card):
    card.put(PLACED)
    card.start()
    card.put(replace(FILE, token="one-time-token-0002", ssh_key=SSH_KEY))
    card.start()
    kept = load_toml((card.state / "enrolment.toml").read_text())
    assert (kept.token, kept.proxy) == ("one-time-token-0002", PLACED.proxy)
    assert (card.root / "var/lib/iwd/Mot cua.psk").exists()
    assert "10.1.2.3" in (card.root / "run/systemd/network/10-hailong.network").read_text()
    assert settings.load(card.state / "terminal.toml").screen.rotation == 90


def test_another_wifi_takes_the_place_of_the_one_before(card):
    card.put(PLACED)
    card.start()
    card.put(replace(PLACED, wifi=Wifi("Quầy", None, hidden=True), network=Network("dhcp")))
    card.start()
    assert [path.name for path in (card.root / "var/lib/iwd").iterdir()] == ["=5175e1baa779.open"]
    assert not (card.root / "run/systemd/network/10-hailong.network").exists()


def test_a_key_for_ssh_goes_with_the_file_that_brought_it(card):
    card.put(PLACED)
    card.start()
    card.put(replace(PLACED, ssh_key=None))
    card.start()
    assert not (card.root / "var/lib/hailong-site/ssh/authorized_keys").exists()


def test_a_token_that_was_not_used_yet_survives_a_correction_of_the_file_without_it(card):
    card.put(FILE)
    card.start()
    card.put(replace(FILE.without_secrets(), counter_name="Quầy ba"))
    card.start()
    assert load_toml((card.state / "enrolment.toml").read_text()).token == FILE.token
    assert settings.load(card.state / "terminal.toml").terminal.counter_name == "Quầy ba"


def test_a_token_that_was_used_does_not_come_back_from_a_card_that_cannot_be_written(
    card, monkeypatch
):
    def refuse(*_args: object) -> None:
        raise OSError(30, "Read-only file system")

    card.put(FILE)
    with monkeypatch.context() as patched:
        patched.setattr(applying, "write_atomic", refuse)
        card.start()
        used = load_toml((card.state / "enrolment.toml").read_text()).without_secrets()
        (card.state / "enrolment.toml").write_text(dump_toml(used))
        card.start()
    assert load_toml((card.state / "enrolment.toml").read_text()).token is None
    card.start()
    assert load_toml(card.file.read_text()).token is None


def test_the_journal_and_key_of_another_terminal_are_put_aside_whole(card):
    card.put(FILE)
    card.start()
    (card.state / "data").mkdir()
    (card.state / "data/journal.db").write_bytes(b"signed")
    card.put(replace(FILE, counter="Q2"))
    card.start()
    assert (card.state / "data/journal.db").exists()
    card.put(replace(FILE, terminal="q1-quay-4"))
    card.start()
    assert not (card.state / "data").exists()
    assert (card.state / "former/q1-quay-3-1/journal.db").read_bytes() == b"signed"
    card.put(FILE)
    card.start()
    (card.state / "data").mkdir()
    card.put(replace(FILE, terminal="q1-quay-4"))
    card.start()
    assert (card.state / "former/q1-quay-3-2").exists()


WRONG = {
    "token": ('token = "one-time-token-0001"', 'token = "?"', "field", "token"),
    "counter": ('counter = "Q1-03"', 'counter = "?"', "field", "counter"),
    "no zone": ("mqtt_port", 'timezone = "Mars/Base"\nmqtt_port', "field", "timezone"),
    "reserved id": ('"q1-quay-3"', '"fleet-x"', "field", "terminal"),
    "certificate": ("CERTIFICATE-----\nM", "CERTIFICATE-----\nA", "field", "fleet_root_pem"),
    "half a panel": ("\nmqtt_port", "\npanel = {width_px = 800}\nmqtt_port", "field", "panel"),
    "nobody can rate": (
        "\nmqtt_port",
        "\npanel = {touch = false, buttons = false}\nmqtt_port",
        "field",
        "panel.buttons",
    ),
    "a table": (
        "\nmqtt_port",
        '\nwifi = {ssid = "a", passphrase = "short"}\nmqtt_port',
        "field",
        "wifi.passphrase",
    ),
    "a misspelt key": ("mqtt_port", "mqqt_port", "field", "mqqt_port"),
    "cut short": ("fleet_key_x", "fleet_key_x = ", "not_toml", ""),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_touches_nothing_and_the_screen_says_which_entry(what, card):
    card.put(PLACED)
    card.start()
    before = everything(card.root / "var")
    good, bad, kind, field = WRONG[what]
    text = dump_toml(FILE)
    assert good in text
    card.put(text.replace(good, bad))
    with pytest.raises(SiteError, match=r"enrolment\.toml: .*(anew|again)"):
        card.start()
    after = everything(card.root / "var")
    told = after.pop(str(card.state / "site-error.json"))
    assert after == before
    shown = site_trouble(card.state, "Quầy 3")
    assert shown is not None
    assert (shown.unplaced, [note.value for note in shown.notes][:1]) == (
        kind,
        [field] * bool(field),
    )
    assert b"one-time-token" not in told
    card.put(PLACED)
    card.start()
    assert site_trouble(card.state) is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe", "not_toml"),
        (b"#" * 70_000, "not_toml"),
        (b"expires = " + b"1" * 5000, "not_toml"),
        (b"", "field"),
    ],
)
def test_what_is_no_enrolment_file_is_said_in_words(content, kind, card):
    card.file.write_bytes(content)
    with pytest.raises(SiteError):
        card.start()
    shown = site_trouble(card.state)
    assert shown is not None
    assert shown.unplaced == kind


def test_a_folder_in_the_place_of_the_file_is_no_enrolment_file(card):
    card.file.mkdir()
    with pytest.raises(SiteError, match=r"enrolment\.toml: cannot be read"):
        card.start()
    shown = site_trouble(card.state)
    assert shown is not None
    assert shown.unplaced == "not_toml"


def test_a_new_card_asks_for_the_file_and_a_placed_one_needs_it_no_more(card):
    with pytest.raises(SiteError, match="put the enrolment file there") as refused:
        card.start()
    assert refused.value.exit_code == NEW_CARD
    assert json.loads((card.state / "site-error.json").read_bytes())["what"] == "no_file"
    card.put(FILE)
    card.start()
    card.file.unlink()
    assert "stays as it was" in card.start()


@pytest.mark.parametrize("mounted_on", [True, False])
def test_a_card_without_its_first_partition_is_said_so(mounted_on, card):
    shutil.rmtree(card.file.parent)
    if mounted_on:
        card.file.parent.mkdir()  # the empty folder that it would lie over
    with pytest.raises(SiteError, match="write the card anew"):
        card.start()
    shown = site_trouble(card.state)
    assert shown is not None
    assert shown.unplaced == "no_card"


@pytest.mark.parametrize(("number", "kind"), [(28, "full"), (30, "read_only"), (5, "other")])
def test_a_disk_that_refuses_leaves_the_former_place_and_is_said_from_memory(
    number, kind, card, monkeypatch
):
    card.put(FILE)
    card.start()
    before = (card.state / "terminal.toml").read_bytes()

    def refuse(path: Path, data: bytes, mode: int = 0o644) -> None:
        if "run/" in str(path):
            path.write_bytes(data)
        else:
            raise OSError(number, os.strerror(number), str(path))

    card.put(replace(FILE, counter="Q2"))
    with monkeypatch.context() as patched:
        patched.setattr("device.placing.folders.write_atomic", refuse)
        with pytest.raises(SiteError, match=os.strerror(number)):
            card.start()
    assert (card.state / "terminal.toml").read_bytes() == before
    assert json.loads((card.root / "run/hailong-site/site-error.json").read_bytes())["what"] == kind
    card.start()
    assert not (card.root / "run/hailong-site/site-error.json").exists()


def test_a_power_cut_between_any_two_writes_is_made_good_by_the_next_start(tmp_path, monkeypatch):
    from wire import files

    real, step = files.write_atomic, 0
    whole = new_card(tmp_path / "whole")
    whole.put(PLACED)
    whole.start()
    wanted = {name.partition("whole")[2]: data for name, data in everything(whole.root).items()}
    while True:
        card = new_card(tmp_path / f"cut-{step}")
        card.put(PLACED)
        left = iter(range(step))

        def cut(path: Path, data: bytes, mode: int = 0o644, left=left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            real(path, data, mode)

        with monkeypatch.context() as patched:
            patched.setattr("device.placing.folders.write_atomic", cut)
            patched.setattr("device.placing.apply.write_atomic", cut)
            try:
                card.start()
            except KeyboardInterrupt:
                pass
            else:
                break
        card.start()
        found = {n.partition(card.root.name)[2]: d for n, d in everything(card.root).items()}
        found.pop("/var/lib/hailong/terminal.toml.before", None)
        assert found == wanted, step
        step += 1
    assert step > 8


def test_a_link_in_the_place_of_a_file_is_not_followed(card):
    card.put(FILE)
    secret = card.root / "secret"
    secret.write_text("root's own")
    (card.state / "terminal.toml").symlink_to(secret)
    card.start()
    assert secret.read_text() == "root's own"
    assert not (card.state / "terminal.toml").is_symlink()


def test_the_board_serial_that_root_alone_can_read_is_there_for_the_terminal(card):
    card.board("10000000abcdef01")
    card.put(FILE)
    card.start()
    kept = card.root / "run/hailong-site/board-serial"
    assert kept.read_bytes() == b"10000000abcdef01"
    assert mode(kept) == 0o600


def test_the_command_says_what_was_done_or_what_is_wrong(card, capsys):
    words = ["site", "apply", "--boot", str(card.file.parent), "--state", str(card.state)]
    words += ["--root", str(card.root)]
    assert main(words) == NEW_CARD
    assert "put the enrolment file there" in capsys.readouterr().err
    card.put(FILE)
    assert main(words) == 0
    assert "has its place" in capsys.readouterr().out


def test_without_a_terminal_folder_there_is_one_clear_error(card):
    card.state.rmdir()
    card.put(FILE)
    with pytest.raises(SiteError, match="No such file or directory"):
        apply(card.folders, card.root)
