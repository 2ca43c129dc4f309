"""Devices in words, for the person who has to choose one."""

from provisioning.card.devices import Device, refusal

_UNITS = ("B", "kB", "MB", "GB", "TB")


def size(count: int) -> str:
    """Return a number of bytes as makers of cards write it, such as ``32.0 GB``."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{count} B"


def describe(device: Device) -> list[str]:
    """Return lines that say what a device is and what is on it."""
    words = [device.path, size(device.size), device.bus, device.model]
    lines = [printable("  ".join(word for word in words if word))]
    if device.content or device.mounts:
        lines.append(printable(f"  the whole device: {_content(device)}"))
    lines += [f"  {_line(part, depth)}" for part, depth in _below(device, 0)]
    if len(lines) == 1:
        lines.append("  nothing on it that is known")
    return lines


def verdict(device: Device) -> str:
    """Return whether a device can be written, and why not."""
    reason = refusal(device)
    return f"refused: {reason}" if reason else "can be written"


def printable(text: str) -> str:
    """Return what somebody wrote onto a card without characters that move the cursor."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _below(device: Device, depth: int) -> list[tuple[Device, int]]:
    found = []
    for part in device.parts:
        found.append((part, depth))
        found += _below(part, depth + 1)
    return found


def _line(part: Device, depth: int) -> str:
    return printable(f"{'  ' * depth}{part.path}  {size(part.size)}  {_content(part)}")


def _content(device: Device) -> str:
    words = [device.content or "unknown content"]
    if device.label:
        words.append(f"named {device.label}")
    if device.mounts:
        words.append(f"mounted at {', '.join(device.mounts)}")
    return ", ".join(words)
