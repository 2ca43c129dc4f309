"""The calls of the kernel's mode setting that a picture needs: structs and numbers.

From ``drm.h`` and ``drm_mode.h`` of Linux, whose layout never changes: the same on 32 and 64 bits,
since pointers are 64 bits wide in all of them.
"""

from __future__ import annotations

from ctypes import Structure, c_char, c_uint16, c_uint32, c_uint64, sizeof

CONNECTED = 1
MODE_PREFERRED = 1 << 3


class Mode(Structure):
    """``drm_mode_modeinfo``: a size with its timings."""

    _fields_ = (
        ("clock", c_uint32),
        ("width", c_uint16),
        ("across", c_uint16 * 4),
        ("height", c_uint16),
        ("down", c_uint16 * 4),
        ("refresh", c_uint32),
        ("flags", c_uint32),
        ("type", c_uint32),
        ("name", c_char * 32),
    )


class Resources(Structure):
    """``drm_mode_card_res``: what a card has."""

    _fields_ = (
        ("fbs", c_uint64),
        ("crtcs", c_uint64),
        ("connectors", c_uint64),
        ("encoders", c_uint64),
        ("count_fbs", c_uint32),
        ("count_crtcs", c_uint32),
        ("count_connectors", c_uint32),
        ("count_encoders", c_uint32),
        ("limits", c_uint32 * 4),
    )


class Connector(Structure):
    """``drm_mode_get_connector``: a socket for a display, and what is in it."""

    _fields_ = (
        ("encoders", c_uint64),
        ("modes", c_uint64),
        ("props", c_uint64),
        ("prop_values", c_uint64),
        ("count_modes", c_uint32),
        ("count_props", c_uint32),
        ("count_encoders", c_uint32),
        ("encoder", c_uint32),
        ("id", c_uint32),
        ("type", c_uint32),
        ("type_id", c_uint32),
        ("connection", c_uint32),
        ("mm", c_uint32 * 2),
        ("subpixel", c_uint32),
        ("pad", c_uint32),
    )


class Encoder(Structure):
    """``drm_mode_get_encoder``: what feeds a connector; ``possible_crtcs`` is a bit for each."""

    _fields_ = (
        ("id", c_uint32),
        ("type", c_uint32),
        ("crtc", c_uint32),
        ("possible_crtcs", c_uint32),
        ("possible_clones", c_uint32),
    )


class Crtc(Structure):
    """``drm_mode_crtc``: which frame buffer goes out, with which timings, to which connectors."""

    _fields_ = (
        ("connectors", c_uint64),
        ("count_connectors", c_uint32),
        ("id", c_uint32),
        ("fb", c_uint32),
        ("x", c_uint32),
        ("y", c_uint32),
        ("gamma_size", c_uint32),
        ("mode_valid", c_uint32),
        ("mode", Mode),
    )


class FrameBuffer(Structure):
    """``drm_mode_fb_cmd``: a buffer that can be shown."""

    _fields_ = tuple(
        (name, c_uint32) for name in ("id", "width", "height", "pitch", "bits", "depth", "handle")
    )


class Dirty(Structure):
    """``drm_mode_fb_dirty_cmd``: what was drawn; without clips, everything."""

    _fields_ = (
        ("fb", c_uint32),
        ("flags", c_uint32),
        ("color", c_uint32),
        ("num_clips", c_uint32),
        ("clips", c_uint64),
    )


class CreateDumb(Structure):
    """``drm_mode_create_dumb``: memory that any card can show."""

    _fields_ = (
        ("height", c_uint32),
        ("width", c_uint32),
        ("bits", c_uint32),
        ("flags", c_uint32),
        ("handle", c_uint32),
        ("pitch", c_uint32),
        ("size", c_uint64),
    )


class MapDumb(Structure):
    """``drm_mode_map_dumb``: where that memory can be mapped from."""

    _fields_ = (("handle", c_uint32), ("pad", c_uint32), ("offset", c_uint64))


class Handle(Structure):
    """One number: ``drm_mode_destroy_dumb``, and the id that RMFB takes."""

    _fields_ = (("handle", c_uint32),)


def _number(of: type[Structure], number: int) -> int:
    """Return ``_IOWR('d', number, struct)``."""
    return 3 << 30 | sizeof(of) << 16 | ord("d") << 8 | number


GET_RESOURCES = _number(Resources, 0xA0)
SET_CRTC = _number(Crtc, 0xA2)
GET_ENCODER = _number(Encoder, 0xA6)
GET_CONNECTOR = _number(Connector, 0xA7)
ADD_FB = _number(FrameBuffer, 0xAE)
REMOVE_FB = _number(Handle, 0xAF)
DIRTY_FB = _number(Dirty, 0xB1)
CREATE_DUMB = _number(CreateDumb, 0xB2)
MAP_DUMB = _number(MapDumb, 0xB3)
DESTROY_DUMB = _number(Handle, 0xB4)
