"""A panel on the kernel's mode setting (device/screen/drm), on a card in the kernel's place.

A real card, virtio's, is the image's test.
"""

import errno
from pathlib import Path

import pygame
import pytest

from device.errors import DeviceError
from device.screen.drm import calls as drm
from device.screen.drm.card import open_card
from device.screen.drm.output import DrmOutput
from device.screen.seeking import SoughtOutput
from tests.fakes.drm import FakeCard
from tests.fakes.journals import StillClock

PANEL = (320, 240)
RED, BLUE = (255, 0, 0), (0, 0, 255)


class Desk:
    """A card, its output, and the time."""

    def __init__(self, card: FakeCard) -> None:
        self.card = card
        self.clock = StillClock()
        self.output = SoughtOutput(self._find, PANEL, self.clock.up_ms)

    def _find(self) -> DrmOutput:
        return DrmOutput(open_card(self.card.path.parent, self.card.ioctl), PANEL)

    def look(self, after_ms: int = 2_000) -> None:
        self.clock.advance(after_ms)
        self.output.look()


def picture(colour: tuple[int, int, int], size: tuple[int, int] = PANEL) -> pygame.Surface:
    surface = pygame.Surface(size)
    surface.fill(colour)
    return surface


def desk(folder: Path, **kind: object) -> Desk:
    kind = {"modes": [PANEL], **kind}
    return Desk(FakeCard(folder / "dri" / "card0", **kind))  # type: ignore[arg-type]


def test_the_numbers_of_the_calls_are_the_kernels() -> None:
    """As strace shows them of any program that sets a mode, on 64 bits."""
    assert (drm.GET_RESOURCES, drm.GET_CONNECTOR, drm.GET_ENCODER, drm.SET_CRTC) == (
        0xC04064A0, 0xC05064A7, 0xC01464A6, 0xC06864A2,
    )  # fmt: skip
    assert (drm.CREATE_DUMB, drm.MAP_DUMB, drm.DESTROY_DUMB) == (
        0xC02064B2, 0xC01064B3, 0xC00464B4,
    )  # fmt: skip
    assert (drm.ADD_FB, drm.REMOVE_FB, drm.DIRTY_FB) == (0xC01C64AE, 0xC00464AF, 0xC01864B1)


def test_the_mode_of_the_panels_size_is_set_whatever_the_display_prefers(tmp_path: Path) -> None:
    here = desk(tmp_path, modes=[(1920, 1080), (640, 480), PANEL])
    assert here.card.shows == here.output.size == PANEL
    here.output.close()


def test_without_such_a_mode_the_picture_is_scaled_into_the_middle(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here = desk(tmp_path, modes=[(1920, 1080), (640, 480)])
    here.output.put(picture(RED))
    assert here.card.shows == here.output.size == (1920, 1080)
    assert [here.card.colour((x, 540)) for x in (0, 239, 241, 1678, 1681)] == [
        (0, 0, 0), (0, 0, 0), RED, RED, (0, 0, 0),
    ]  # fmt: skip
    assert "the display has no mode 320×240; the picture is scaled" in caplog.text
    here.output.close()


def test_a_card_that_does_not_read_by_itself_is_told_of_each_picture(tmp_path: Path) -> None:
    here = desk(tmp_path, reads_by_itself=False)
    here.output.put(picture(RED))
    here.output.put(picture(BLUE))
    assert (here.card.told, here.card.colour((5, 5))) == (2, BLUE)
    here.output.close()


def test_a_display_that_is_pulled_out_and_put_in_again_has_its_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here = desk(tmp_path)
    here.output.put(picture(RED))
    here.card.connected = False
    here.look()
    here.output.put(picture(BLUE))
    here.look()
    assert here.card.shows is None
    here.card.connected = True
    here.look(1_999)
    assert here.card.shows is None
    here.look(1)
    assert (here.card.shows, here.card.colour((5, 5))) == (PANEL, BLUE)
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert "the display is gone" in errors[0].message
    here.output.close()


def test_another_display_is_shown_in_its_own_mode(tmp_path: Path) -> None:
    here = desk(tmp_path)
    here.output.put(picture(RED))
    here.card.connected = False
    here.look()
    here.card.modes, here.card.connected = [(640, 480)], True
    here.look()
    assert (here.card.shows, here.card.colour((320, 240))) == ((640, 480), RED)
    here.output.close()


def test_a_machine_that_starts_without_a_display_waits_for_one(tmp_path: Path) -> None:
    card = FakeCard(tmp_path / "card0", [PANEL])
    card.connected = False
    here = Desk(card)
    assert here.output.size == PANEL
    here.output.put(picture(RED))
    probes = card.probes
    for _ in range(5):
        here.look()
    assert card.probes == probes, "probing the wires takes long"
    card.connected = True
    here.look()
    assert (card.shows, card.colour((5, 5))) == (PANEL, RED)
    here.output.close()


@pytest.mark.parametrize(
    "refused", [drm.SET_CRTC, drm.CREATE_DUMB, drm.ADD_FB, drm.MAP_DUMB, drm.GET_ENCODER]
)
def test_a_card_that_refuses_is_tried_again_and_nothing_is_left_behind(
    tmp_path: Path, refused: int, caplog: pytest.LogCaptureFixture
) -> None:
    card = FakeCard(tmp_path / "card0", [PANEL])
    card.refuses = {refused: errno.EACCES}
    before = set(Path("/proc/self/fd").iterdir())
    here = Desk(card)
    here.output.put(picture(RED))
    for _ in range(3):
        here.look()
    errors = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [
        "screen: nobody sees anything: refused: another program, such as a desktop, has the "
        "display; trying again every two seconds"
    ]
    assert (here.output.driver, here.output.size) == ("none", PANEL)
    assert (card.buffers, card.fbs) == ({}, {})
    assert set(Path("/proc/self/fd").iterdir()) == before
    card.refuses = {}
    here.look()
    assert (here.output.driver, card.colour((5, 5))) == ("drm", RED)
    here.output.close()
    assert (card.buffers, card.fbs) == ({}, {})


def test_a_driver_whose_place_another_takes_is_let_go_for_the_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As a Pi starts: the firmware's display first, and then, as another card, its own driver."""
    here = desk(tmp_path, reads_by_itself=False)
    here.output.put(picture(RED))
    first = here.card
    first.path.unlink()
    first.refuses = dict.fromkeys([drm.GET_CONNECTOR, drm.DIRTY_FB, drm.REMOVE_FB], errno.ENODEV)
    here.output.put(picture(BLUE))
    here.look()
    assert here.output.driver == "none"
    assert "no graphics card that sets modes" in caplog.text
    here.card = FakeCard(first.path.with_name("card1"), [PANEL])
    here.look()
    assert (here.card.shows, here.card.colour((5, 5))) == (PANEL, BLUE)
    here.card.refuses = {drm.GET_CONNECTOR: errno.ENODEV}
    here.look()
    assert here.output.driver == "none"
    here.output.close()


def test_a_card_with_a_display_goes_before_one_without(tmp_path: Path) -> None:
    first, second = (FakeCard(tmp_path / f"card{number}", [PANEL]) for number in (0, 1))
    bare = FakeCard(tmp_path / "card2", connectors=0)
    cards = {str(card.path): card for card in (first, second, bare)}

    def ioctl(descriptor: int, number: int, argument: object, mutate: bool) -> int:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        return cards[str(path)].ioctl(descriptor, number, argument, mutate)

    before = set(Path("/proc/self/fd").iterdir())
    for chosen in (first, second):
        card = open_card(tmp_path, ioctl)
        assert card.path == chosen.path
        card.close()
        chosen.connected = False
    card = open_card(tmp_path, ioctl)
    assert card.connectors == 1
    card.close()
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_a_machine_without_a_card_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="no graphics card that sets modes"):
        open_card(tmp_path)
    render_only = FakeCard(tmp_path / "card0", connectors=0)
    with pytest.raises(DeviceError, match="no graphics card that sets modes"):
        open_card(tmp_path, render_only.ioctl)
    render_only.refuses = {drm.GET_RESOURCES: errno.EOPNOTSUPP}
    with pytest.raises(DeviceError, match=r"card0: refused"):
        open_card(tmp_path, render_only.ioctl)
