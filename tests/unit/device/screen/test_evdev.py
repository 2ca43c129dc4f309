"""Fingers from the kernel's input devices (device/screen/evdev.py, fingers.py)."""

import select
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from device.screen.evdev import EvdevTouches
from device.screen.outputs import Touch
from tests.fakes.inputs import DROPPED, REPORT, FakeDevice, FakeInputs, event
from tests.fakes.journals import StillClock
from tests.fakes.panels import LEFT, STEPS, TOUCH, pointed, pointer, touch_panel, touched
from tests.fakes.scanners import typed

SLOT, X, Y, NUMBER = (partial(event, 3, code) for code in (0x2F, 0x35, 0x36, 0x39))
Seen = list[tuple[str, int, int]]


class Counter:
    """Input devices at a counter, and what is felt of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StillClock()
        self.inputs = FakeInputs(folder)
        self.touches = EvdevTouches(self.clock.up_ms, folder, self.inputs.ioctl)

    def add(self, device: FakeDevice) -> FakeDevice:
        self.inputs.add(device).plug()
        self.second()
        return device

    def second(self) -> list[Touch]:
        self.clock.advance(1_000)
        return list(self.touches.read())

    def seen(self) -> Seen:
        return [
            (touch.kind, int(touch.x * STEPS), int(touch.y * STEPS))
            for touch in self.touches.read()
        ]

    def close(self) -> None:
        self.touches.close()
        self.inputs.close()


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = Counter(tmp_path / "input")
    yield counter
    counter.close()


def test_a_touch_panel_tells_of_a_finger(counter: Counter) -> None:
    panel = counter.add(touch_panel(counter.folder))
    panel.say(touched("down", 10, 20) + touched("move", 30, 20) + touched("up", 30, 20))
    assert counter.seen() == [("down", 10, 20), ("move", 30, 20), ("up", 30, 20)]


def test_a_pointer_is_a_finger_while_its_button_is_down(counter: Counter) -> None:
    tablet = counter.add(pointer(counter.folder))
    tablet.say(
        pointed("move", 5, 5)
        + pointed("down", 10, 20)
        + pointed("up", 12, 20)
        + pointed("move", 1, 1)
    )
    assert counter.seen() == [("down", 10, 20), ("up", 12, 20)]


def test_a_panel_for_one_finger_is_read_by_its_axes(counter: Counter) -> None:
    one = counter.add(
        FakeDevice(counter.folder / "event1", {TOUCH}, {0: (100, 900), 1: (900, 1000)})
    )
    one.say(
        event(3, 0, 500)
        + event(3, 1, 950)
        + event(1, TOUCH, 1)
        + REPORT
        + event(1, TOUCH, 0)
        + REPORT
    )
    down, up = counter.touches.read()
    assert (down.kind, round(down.x, 3), round(down.y, 3), up.kind) == ("down", 0.5, 0.5, "up")


def test_what_is_outside_of_the_range_counts_at_the_edge(counter: Counter) -> None:
    panel = counter.add(touch_panel(counter.folder))
    panel.say(touched("down", -50, 99_999))
    assert counter.seen() == [("down", 0, STEPS - 1)]


def test_of_several_fingers_the_first_slot_counts(counter: Counter) -> None:
    panel = counter.add(touch_panel(counter.folder))
    palm = SLOT(1) + NUMBER(8) + X(4000) + Y(4000) + REPORT
    panel.say(
        touched("down", 10, 20) + palm + SLOT(0) + X(11) + REPORT + SLOT(1) + NUMBER(-1) + REPORT
    )
    assert counter.seen() == [("down", 10, 20), ("move", 11, 20)]


def test_a_finger_in_the_place_of_another_is_another(counter: Counter) -> None:
    panel = counter.add(touch_panel(counter.folder))
    panel.say(touched("down", 10, 20) + NUMBER(8) + X(500) + REPORT)
    assert counter.seen() == [("down", 10, 20), ("up", 10, 20), ("down", 500, 20)]


def test_a_tap_within_one_report_is_nothing(counter: Counter) -> None:
    panel = counter.add(touch_panel(counter.folder))
    panel.say(NUMBER(8) + X(5) + NUMBER(-1) + REPORT)
    assert counter.seen() == []


def test_after_lost_events_the_finger_is_forgotten(counter: Counter) -> None:
    panel = counter.add(touch_panel(counter.folder))
    panel.say(
        touched("down", 10, 20) + DROPPED + NUMBER(9) + X(400) + REPORT + touched("up", 400, 20)
    )
    assert [kind for kind, _, _ in counter.seen()] == ["down", "cancel"]
    panel.say(touched("down", 10, 20))
    assert [kind for kind, _, _ in counter.seen()] == ["down"]


def test_events_that_arrive_in_pieces_are_put_together(counter: Counter) -> None:
    panel = counter.add(touch_panel(counter.folder))
    seen: Seen = []
    for byte in touched("down", 10, 20):
        panel.say(bytes([byte]))
        seen += counter.seen()
    assert seen == [("down", 10, 20)]


def test_a_device_that_comes_late_is_found_and_wakes_by_the_same_descriptor(
    counter: Counter,
) -> None:
    wakes = counter.touches.wakes()
    assert wakes is not None
    panel = counter.inputs.add(touch_panel(counter.folder)).plug()
    counter.clock.advance(999)
    assert counter.touches.read() == []
    assert panel.grabs == 0
    counter.clock.advance(1)
    counter.touches.read()
    assert panel.grabs == 1
    assert select.select(wakes, [], [], 0)[0] == []
    panel.say(touched("down", 10, 20))
    assert select.select(wakes, [], [], 5)[0] == wakes
    assert counter.seen() == [("down", 10, 20)]
    assert select.select(wakes, [], [], 0)[0] == []


def test_a_panel_that_is_pulled_out_takes_its_finger_along_and_may_come_again(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    panel = counter.add(touch_panel(counter.folder))
    panel.say(touched("down", 10, 20))
    counter.touches.read()
    panel.pull()
    assert [kind for kind, _, _ in counter.seen()] == ["cancel"]
    assert counter.seen() == []
    panel.plug()
    counter.second()
    panel.say(touched("down", 10, 20))
    assert [kind for kind, _, _ in counter.seen()] == ["down"]
    assert len(caplog.records) == 1


def test_two_devices_are_two_fingers(counter: Counter) -> None:
    panel, tablet = counter.add(touch_panel(counter.folder)), counter.add(pointer(counter.folder))
    panel.say(touched("down", 1, 1))
    tablet.say(pointed("down", 2, 2))
    assert len({touch.finger for touch in counter.touches.read()}) == 2


@pytest.mark.parametrize(
    "device",
    [
        ({30, 48}, {}),
        ({LEFT}, {}),
        (set(), {0: (0, 255), 1: (0, 255)}),
        ({LEFT}, {0: (0, 255)}),
        ({TOUCH}, {0: (0, 0), 1: (0, 255)}),
    ],
    ids=["a keyboard", "a mouse", "a joystick", "a wheel", "an axis without a range"],
)
def test_other_devices_are_left_to_others(
    counter: Counter, device: tuple[set[int], dict[int, tuple[int, int]]]
) -> None:
    other = counter.add(FakeDevice(counter.folder / "event0", *device))
    counter.second()
    other.say(typed("A1")[:1024])
    assert counter.second() == []
    assert other.grabs == 0


def test_another_device_in_the_place_of_one_that_was_left_alone_is_looked_at(
    counter: Counter,
) -> None:
    keyboard = counter.add(FakeDevice(counter.folder / "event3", {30}))
    keyboard.pull()
    counter.second()
    counter.inputs.forget(keyboard)
    panel = counter.add(touch_panel(counter.folder))
    assert panel.grabs == 1


def test_a_panel_that_somebody_else_holds_is_tried_again_and_told_of_once(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    panel = touch_panel(counter.folder)
    panel.busy = True
    counter.add(panel)
    counter.second()
    counter.second()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "Device or resource busy" in caplog.text
    panel.busy = False
    counter.second()
    panel.say(touched("down", 10, 20))
    assert counter.seen() == [("down", 10, 20)]


def test_a_device_that_may_not_be_opened_is_told_of_once(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    (counter.folder / "event9").symlink_to(counter.folder / "missing")
    counter.second()
    counter.second()
    assert len(caplog.records) == 1
    assert "event9 cannot be used: No such file" in caplog.text


def test_what_the_kernel_does_not_let_anybody_open_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "event9").symlink_to(tmp_path / "missing")
    (tmp_path / "event0").touch()
    touches = EvdevTouches(StillClock().up_ms, tmp_path)
    assert touches.read() == []
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    touches.close()


def test_a_machine_without_input_devices_has_none(tmp_path: Path) -> None:
    touches = EvdevTouches(StillClock().up_ms, tmp_path / "missing")
    assert touches.read() == []
    assert not touches.closed()
    touches.close()
