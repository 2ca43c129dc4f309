"""Bundles for terminals, beside EST: each gives out only what was offered to who asks.

The rules, in the order in which they are checked:
1. The terminal shows a certificate in the TLS handshake, by which it could renew that. (401, 403)
2. It was asked to fetch this very bundle, and its rollout goes on. (403)
3. Not more than `AT_ONCE` are under way, and none of this terminal: enrolment has threads of its
   own left, and no terminal can take the others' room. (503)
"""

import re
import threading
from functools import partial

import structlog
from flask import Blueprint, Response, send_file

from fleet_server import clock
from fleet_server.est import rules
from fleet_server.est.errors import Refusal
from fleet_server.est.peer import office, peer
from fleet_server.store import rollouts

AT_ONCE = 8
"""Downloads at the same time, of the 16 threads of the process."""
LATER_S = 60

blueprint = Blueprint("updates", __name__)
log = structlog.get_logger("est")
_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)


class _Room:
    """Who is being served: `AT_ONCE` terminals, each once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._served: set[str] = set()

    def enter(self, terminal: str) -> bool:
        """Let a terminal in, if there is room for it."""
        with self._lock:
            if terminal in self._served or len(self._served) >= AT_ONCE:
                return False
            self._served.add(terminal)
            return True

    def leave(self, terminal: str) -> None:
        """Give its room back."""
        with self._lock:
            self._served.discard(terminal)


_room = _Room()


@blueprint.get("/updates/<sha256>")
def fetch(sha256: str) -> Response:
    """Give out a bundle, or the part that is asked for (RFC 9110 section 14)."""
    shown = peer()
    if shown is None:
        raise Refusal(401, "please show the terminal's certificate in the TLS handshake")
    terminal, _ = rules.holder(office(), shown, clock.now())
    if not _NAME.fullmatch(sha256) or not rollouts.offers(terminal, sha256):
        raise Refusal(403, "this bundle is not offered to this terminal, or not any more")
    path = office().layout.updates / sha256
    if not path.is_file():
        log.error("a bundle is missing", path=str(path))
        raise Refusal(404, "this bundle is not here; the log of enrolment says more")
    if not _room.enter(terminal):
        return Response(
            "others are being served; please try again\n",
            503,
            {"Retry-After": str(LATER_S)},
            content_type="text/plain; charset=utf-8",
        )
    try:
        answer = send_file(path, "application/octet-stream", conditional=True, etag=sha256)
    except BaseException:
        _room.leave(terminal)
        raise
    answer.direct_passthrough = False  # else nobody is told when it was closed
    answer.call_on_close(partial(_room.leave, terminal))
    return answer
