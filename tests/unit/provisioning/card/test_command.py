"""``hailong-provision card``, as a technician uses it."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.card import asking
from provisioning.card.devices import Device
from provisioning.cli import main
from provisioning.image import manifest
from provisioning.layout import FleetLayout
from provisioning.pki import files
from tests.fakes import card_images
from tests.unit.provisioning.card.conftest import Card
from wire.enrolment import load_toml

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the person types, and then what they were asked."""
    words: list[str] = []

    def ask(question: str) -> str:
        words.append(question)
        return words.pop(0) if len(words) > 1 else ""

    monkeypatch.setattr("builtins.input", ask)
    return words


def test_an_unmount_takes_the_innermost_first(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, ...]] = []
    monkeypatch.setattr(asking, "call", lambda *words: done.append(words))
    inner = Device("/dev/sdb2", 1, kind="part", mounts=("/mnt/a/b",))
    asking.unmount(Device("/dev/sdb", 2, mounts=("/mnt/a",), parts=(inner,)))
    assert done == [("umount", "--", "/mnt/a/b"), ("umount", "--", "/mnt/a")]


def write(image: Path, card: Card, enrolment: Path) -> int:
    words = ["--not-removable", "--image", str(image), "--enrolment", str(enrolment)]
    return main(["card", "write", *words, "--device", str(card.device)])


def test_a_card_is_written_once_its_name_was_typed(
    image: Path, card: Card, enrolment: Path, typed: list[str], capsys: Capture
) -> None:
    typed.append(card.device.name)
    assert write(image, card, enrolment) == 0
    assert f"Type {card.device.name} to write it" in typed[0]
    assert "CAREFUL" not in typed[0]
    assert card_images.on_card(card.device, "enrolment.toml") == enrolment.read_text()
    printed = capsys.readouterr()
    assert printed.out == f"{card.device}: the card of terminal t-1\n"
    assert str(load_toml(enrolment.read_text()).token) not in printed.out + printed.err + typed[0]


@pytest.mark.parametrize("answer", ["", "y", "sda"])
def test_anything_else_than_its_name_leaves_the_card_as_it_is(
    image: Path, card: Card, enrolment: Path, typed: list[str], capsys: Capture, answer: str
) -> None:
    typed.append(answer)
    assert write(image, card, enrolment) == 1
    assert f"not written, because {card.device.name} was not typed" in capsys.readouterr().err
    assert set(card.behind.read_bytes()) == {0xA5}


def swap(card: Card) -> None:
    """Put another card into the reader, which is larger."""
    os.truncate(card.behind, 128 * card_images.MEGA)
    if card.loop:
        card_images.run("losetup", "--set-capacity", card.device)


def test_a_card_that_was_put_in_while_one_was_asked_about_another_is_left_as_it_is(
    image: Path, card: Card, enrolment: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def ask(_question: str) -> str:
        swap(card)
        return card.device.name

    monkeypatch.setattr("builtins.input", ask)
    assert write(image, card, enrolment) == 1
    assert "is not what was shown" in capsys.readouterr().err
    assert set(card.behind.read_bytes()[: 96 * card_images.MEGA]) == {0xA5}


def test_a_note_that_is_no_text_is_shown_without_moving_the_cursor(
    image: Path, card: Card, enrolment: Path, typed: list[str]
) -> None:
    enrolment.with_name("t-1.toml.written").write_bytes(b"\xff\x1b[2J")
    typed.append("no")
    assert write(image, card, enrolment) == 1
    assert "it is on a card already (\ufffd?[2J)" in typed[0]


def test_a_second_card_for_one_terminal_is_warned_of(
    image: Path, card: Card, enrolment: Path, typed: list[str]
) -> None:
    typed.append(card.device.name)
    assert write(image, card, enrolment) == 0
    typed[:] = [card.device.name]
    assert write(image, card, enrolment) == 0
    assert "CAREFUL: it is on a card already (20" in typed[0]
    assert "CAREFUL: it is the card of terminal t-1" in typed[0]


def test_a_token_that_ran_out_or_was_used_is_warned_of(
    image: Path, card: Card, enrolment: Path, typed: list[str]
) -> None:
    lines = enrolment.read_text().splitlines()
    old = [line for line in lines if not line.startswith(("token", "expires"))]
    enrolment.write_text("\n".join(['expires = "1970-01-01T00:00:00.000Z"', *old]))
    typed.append("no")
    assert write(image, card, enrolment) == 1
    assert "its token was used already" in typed[0]
    assert "was good until 1970-01-01" in typed[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "not a right enrolment file"), (b"\xff\xfe", "it is not text"), (None, "No such file")],
)
def test_a_wrong_enrolment_file_is_named_before_anything_is_asked(
    image: Path, card: Card, enrolment: Path, content: bytes | None, said: str, capsys: Capture
) -> None:
    enrolment.unlink()
    if content is not None:
        enrolment.write_bytes(content)
    assert write(image, card, enrolment) == 1
    assert said in capsys.readouterr().err
    assert set(card.behind.read_bytes()) == {0xA5}


def test_a_card_can_wait_for_its_enrolment_file(
    image: Path, card: Card, typed: list[str], capsys: Capture
) -> None:
    typed.append(card.device.name)
    words = ["--not-removable", "--image", str(image), "--device", str(card.device)]
    assert main(["card", "write", *words]) == 0
    assert "enrolment.toml has still to be put onto it" in capsys.readouterr().out


def test_a_mounted_card_is_unmounted_after_asking(
    image: Path, card: Card, enrolment: Path, typed: list[str], figure: Callable[[str], None]
) -> None:
    if not card.loop:
        figure("no loop devices here: no card was mounted")
        return
    place = Path("/mnt") / f"hailong-{card.device.name}"
    card_images.run("mkfs.ext4", "-q", "-F", card.device)
    place.mkdir()
    try:
        card_images.run("mount", card.device, place)
        typed.append(card.device.name)
        assert write(image, card, enrolment) == 0
        assert f"It will be unmounted from {place}." in typed[0]
        assert not place.is_mount()
    finally:
        place.rmdir()


def test_the_disks_of_this_machine_are_listed(capsys: Capture) -> None:
    assert main(["card", "list"]) == 0
    assert "/dev/" in capsys.readouterr().out


def test_a_card_that_is_too_small_is_told_before_anything_is_asked(
    image: Path, card: Card, enrolment: Path, typed: list[str], capsys: Capture
) -> None:
    os.truncate(card.behind, 32 * card_images.MEGA)
    if card.loop:
        card_images.run("losetup", "--set-capacity", card.device)
    assert write(image, card, enrolment) == 1
    assert "take a larger card" in capsys.readouterr().err
    assert typed == []


def test_who_may_not_write_cards_is_told_before_the_image_is_read(
    card: Card, enrolment: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert write(Path("there-is-no.img"), card, enrolment) == 1
    assert "only root may write cards; use sudo" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["files", "batch"])
def test_a_token_that_ran_out_is_warned_of_whichever_way_it_goes_to_a_card(
    image: Path, card: Card, enrolment: Path, tmp_path: Path, capsys: Capture,
    typed: list[str], action: str,
) -> None:  # fmt: skip
    content = re.sub(
        r'expires = ".*"', 'expires = "1970-01-01T00:00:00.000Z"', enrolment.read_text()
    )
    enrolment.write_text(content)
    typed.append("q")
    words = {
        "files": ["--enrolment", str(enrolment), "--out", str(tmp_path / "t-1")],
        "batch": ["--not-removable", "--image", str(image), "--device", str(card.device),
                  "--enrolments", str(enrolment.parent)],
    }  # fmt: skip
    assert main(["card", action, *words[action]]) == 0
    assert f"CAREFUL: {enrolment}: its token was good until 1970-01-01" in capsys.readouterr().err


def test_the_file_set_for_a_laptop_is_the_enrolment_file_and_what_to_do(
    enrolment: Path, tmp_path: Path, capsys: Capture
) -> None:
    words = ["card", "files", "--enrolment", str(enrolment), "--out", str(tmp_path / "t-1")]
    assert main(words) == 0
    made = tmp_path / "t-1"
    assert capsys.readouterr().out.split() == [
        str(made / "enrolment.toml"),
        str(made / "README.txt"),
    ]
    assert (made / "enrolment.toml").read_bytes() == enrolment.read_bytes()
    assert (made / "enrolment.toml").stat().st_mode & 0o777 == 0o600
    text = (made / "README.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\r\n") == text.count(b"\n")
    assert "t-1, quầy Quầy 1 (Q1)" in text.decode("utf-8-sig")
    assert main(words) == 1
    assert "holds something already" in capsys.readouterr().err


def write_signed(image: Path, card: Card, certificate: Path) -> int:
    words = ["--not-removable", "--image", str(image), "--device", str(card.device)]
    return main(["card", "write", *words, "--certificate", str(certificate)])


@pytest.fixture
def signed(image: Path, layout: FleetLayout) -> Path:
    """The certificate of who signed the image."""
    notes = {image.name: manifest.note(image)}
    manifest.write(image.parent, manifest.Manifest("1.0.0", 0, "", notes, {}, {}))
    manifest.sign(image.parent, files.read_key(layout.root_key))
    return layout.root_certificate


def test_an_image_that_the_fleet_signed_is_written(
    image: Path, card: Card, signed: Path, typed: list[str]
) -> None:
    typed.append(card.device.name)
    assert write_signed(image, card, signed) == 0


def test_an_image_that_somebody_else_signed_or_changed_leaves_the_card_as_it_is(
    image: Path, card: Card, signed: Path, layout: FleetLayout, capsys: Capture
) -> None:
    assert write_signed(image, card, layout.issuing_certificate) == 1
    assert "was not signed with the key of" in capsys.readouterr().err
    card_images.spoil(image, card_images.IMAGE - 1)
    assert write_signed(image, card, signed) == 1
    assert "not the file that its signed manifest tells of" in capsys.readouterr().err
    other = image.rename(image.with_name("other.img"))
    assert write_signed(other, card, signed) == 1
    assert "not in the signed manifest" in capsys.readouterr().err
    assert set(card.behind.read_bytes()) == {0xA5}


def test_an_image_that_is_cut_off_leaves_the_card_as_it_is_and_nobody_is_asked(
    image: Path, card: Card, enrolment: Path, typed: list[str], capsys: Capture
) -> None:
    os.truncate(image, card_images.IMAGE - 512)
    assert write(image, card, enrolment) == 1
    said = capsys.readouterr().err
    assert "cut off" in said
    assert "Traceback" not in said
    assert typed == []
    assert set(card.behind.read_bytes()) == {0xA5}


@pytest.mark.parametrize("missing", [manifest.NAME, manifest.SIGNATURE])
def test_an_image_without_its_papers_leaves_the_card_as_it_is(
    image: Path, card: Card, signed: Path, capsys: Capture, missing: str
) -> None:
    (image.parent / missing).unlink()
    assert write_signed(image, card, signed) == 1
    assert f"{missing} is missing" in capsys.readouterr().err
    assert set(card.behind.read_bytes()) == {0xA5}
