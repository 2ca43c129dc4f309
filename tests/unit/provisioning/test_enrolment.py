"""``hailong-provision enrolment``: files for one terminal, or for a list as Excel saves it."""

from pathlib import Path

import pytest

from provisioning import tables
from provisioning.cli import main
from provisioning.enrol import batch, roster, tokens
from provisioning.enrol.columns import COLUMNS
from provisioning.layout import FleetLayout
from tests.unit.provisioning.conftest import passphrase
from wire.enrolment import EnrolmentFile, Network, Panel, Wifi, load_toml

SERVER = ["--est-url", "https://fleet.example:8443", "--mqtt-host", "fleet.example"]
Capture = pytest.CaptureFixture[str]


class Desk:
    """A laptop with what the fleet's CA has exported, and a list."""

    def __init__(self, layout: FleetLayout, folder: Path) -> None:
        self.layout, self.folder, self.out = layout, folder, folder / "out"

    def make(self, *words: str | Path, server: list[str] = SERVER) -> int:
        place = ["--dir", str(self.layout.directory), "--out", str(self.out)]
        return main(["enrolment", *place, *server, *map(str, words)])

    def listed(self, *lines: str, coding: str = "utf-8-sig", end: str = "\r\n") -> int:
        """Make files of a list with these lines."""
        path = self.folder / "list.csv"
        path.write_bytes(end.join([*lines, ""]).encode(coding))
        return self.make("--csv", path)

    def file(self, terminal: str) -> EnrolmentFile:
        return load_toml((self.out / terminal / batch.FILE).read_text("utf-8"))


@pytest.fixture
def desk(layout: FleetLayout, tmp_path: Path) -> Desk:
    """A desk of this test's own."""
    return Desk(layout, tmp_path)


def test_one_terminal_gets_a_file_a_label_and_a_line_for_the_server(
    desk: Desk, capsys: Capture
) -> None:
    words = ["--terminal", "t-1", "--counter", "Q1", "--counter-name", "Quầy 1"]
    assert desk.make(*words) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(desk.out)
    assert f"hailong-fleet terminal add --csv {desk.out / batch.TOKENS}" in printed.err
    file = desk.file("t-1")
    assert (file.terminal, file.counter_name, file.mqtt_port) == ("t-1", "Quầy 1", 8883)
    assert file.token
    assert file.token not in printed.out + printed.err
    assert {path.name for path in desk.out.iterdir()} == {"t-1", "labels.pdf", "tokens.csv"}


def test_only_its_owner_can_read_what_is_secret(desk: Desk) -> None:
    assert desk.make("--terminal", "t-1", "--counter", "Q1", "--counter-name", "x") == 0
    assert (desk.out / "t-1" / batch.FILE).stat().st_mode & 0o777 == 0o600
    assert {p.stat().st_mode & 0o777 for p in (desk.out, desk.out / "t-1")} == {0o700}


def test_every_field_of_the_file_is_an_option(desk: Desk, tmp_path: Path) -> None:
    secret = passphrase(tmp_path, "correct horse", "wifi-passphrase")
    words = ["--terminal", "t-1"]
    for name, column in COLUMNS.items():
        if name not in ("terminal", "wifi.passphrase"):
            words += ["--" + name.replace(".", "-").replace("_", "-"), column.example]
    assert desk.make(*words, *secret, server=[]) == 0
    file = desk.file("t-1")
    assert file.panel == Panel(1280, 800, 10.1, 0, True, False, True)
    assert file.wifi == Wifi("HaiLong", "correct horse", "VN", False)
    dns = ("10.1.2.1", "10.1.2.2")
    assert file.network == Network("10.1.2.3/24", "10.1.2.1", dns, "eth0")
    assert (file.timezone, file.proxy) == ("Asia/Ho_Chi_Minh", "http://10.1.2.9:3128")
    assert file.ssh_key
    assert file.ssh_key.startswith("ssh-ed25519")


@pytest.mark.parametrize(
    ("coding", "separator", "end"),
    [
        ("utf-8-sig", ";", "\r\n"),
        ("utf-8-sig", ",", "\r\n"),
        ("utf-8", ",", "\n"),
        ("utf-16", "\t", "\r\n"),
    ],
)
def test_a_list_is_read_however_a_spreadsheet_saves_it(
    desk: Desk, coding: str, separator: str, end: str
) -> None:
    rows = [
        ["Terminal", "COUNTER ", "counter_name", "panel.diagonal_in", "panel.touch", ""],
        ["t-1", "Q1", " Quầy 1\u00a0", '"10,1"' if separator == "," else "10,1", "Có", ""],
        ["", "", "", "", "", ""],
        ["t-2", "Q2", "Qua\u0302\u0300y 2", "7", "FALSE"],
    ]
    lines = [separator.join(row) for row in rows]
    assert desk.listed(*lines, coding=coding, end=end) == 0
    first, second = desk.file("t-1"), desk.file("t-2")
    assert (first.counter_name, first.panel) == ("Quầy 1", Panel(diagonal_in=10.1, touch=True))
    assert (second.counter_name, second.panel) == ("Quầy 2", Panel(diagonal_in=7.0, touch=False))


def test_a_cell_counts_before_an_option(desk: Desk) -> None:
    lines = ["terminal;counter;counter_name;mqtt_host", "t-1;Q1;a;10.0.0.9", "t-2;Q2;b;"]
    assert desk.listed(*lines) == 0
    assert [desk.file(name).mqtt_host for name in ("t-1", "t-2")] == ["10.0.0.9", "fleet.example"]


def test_the_template_is_a_list_that_will_do(desk: Desk) -> None:
    path = desk.folder / "template.csv"
    assert main(["enrolment", "--template", str(path)]) == 0
    assert desk.make("--csv", path, server=[]) == 0
    file = desk.file("t-quan1-03")
    assert file.wifi
    assert file.ssh_key is None
    assert main(["enrolment", "--template", str(path)]) == 1


def test_the_servers_list_holds_hashes_and_no_secret(desk: Desk) -> None:
    assert desk.listed("terminal;counter;counter_name", "t-1;Q1;a", "t-2;Q2;b") == 0
    written = (desk.out / batch.TOKENS).read_bytes()
    rows = [cells for _, cells in tables.read(written, 10)][1:]
    assert [row[:2] for row in rows] == [("t-1", "Q1"), ("t-2", "Q2")]
    for name, row in zip(("t-1", "t-2"), rows, strict=True):
        token = desk.file(name).token
        assert token
        assert row[2] == tokens.digest(token)
        assert token.encode() not in written


WRONG = {
    7: ("t-X;Q7;name", "row 7, terminal: "),
    19: ("t-19;Q 19;name", "row 19, counter: is not a counter code ('Q 19'); such as Q1-03"),
    31: ("t-31;Q31;", "row 31, counter_name: is missing"),
    42: ("t-42;2-Jan;name", "row 42, counter: was changed by the spreadsheet"),
    55: ("t-54;Q55;name", "row 55, terminal: 't-54' is in row 54 already"),
    66: ("t-66;Q66;name;45", "row 66, panel.rotation: must be 0, 90, 180 or 270"),
    77: ("t-77;Q77;name;ninety", "row 77, panel.rotation: is not a whole number ('ninety')"),
    88: ("t-88;Q88;name;;perhaps", "row 88, panel.touch: is neither yes nor no"),
    99: ("t-99;Q99;name;;;big", "row 99, panel.diagonal_in: is not a number"),
    110: ("t-110;Q110;name;;;;;geheim-geheim", "row 110, wifi.ssid: is missing"),
    121: ("t-121;Q121;name;;;;HaiLong;short", "row 121, wifi.passphrase: is not a passphrase"),
    132: ("t-132;Q132;name;;;;;;10.1.2.300/24", "row 132, network.address: "),
    143: ("t-143;Q143;name;;;;;;10.1.2.3/24;10.9.9.1", "row 143, network.gateway: "),
    154: ("t-154;Q154;name;;;;;;10.1.0.153/24", "row 154, network.address: '10.1.0.153' is in row"),
    165: ("fleet-x;Q165;name", "row 165, terminal: a terminal id is"),
    176: ("t-176;Q175;another name", 'row 176, counter_name: counter Q175 is "name 175" in row'),
    187: (f"t-187;Q187;{'x' * 65}", "row 187, counter_name: must be text of 1 to 64"),
    198: ("t-198;Q198;name;;;;;;;;ftp://x", "row 198, proxy: "),
    209: (";Q209;name", "row 209, terminal: is missing"),
    220: ("1E+05;Q220;name", "row 220, terminal: was changed by the spreadsheet"),
}
HEADINGS = (
    "terminal;counter;counter_name;panel.rotation;panel.touch;panel.diagonal_in;wifi.ssid;"
    "wifi.passphrase;network.address;network.gateway;proxy"
)


def test_twenty_wrong_rows_of_three_hundred_are_each_named_and_nothing_is_written(
    desk: Desk, capsys: Capture
) -> None:
    lines = [f"t-{n};Q{n};name {n};;;;;;" for n in range(2, 302)]
    lines[153 - 2] += "10.1.0.153/24"
    for number, (line, _) in WRONG.items():
        lines[number - 2] = line
    assert len(lines) == 300
    assert desk.listed(HEADINGS, *lines) == 1
    said = capsys.readouterr().err
    assert "20 rows can't be used; nothing was written" in said
    named = said.splitlines()[1:]
    assert len(named) == 20
    for line, (_, words) in zip(named, WRONG.values(), strict=True):
        assert line.startswith(f"  {words}")
    assert "geheim" not in said
    assert "short" not in said
    assert not desk.out.exists()


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["terminal;counter;wifi.sid", "t-1;Q1;x"], "is wifi.ssid meant?"),
        (
            ["terminal;counter;wetter", "t-1;Q1;x"],
            "called 'wetter'; hailong-provision enrolment --template FILE",
        ),
        (["terminal;counter;counter", "t-1;Q1;x"], "two columns are called counter"),
        (["terminal;counter_name", "t-1;x"], "has no column counter"),
        (["terminal;counter"], "no row below its headings"),
        (["terminal;counter;token_sha256", f"t-1;Q1;{'0' * 64}"], "counter_name: is missing"),
        (
            ["terminal;counter;counter_name;token_sha256", f"t-1;Q1;x;{'0' * 64}"],
            "has tokens already",
        ),
        (["terminal;counter;counter_name;expires", "t-1;Q1;x;soon"], "expires: must be a UTC time"),
        (["terminal;counter;counter_name;token_sha256", "t-1;Q1;x;soon"], "hexadecimal"),
    ],
)
def test_what_is_no_list_is_refused(
    desk: Desk, capsys: Capture, lines: list[str], complaint: str
) -> None:
    assert desk.listed(*lines) == 1
    assert complaint in capsys.readouterr().err
    assert not desk.out.exists()


@pytest.mark.parametrize(
    "headings",
    [
        "Thiết bị;Mã quầy;Tên quầy;Lưu tại đơn vị (mã);Ghi chú",
        "Terminal;Counter code;Counter name;Kept by (unit code);Note",
    ],
)
def test_the_headings_of_the_servers_own_lists_will_do(desk: Desk, headings: str) -> None:
    assert desk.listed(headings, "t-1;Q1;Quầy 1;DV-1;trong tủ") == 0
    assert (desk.file("t-1").counter, desk.file("t-1").counter_name) == ("Q1", "Quầy 1")


def test_a_row_that_repeats_a_wrong_one_is_named_in_the_same_round(
    desk: Desk, capsys: Capture
) -> None:
    assert desk.listed("terminal;counter;counter_name", "t-1;Q 1;a", "t-1;Q2;b") == 1
    said = capsys.readouterr().err
    assert "row 2, counter: is not a counter code" in said
    assert "row 3, terminal: 't-1' is in row 2 already" in said


def test_many_terminals_may_ask_for_their_address(desk: Desk) -> None:
    rows = ["t-1;Q1;a;dhcp", "t-2;Q2;b;dhcp"]
    assert desk.listed("terminal;counter;counter_name;network.address", *rows) == 0


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#NAME?", "=1+1", "'=1+1", "@SUM(A1)"])
def test_what_a_spreadsheet_made_of_a_formula_is_no_name(
    desk: Desk, capsys: Capture, cell: str
) -> None:
    assert desk.listed("terminal;counter;counter_name", f"t-1;Q1;{cell}") == 1
    assert "row 2, counter_name: is a formula, or what became of one" in capsys.readouterr().err


def test_a_name_that_its_label_could_not_show_is_named_by_row(desk: Desk, capsys: Capture) -> None:
    row = "t-1;Q1;Quầy một 😀 中文"
    assert desk.listed("terminal;counter;counter_name", "t-0;Q0;Hộ tịch – chứng thực…", row) == 1
    assert "row 3, counter_name: labels can't show 😀中文; write" in capsys.readouterr().err
    assert not desk.out.exists()
    assert desk.make("--csv", desk.folder / "list.csv", "--labels", "none") == 0


REFUSED = {
    "timezone;GMT+7": "timezone: is not a time zone as Asia/Ho_Chi_Minh",
    "panel.fitted,panel.buttons;no,no": "panel.buttons: nobody could rate",
    "network.address;10.1.2.0/24": "network.address: is no machine's address",
    "network.address,network.gateway;10.1.2.1/24,10.1.2.1": "network.gateway: is the",
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_a_terminal_would_refuse_is_refused_by_row(
    desk: Desk, capsys: Capture, said: str
) -> None:
    names, cells = (part.replace(",", ";") for part in said.split(";"))
    assert desk.listed(f"terminal;counter;counter_name;{names}", f"t-1;Q1;a;{cells}") == 1
    assert f"row 2, {REFUSED[said]}" in capsys.readouterr().err


@pytest.mark.parametrize("row", ["t-1;Q1;a;;b", "t-1;Q1;a;b"])
def test_a_cell_under_no_heading_is_named(desk: Desk, capsys: Capture, row: str) -> None:
    assert desk.listed("terminal;counter;counter_name;", "t-0;Q1;a;", row) == 1
    assert "row 3: has a cell under no heading" in capsys.readouterr().err


def test_what_a_cell_holds_can_not_make_lines_of_its_own(desk: Desk, capsys: Capture) -> None:
    row = 't-1;Q1;a;"1\n  row 9, b: \u202e"'
    assert desk.listed("terminal;counter;counter_name;panel.rotation", row) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 2
    assert "\u202e" not in said


def test_excels_plain_csv_is_refused_with_the_way_out(desk: Desk, capsys: Capture) -> None:
    assert desk.listed("terminal;counter;counter_name", "t-1;Q1;Qu\u00e2y", coding="cp1258") == 1
    assert "CSV UTF-8" in capsys.readouterr().err


def test_a_list_that_is_too_long_is_refused(desk: Desk, capsys: Capture) -> None:
    lines = (f"t-{n};Q1;x" for n in range(roster.ROWS_MAX + 2))
    assert desk.listed("terminal;counter;counter_name", *lines) == 1
    assert "too many rows" in capsys.readouterr().err
    assert desk.listed("x" * (roster.BYTES_MAX + 1)) == 1
    assert "longer than" in capsys.readouterr().err


def test_what_is_there_is_not_mixed_with_new_tokens(desk: Desk, capsys: Capture) -> None:
    desk.out.mkdir()
    assert desk.listed("terminal;counter;counter_name", "t-1;Q1;a") == 1
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize("left_out", ["--dir", "--out"])
def test_what_is_needed_is_named(desk: Desk, capsys: Capture, left_out: str) -> None:
    words = {"--dir": str(desk.layout.directory), "--out": str(desk.out)}
    del words[left_out]
    pairs = [word for pair in words.items() for word in pair]
    assert main(["enrolment", "--terminal", "t-1", *pairs]) == 1
    assert f"{left_out} is needed" in capsys.readouterr().err


def test_a_wrong_option_is_named_without_a_row(desk: Desk, capsys: Capture) -> None:
    words = ["--terminal", "t-1", "--counter", "Q1", "--counter-name", "x"]
    assert desk.make(*words, "--panel-rotation", "45") == 1
    said = capsys.readouterr().err
    assert "t-1: can't be used; nothing was written\n  panel.rotation: must be 0, 90" in said
    assert "row" not in said


def test_labels_can_be_left_out(desk: Desk) -> None:
    words = ["--terminal", "t-1", "--counter", "Q1", "--counter-name", "x", "--labels", "none"]
    assert desk.make(*words) == 0
    assert not (desk.out / batch.LABELS).exists()


def test_an_option_that_would_be_wrong_in_every_row_is_named_once(
    desk: Desk, capsys: Capture
) -> None:
    path = desk.folder / "list.csv"
    path.write_text("terminal;counter;counter_name\nt-1;Q1;a\nt-2;Q2;b\n", "utf-8")
    assert desk.make("--csv", path, "--timezone", "Mars/Olympus") == 1
    said = capsys.readouterr().err
    assert "options: can't be used; nothing was written\n  --timezone: is not a time zone" in said
    assert said.count("Mars") == 1
