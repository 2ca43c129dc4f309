"""The pin factory over gpiod (device/hardware/gpiod), on a chip in the place of the kernel's.

The kernel's own chip is moved by ``tests/image``.
"""

import errno
import select
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import gpiod
import gpiozero
import pytest
from gpiod.line import Bias, Direction, Edge
from gpiozero import LED, Button, DigitalInputDevice

from device.clock import SystemClock
from device.core.press import Accepted
from device.errors import DeviceError
from device.hardware.gpiod.chip import find_chip
from device.hardware.gpiod.factory import GpiodFactory
from device.hardware.pins import ButtonPins, board_factory
from device.hardware.reader import ButtonReader
from device.settings import ButtonSettings
from tests.fakes.gpio import FakeChip, FakeChips
from tests.fakes.wait import eventually

BOARD = ButtonSettings(pins=(0, 1, 2), leds=(4, 5, 6), chip="/dev/gpiochip0")
Making = Callable[[FakeChip], GpiodFactory]


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Iterator[Making]:
    made = []

    def make(chip: FakeChip) -> GpiodFactory:
        monkeypatch.setattr(gpiod, "Chip", FakeChips(gpiochip0=chip).open)
        made.append(GpiodFactory("/dev/gpiochip0"))
        return made[-1]

    yield make
    for factory in made:
        factory.close()


@pytest.fixture
def chip() -> FakeChip:
    return FakeChip()


@pytest.fixture
def factory(making: Making, chip: FakeChip) -> GpiodFactory:
    return making(chip)


def test_a_finger_on_a_button_is_a_press(factory: GpiodFactory, chip: FakeChip) -> None:
    for line in BOARD.pins:
        chip.set(line, True)  # pulled up
    reader = ButtonReader(BOARD, factory, SystemClock())
    reader.start()
    try:
        eventually(lambda: reader.samples > 0 and not reader.busy, 5, "rest")
        chip.set(1, False)
        assert select.select([reader], [], [], 5)[0]
        (press,) = reader.take()
        assert isinstance(press, Accepted)
        assert press.button == 1
    finally:
        reader.close()


def test_every_edge_is_counted(factory: GpiodFactory, chip: FakeChip) -> None:
    pins = ButtonPins(BOARD, factory, lambda: None)
    seen = [0, 0, 0]

    def counted() -> list[int]:
        seen[:] = [before + now for before, now in zip(seen, pins.edges(), strict=True)]
        return seen

    for _ in range(5):
        chip.set(2, True)
        chip.set(2, False)
    eventually(lambda: counted() == [0, 0, 10], 5, "ten edges")
    pins.close()


@pytest.mark.parametrize(("pull_up", "bias"), [(True, Bias.PULL_UP), (False, Bias.PULL_DOWN)])
def test_a_button_has_the_chips_pull(
    factory: GpiodFactory, chip: FakeChip, pull_up: bool, bias: Bias
) -> None:
    device = DigitalInputDevice(3, pull_up=pull_up, pin_factory=factory)
    settings = chip.lines[3].settings
    assert (settings.direction, settings.bias, settings.edge_detection) == (
        Direction.INPUT, bias, Edge.BOTH,
    )  # fmt: skip
    assert device.pull_up is pull_up
    chip.set(3, True)
    assert device.value == (not pull_up)
    device.close()


@pytest.mark.parametrize("refusal", [errno.EINVAL, errno.EOPNOTSUPP, errno.ENXIO, 524])
def test_a_chip_without_pulls_is_used_without_and_says_so(
    making: Making, refusal: int, caplog: pytest.LogCaptureFixture
) -> None:
    chip = FakeChip(no_bias=refusal)
    device = DigitalInputDevice(3, pull_up=True, pin_factory=making(chip))
    assert chip.lines[3].settings.bias == Bias.AS_IS
    assert "GPIO3 has no pull-up of its own: wire a resistor" in caplog.text
    chip.set(3, True)
    assert device.value == 0
    device.close()


def test_a_chip_without_interrupts_is_refused_in_one_sentence(making: Making) -> None:
    factory = making(FakeChip(no_edges=errno.ENXIO))
    with pytest.raises(DeviceError, match="a pin cannot be used: GPIO0 of /dev/gpiochip0: no inte"):
        ButtonPins(BOARD, factory, lambda: None)


def test_leds_light_and_go_dark_when_they_are_given_back(
    factory: GpiodFactory, chip: FakeChip
) -> None:
    pins = ButtonPins(BOARD, factory, lambda: None)
    assert [chip.lines[line].level for line in BOARD.leds] == [False] * 3
    pins.light(True, False, True)
    assert [chip.lines[line].level for line in BOARD.leds] == [True, False, True]
    pins.close()
    for line in (*BOARD.pins, *BOARD.leds):
        assert chip.lines[line].settings.direction == Direction.INPUT
        assert chip.lines[line].owner == ""


def test_an_led_never_blinks_while_it_is_set_up(factory: GpiodFactory, chip: FakeChip) -> None:
    led = LED(4, active_high=False, pin_factory=factory)
    assert len(chip.lines[4].history) == 1
    assert chip.lines[4].level
    led.close()


def test_a_line_that_another_program_has_is_refused_with_its_name(
    factory: GpiodFactory, chip: FakeChip
) -> None:
    chip.lines[1].owner = "gpio-keys"
    with pytest.raises(DeviceError, match="GPIO1 is in use by gpio-keys"):
        ButtonPins(BOARD, factory, lambda: None)


def test_a_line_that_the_chip_has_not_is_refused(factory: GpiodFactory) -> None:
    with pytest.raises(DeviceError, match="13 is not a valid pin name"):
        ButtonPins(ButtonSettings(), factory, lambda: None)


def test_pins_are_known_by_number_and_name(factory: GpiodFactory) -> None:
    assert factory.pin(5) is factory.pin("5") is factory.pin("GPIO5")
    assert factory.board_info.model == "pl061"


def test_everything_that_gpiozero_asks_of_a_pin_works(
    factory: GpiodFactory, chip: FakeChip
) -> None:
    pin = factory.pin(7)
    assert (pin.function, pin.state, pin.pull, pin.edges, pin.bounce) == (
        "input", False, "floating", "both", None,
    )  # fmt: skip
    pin.bounce = 0.005
    assert pin.bounce == 0.005
    assert chip.lines[7].settings.debounce_period.total_seconds() == 0.005
    pin.bounce = None
    pin.edges = "rising"
    calls: list[tuple[float, bool]] = []

    def changed(ticks: float, level: bool) -> None:
        calls.append((ticks, level))

    pin.when_changed = changed
    chip.set(7, True)
    chip.set(7, False)
    eventually(lambda: calls == [(1.0, True)], 5, "the rising edge alone")
    pin.edges = "falling"
    chip.set(7, True)
    chip.set(7, False)
    eventually(lambda: calls[1:] == [(1.0, False)], 5, "the falling edge alone")
    pin.when_changed = None
    assert chip.lines[7].settings.edge_detection == Edge.NONE
    chip.set(7, True)
    pin.function = "output"
    assert (pin.function, pin.state) == ("output", True)
    pin.state = False
    assert not chip.lines[7].level
    pin.function = "input"
    assert chip.lines[7].settings.bias == Bias.DISABLED


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("function", "alt3"), ("pull", "sideways"), ("edges", "some"), ("bounce", -1), ("state", 1)],
)
def test_what_a_pin_cannot_do_is_gpiozeros_own_error(
    factory: GpiodFactory, attribute: str, value: Any
) -> None:
    pin = factory.pin(7)
    with pytest.raises(gpiozero.GPIOZeroError):
        setattr(pin, attribute, value)


def test_an_output_has_no_pull(factory: GpiodFactory) -> None:
    pin = factory.pin(7)
    pin.output_with_state(True)
    with pytest.raises(gpiozero.PinFixedPull):
        pin.pull = "up"


def test_a_button_that_nobody_holds_any_more_is_called_no_more(
    factory: GpiodFactory, chip: FakeChip
) -> None:
    button = Button(3, pin_factory=factory)
    del button
    chip.set(3, True)
    assert chip.lines[3].owner == ""


def test_a_callback_that_fails_leaves_the_other_pins_alive(
    factory: GpiodFactory, chip: FakeChip, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    calls: list[bool] = []
    bad, good = (DigitalInputDevice(line, pin_factory=factory) for line in (1, 2))
    bad.when_activated, good.when_activated = fail, lambda: calls.append(True)
    chip.set(1, True)
    eventually(lambda: "what an edge calls has failed" in caplog.text, 5, "the failure")
    chip.set(2, True)
    eventually(lambda: calls == [True], 5, "the other pin")
    bad.close()
    good.close()


def test_the_chip_is_given_back(making: Making) -> None:
    chip = FakeChip()
    before = set(Path("/proc/self/fd").iterdir())
    factory = making(chip)
    Button(3, pin_factory=factory)
    factory.close()
    factory.close()
    assert chip.opened == 0
    assert set(Path("/proc/self/fd").iterdir()) == before


def machine(monkeypatch: pytest.MonkeyPatch, folder: Path, **chips: FakeChip | None) -> Path:
    """Return the device folder of a machine with these chips."""
    for name in chips:
        (folder / name).touch()
    monkeypatch.setattr(gpiod, "Chip", FakeChips(**chips).open)
    return folder


@pytest.mark.parametrize(
    ("label", "number"),
    [("pinctrl-rp1", 10), ("pinctrl-bcm2711", 2), ("pinctrl-bcm2835", 0), ("pl061", 0)],
)
def test_the_chip_behind_the_header_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, label: str, number: int
) -> None:
    chips: dict[str, FakeChip | None] = {
        f"gpiochip{index}": FakeChip("raspberrypi-exp-gpio") for index in (0, 2, 10)
    }
    chips[f"gpiochip{number}"] = FakeChip(label)
    devices = machine(monkeypatch, tmp_path, **chips)
    assert find_chip("auto", devices) == f"{tmp_path}/gpiochip{number}"
    assert find_chip(label, devices) == f"{tmp_path}/gpiochip{number}"
    assert find_chip("/dev/other", devices) == "/dev/other"


def test_a_chip_that_is_not_there_is_refused_with_those_that_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    devices = machine(monkeypatch, tmp_path, gpiochip0=FakeChip("one"), gpiochip1=None)
    with pytest.raises(gpiozero.BadPinFactory, match=r"'two'.*chip0 \(one\).*\(Permission denied"):
        find_chip("two", devices)
    with pytest.raises(gpiozero.BadPinFactory, match="no GPIO chip; there are: none"):
        find_chip("auto", tmp_path / "missing")


def test_the_settings_choose_the_factory(
    monkeypatch: pytest.MonkeyPatch, making: Making, chip: FakeChip
) -> None:
    making(chip)
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    made = board_factory(BOARD)
    assert isinstance(made, GpiodFactory)
    made.close()
    with pytest.raises(DeviceError, match="no GPIO pins on this machine"):
        board_factory(ButtonSettings(factory="lgpio"))
    with pytest.raises(DeviceError, match="/dev/gpiochip9: No such file"):
        board_factory(ButtonSettings(chip="/dev/gpiochip9"))


def test_other_programs_find_it_by_its_name() -> None:
    (entry,) = entry_points(group="gpiozero_pin_factories", name="gpiod")
    assert entry.load() is GpiodFactory
