"""The root side believes nothing that a user with less rights wrote (device/updates/root.py)."""

import json
import os
from pathlib import Path

import pytest

from device.core.updating import OLDER
from device.updates.folder import Request, RootState, UpdateFolder
from device.updates.rauc import RaucError
from tests.fakes.updates import TwoSlots


@pytest.fixture
def folder(tmp_path: Path) -> UpdateFolder:
    return UpdateFolder(tmp_path)


@pytest.fixture
def slots() -> TwoSlots:
    return TwoSlots()


def asked(folder: UpdateFolder, slots: TwoSlots, do: str, version: str = "1.1.0") -> RootState:
    folder.write_request(Request(f"id-{do}", do, version))  # type: ignore[arg-type]
    slots.run_root(folder)
    assert not folder.request.exists()
    state = folder.read_state()
    assert state is not None
    assert state.request == f"id-{do}"
    return state


def test_at_the_start_it_says_what_runs(folder: UpdateFolder, slots: TwoSlots) -> None:
    assert slots.run_root(folder) == 0
    assert folder.read_state() == RootState(slots.boot, trial=False)
    assert folder.state.stat().st_mode & 0o777 == 0o644


def test_it_installs_tries_and_confirms(folder: UpdateFolder, slots: TwoSlots) -> None:
    folder.bundle.write_text("1.1.0", "utf-8")
    assert not asked(folder, slots, "install").error
    slots.start()
    assert slots.version == "1.1.0"
    slots.run_root(folder)
    assert folder.read_state() == RootState(slots.boot, trial=True)
    assert asked(folder, slots, "confirm").trial is False
    slots.start()
    assert slots.version == "1.1.0"


def test_it_looks_again_when_asked_to(folder: UpdateFolder, slots: TwoSlots) -> None:
    assert asked(folder, slots, "look") == RootState(slots.boot, False, "id-look")


def test_after_a_fall_back_the_slot_that_runs_is_the_next_too(
    folder: UpdateFolder, slots: TwoSlots
) -> None:
    slots.next = "B"
    slots.run_root(folder)
    assert slots.next is None


def test_what_was_set_to_be_tried_stays_so_within_a_boot(
    folder: UpdateFolder, slots: TwoSlots
) -> None:
    slots.run_root(folder)
    slots.next = "B"
    slots.run_root(folder)
    assert slots.next == "B"


def test_an_image_on_trial_changes_no_slot(folder: UpdateFolder, slots: TwoSlots) -> None:
    slots.next = "B"
    slots.start()
    folder.bundle.write_text("1.1.0", "utf-8")
    for do in ("install", "try"):
        assert asked(folder, slots, do).error == "an image on trial changes no slot"
    assert slots.versions["A"] == "1.0.0"


def test_another_version_than_asked_for_is_not_installed(
    folder: UpdateFolder, slots: TwoSlots
) -> None:
    folder.bundle.write_text("0.1.0", "utf-8")
    assert asked(folder, slots, "install").error == "the bundle is version 0.1.0, not 1.1.0"
    assert slots.next is None


def test_an_older_image_is_neither_installed_nor_tried(
    folder: UpdateFolder, slots: TwoSlots
) -> None:
    folder.bundle.write_text("0.9.0", "utf-8")
    for do in ("install", "try"):
        assert asked(folder, slots, do, "0.9.0").error == OLDER
    assert slots.next is None


def test_the_other_slot_is_tried_only_if_it_holds_what_was_named(
    folder: UpdateFolder, slots: TwoSlots
) -> None:
    assert asked(folder, slots, "try").error == "the other slot does not hold version 1.1.0"
    assert slots.next is None
    slots.versions["B"] = "1.1.0"
    assert not asked(folder, slots, "try").error
    assert slots.next == "B"


def test_a_bundle_elsewhere_is_not_installed(
    folder: UpdateFolder, slots: TwoSlots, tmp_path: Path
) -> None:
    assert asked(folder, slots, "install").error == "there is no bundle"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("1.1.0", "utf-8")
    folder.bundle.symlink_to(elsewhere)
    assert asked(folder, slots, "install").error == "there is no bundle"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"id":"x","do":"mark-bad","version":"1.1.0"}',
        b'{"id":"x","do":"install","version":"1.1.0; reboot"}',
        b'{"id":"x","do":"install","version":"--help"}',
        b'{"id":"x","do":"install","version":"1.1.0","bundle":"/etc/shadow"}',
        b'{"id":"' + b"x" * 121 + b'","do":"try","version":"1.1.0"}',
        b'{"id":"x","do":"try","do":"confirm","version":"1.1.0"}',
        b" " * 20_000,
    ],
)
def test_a_request_that_is_not_exactly_one_does_nothing(
    folder: UpdateFolder, slots: TwoSlots, content: bytes
) -> None:
    folder.bundle.write_text("1.1.0", "utf-8")
    folder.request.write_bytes(content)
    slots.run_root(folder)
    assert folder.read_state() == RootState(slots.boot, trial=False)
    assert not folder.request.exists(), "else systemd would start this again and again"
    assert slots.next is None


def test_links_and_pipes_are_not_followed(
    folder: UpdateFolder, slots: TwoSlots, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(json.dumps({"id": "x", "do": "try", "version": "1.1.0"}), "utf-8")
    folder.request.symlink_to(secret)
    slots.run_root(folder)
    os.mkfifo(folder.request)
    slots.run_root(folder)
    victim = tmp_path / "victim"
    victim.write_text("untouched", "utf-8")
    folder.state.unlink()
    folder.state.symlink_to(victim)
    slots.run_root(folder)
    assert victim.read_text("utf-8") == "untouched"
    assert not folder.state.is_symlink()
    assert slots.next is None


def test_without_rauc_the_request_goes_all_the_same(
    folder: UpdateFolder, slots: TwoSlots, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_self: object) -> None:
        raise RaucError("rauc cannot be run")

    monkeypatch.setattr(TwoSlots, "slots", none)
    folder.write_request(Request("x", "try", "1.1.0"))
    with pytest.raises(RaucError):
        slots.run_root(folder)
    assert not folder.request.exists()
    assert folder.read_state() is None


def test_what_failed_is_the_exit_code_and_the_answer(folder: UpdateFolder, slots: TwoSlots) -> None:
    slots.refuses = "signature is wrong"
    folder.bundle.write_text("1.1.0", "utf-8")
    folder.write_request(Request("x", "install", "1.1.0"))
    assert slots.run_root(folder) == 1
    assert folder.read_state() == RootState(slots.boot, False, "x", "signature is wrong")
