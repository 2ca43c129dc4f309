"""Any values as a policy from afar: a policy, or one error that names a key; nothing else."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from device.core.policy import Policy
from device.settings import policy
from device.settings.tables import SettingsError
from wire.policy import MOST_ITEMS

KNOWN = """without open_after_closed_s mode reasons items answer_s warning_s languages letters
contrast question opening brightness day_ends odd"""
TIMES = st.from_regex(r"[0-2][0-9]:[0-6][0-9](-[0-2][0-9]:[0-6][0-9])?", fullmatch=True)
WORDS = st.sampled_from(["vi", "en", "mon", "sun", "rating", "items", "every", "large", "code"])
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), TIMES, WORDS
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | WORDS | TIMES, inner)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(KNOWN.split())
TABLES = st.sampled_from([*policy.READERS, "terminal"])


def read(tables: dict[str, Any]) -> Policy | None:
    try:
        return policy.read_from_afar({}, tables, 1)
    except SettingsError as refused:
        said = str(refused)
    assert said.isprintable()
    assert len(said) < 300
    return None


@given(st.dictionaries(TABLES, st.dictionaries(KEYS, VALUES, max_size=4), max_size=4))
def test_any_values_under_known_keys(tables: dict[str, Any]) -> None:
    found = read(tables)
    if found is not None:
        assert 1 <= len(found.asking.items) <= MOST_ITEMS
        assert found.look.languages
        assert all(span.since < span.until <= 1440 for span in found.hours.opening)


@given(st.dictionaries(st.text(max_size=9), VALUES, max_size=3))
def test_any_tables(tables: dict[str, Any]) -> None:
    read(tables)
