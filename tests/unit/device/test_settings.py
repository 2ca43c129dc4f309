"""``terminal.toml``: every error names its key (device/settings.py)."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from device.settings import load, parse
from device.settings.tables import SettingsError

FOLDER = Path("/etc/hailong")
LEAST = '[terminal]\nid = "q1-quay-3"\ncounter = "Q1-03"\n'
NO_BUTTONS = "[buttons]\nfitted = false\n"


def read(text: str) -> object:
    return parse(text.encode(), FOLDER)


def test_two_keys_are_enough() -> None:
    settings = parse(LEAST.encode(), FOLDER)
    assert settings.terminal.counter_name == "Q1-03"
    assert settings.terminal.data == FOLDER / "data"
    assert settings.policy.tickets.without == "wait"
    assert settings.policy.tickets.open_after_closed_s == 60
    assert settings.buttons.pins == (17, 27, 22)
    assert settings.screen.fitted
    assert settings.screen.logo is None
    assert (settings.buttons.factory, settings.buttons.chip) == ("auto", "auto")
    assert settings.screen.output == "auto"


def test_everything_of_the_front_can_be_set() -> None:
    settings = parse(
        (
            LEAST
            + 'counter_name = "Quầy 3"\ndata = "/var/lib/hailong"\nscale = 2\nclock = "host"\n'
            + 'timezone = "Asia/Bangkok"\n'
            + "[buttons]\npull_up = false\nnoisy_site = true\nfitted = true\n"
            + "pins = {very_satisfied = 1, satisfied = 2, unsatisfied = 3}\n"
            + "leds = {very_satisfied = 4, satisfied = 5, unsatisfied = 6}\n"
            + 'factory = "gpiod"\nchip = "pl061"\n'
            + "[screen]\nwidth_px = 1280\nheight_px = 800\ndiagonal_in = 10.1\nrotation = 90\n"
            + 'touch = false\nviewing_mm = 600\nfitted = false\nlogo = "logo.svg"\n'
            + 'output = "drm"\n'
            + '[tickets]\nwithout = "unbound"\nopen_after_closed_s = 30\n'
        ).encode(),
        FOLDER,
    )
    assert settings.terminal.counter_name == "Quầy 3"
    assert settings.terminal.data == Path("/var/lib/hailong")
    assert (settings.terminal.scale, settings.terminal.clock) == (2, "host")
    assert settings.buttons.pins == (1, 2, 3)
    assert settings.buttons.leds == (4, 5, 6)
    assert (settings.buttons.factory, settings.buttons.chip) == ("gpiod", "pl061")
    assert settings.screen.output == "drm"
    assert (settings.screen.rotation, settings.screen.diagonal_in) == (90, 10.1)
    assert not settings.screen.fitted
    assert settings.terminal.timezone == ZoneInfo("Asia/Bangkok")
    assert settings.screen.logo == FOLDER / "logo.svg"
    assert settings.policy.tickets.without == "unbound"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", r"terminal\.id: is missing"),
        ('[terminal]\nid = "a"\n', r"terminal\.counter: is missing"),
        ('[terminal]\nid = "A!"\ncounter = "Q"\n', r"terminal\.id: a terminal id is"),
        ('[terminal]\nid = "fleet-x"\ncounter = "Q"\n', r"terminal\.id"),
        ('[terminal]\nid = 7\ncounter = "Q"\n', r"terminal\.id: must be a text"),
        ('[terminal]\nid = "a"\ncounter = "?"\n', r"terminal\.counter: a counter code is"),
        (LEAST + 'counter_name = ""\n', r"terminal\.counter_name: must be a text"),
        (LEAST + 'counter_name = "a\\u0000b"\n', r"terminal\.counter_name: must not hold control"),
        (LEAST + "scale = 0\n", r"terminal\.scale: must be a whole number from 1"),
        (LEAST + "scale = true\n", r"terminal\.scale"),
        (LEAST + 'clock = "mine"\n', r"terminal\.clock: must be one of 'kernel', 'host'"),
        (LEAST + 'timezone = "Huế"\n', r"terminal\.timezone: must be a time zone like Asia/Ho"),
        (LEAST + 'timezone = "../x"\n', r"terminal\.timezone: must be a time zone"),
        (LEAST + "colour = 1\n", r"terminal\.colour: is unknown; the keys here are clock, counter"),
        (
            LEAST + '[buttons]\nfactory = "mine"\n',
            r"buttons\.factory: must be one of 'auto', 'gpiod'",
        ),
        (LEAST + '[buttons]\nchip = ""\n', r"buttons\.chip: must be a text"),
        (LEAST + '[screen]\noutput = "x11"\n', r"screen\.output: must be one of 'auto', 'window'"),
        (LEAST + "[buttons]\npins = 3\n", r"buttons\.pins: must be a table with the keys"),
        (
            LEAST + "[buttons]\npins = {very_satisfied = 1, satisfied = 2, unsatisfied = 99}\n",
            r"buttons\.pins\.unsatisfied: must be a whole number from 0 to 27",
        ),
        (
            LEAST + "[buttons]\npins = {very_satisfied = 1, satisfied = 1, unsatisfied = 2}\n",
            r"buttons\.pins: every button and every LED needs a pin of its own",
        ),
        (LEAST + '[buttons]\npull_up = "yes"\n', r"buttons\.pull_up: must be true or false"),
        (LEAST + "[screen]\ndiagonal_in = nan\n", r"screen\.diagonal_in: must be a number"),
        (LEAST + "[screen]\nrotation = 45\n", r"screen\.rotation: must be one of 0, 90, 180, 270"),
        (LEAST + "[screen]\nrotation = 0.0\n", r"screen\.rotation"),
        (LEAST + "[screen]\nwidth_px = 1\n", r"screen\.width_px"),
        (LEAST + "[screen]\nfitted = 1\n", r"screen\.fitted: must be true or false"),
        (LEAST + NO_BUTTONS + "[screen]\ntouch = false\n", r"buttons\.fitted: nobody could rate"),
        (LEAST + NO_BUTTONS + "[screen]\nfitted = false\n", r"buttons\.fitted: nobody could rate"),
        (LEAST + "[screen]\nlogo = 1\n", r"screen\.logo: must be a text"),
        (LEAST + "[sound]\nvolume = 101\n", r"sound\.volume: must be a whole number from 0 to 100"),
        (LEAST + "[sound]\nfitted = 1\n", r"sound\.fitted: must be true or false"),
        (LEAST + '[export]\ncode_sha256 = "x"\n', r"export\.code_sha256: must be 64 hexadecimal"),
        (LEAST + '[tickets]\nwithout = "guess"\n', r"tickets\.without"),
        (LEAST + "[tickets]\nsources = []\n", r"tickets\.sources: must be a list of 1 to 3"),
        (LEAST + '[tickets]\nsources = ["fax"]\n', r"tickets\.sources: must be one of server"),
        (LEAST + '[tickets]\nsources = ["lan", "lan"]\n', r"tickets\.sources: names lan twice"),
        (LEAST + 'timezone = "Mars"\n', r"terminal\.timezone: must be a time zone like"),
        (LEAST + "[lan]\nport = 1\n", r"lan\.listen: is missing; add it"),
        (LEAST + '[lan]\nlisten = "0.0.0.0"\nport = 0\n', r"lan\.port"),
        (LEAST + '[scanner]\npattern = "x"\n', r"scanner\.device: is missing; add it"),
        (
            LEAST + '[scanner]\ndevice = "/dev/x"\npattern = "("\n',
            r"scanner\.pattern: must be a regular expression",
        ),
        (LEAST + '[scanner]\ndevice = "/dev/x"\nletters = "đ"\n', r"scanner\.letters: must be of"),
        (LEAST + "[camera]\non = true\n", r"camera: is unknown; the tables are terminal"),
        ("terminal = 3\n", r"terminal: must be a table, \[terminal\]"),
        ("[terminal\n", "is not valid TOML"),
        (f"[terminal]\nid = {'1' * 5000}\n", "is not valid TOML: a number has too many digits"),
    ],
)
def test_an_error_names_the_key_and_what_is_wrong(text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        read(text)


def test_a_file_that_is_not_text_is_refused() -> None:
    with pytest.raises(SettingsError, match="is not UTF-8"):
        parse(b"\xff\xfe", FOLDER)


def test_the_file_is_named_in_every_error(tmp_path: Path) -> None:
    path = tmp_path / "terminal.toml"
    with pytest.raises(SettingsError, match=f"{path}: cannot be read"):
        load(path)
    path.write_text("[terminal]\n")
    with pytest.raises(SettingsError, match=f"{path}: terminal.id"):
        load(path)
    path.write_bytes(b"#" * 70_000)
    with pytest.raises(SettingsError, match="larger than 65536 bytes"):
        load(path)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "terminal.toml"
    path.write_text(LEAST)
    assert load(path).terminal.data == tmp_path / "data"
    assert load(path).sound.folder == tmp_path / "sounds"


def test_the_local_network_and_the_scanner_are_off_unless_they_are_named() -> None:
    settings = parse(LEAST.encode(), FOLDER)
    assert (settings.lan.listen, settings.scanner.device) == ("", "")
    assert settings.lan.token_file == FOLDER / "lan" / "token"


def test_the_local_network_and_the_scanner_can_be_set() -> None:
    text = LEAST + '[tickets]\nsources = ["scanner", "lan"]\n'
    text += '[lan]\nlisten = "0.0.0.0"\nport = 9000\ntoken_file = "/run/token"\n'
    text += '[scanner]\ndevice = "/dev/input/by-id/usb-x-event-kbd"\npattern = "[0-9]+"\n'
    settings = parse(text.encode(), FOLDER)
    assert settings.policy.tickets.sources == ("scanner", "lan")
    assert (settings.lan.listen, settings.lan.port) == ("0.0.0.0", 9000)
    assert settings.lan.token_file == Path("/run/token")
    assert settings.scanner.device == "/dev/input/by-id/usb-x-event-kbd"
    assert settings.scanner.pattern.fullmatch("017")
