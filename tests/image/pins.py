"""Moves real lines of the kernel's GPIO device through the pin factory: run inside the image.

    /opt/hailong/bin/python pins.py /dev/gpiochip0 --buttons 0 1 2 --leds 4 5 6 --seconds 20

First it prints which chip it has, ``{"chip": "pl061", "lines": 8}``. Then each LED is lit while its
button is down, and every change is a line, ``{"button": 0, "down": true, "edges": 1}``. It ends by
itself after so many seconds. Beside this file nothing of the tests is needed.
"""

import argparse
import json
import sys
import time
from threading import Event

from device.hardware.gpiod.factory import GpiodFactory
from device.hardware.pins import ButtonPins
from device.settings import ButtonSettings


def main() -> None:
    """Follow the buttons with the LEDs for some seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chip", help="path or label of the chip, or auto")
    parser.add_argument("--buttons", type=int, nargs=3, required=True, metavar="LINE")
    parser.add_argument("--leds", type=int, nargs=3, required=True, metavar="LINE")
    parser.add_argument("--pull-down", action="store_true", help="a press connects to the supply")
    parser.add_argument("--seconds", type=float, default=20)
    args = parser.parse_args()
    factory = GpiodFactory(args.chip)
    ((label, header),) = factory.board_info.headers.items()
    say(chip=label, lines=len(header.pins))
    settings = ButtonSettings(tuple(args.buttons), tuple(args.leds), pull_up=not args.pull_down)
    woken = Event()
    pins = ButtonPins(settings, factory, woken.set)
    follow(pins, woken, time.monotonic() + args.seconds)
    pins.close()
    factory.close()


def follow(pins: ButtonPins, woken: Event, until: float) -> None:
    """Light the LED of each button that is down; asleep until the kernel tells of an edge."""
    before = pins.levels()
    while (left := until - time.monotonic()) > 0:
        levels, edges = pins.levels(), pins.edges()
        pins.light(*levels)
        for button, (was, now) in enumerate(zip(before, levels, strict=True)):
            if was != now:
                say(button=button, down=now, edges=edges[button])
        before = levels
        woken.wait(left)
        woken.clear()


def say(**what: object) -> None:
    """Print one line of JSON at once."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
