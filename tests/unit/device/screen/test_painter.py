"""Every screen on every panel: nothing overflows, targets are large, colours are readable."""

from itertools import pairwise

import pygame
import pytest

from device.core.view import KINDS, Kind, View
from device.screen import lettering, palette
from device.screen.painter import Painter
from device.screen.panel import MIN_TARGET_MM, Panel, panel_of
from device.screen.texts import Texts
from device.settings import ScreenSettings
from tests.fakes.counter import touch
from wire.records import CHOICES

LONG = "Quầy số 14 · Tiếp nhận và trả kết quả hồ sơ đất đai · Nguyễn Thị Hường Ấ"


def example(kind: Kind, counter: str = "Quầy 3", ticket: str = "A-0137") -> View:
    choices = CHOICES if kind in ("rate", "correction") else ()
    return View(kind, counter, ticket, choices)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def margin_is_untouched(surface: pygame.Surface, margin: int) -> bool:
    width, height = surface.get_size()
    ground = surface.get_at((0, 0))
    edge = [(x, y) for x in range(width) for y in (*range(margin), *range(height - margin, height))]
    edge += [(x, y) for y in range(height) for x in (*range(margin), *range(width - margin, width))]
    return all(surface.get_at(place) == ground for place in edge)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("counter", "ticket"),
    [("Quầy 3", "A-0137"), (LONG, "H29.12-221014-0005"), ("Ẫ" * 200, "W" * 64)],
)
def test_nothing_reaches_into_the_margin(
    painter: Painter, panel: Panel, kind: Kind, counter: str, ticket: str
) -> None:
    drawn = painter.paint(example(kind, counter, ticket)).surface
    assert drawn.get_size() == (panel.width, panel.height)
    assert margin_is_untouched(drawn, panel.mm(3) - 3)


@pytest.mark.parametrize("kind", ["rate", "correction"])
def test_targets_are_large_equal_apart_and_in_order(
    painter: Painter, panel: Panel, kind: Kind
) -> None:
    targets = painter.paint(example(kind)).targets
    assert [target.name for target in targets] == list(CHOICES)
    boxes = list(targets.values())
    for box in boxes:
        assert min(box.size) >= MIN_TARGET_MM * panel.per_mm
        assert box.size == boxes[0].size
    for before, after in pairwise(boxes):
        if panel.portrait:
            assert after.top >= before.bottom + panel.mm(2)
        else:
            assert after.left >= before.right + panel.mm(2)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"rate", "correction"}))
def test_where_nothing_can_be_chosen_there_is_no_target(painter: Painter, kind: Kind) -> None:
    assert painter.paint(example(kind)).targets == {}


def test_a_choice_under_a_finger_looks_different(painter: Painter) -> None:
    plain = painter.paint(example("rate")).surface
    held = painter.paint(example("rate"), touch("satisfied")).surface
    assert pygame.image.tobytes(plain, "RGB") != pygame.image.tobytes(held, "RGB")


def test_each_view_is_drawn_once_and_kept(painter: Painter) -> None:
    assert painter.paint(example("rate")) is painter.paint(example("rate"))
    for place in range(10):
        painter.paint(View("idle", "Quầy 3", dim=True, place=place))
    assert len(painter._kept) <= 8


def test_what_a_press_will_show_is_drawn_ahead(painter: Painter) -> None:
    painter.paint(example("rate"))
    painter.prepare(example("rate"))
    assert {view.kind for view, _ in painter._kept} == {"rate", "thanks", "correction"}


def test_the_idle_frame_moves(painter: Painter) -> None:
    frames = {
        pygame.image.tobytes(
            painter.paint(View("idle", "Quầy 3", dim=True, place=i)).surface, "RGB"
        )
        for i in range(28)
    }
    assert len(frames) == 28


def test_a_dim_view_gives_less_light_and_keeps_its_targets(painter: Painter) -> None:
    bright = painter.paint(View("rate", "Quầy 3", None, CHOICES))
    dim = painter.paint(View("rate", "Quầy 3", None, CHOICES, dim=True))
    assert dim.targets == bright.targets
    light = [sum(pygame.transform.average_color(each.surface)[:3]) for each in (bright, dim)]
    assert light[1] < light[0] / 2


def test_thanks_show_none_of_the_colours_of_the_choices(painter: Painter) -> None:
    drawn = painter.paint(example("thanks")).surface
    colours = {tuple(drawn.get_at((x, y)))[:3] for x in range(0, 480, 3) for y in range(0, 480, 3)}
    for colour in palette.CHOICE_COLOURS.values():
        assert tuple(pygame.Color(colour))[:3] not in colours


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((palette.WHITE, colour) for colour in palette.CHOICE_COLOURS.values()),
        (palette.WHITE, palette.SLATE),
        (palette.MIST, palette.SLATE),
        (palette.INK, palette.WHITE),
        (palette.GREY, palette.WHITE),
        (palette.NIGHT_TEXT, palette.NIGHT),
    ],
)
def test_letters_have_the_contrast_of_aa(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("rotation", [0, 90])
def test_on_a_seven_inch_panel_labels_and_ticket_have_the_height_of_the_standard(
    monkeypatch: pytest.MonkeyPatch, rotation: int
) -> None:
    panel = panel_of(ScreenSettings(rotation=rotation))  # type: ignore[arg-type]
    scales = []
    real = lettering.draw_stack

    def spy(target, items, box, scale=None):  # type: ignore[no-untyped-def]
        used = lettering.scale_to_fit(items, box.width, box.height) if scale is None else scale
        for item in items:
            if isinstance(item, lettering.Pair):
                scales.append(item.left.size * used)
            elif isinstance(item, lettering.Line) and item.weight == "Bold":
                scales.append(item.size * used)
        return real(target, items, box, scale)

    monkeypatch.setattr("device.screen.painter.draw_stack", spy)
    painter = Painter(panel, Texts())
    for kind in ("rate", "thanks"):
        painter.paint(example(kind))
    assert len(scales) >= 5
    assert min(scales) >= panel.letter
