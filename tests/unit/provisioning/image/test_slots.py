"""Which of the two roots starts: the backend that RAUC asks, over a folder in the place of FAT."""

from pathlib import Path

import pytest

from provisioning.image import slots
from provisioning.image.slots import BOOT_FILES, SECTOR, Choice, SlotError, Slots, parse, render


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is mounted in a test; what would be is noted."""
    called: list[str] = []
    monkeypatch.setattr(slots, "_call", lambda *words: called.append(" ".join(words)))
    return called


@pytest.fixture
def firmware(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "firmware"
    files = tmp_path / "root" / BOOT_FILES
    files.mkdir(parents=True)
    (files / "vmlinuz").write_bytes(b"new kernel")
    (files / "cmdline.txt").write_text("rauc.slot=@SLOT@ ro\n")
    folder.mkdir()
    (folder / "config.txt").write_bytes(render(Choice("A", "A")))
    slots.fill(files, folder / "a", "A")
    monkeypatch.setattr(slots, "_mounted", lambda device: _Here(device))
    return folder


class _Here:
    """A root that lies in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __enter__(self) -> Path:
        return self.root

    def __exit__(self, *_: object) -> None:
        return


@pytest.fixture
def backend(firmware: Path, tmp_path: Path, calls: list[str]) -> Slots:
    return Slots(firmware, {"A": tmp_path / "root", "B": tmp_path / "root"})


def end_trial_as_the_initrd_does(firmware: Path) -> None:
    good = parse((firmware / "config.txt").read_bytes()).good.lower()
    with (firmware / "config.txt").open("r+b") as file:
        file.write((firmware / good / "start.txt").read_bytes())


def test_the_choice_is_one_sector_so_that_a_cut_leaves_the_old_or_the_new_one() -> None:
    for start in "AB":
        for good in "AB":
            assert len(render(Choice(start, good))) == SECTOR
            assert parse(render(Choice(start, good))) == Choice(start, good)


def test_a_config_that_somebody_edited_is_refused_with_a_word() -> None:
    with pytest.raises(SlotError, match=r"config\.txt"):
        parse(b"os_prefix=a/\n")


def test_a_new_system_starts_once_and_is_not_good_before_it_says_so(
    backend: Slots, firmware: Path
) -> None:
    backend.set_state("B", "bad")
    backend.set_primary("B")
    assert backend.get_primary() == "B"
    assert (backend.get_state("A"), backend.get_state("B")) == ("good", "bad")
    assert (firmware / "b/vmlinuz").read_bytes() == b"new kernel"
    assert (firmware / "b/cmdline.txt").read_text() == "rauc.slot=B ro\n"
    end_trial_as_the_initrd_does(firmware)
    assert backend.get_primary() == "A"


def test_a_trial_that_proves_itself_starts_from_then_on(backend: Slots, firmware: Path) -> None:
    backend.set_primary("B")
    end_trial_as_the_initrd_does(firmware)
    backend.set_state("B", "good")
    assert (backend.get_primary(), backend.get_state("B")) == ("B", "good")
    assert backend.get_state("A") == "bad"


def test_a_trial_can_be_called_off_before_the_start(backend: Slots) -> None:
    backend.set_primary("B")
    backend.set_state("B", "bad")
    assert backend.get_primary() == "A"


def test_the_good_system_becomes_primary_again_without_its_kernel_being_touched(
    backend: Slots, firmware: Path
) -> None:
    backend.set_primary("B")
    (firmware / "a/vmlinuz").write_bytes(b"old kernel")
    backend.set_primary("A")
    assert backend.get_primary() == "A"
    assert (firmware / "a/vmlinuz").read_bytes() == b"old kernel"


def test_the_only_good_system_is_never_called_bad(backend: Slots) -> None:
    with pytest.raises(SlotError, match="only slot that is known to work"):
        backend.set_state("A", "bad")


def test_the_boot_partition_is_writable_only_while_it_is_written(
    backend: Slots, calls: list[str], firmware: Path
) -> None:
    backend.get_primary()
    assert calls == []
    backend.set_primary("B")
    assert calls == [f"mount -o remount,rw {firmware}", f"mount -o remount,ro {firmware}"]


@pytest.mark.parametrize(
    "words", [[], ["get-state"], ["set-primary", "C"], ["set-state", "A", "great"]]
)
def test_a_senseless_request_is_told_what_there_is(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert slots.main(words) == 2
    assert "get-primary" in capsys.readouterr().err


def test_without_a_boot_partition_there_is_a_word_and_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(slots, "_FIRMWARE", tmp_path / "away")
    assert slots.main(["get-primary"]) == 1
    assert capsys.readouterr().err.startswith("boot-slots: ")
