"""Any bytes as ``terminal.toml``: settings, or one error that names a key; never anything else."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from device.settings import Settings, parse
from device.settings.tables import SettingsError

FOLDER = Path("/etc/hailong")
VALUES = st.one_of(
    st.integers(-5, 5000).map(str),
    st.floats().map(repr),
    st.sampled_from(["true", "false", '""', '"wait"', "[1, 2]", "{a = 1}", "1979-05-27"]),
    st.text(max_size=20).map(lambda text: '"' + text.replace("\\", "").replace('"', "") + '"'),
)
KNOWN = """id counter counter_name data scale clock pins leds rotation width_px diagonal_in without
open_after_closed_s touch mode items languages question opening brightness day_ends odd"""
KEYS = st.sampled_from(KNOWN.split()) | st.just('"a\\nb"')
NAMES = "terminal buttons screen tickets uplink asking look texts hours odd"
TABLES = st.sampled_from(NAMES.split())


def try_it(data: bytes) -> None:
    try:
        assert isinstance(parse(data, FOLDER), Settings)
    except SettingsError as refused:
        said = str(refused)
    else:
        said = ""
    assert said.isprintable()


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    try_it(data)


@given(
    st.dictionaries(TABLES, st.dictionaries(KEYS, VALUES, max_size=5), max_size=4),
    st.booleans(),
)
def test_any_values_under_known_keys(tables: dict[str, dict[str, str]], valid: bool) -> None:
    lines = []
    for name, keys in tables.items():
        if name == "terminal" and valid:
            keys = {**keys, "id": '"a"', "counter": '"Q"'}
        lines += [f"[{name}]", *(f"{key} = {value}" for key, value in keys.items())]
    try_it("\n".join(lines).encode("utf-8", "surrogatepass"))
