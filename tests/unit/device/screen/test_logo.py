"""An office's own logo (device/screen/logo.py): bounded, and never at the cost of the words."""

from dataclasses import replace
from pathlib import Path

import pygame
import pytest

from device.core.view import View
from device.errors import DeviceError
from device.screen.examples import examples
from device.screen.logo import MOST_BYTES, load_logo
from device.screen.painter import Painter
from device.screen.panel import Panel
from device.screen.window import window_screen
from device.settings import ScreenSettings
from tests.unit.device.screen.conftest import PANEL_BY_NAME, dress_of, margin_is_free

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    b'<rect width="40" height="20" fill="#c00040"/></svg>'
)
RED = (192, 0, 64)


def drawn(folder: Path, name: str, size: tuple[int, int] = (300, 150)) -> Path:
    picture = pygame.Surface(size)
    picture.fill(RED)
    pygame.image.save(picture, folder / name)
    return folder / name


def logo(folder: Path) -> Path:
    (folder / "logo.svg").write_bytes(SVG)
    return folder / "logo.svg"


def painters(panel: Panel, folder: Path) -> tuple[Painter, Painter]:
    """Return a painter without a logo and one with it."""
    dress = dress_of(panel)
    return Painter(dress), Painter(replace(dress, logo=load_logo(logo(folder))))


def red_pixels(surface: pygame.Surface) -> int:
    return int(pygame.mask.from_threshold(surface, RED, (60, 20, 20, 255)).count())


@pytest.mark.parametrize("name", ["logo.png", "logo.jpg", "LOGO.JPEG"])
def test_pictures_of_every_kind_are_read(tmp_path: Path, name: str) -> None:
    assert red_pixels(load_logo(drawn(tmp_path, name))) > 1_000
    assert red_pixels(load_logo(logo(tmp_path))) > 1_000


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("logo.png", None, "cannot be read"),
        ("logo.png", b"GIF89a", "is no PNG, JPG or SVG picture"),
        ("logo.svg", b"<svg", "is no PNG, JPG or SVG picture"),
        ("logo.txt", b"hello", "is no PNG, JPG or SVG picture"),
        ("logo.png", b"", "is no PNG, JPG or SVG picture"),
        ("logo.png", b"\x89PNG" + bytes(MOST_BYTES), "is larger than 2 MB"),
    ],
)
def test_a_logo_that_cannot_be_used_is_one_error_that_names_the_key(
    tmp_path: Path, name: str, content: bytes | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DeviceError, match=rf"^screen\.logo: .*{complaint}"):
        load_logo(tmp_path / name)


def test_a_logo_with_too_many_pixels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"screen\.logo: .*more than 4096 pixels"):
        load_logo(drawn(tmp_path, "logo.png", (5_000, 10)))


def test_a_terminal_with_a_bad_logo_says_so_at_the_start(tmp_path: Path) -> None:
    settings = ScreenSettings(logo=tmp_path / "missing.png")
    with pytest.raises(DeviceError, match=r"screen\.logo"):
        window_screen(settings, visible=False, title="test")


def test_the_logo_stands_over_the_idle_text(panel: Panel, tmp_path: Path) -> None:
    plain, with_logo = painters(panel, tmp_path)
    shown = examples()["idle"]
    changed = with_logo.paint(shown).surface
    assert pygame.image.tobytes(changed, "RGB") != pygame.image.tobytes(
        plain.paint(shown).surface, "RGB"
    )
    assert margin_is_free(changed, panel.mm(2))


def test_the_logo_makes_no_word_of_the_rating_too_small_and_touches_none(
    panel: Panel, tmp_path: Path
) -> None:
    plain, with_logo = painters(panel, tmp_path)
    shown = View("rate", "Quầy 3", "A001", examples()["rate"].choices)
    before, after = plain.paint(shown), with_logo.paint(shown)
    sizes = [
        min(each.size for each, of in painted.said if of is None and each.line.weight == "SemiBold")
        for painted in (before, after)
    ]
    assert sizes[1] >= min(sizes[0], panel.letter)
    assert before.targets == after.targets
    head = pygame.Rect(0, 0, panel.width, min(box.top for box in after.targets.values()))
    words = [each.box for each, of in after.said if of is None]
    red = pygame.mask.from_threshold(after.surface, RED, (60, 20, 20, 255))
    for box in red.get_bounding_rects():
        assert head.contains(box)
        assert box.collidelist(words) == -1


@pytest.mark.parametrize("way", ["landscape", "portrait"])
def test_on_a_large_panel_the_rating_has_room_for_the_logo(way: str, tmp_path: Path) -> None:
    _, with_logo = painters(PANEL_BY_NAME[f"10in-1280x800 {way}"], tmp_path)
    shown = View("rate", "Quầy 3", "A001", examples()["rate"].choices)
    assert red_pixels(with_logo.paint(shown).surface) > 1_000
