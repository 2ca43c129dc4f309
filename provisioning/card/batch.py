"""Card after card, each for the next terminal that has none."""

from collections.abc import Callable
from pathlib import Path

from provisioning.card import asking, devices, invitations, words, writing
from provisioning.card.asking import Ask
from provisioning.card.devices import Device
from provisioning.card.former import terminal_on
from provisioning.card.image import Image, Shown
from provisioning.card.invitations import Carried
from provisioning.errors import ProvisioningError

_SKIP, _END = "s", "q"


def waiting(folder: Path) -> list[Carried]:
    """Return the enrolment files in a folder that are on no card yet, by their names.

    They lie in it as the fleet keeps them, or each in a folder of its own, as a list writes them.

    Raises:
        ProvisioningError: there is no such folder, none in it, or one is wrong.
    """
    if not folder.is_dir():
        raise ProvisioningError(f"{folder}: is no folder with enrolment files")
    paths = sorted([*folder.glob("*.toml"), *folder.glob(f"*/{writing.ENROLMENT}")])
    found = [invitations.read(path) for path in paths]
    if not found:
        raise ProvisioningError(f"{folder}: holds no enrolment file")
    left = [carried for carried in found if not carried.note.exists()]
    if not left:
        raise ProvisioningError(
            f"{folder}: all of its enrolment files are on cards already; to write one again: "
            "hailong-provision card write"
        )
    return left


class Batch:
    """One image for many terminals, by one reader.

    Args:
        image: what each card gets.
        path: the reader's device.
        fixed_too: see `devices.refusal`.
        ask: how the person is asked.
        tell: how they are told.
        shown: shows how far a card is.
    """

    def __init__(
        self, image: Image, path: Path, fixed_too: bool, ask: Ask, tell: Callable[[str], None],
        shown: Shown,
    ) -> None:  # fmt: skip
        self._image, self._path, self._fixed_too = image, path, fixed_too
        self._ask, self._tell, self._shown = ask, tell, shown

    def run(self, todo: list[Carried], noted: Callable[[Carried, Device], None]) -> int:
        """Write a card for each; return how many. ``noted`` is told of each card that is right."""
        done = 0
        for number, carried in enumerate(todo, 1):
            heading = (
                f"{number} of {len(todo)}: {carried.file.terminal}, {carried.file.counter_name}"
            )
            answer = self._write_one(carried, heading, noted)
            if answer == _END:
                break
            done += not answer
        return done

    def _write_one(
        self, carried: Carried, heading: str, noted: Callable[[Carried, Device], None]
    ) -> str:
        """Try until a card is right, or the person skips or ends; return what they chose."""
        while True:
            answer = self._answer(
                f"{heading}\nPut the next card into {self._path} and press Enter"
                f" ({_SKIP} skips this terminal, {_END} ends): "
            )
            if answer in (_SKIP, _END):
                return answer
            try:
                device = self._ready()
                writing.write(self._image, Path(device.path), carried.content, self._shown)
            except ProvisioningError as error:
                self._tell(f"{error}")
                continue
            noted(carried, device)
            self._tell(f"Take it out and stick {carried.file.terminal} on it.")
            return ""

    def _ready(self) -> Device:
        device = devices.find(self._path)
        asking.check(device, self._fixed_too)
        writing.check_room(self._image, Path(device.path), device.size)
        self._tell("\n".join(words.describe(device)))
        if former := terminal_on(device):
            if self._answer(f"It is the card of {former}. Type {former} to lose it: ") != former:
                raise ProvisioningError(f"{device.path}: left as the card of {former}")
            device = asking.still(device)
            asking.check(device, self._fixed_too)
        asking.unmount(device)
        return device

    def _answer(self, question: str) -> str:
        try:
            return self._ask(question).strip()
        except EOFError:
            return _END
