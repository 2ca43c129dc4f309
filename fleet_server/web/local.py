"""Who may sign in here, by password or passkey, where there is single sign-on too."""

from typing import Any

from fleet_server.settings import Settings
from fleet_server.web.services import services


def emergency(settings: Settings) -> str:
    """Return the e-mail of ``only_local``, for the day when the provider is gone; else nothing."""
    return settings.oidc.only_local if settings.oidc else ""


def is_emergency(email: str | None) -> bool:
    """Tell whether an e-mail is the one of ``only_local``."""
    only = emergency(services().settings)
    return bool(only and email and email.lower() == only.lower())


def may_sign_in(user: Any) -> bool:
    """Tell whether a person may sign in by what this server itself checks (``only_local``)."""
    return not emergency(services().settings) or is_emergency(str(user.email))
