"""Who may sign in here, by password or passkey, where there is single sign-on too."""

from typing import Any

from fleet_server.web.services import services


def may_sign_in(user: Any) -> bool:
    """Tell whether a person may sign in by what this server itself checks (``only_local``)."""
    oidc = services().settings.oidc
    only = oidc.only_local if oidc else ""
    return not only or str(user.email).lower() == only.lower()
