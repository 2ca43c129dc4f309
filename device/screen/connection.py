"""The descriptor behind an SDL window, so that the main loop can sleep until somebody touches.

SDL has no call for it: its own waiting polls a thousand times a second. On X11 the window's
display pointer is there to be had, and Xlib says which socket belongs to it.
"""

from __future__ import annotations

import ctypes

import pygame

_XLIB = "libX11.so.6"


def descriptor() -> int | None:
    """Return what is readable when the window has events; None where that is not known."""
    if pygame.display.get_driver() != "x11":
        return None
    pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    try:
        display = pointer_of(pygame.display.get_wm_info()["display"], b"display")
        number_of = ctypes.CDLL(_XLIB).XConnectionNumber
    except (KeyError, ValueError, OSError, AttributeError):
        return None
    number_of.argtypes = [ctypes.c_void_p]
    return int(number_of(display))
