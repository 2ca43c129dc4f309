"""A panel on /dev/fb0 (device/screen/framebuffer.py), on a plain file in its place."""

from functools import partial
from pathlib import Path

import pygame
import pytest

from device.errors import DeviceError
from device.screen.framebuffer import Field, Fixed, FramebufferOutput, Variable
from device.screen.seeking import SoughtOutput
from tests.fakes.framebuffers import FakeFramebuffer
from tests.fakes.journals import StillClock

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)]


def rows(size: tuple[int, int]) -> pygame.Surface:
    """Return a picture whose pixels all differ from their neighbours."""
    surface = pygame.Surface(size)
    for x in range(size[0]):
        for y in range(size[1]):
            surface.set_at((x, y), COLOURS[(x + 2 * y) % len(COLOURS)])
    return surface


@pytest.mark.parametrize("bits", [16, 24, 32])
@pytest.mark.parametrize("pad", [0, 2, 61])
@pytest.mark.parametrize("from_line", [0, 3])
def test_every_pixel_is_where_it_belongs(
    tmp_path: Path, bits: int, pad: int, from_line: int
) -> None:
    size = (13, 7)
    fake = FakeFramebuffer(tmp_path / "fb0", size, bits, pad, from_line)
    length = fake.path.stat().st_size
    output = FramebufferOutput(fake.path, fake.ioctl)
    output.put(rows(size))
    for x in range(size[0]):
        for y in range(size[1]):
            assert fake.colour((x, y)) == COLOURS[(x + 2 * y) % len(COLOURS)]
    assert fake.path.stat().st_size == length
    output.close()


def test_the_kernels_structs_have_the_kernels_sizes() -> None:
    from ctypes import sizeof

    assert (sizeof(Field), sizeof(Variable), sizeof(Fixed)) == (12, 160, 80)
    assert (Fixed.stride.offset, Variable.red.offset) == (48, 32)


def test_a_display_of_another_size_shows_the_picture_scaled(tmp_path: Path) -> None:
    fake = FakeFramebuffer(tmp_path / "fb0", (40, 20))
    output = FramebufferOutput(fake.path, fake.ioctl)
    red = pygame.Surface((10, 10))
    red.fill((255, 0, 0))
    output.put(red)
    assert [fake.colour((x, 10)) for x in (9, 11, 28, 31)] == [
        (0, 0, 0), (255, 0, 0), (255, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    output.close()


def test_a_device_that_refuses_is_one_error_until_it_takes_pictures_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fake, clock = FakeFramebuffer(tmp_path / "fb0", (13, 7)), StillClock()
    find = partial(FramebufferOutput, fake.path, fake.ioctl)
    output = SoughtOutput(find, fake.size, clock.up_ms)

    def refuse(*_: object) -> int:
        raise OSError(19, "No such device")

    with monkeypatch.context() as broken:
        broken.setattr("os.pwrite", refuse)
        output.put(rows((13, 7)))
        output.put(rows((13, 7)))
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    clock.advance(2_000)
    output.look()
    assert fake.colour((0, 0)) == COLOURS[0]
    output.close()


def test_a_device_whose_place_another_took_is_noticed_without_a_picture(tmp_path: Path) -> None:
    fake = FakeFramebuffer(tmp_path / "fb0", (13, 7))
    output = FramebufferOutput(fake.path, fake.ioctl)
    output.look()
    fake.gone = True
    with pytest.raises(OSError, match="No such device"):
        output.look()
    output.close()


def test_a_device_that_takes_little_at_a_time_gets_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    fake = FakeFramebuffer(tmp_path / "fb0", (13, 7))
    output = FramebufferOutput(fake.path, fake.ioctl)
    write = os.pwrite
    monkeypatch.setattr("os.pwrite", lambda fd, data, at: write(fd, data[:100], at))
    output.put(rows((13, 7)))
    assert fake.colour((12, 6)) == COLOURS[(12 + 12) % len(COLOURS)]
    output.close()


@pytest.mark.parametrize("bits", [8, 1, 30])
def test_pixels_of_another_kind_are_refused(tmp_path: Path, bits: int) -> None:
    fake = FakeFramebuffer(tmp_path / "fb0", (16, 8), bits)
    with pytest.raises(DeviceError, match=f"pixels of {bits} bits"):
        FramebufferOutput(fake.path, fake.ioctl)


def test_lines_that_hold_no_picture_are_refused(tmp_path: Path) -> None:
    fake = FakeFramebuffer(tmp_path / "fb0", (16, 8))
    fake.stride = 10
    with pytest.raises(DeviceError, match="lines of 10 bytes do not hold 16 pixels"):
        FramebufferOutput(fake.path, fake.ioctl)


def test_what_is_no_frame_buffer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="fb0: No such file"):
        FramebufferOutput(tmp_path / "fb0")
    (tmp_path / "fb0").touch()
    with pytest.raises(DeviceError, match=r"fb0: .*ioctl"):
        FramebufferOutput(tmp_path / "fb0")
