"""Buttons and LEDs on gpiozero's mock pins (device/hardware)."""

import select
import warnings
from collections.abc import Iterator

import pytest
from gpiozero import BadPinFactory, Device, PinFactoryFallback
from gpiozero.pins.mock import MockFactory

from device.clock import SystemClock
from device.core.press import Accepted, Together
from device.errors import DeviceError
from device.hardware.none import NoButtons
from device.hardware.pins import ButtonPins, board_factory
from device.settings import ButtonSettings
from tests.fakes.fingers import Panel
from tests.fakes.wait import eventually
from wire.records import CHOICES


@pytest.fixture
def panel() -> Iterator[Panel]:
    panel = Panel(clock=SystemClock())
    panel.reader.start()
    yield panel
    panel.close()


def pressed(panel: Panel) -> list[int]:
    return [event.button for event in panel.reader.take() if isinstance(event, Accepted)]


@pytest.mark.parametrize("choice", CHOICES)
def test_a_finger_on_a_button_is_a_press_of_its_choice(panel: Panel, choice: str) -> None:
    panel.samples(1)
    panel.down(choice)  # type: ignore[arg-type]
    panel.samples(8)
    panel.up(choice)  # type: ignore[arg-type]
    assert pressed(panel) == [CHOICES.index(choice)]  # type: ignore[arg-type]


def test_a_finger_that_stays_is_one_press(panel: Panel) -> None:
    panel.samples(1)
    panel.down("satisfied")
    panel.samples(30)
    assert pressed(panel) == [1]
    panel.samples(10)
    panel.up("satisfied")
    panel.samples(5)
    assert pressed(panel) == []


def test_a_press_wakes_whoever_waits_for_it(panel: Panel) -> None:
    panel.samples(1)
    assert select.select([panel.reader], [], [], 0)[0] == []
    panel.down("satisfied")
    assert select.select([panel.reader], [], [], 5)[0] == [panel.reader]
    panel.reader.take()
    assert select.select([panel.reader], [], [], 0)[0] == []


def test_a_spike_is_no_press(panel: Panel) -> None:
    panel.samples(1)
    panel.down("satisfied")
    panel.up("satisfied")
    panel.samples(8)
    assert panel.reader.take() == []


def test_two_fingers_are_no_press(panel: Panel) -> None:
    panel.samples(1)
    panel.down("satisfied")
    panel.down("unsatisfied")
    panel.samples(10)
    assert panel.reader.take() == [Together((1, 2))]


def test_a_button_that_is_down_at_the_start_counts_after_its_release() -> None:
    panel = Panel(clock=SystemClock())
    # Constructing the devices applied their pull, so the finger comes after it.
    panel.down("satisfied")
    panel.reader.start()
    try:
        panel.samples(20)
        assert panel.reader.take() == []
        panel.up("satisfied")
        panel.samples(5)
        panel.down("satisfied")
        panel.samples(8)
        assert pressed(panel) == [1]
    finally:
        panel.close()


def test_at_rest_the_reader_sleeps_and_an_edge_wakes_it(panel: Panel) -> None:
    panel.samples(2)
    eventually(lambda: not panel.reader.busy, 2, "rest")
    before = panel.reader.samples
    panel.down("satisfied")
    eventually(lambda: panel.reader.samples >= before + 6, 1, "sampling")
    assert panel.reader.busy


def test_all_leds_light_together_so_that_nobody_sees_the_choice(panel: Panel) -> None:
    panel.reader.acknowledge(True)
    assert panel.leds() == [True, True, True]
    panel.reader.acknowledge(False)
    assert panel.leds() == [False, False, False]


def test_in_the_self_test_one_led_lights_alone(panel: Panel) -> None:
    panel.reader.acknowledge(True)
    panel.reader.light_one(1)
    assert panel.leds() == [False, True, False]


def test_a_reader_that_is_closed_before_its_start_releases_its_pins() -> None:
    panel = Panel()
    panel.reader.close()
    again = ButtonPins(panel.settings, panel.factory, lambda: None)
    again.close()


def test_buttons_that_pull_to_the_supply_are_active_when_high() -> None:
    panel = Panel(ButtonSettings(pull_up=False))
    pins = panel.reader._pins
    assert pins.levels() == [False, False, False]
    panel.down("unsatisfied")
    assert pins.levels() == [False, False, True]
    panel.close()


def test_every_edge_is_counted_once() -> None:
    rung: list[bool] = []
    factory = MockFactory()
    pins = ButtonPins(ButtonSettings(), factory, lambda: rung.append(True))
    for _ in range(3):
        factory.pin(17).drive_low()
        factory.pin(17).drive_high()
    assert pins.edges() == [6, 0, 0]
    assert pins.edges() == [0, 0, 0]
    assert len(rung) == 6
    pins.close()


def test_a_pin_that_is_taken_is_refused_in_one_sentence() -> None:
    factory = MockFactory()
    pins = ButtonPins(ButtonSettings(), factory, lambda: None)
    with pytest.raises(DeviceError, match="buttons: a pin cannot be used"):
        ButtonPins(ButtonSettings(), factory, lambda: None)
    pins.close()


def test_a_machine_without_pins_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "nothing")
    with pytest.raises(DeviceError, match="run with --simulate"):
        board_factory(ButtonSettings())


def test_the_drivers_that_are_missing_are_not_warned_of_before_the_error(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    def none_found() -> None:
        warnings.warn("Falling back from lgpio", PinFactoryFallback, stacklevel=2)
        raise BadPinFactory("no driver")

    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "another")
    monkeypatch.setattr(Device, "ensure_pin_factory", none_found)
    with pytest.raises(DeviceError, match="no driver"):
        board_factory(ButtonSettings())
    assert not recwarn.list


def test_another_factory_by_the_environment_is_made_anew_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    first, second = board_factory(ButtonSettings()), board_factory(ButtonSettings())
    assert isinstance(first, MockFactory)
    assert first is not second
    assert Device.pin_factory is None


def test_a_terminal_without_buttons_has_nothing_to_take() -> None:
    none = NoButtons()
    none.acknowledge(True)
    none.light_one(1)
    assert none.take() == []
    assert select.select([none], [], [], 0)[0] == []
    none.close()
