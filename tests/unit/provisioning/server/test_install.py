"""Files are put in place, and nothing that is there gets lost."""

import os
import stat
from pathlib import Path

import pytest

from provisioning.cli import main
from provisioning.errors import ProvisioningError
from provisioning.server import install, units
from provisioning.server.install import inside
from provisioning.server.payload import BROKER, FLEET, NODE, SERVER

WEB = "etc/systemd/system/hailong-web.service"


def write_all(root: Path) -> list[Path]:
    return [kept for one in install.plan(root, [SERVER]) if (kept := install.write(one))]


def states(root: Path) -> set[str]:
    return {one.state for one in install.plan(root, [SERVER])}


def test_a_plan_changes_nothing(tmp_path: Path) -> None:
    assert states(tmp_path) == {"new"}
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_the_same_afterwards(tmp_path: Path) -> None:
    assert write_all(tmp_path) == []
    assert states(tmp_path) == {"same"}
    assert stat.S_IMODE((tmp_path / WEB).stat().st_mode) == 0o644


def test_a_file_that_somebody_changed_is_kept_each_time(tmp_path: Path) -> None:
    write_all(tmp_path)
    for number in (1, 2):
        (tmp_path / WEB).write_text(f"mine {number}")
        [kept] = write_all(tmp_path)
        assert kept == tmp_path / f"{WEB}.~{number}~"
        assert kept.read_text() == f"mine {number}"
    assert "ExecStart" in (tmp_path / WEB).read_text()


def node_folder(folder: Path) -> Path:
    folder.mkdir()
    for name in install.NODE_FILES:
        (folder / name).write_text(name)
    return folder


def test_a_nodes_folder_is_carried_in_for_its_user_alone(tmp_path: Path) -> None:
    for one in install.plan(tmp_path / "root", [BROKER], node_folder(tmp_path / "node-a")):
        install.write(one)
    key = inside(tmp_path / "root", NODE) / "node.key"
    assert key.read_text() == "node.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_key_that_is_replaced_is_kept_as_secret_as_it_was(tmp_path: Path) -> None:
    folder = node_folder(tmp_path / "node-a")
    for content in ("first", "second"):
        (folder / "node.key").write_text(content)
        kept = [install.write(one) for one in install.plan(tmp_path, [BROKER], folder)]
    [copy] = filter(None, kept)
    assert copy.read_text() == "first"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_root_follows_no_link_that_a_nodes_user_put_into_its_folder(tmp_path: Path) -> None:
    """The folder is the broker's user's: root would write, or copy, what only root may."""
    secret = tmp_path / "shadow"
    secret.write_text("root:", "utf-8")
    folder, node = inside(tmp_path, NODE), node_folder(tmp_path / "node-a")
    folder.mkdir(parents=True)
    (folder / "node.key").symlink_to(secret)
    with pytest.raises(ProvisioningError, match=r"node\.key: is no plain file"):
        install.plan(tmp_path, [], node)
    (folder / "node.key").unlink()
    (folder / "node.key").write_text("former", "utf-8")
    (folder / "node.key.~1~").symlink_to(secret)
    [changed] = [one for one in install.plan(tmp_path, [], node) if one.state == "changed"]
    assert install.write(changed) == folder / "node.key.~2~"
    assert secret.read_text("utf-8") == "root:"


def test_a_folder_that_is_no_nodes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProvisioningError, match=r"nats\.conf: is not there"):
        install.plan(tmp_path, [BROKER], tmp_path)


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(ProvisioningError, match="failed: ls: "):
        install.run(["ls", "/nothing-here"])
    with pytest.raises(ProvisioningError, match="is not here; this needs Debian"):
        install.run(["hailong-no-such-program"])


@pytest.mark.parametrize(
    ("broker", "wanted", "unwanted"),
    [
        ('kind = "nats"', {"hailong-broker", "hailong-broker-auth"}, set()),
        ('kind = "mosquitto"', {"hailong-broker"}, {"hailong-broker-auth"}),
        ('kind = "nats"\ncluster = true', {"hailong-broker-auth"}, {"hailong-broker"}),
    ],
)
def test_the_units_are_those_of_the_fleets_broker(
    tmp_path: Path, broker: str, wanted: set[str], unwanted: set[str]
) -> None:
    file = units.settings_file(tmp_path)
    file.parent.mkdir(parents=True)
    file.write_text(f"[broker]\n{broker}\n")
    names = {name.removesuffix(".service") for name in units.wanted(tmp_path, [SERVER])}
    assert wanted | {"hailong-ingest", "hailong-web", "hailong-fleet-backup.timer"} <= names
    assert not unwanted & names
    others = units.unwanted(tmp_path, [SERVER])
    assert {name.removesuffix(".service") for name in others} == unwanted
    assert units.wanted(tmp_path, [BROKER]) == ["hailong-nats.service"]


def test_settings_that_are_none_are_named(tmp_path: Path) -> None:
    file = units.settings_file(tmp_path)
    with pytest.raises(ProvisioningError, match="can't be read"):
        units.wanted(tmp_path, [SERVER])
    file.parent.mkdir(parents=True)
    file.write_text("[")
    with pytest.raises(ProvisioningError, match="not a TOML file"):
        units.wanted(tmp_path, [SERVER])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--node", "x"], "--node is a broker's"),
        (["--root", "{}", "--", "--host", "a"], "words after -- make a fleet"),
        (["--root", "{}", "--ca", "{}/none", "--", "--host", "a"], "words after -- make a fleet"),
        (["--ca", "x"], "--ca is for making a fleet"),
        (["--", "--host", "a", "--ca", "x"], "give --ca before the --"),
        (["--ca", "{}/none.tar", "--", "--host", "a"], "none.tar: can't be read"),
    ],
)
def test_words_that_do_not_fit_are_one_sentence_before_anything_is_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    complaint: str,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert main(["server", "install", *(word.format(tmp_path) for word in words)]) == 1
    said = capsys.readouterr()
    assert complaint in said.err
    assert said.out == ""


def test_who_is_not_root_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["server", "install", "--yes"]) == 1
    assert "run it as root" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["", "n", "no"])
def test_nothing_is_done_without_a_yes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    assert main(["server", "install", "--root", str(tmp_path)]) == 1
    assert f"new      {inside(tmp_path, FLEET).parents[1].parent}" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
