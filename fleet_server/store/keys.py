"""The enrolment registry as verification needs it: each terminal's keys, revoked ones too."""

from collections.abc import Collection

from fleet_server.core.verify import EnrolledKey, Keyring
from fleet_server.store.models import Record, TerminalKey
from fleet_server.store.records import raw_bytes
from fleet_server.store.sql import ask, marks
from wire.envelope import kid_of_token
from wire.keys import kid_of, public_from_x


def keyrings(terminals: Collection[str], in_use_at: int | None = None) -> dict[str, Keyring]:
    """Return the keys of those of ``terminals`` that belong to the fleet, revoked keys too.

    Args:
        terminals: terminal ids.
        in_use_at: leave out those that are out of use then, Unix ms; None leaves out none.
    """
    rings: dict[str, dict[str, EnrolledKey]] = {}
    text = (
        "SELECT t.id, k.kid, k.x, k.revoked_at, k.replaced_at FROM terminal t "
        f"LEFT JOIN terminal_key k ON k.terminal_id = t.id WHERE t.id IN {marks(list(terminals))}"
    )
    values: list[object] = [*terminals]
    if in_use_at is not None:
        text += " AND (t.retired_at IS NULL OR t.retired_at > ?)"
        values.append(in_use_at)
    for terminal, kid, *key in ask(text, *values):
        ring = rings.setdefault(terminal, {})
        if kid is not None:
            ring[kid] = EnrolledKey(kid, *key)
    return dict(rings)


def replace_signer(record_id: int, successor_x: str, now: int) -> None:
    """Mark the key that signed a ``key`` record as replaced; what it signed so far stands.

    So are all others that the terminal got before the successor: whoever had the old key may have
    had another one certified by it. Only where the registry holds the successor: else the terminal
    would be left without a key. To be called in a write transaction.
    """
    successor = TerminalKey.get_or_none(TerminalKey.kid == kid_of(public_from_x(successor_x)))
    if successor is None:
        return
    signer = kid_of_token(raw_bytes(Record.get_by_id(record_id).jws))
    earlier = TerminalKey.enrolled_at <= successor.enrolled_at
    TerminalKey.update(replaced_at=now).where(
        TerminalKey.kid != successor.kid,
        (TerminalKey.kid == signer) | earlier,
        TerminalKey.terminal == successor.terminal_id,
        TerminalKey.replaced_at.is_null(),
    ).execute()
