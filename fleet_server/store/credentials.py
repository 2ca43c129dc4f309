"""What people sign in with here, and how it is forgotten."""

from typing import Any

from fleet_server.store import links, sessions
from fleet_server.store.accounts import Passkey, User


def forget(user: int) -> list[str]:
    """Forget everything that lets a person in here; sessions and one-time links end with it.

    In a write transaction.

    Returns:
        What there was of ``password``, ``app``, ``codes`` and ``passkeys``, for the audit log.
    """
    row: Any = User.get_by_id(user)
    held = {
        "password": row.password,
        "app": row.tf_totp_secret,
        "codes": row.mf_recovery_codes,
        "passkeys": row.webauthn,
    }
    forget_second_factors(user)
    User.update(password=None).where(User.id == user).execute()
    links.end(user)
    sessions.end_all(user)
    return [name for name, value in held.items() if value]


def forget_second_factors(user: int) -> None:
    """Forget authenticator app, recovery codes and passkeys. In a write transaction."""
    Passkey.delete().where(Passkey.user == user).execute()
    User.update(
        tf_primary_method=None, tf_totp_secret=None, tf_last_counter=None, mf_recovery_codes=None
    ).where(User.id == user).execute()
