"""Every screen on every panel, in every language and theme: whole, apart, and large enough."""

from dataclasses import replace
from itertools import combinations

import pygame
import pytest

from device.core.targets import Key, Target
from device.core.view import KINDS, View
from device.screen.canvas import Canvas
from device.screen.examples import examples
from device.screen.painter import Painter
from device.screen.panel import MIN_GAP_MM, MIN_TARGET_MM, Panel
from device.screen.scenes import SCENES
from tests.unit.device.screen.conftest import (
    LOOKS,
    PANEL_BY_NAME,
    Seen,
    dress_of,
    look_at,
    seen,
)

pytestmark = pytest.mark.parametrize("panel_name", list(PANEL_BY_NAME))
every_look = pytest.mark.parametrize("look", list(LOOKS))

LONG = "Quầy số 14 · Tiếp nhận và trả kết quả hồ sơ đất đai · Nguyễn Thị Hường Ấ"
HOSTILE = {
    "long": (LONG, "H29.12-221014-0005"),
    "one endless word": ("Ẫ" * 10_000, "W" * 64),
    "control characters": ("Quầy\x00\x1b[31m\n3\u202e\ud800", "\u200f\u0007A\t1"),
    "heaps of accents": ("Q" + "\u0301" * 300 + "uầy", "A" + "\u0302" * 300),
    "nothing": (" ", "\u200b"),
}


def boxes_of(one: Seen) -> list[pygame.Rect]:
    return list(one.targets.values())


@every_look
def test_nothing_reaches_into_the_margin(panel_name: str, look: str) -> None:
    assert [name for name, one in seen(panel_name, look).items() if not one.margin_is_free] == []


@every_look
def test_no_text_is_cut(panel_name: str, look: str) -> None:
    cut = [
        (name, lettered.line.text)
        for name, one in seen(panel_name, look).items()
        for lettered, _ in one.said
        if lettered.cut
    ]
    assert cut == []


@every_look
def test_no_letter_is_smaller_than_the_least(panel_name: str, look: str) -> None:
    least = PANEL_BY_NAME[panel_name].least
    small = {
        (name, lettered.line.text, lettered.size, least)
        for name, one in seen(panel_name, look).items()
        for lettered, _ in one.said
        if lettered.size < least
    }
    assert small == set()


@every_look
def test_targets_are_at_least_20_mm_apart_and_on_the_panel(panel_name: str, look: str) -> None:
    for one in seen(panel_name, look).values():
        check_targets(PANEL_BY_NAME[panel_name], one.targets)


@every_look
def test_a_text_stands_inside_its_own_target_and_over_no_other(panel_name: str, look: str) -> None:
    for name, one in seen(panel_name, look).items():
        for lettered, of in one.said:
            touching = {
                target for target, box in one.targets.items() if box.colliderect(lettered.box)
            }
            assert touching <= {of}, (name, lettered.line.text)
            assert of is None or one.targets[of].contains(lettered.box), (name, lettered.line.text)


@every_look
def test_no_text_stands_over_another(panel_name: str, look: str) -> None:
    for name, one in seen(panel_name, look).items():
        for (first, _), (second, _) in combinations(one.said, 2):
            over = first.box.clip(second.box).height
            # The room for accents of one line may reach into that for the feet of the one above.
            allowed = max(first.size, second.size) * 0.45
            same_pair = first.box == second.box
            assert over <= allowed or same_pair, (name, first.line.text, second.line.text)


def test_everything_that_can_be_touched_is_a_target(panel_name: str) -> None:
    for name, view in examples().items():
        wanted = {
            *(Target("choice", each) for each in view.choices),
            *(Target("item", each.code) for each in view.items),
            *(Target("key", each) for each in view.keys),
        }
        one = seen(panel_name, "vi-en normal letters normal contrast")[name]
        assert set(one.targets) == wanted, name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hostile", list(HOSTILE))
def test_hostile_texts_stay_inside_and_leave_the_targets_as_they_are(
    panel_name: str, kind: str, hostile: str
) -> None:
    counter, ticket = HOSTILE[hostile]
    name = {each.kind: name for name, each in examples().items()}[kind]
    view = examples(counter)[name]
    notes = tuple(replace(note, value=note.value and counter) for note in view.notes)
    view = replace(view, ticket=ticket if view.ticket else None, notes=notes)
    panel = PANEL_BY_NAME[panel_name]
    one = look_at(Painter(dress_of(panel)), panel, view)
    assert one.margin_is_free
    assert one.targets == seen(panel_name, "vi-en normal letters normal contrast")[name].targets
    for lettered, of in one.said:
        assert of is not None or not lettered.box.collidelistall(boxes_of(one))


@pytest.mark.parametrize("kind", ["reasons", "items"])
def test_nothing_moves_under_the_finger_that_touches_the_first_item(
    panel_name: str, kind: str
) -> None:
    before = replace(examples()[kind], chosen=(), keys=("language", "skip"))
    after = replace(before, chosen=(before.items[0].code,), keys=("language", "skip", "done"))
    panel = PANEL_BY_NAME[panel_name]
    painter = Painter(dress_of(panel))
    there = look_at(painter, panel, before).targets
    assert there.items() <= look_at(painter, panel, after).targets.items()


ALL_KEYS: tuple[Key, ...] = ("language", "back", "next", "skip", "done")


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("kind", ["reasons", "items"])
def test_a_page_of_six_holds_up_to_five_keys_on_every_panel(
    panel_name: str, kind: str, number: int
) -> None:
    view = replace(examples()[kind], keys=ALL_KEYS[:number])
    panel = PANEL_BY_NAME[panel_name]
    one = look_at(Painter(dress_of(panel)), panel, view)
    assert len(one.targets) == 6 + number
    check_targets(panel, one.targets)


@pytest.mark.parametrize("kind", KINDS)
def test_two_keys_fit_on_every_screen(panel_name: str, kind: str) -> None:
    name = {each.kind: name for name, each in examples().items()}[kind]
    view = replace(examples()[name], keys=("language", "done"))
    panel = PANEL_BY_NAME[panel_name]
    one = look_at(Painter(dress_of(panel)), panel, view)
    check_targets(panel, one.targets)
    assert {Target("key", "language"), Target("key", "done")} <= set(one.targets)
    assert not any(lettered.cut for lettered, _ in one.said)


def test_choices_are_equal_and_in_their_order(panel_name: str) -> None:
    panel = PANEL_BY_NAME[panel_name]
    for name in ("rate", "correction"):
        one = seen(panel_name, "vi-en normal letters normal contrast")[name]
        boxes = [box for target, box in one.targets.items() if target.kind == "choice"]
        assert len({box.size for box in boxes}) == 1
        places = [box.top if panel.portrait else box.left for box in boxes]
        assert places == sorted(places)


def test_pages_keep_the_places_of_their_items(panel_name: str) -> None:
    panel, view = PANEL_BY_NAME[panel_name], examples()["items"]
    last = replace(view, items=view.items[:3], page=2, keys=("language", "back"), chosen=())
    whole, part = (Painter(dress_of(panel)).paint(each).targets for each in (view, last))
    assert {target: whole[target] for target in part} == part


def test_nothing_moves_when_the_first_reason_is_touched(panel_name: str) -> None:
    panel, view = PANEL_BY_NAME[panel_name], replace(examples()["reasons"], chosen=())
    touched = replace(view, chosen=("attitude",), keys=("language", "skip", "done"))
    before, after = (Painter(dress_of(panel)).paint(each).targets for each in (view, touched))
    assert {target: after[target] for target in before} == before


def check_targets(panel: Panel, targets: dict[Target, pygame.Rect]) -> None:
    whole = pygame.Rect(0, 0, panel.width, panel.height)
    gap = int(MIN_GAP_MM * panel.per_mm)
    for target, box in targets.items():
        assert min(box.size) >= MIN_TARGET_MM * panel.per_mm, target
        assert whole.contains(box), target
    for one, other in combinations(targets.values(), 2):
        assert not one.inflate(2 * gap, 2 * gap).colliderect(other)


def test_every_kind_has_a_screen_of_its_own(panel_name: str) -> None:
    assert set(SCENES) == set(KINDS)
    dress = dress_of(PANEL_BY_NAME[panel_name])
    for view in (View(kind, "Quầy 3") for kind in KINDS):
        assert isinstance(SCENES[view.kind](dress, view, None), Canvas)
