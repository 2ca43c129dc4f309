"""What an API key may do."""

import pytest

from fleet_server.core.api_scopes import (
    SCOPES,
    SOON_MS,
    ScopeError,
    checked_scopes,
    read,
    standing,
    written,
)


def test_scopes_are_written_in_one_order_and_read_again() -> None:
    assert written({"units:read", "tickets:write"}) == "tickets:write units:read"
    assert read("tickets:write units:read") == {"tickets:write", "units:read"}
    assert read(" ".join(SCOPES)) == set(SCOPES)


def test_a_scope_of_another_version_gives_no_right() -> None:
    assert read("tickets:write moon:land") == {"tickets:write"}


@pytest.mark.parametrize(
    ("names", "branch", "says"),
    [
        (["moon:land"], False, "not a scope"),
        ([], False, "at least one"),
        (["choices:read"], False, "ratings:read"),
        (["tickets:qr"], False, "tickets:write"),
        (["metrics:read"], True, "whole fleet"),
    ],
)
def test_scopes_that_can_not_be_given_are_refused(
    names: list[str], branch: bool, says: str
) -> None:
    with pytest.raises(ScopeError, match=says):
        checked_scopes(names, branch=branch)


def test_scopes_that_fit_together_are_given() -> None:
    assert checked_scopes(SCOPES, branch=False) == set(SCOPES)
    assert checked_scopes(["ratings:read", "choices:read"], branch=True)


def test_a_key_stands_until_it_expires_or_is_revoked() -> None:
    assert standing(None, None, 5) == "valid"
    assert standing(SOON_MS + 6, None, 5) == "valid"
    assert standing(SOON_MS + 5, None, 5) == "soon"
    assert standing(6, None, 5) == "soon"
    assert standing(5, None, 5) == "expired"
    assert standing(None, 1, 5) == "revoked"
    assert standing(1, 1, 5) == "revoked"
