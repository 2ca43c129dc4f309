"""Draw the wiring of buttons and LEDs anew: ``python -m tools.wiring``.

Pins come from the terminal's own default settings and their places on the header from gpiozero, so
the drawing in ``docs/wiring.svg`` and the table in ``provisioning/hardware.md`` can't go stale: a
test compares both with what is drawn here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from gpiozero.pins.pi import PiBoardInfo

from device.screen.drawings import face_svg
from device.settings import ButtonSettings
from wire.records import CHOICES, Choice

ROOT = Path(__file__).resolve().parents[1]
DRAWING = ROOT / "docs" / "wiring.svg"
TABLE = ROOT / "provisioning" / "hardware.md"
BEGIN, END = "<!-- table by tools/wiring.py -->\n", "<!-- end of the table -->\n"

NAMES = {
    "very_satisfied": ("Rất hài lòng", "Very satisfied"),
    "satisfied": ("Hài lòng", "Satisfied"),
    "unsatisfied": ("Không hài lòng", "Not satisfied"),
}
SERIES, CAPACITOR, PULL, LED_SERIES = "4.7 kΩ", "220 nF", "1.5 kΩ", "330 Ω"
COLOURS = {"very_satisfied": "#006847", "satisfied": "#005499", "unsatisfied": "#a83200"}
_ZERO_2_W = 0x902120
_HEADER = PiBoardInfo.from_revision(_ZERO_2_W).headers["J8"].pins
"""The 40-pin header, by position; the same on every Raspberry Pi since 2014."""
_INK, _GREY, _PAPER = "#1d2730", "#5b6770", "#ffffff"
_NETS = {"3V3": "#b45309", "5V": "#c01616", "GND": "#1d2730"}
_WIDTH, _HEIGHT = 1240, 900
_PINS_X, _PINS_Y, _PITCH = (140, 178), 128, 37
_CHANNELS_X, _CHANNEL = 322, 22
_LANES_X, _LANES_Y, _LANE, _LANE_HEIGHT = 480, 108, 252, 236


@dataclass(frozen=True)
class Wire:
    """One wire from the header.

    Attributes:
        choice: Whose button it goes to.
        line: The GPIO's number (BCM).
        led: True for the LED, False for the contact.
    """

    choice: Choice
    line: int
    led: bool

    @property
    def position(self) -> int:
        """Its place on the header, 1 to 40."""
        return next(at for at, pin in _HEADER.items() if pin.name == f"GPIO{self.line}")


def wires(settings: ButtonSettings) -> list[Wire]:
    """Return all wires, button by button."""
    return [
        Wire(choice, line, led)
        for choice, pin, light in zip(CHOICES, settings.pins, settings.leds, strict=True)
        for line, led in ((pin, False), (light, True))
    ]


def positions(net: str) -> list[int]:
    """Return where on the header a net such as GND is."""
    return [at for at, pin in _HEADER.items() if pin.name == net]


# ---- the table ----


def table(settings: ButtonSettings) -> str:
    """Return the connections as a table in Markdown."""
    near, other = ("3V3", "GND") if settings.pull_up else ("GND", "3V3")
    rows = ["| from / từ | pin / chân | GPIO | to / đến |", "| --- | ---: | ---: | --- |"]
    for wire in wires(settings):
        vi, en = NAMES[wire.choice]
        way = (
            f"{LED_SERIES} → LED + (other end: GND)"
            if wire.led
            else f"{SERIES} → contact → {other}"
        )
        rows.append(f"| {vi} / {en} | **{wire.position}** | {wire.line} | {way} |")
    uses: dict[str, list[str]] = {"3V3": [], "GND": ["LEDs, capacitors, shield"]}
    uses[near].insert(0, f"pulls, {PULL} each")
    uses[other].insert(0, "contacts")
    for net, what in uses.items():
        places = ", ".join(map(str, positions(net)))
        rows.append(f"| {net} | {places} | – | {', '.join(what)} |")
    return "\n".join(rows) + "\n"


# ---- the drawing ----


def draw(settings: ButtonSettings) -> str:
    """Return the drawing as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        "font-family=\"'Be Vietnam Pro', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif\">",
        "<title>Sơ đồ đấu dây nút bấm và đèn / Wiring of buttons and LEDs</title>",
        _tag("rect", width=_WIDTH, height=_HEIGHT, fill="#f7f9fa"),
        _text(30, 46, "Sơ đồ đấu dây nút bấm và đèn", 23, weight=700),
        _text(30, 72, "Wiring of buttons and LEDs", 17, _GREY),
        *_header(settings),
        *(part for index, wire in enumerate(wires(settings)) for part in _route(index, wire)),
        *(part for index in range(3) for part in _lane(settings, index)),
        *_notes(),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _header(settings: ButtonSettings) -> Iterator[str]:
    """Draw the header as it lies when the end with the SD card is above."""
    used = {wire.position: COLOURS[wire.choice] for wire in wires(settings)}
    yield _box(24, 92, 274, 20 * _PITCH + 48, 16, fill="#e8f2ec", stroke="#8fb8a3", width=2)
    yield _text(161, 864, "Raspberry Pi · J8 · SD ↑", 14, _INK, "middle", 700)
    for at, pin in _HEADER.items():
        x, y = _place(at)
        colour = used.get(at) or _NETS.get(pin.name, "#c9d2d8")
        known = at in used or pin.name in _NETS
        yield _disc(x, y, 13, colour, _PAPER, 2)
        yield _text(x, y + 4, str(at), 11, _PAPER if known else _INK, "middle", 700)
        side, anchor = (x - 20, "end") if at % 2 else (x + 20, "start")
        weight = 700 if at in used else 400
        yield _text(side, y + 4, pin.name, 13, colour if known else _GREY, anchor, weight)


def _route(index: int, wire: Wire) -> Iterator[str]:
    """Lead a wire from its pin, between the rows, down a channel of its own and into its lane."""
    x, y = _place(wire.position)
    # Below the pins of the left column and above those of the right, so that no two wires meet.
    down = 1 if wire.position % 2 else -1
    begin = f"M{x} {y + 13 * down} V{y + 16 * down}"
    end = _line_y(CHOICES.index(wire.choice), led=wire.led)
    path = f"{begin} H{_CHANNELS_X + _CHANNEL * index} V{end} H{_LANES_X + 24}"
    yield _line(_PAPER, path, 7)
    yield _line(COLOURS[wire.choice], path, 3, "9 5" if wire.led else "none")


def _lane(settings: ButtonSettings, index: int) -> Iterator[str]:
    """Draw what lies between the header and one button, and the button."""
    choice = CHOICES[index]
    contact, led = wires(settings)[2 * index : 2 * index + 2]
    colour, top = COLOURS[choice], _LANES_Y + _LANE * index
    wide = _WIDTH - _LANES_X - 24
    yield _box(_LANES_X, top, wide, _LANE_HEIGHT, 14, fill=_PAPER, stroke="#d3dbe0", width=1.5)
    yield from _contact(contact, _line_y(index, led=False), colour, settings.pull_up)
    yield from _led(led, _line_y(index, led=True), colour)
    yield _box(762, top + 38, 116, 192, 12, fill="none", stroke=_GREY, width=1.5, dashes="3 4")
    yield _text(820, top + 148, "trong nút bấm", 12, _GREY, "middle")
    yield _text(820, top + 164, "in the button", 12, _GREY, "middle")
    yield from _button(choice, 1096, top)


def _contact(wire: Wire, y: int, colour: str, pull_up: bool) -> Iterator[str]:
    near, far = ("3V3", "GND") if pull_up else ("GND", "3V3")
    yield _line(colour, f"M{_LANES_X} {y} H596 M656 {y} H786 M846 {y} H926")
    yield _line(colour, f"M716 {y} V{y - 64} M566 {y} V{y + 18} M566 {y + 26} V{y + 40}")
    yield _line(colour, f"M550 {y + 18} H582 M550 {y + 26} H582", 4)
    yield _line(colour, f"M788 {y} L840 {y - 24} M814 {y - 12} V{y - 40} M800 {y - 40} H828")
    yield _box(596, y - 9, 60, 18, 3, fill=_PAPER, stroke=colour, width=3)
    yield _box(707, y - 58, 18, 46, 3, fill=_PAPER, stroke=colour, width=3)
    yield _text(626, y - 16, SERIES, 13, _INK, "middle")
    yield _text(700, y - 31, PULL, 13, _INK, "end")
    yield _text(590, y + 34, CAPACITOR, 13)
    yield from (_disc(x, y, 5, colour) for x in (566, 716, 786, 846))
    yield from (_net(716, y - 76, near), _net(566, y + 51, "GND"), _net(950, y, far))
    yield _label(wire, y)


def _led(wire: Wire, y: int, colour: str) -> Iterator[str]:
    yield _line(colour, f"M{_LANES_X} {y} H596 M656 {y} H796 M832 {y} H926")
    yield _line(colour, f"M816 {y - 20} l10 -10 M828 {y - 18} l10 -10", 2)
    yield _box(596, y - 9, 60, 18, 3, fill=_PAPER, stroke=colour, width=3)
    yield _text(626, y - 16, LED_SERIES, 13, _INK, "middle")
    triangle = f"M796 {y - 16} L828 {y} L796 {y + 16} Z M830 {y - 16} V{y + 16}"
    yield _tag("path", d=triangle, fill="#fff3c4", stroke=colour, stroke_width=3)
    yield _text(784, y - 12, "+", 18, colour, "end", 700)
    yield _net(950, y, "GND")
    yield _label(wire, y)


def _button(choice: Choice, x: int, top: int) -> Iterator[str]:
    vi, en = NAMES[choice]
    colour, y = COLOURS[choice], top + 92
    yield _disc(x, y, 66, "#e4e9ec", "#b4bfc6", 2)
    yield _disc(x, y, 55, "none", "#ffd84d", 7)
    yield _disc(x, y, 50, colour)
    face = face_svg(choice).format(ink=_PAPER, paper=colour)
    yield f'<g transform="translate({x - 32} {y - 32}) scale(0.64)">{face}</g>'
    yield _text(x, top + 188, vi, 18, colour, "middle", 700)
    yield _text(x, top + 212, en, 14, _GREY, "middle")


def _notes() -> Iterator[str]:
    lines, grounds = (", ".join(map(str, positions(net))) for net in ("3V3", "GND"))
    notes = (
        f"Nét liền: tiếp điểm; nét đứt: đèn. 3V3: chân {lines}; GND: chân {grounds}.",
        f"Solid: contact; dashed: LED. 3V3 on pins {lines}; GND on pins {grounds}.",
        f"Không bao giờ đưa 5 V vào chân GPIO. Tụ và điện trở {SERIES} đặt sát Raspberry Pi.",
        f"Never put 5 V on a GPIO pin. Capacitor and {SERIES} sit close to the Raspberry Pi.",
    )
    for row, note in enumerate(notes):
        colour, size = (_GREY, 13) if row % 2 else (_INK, 14)
        yield _text(_LANES_X, 26 + 20 * row, note, size, colour)


def _place(position: int) -> tuple[int, int]:
    """Return where on the drawing a position of the header is."""
    row, column = divmod(position - 1, 2)
    return _PINS_X[column], _PINS_Y + _PITCH * row


def _line_y(lane: int, *, led: bool) -> int:
    return _LANES_Y + _LANE * lane + (204 if led else 96)


def _label(wire: Wire, y: int) -> str:
    text = f"GPIO{wire.line} · {wire.position}"
    return _text(_LANES_X + 12, y - 10, text, 13, COLOURS[wire.choice], weight=700)


def _net(x: int, y: int, name: str) -> str:
    pill = _box(x - 24, y - 12, 48, 24, 12, fill=_NETS[name], stroke="none", width=0)
    return pill + _text(x, y + 5, name, 13, _PAPER, "middle", 700)


def _disc(x: int, y: int, r: int, fill: str, stroke: str = "none", width: int = 0) -> str:
    return _tag("circle", cx=x, cy=y, r=r, fill=fill, stroke=stroke, stroke_width=width)


def _box(
    x: int, y: int, wide: int, high: int, r: int, *, fill: str, stroke: str, width: float,
    dashes: str = "none",
) -> str:  # fmt: skip
    return _tag(
        "rect", x=x, y=y, width=wide, height=high, rx=r, fill=fill, stroke=stroke,
        stroke_width=width, stroke_dasharray=dashes,
    )  # fmt: skip


def _line(colour: str, path: str, width: int = 3, dashes: str = "none") -> str:
    return _tag(
        "path", d=path, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes,
        stroke_linejoin="round",
    )  # fmt: skip


def _text(
    x: float, y: float, text: str, size: int, colour: str = _INK, anchor: str = "start",
    weight: int = 400,
) -> str:  # fmt: skip
    begin = _tag(
        "text", x=x, y=y, font_size=size, fill=colour, text_anchor=anchor, font_weight=weight
    )
    return f"{begin[:-2]}>{escape(text)}</text>"


def _tag(name: str, **attributes: str | float) -> str:
    """Return an element without content; ``_`` in a name stands for ``-``."""
    said = (f'{key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f"<{name} {' '.join(said)}/>"


def main() -> None:
    """Write the drawing, and the table into its place."""
    settings = ButtonSettings()
    DRAWING.write_text(draw(settings), encoding="utf-8")
    before, _, rest = TABLE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    TABLE.write_text(before + BEGIN + table(settings) + END + after, encoding="utf-8")
    print(f"{DRAWING.relative_to(ROOT)}, {TABLE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
