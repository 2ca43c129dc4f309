"""Card after card for many terminals, with one reader."""

import os
from pathlib import Path

import pytest

from provisioning.card.batch import waiting
from provisioning.cli import main
from provisioning.enrol import files
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from tests.fakes import card_images
from tests.fakes.card_images import MEGA
from tests.unit.provisioning.card.conftest import NEVER, Card
from tests.unit.provisioning.card.test_command import swap


class Person:
    """Answers questions one after the other; may do something before each."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def __call__(self, question: str) -> str:
        self.questions.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)


@pytest.fixture
def three(layout: FleetLayout) -> Path:
    """Enrolment files of three terminals."""
    server = files.Server("https://f.example:8443", "f.example", 8883)
    for number in (1, 2, 3):
        invited = files.Invitation(f"t-{number}", f"Q{number}", f"Quầy {number}", "x" * 43, NEVER)
        files.keep(layout, invited.terminal, files.text(layout, invited, server))
    return layout.enrolment


def test_what_a_list_made_is_found_as_well(three: Path, tmp_path: Path) -> None:
    for path in three.glob("*.toml"):
        (tmp_path / "cards" / path.stem).mkdir(parents=True)
        path.rename(tmp_path / "cards" / path.stem / "enrolment.toml")
    found = waiting(tmp_path / "cards")
    assert [carried.file.terminal for carried in found] == ["t-1", "t-2", "t-3"]


def batch(image: Path, card: Card, folder: Path) -> int:
    words = ["--not-removable", "--image", str(image), "--device", str(card.device)]
    return main(["card", "batch", *words, "--enrolments", str(folder)])


def serve(monkeypatch: pytest.MonkeyPatch, *answers: str) -> Person:
    person = Person(*answers)
    monkeypatch.setattr("builtins.input", person)
    return person


def test_each_card_is_the_next_terminals_and_its_label_is_named(
    image: Path, card: Card, three: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    person = serve(monkeypatch, "", "", "t-1", "s")
    assert batch(image, card, three) == 0
    assert person.questions[0].startswith("1 of 3: t-1, Quầy 1\nPut the next card into")
    assert person.questions[2] == "It is the card of t-1. Type t-1 to lose it: "
    printed = capsys.readouterr().out
    assert "stick t-1 on it" in printed
    assert "stick t-2 on it" in printed
    assert printed.endswith("2 of 3 terminals have a card now\n")
    assert 'terminal = "t-2"' in card_images.on_card(card.device, "enrolment.toml")
    assert sorted(path.name for path in three.glob("*.written")) == [
        "t-1.toml.written", "t-2.toml.written",
    ]  # fmt: skip


def test_another_card_than_the_one_that_was_given_up_is_left_as_it_is(
    image: Path, card: Card, three: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    serve(monkeypatch, "", "q")
    assert batch(image, card, three) == 0
    person = serve(monkeypatch, "", "t-1", "q")

    def answer(question: str) -> str:
        if question.startswith("It is the card of"):
            swap(card)
        return person(question)

    monkeypatch.setattr("builtins.input", answer)
    assert batch(image, card, three) == 0
    assert "is not what was shown" in capsys.readouterr().out
    assert 'terminal = "t-1"' in card_images.on_card(card.device, "enrolment.toml")


def test_it_is_taken_up_again_where_it_was_ended(
    image: Path, card: Card, three: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    serve(monkeypatch, "")
    assert batch(image, card, three) == 0
    assert "1 of 3 terminals" in capsys.readouterr().out
    person = serve(monkeypatch, "q")
    assert batch(image, card, three) == 0
    assert person.questions[0].startswith("1 of 2: t-2")


def test_a_card_that_was_not_changed_is_not_lost(
    image: Path, card: Card, three: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    serve(monkeypatch, "", "", "oh no", "q")
    assert batch(image, card, three) == 0
    assert "left as the card of t-1" in capsys.readouterr().out
    assert 'terminal = "t-1"' in card_images.on_card(card.device, "enrolment.toml")


def test_a_card_that_fails_is_tried_again_with_another(
    image: Path, card: Card, three: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    os.truncate(card.behind, 32 * MEGA)
    if card.loop:
        card_images.run("losetup", "--set-capacity", card.device)
    person = serve(monkeypatch, "", "q")
    assert batch(image, card, three) == 0
    assert "take a larger card" in capsys.readouterr().out
    assert [question.split(":")[0] for question in person.questions] == ["1 of 3", "1 of 3"]
    assert not list(three.glob("*.written"))


def test_a_folder_without_files_is_one_clear_error(
    image: Path, card: Card, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    for name, said in (("none", "is no folder"), ("empty", "holds no enrolment file")):
        assert batch(image, card, tmp_path / name) == 1
        assert said in capsys.readouterr().err


def test_a_folder_whose_files_are_all_on_cards_is_another(three: Path) -> None:
    for carried in waiting(three):
        carried.note.write_text("2026-11-22")
    with pytest.raises(ProvisioningError, match="all of its enrolment files are on cards already"):
        waiting(three)
