"""The event stream: says that something changed; the page then fetches itself again."""

from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, request

from fleet_server.clock import monotonic_s
from fleet_server.core.roles import Capability, Reading
from fleet_server.store import changes
from fleet_server.store.pages.hearing import hearing
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.live.feed import FeedFullError, Listener, May
from fleet_server.web.services import services

BEAT_S = 2
"""A page that was left is noticed when a beat can't be sent; until then it holds a place."""

LIFE_S = 300
RETRY_MS = 2_000
MAX_SUBJECTS = 20
MAX_NUMBER_DIGITS = 18
UNKNOWN = -2
HEARD: tuple[Reading, ...] = ("figures", "fleet", "matters", "evidence")
WORDS: Mapping[str, Capability] = {
    changes.INTERVIEW: "interview",
    changes.LETTER: "settings",
    changes.REPORT: "export",
    changes.CHANNELS: "figures",
}
"""Who hears of what has no place of its own; of draws everybody does, for all may read them."""

blueprint = Blueprint("live", __name__)


@blueprint.get("/live")
@allow("person")
def stream() -> Response:
    """Stream changes of the subjects asked for, after ``Last-Event-ID`` or ``since``."""
    since = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    known = since.isascii() and since.isdigit() and len(since) <= MAX_NUMBER_DIGITS
    subjects = tuple(request.args.getlist("subject")[:MAX_SUBJECTS])
    feed = services().feed
    try:
        place = feed.listen()
    except FeedFullError:
        return Response(status=503, headers={"Retry-After": "5"})
    words = [word for word, capability in WORDS.items() if access.can(capability)]
    figures, fleet, matters, evidence = (access.scope(one) for one in HEARD)
    may = hearing(figures, fleet, matters, evidence, [changes.DRAW, *words])
    events = _events(place, int(since) if known else UNKNOWN, subjects, may)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    answer = Response(events, mimetype="text/event-stream", headers=headers)
    answer.call_on_close(place.leave)
    return answer


def _events(place: Listener, position: int, subjects: tuple[str, ...], may: May) -> Iterator[str]:
    """Yield events until `LIFE_S` is over.

    The browser comes back by itself then; a session that has ended meanwhile is noticed.
    """
    end = monotonic_s() + LIFE_S
    yield f"retry: {RETRY_MS}\n\n"
    while monotonic_s() < end:
        news = place.wait(position, subjects, BEAT_S, may)
        if news is None:
            yield ": beat\n\n"
            continue
        position = news.number
        if news.relevant:
            yield f"id: {news.number}\nevent: change\ndata: {news.number}\n\n"
