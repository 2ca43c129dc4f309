"""The token in a ticket's QR: bound to the ticket, unguessable, and over in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.tokens import TokenError, check, make

KEY, FORMER, OTHER = b"n" * 32, b"f" * 32, b"o" * 32
END = 1_800_000_000_000
VISIT = "q-2026-11-20:A017"


def reason(token: str, keys: tuple[bytes, ...] = (KEY,), now: int = 0) -> str:
    with pytest.raises(TokenError) as refused:
        check(token, keys, now)
    return refused.value.reason


def test_a_token_leads_to_its_visit_and_stands_in_an_address_as_it_is() -> None:
    token = make(KEY, VISIT, END)
    assert check(token, [KEY], 0) == VISIT
    assert check(token, [KEY], 1) == VISIT
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()


def test_it_is_good_until_its_end_and_not_at_it() -> None:
    token = make(KEY, VISIT, END)
    assert check(token, [KEY], END - 1) == VISIT
    assert reason(token, now=END) == "expired"


def test_an_end_within_a_minute_is_that_minutes_end() -> None:
    assert check(make(KEY, VISIT, END + 1), [KEY], END + 59_999) == VISIT
    assert reason(make(KEY, VISIT, END + 1), now=END + 60_000) == "expired"


def test_a_secret_that_was_replaced_is_good_while_it_is_still_valid() -> None:
    token = make(FORMER, VISIT, END)
    assert check(token, [KEY, FORMER], 0) == VISIT
    assert reason(token, (KEY,)) == "forged"
    assert reason(token, ()) == "forged"


def test_neither_visit_nor_end_can_be_changed() -> None:
    visit, end, mac = make(KEY, VISIT, END).split(".")
    other = make(OTHER, "q-2026-11-20:A018", END).split(".")[0]
    assert reason(f"{other}.{end}.{mac}") == "forged"
    assert reason(f"{visit}.{int(end) + 1}.{mac}") == "forged"
    assert reason(make(OTHER, VISIT, END)) == "forged"


def test_an_expired_token_that_is_forged_is_forged() -> None:
    assert reason(make(OTHER, VISIT, END), now=END + 1) == "forged"


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "YQ.01.", "gYE.1." + "A" * 22, "YR.1." + "A" * 22]
)
def test_what_is_not_written_as_a_token_is_malformed(token: str) -> None:
    assert reason(token) == "malformed"


def test_half_a_letter_is_malformed() -> None:
    assert reason("YWFhY.1." + "A" * 22) == "malformed"


@given(st.text(max_size=80))
def test_no_text_is_anything_but_a_token_or_an_error(text: str) -> None:
    with pytest.raises(TokenError):
        check(text, [KEY], 0)


@given(st.integers(0, 79), st.characters(codec="ascii"))
def test_no_letter_of_a_token_can_be_changed(at: int, letter: str) -> None:
    token = make(KEY, VISIT, END)
    at %= len(token)
    changed = token[:at] + letter + token[at + 1 :]
    if changed != token:
        assert reason(changed) in ("malformed", "forged")


def test_a_short_secret_and_an_end_before_all_time_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        make(b"short", VISIT, END)
    with pytest.raises(ValueError, match="after 1970"):
        make(KEY, VISIT, 0)
