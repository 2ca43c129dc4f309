"""What a scanner types, as bytes of the kernel's input events."""

import struct

from device.core.scanning import Key

ENTER, LEFT_SHIFT = 28, 42
_EVENT = struct.Struct("llHHi")
_KEYS = {
    letter: code
    for first, row in ((2, "1234567890-"), (16, "QWERTYUIOP"), (30, "ASDFGHJKL"),
                       (44, "ZXCVBNM"), (52, "./"))
    for code, letter in enumerate(row, first)
}  # fmt: skip


def press(code: int) -> bytes:
    """Return a key going down and up, each with the device's scan code and report before it."""
    scan_code, report = _EVENT.pack(0, 0, 4, 4, code), _EVENT.pack(0, 0, 0, 0, 0)
    scan_code, report = _EVENT.pack(0, 0, 4, 4, code), _EVENT.pack(0, 0, 0, 0, 0)
    return b"".join(scan_code + down(code, value) + report for value in (1, 0))


def down(code: int, value: int = 1) -> bytes:
    """Return one change of a key."""
    return _EVENT.pack(0, 0, 1, code, value)


def typed(text: str, enter: bool = True) -> bytes:
    """Return what a scanner types for a code: letters with shift, as most do."""
    data = b""
    for letter in text:
        stroke = press(_KEYS[letter])
        shifted = letter.isalpha()
        data += down(LEFT_SHIFT) + stroke + down(LEFT_SHIFT, 0) if shifted else stroke
    return data + (press(ENTER) if enter else b"")


def keys(text: str, up: int = 0, enter: bool = True) -> list[Key]:
    """Return the same as the rules see it."""
    return [
        Key(up, code, value == 1)
        for _, _, kind, code, value in _EVENT.iter_unpack(typed(text, enter))
        if kind == 1
    ]
