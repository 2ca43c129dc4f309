"""The queue system of a site, as it calls a terminal over the local network."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

from device.settings import LanSettings

_TRIES = 20


class QueueSystem:
    """Tells a terminal of tickets; trusts its certificate alone.

    Args:
        settings: Where the terminal listens, and where its certificate and token are.
    """

    def __init__(self, settings: LanSettings) -> None:
        self._url = f"https://{settings.listen}:{settings.port}/api/v1/tickets"
        self._token = settings.token_file.read_text().strip()
        self._context = ssl.create_default_context(cafile=str(settings.certificate))

    def tell(self, said: dict[str, Any]) -> None:
        """Tell something, again and again while the terminal cannot store it."""
        for left in reversed(range(_TRIES)):
            try:
                request = self._request(said)
                with urllib.request.urlopen(request, timeout=20, context=self._context):
                    return
            except urllib.error.HTTPError as error:
                error.close()
                if error.code != 503 or not left:
                    raise

    def _request(self, said: dict[str, Any]) -> urllib.request.Request:
        request = urllib.request.Request(self._url, json.dumps(said).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self._token}")
        return request
