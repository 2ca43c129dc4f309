"""An app without pages: for commands and jobs, which write reports with the words of pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, g
from flask_babel import force_locale

from fleet_server.settings import Settings
from fleet_server.web import language
from fleet_server.web.live.feed import ChangeFeed
from fleet_server.web.services import EXTENSION, Services


class _Nothing:
    """No page is open, so nobody hears of changes."""

    def newest(self) -> int:
        """Return that there is none."""
        return 0

    def after(self, _number: int, _limit: int) -> list[tuple[int, str]]:
        """Return none."""
        return []

    def close(self) -> None:
        """Hold nothing."""


@contextmanager
def office(settings: Settings, clock: Callable[[], int], speaking: str) -> Iterator[None]:
    """Run the block where figures can be counted and put into words, outside of a request.

    Args:
        settings: the fleet's settings; its database is open.
        clock: returns Unix milliseconds.
        speaking: the language, one of `language.LANGUAGES`.
    """
    app = Flask("fleet_server.web")
    feed = ChangeFeed(_Nothing(), 0, lambda: None)
    app.extensions[EXTENSION] = Services(settings, clock, feed)
    language.init_app(app)
    with app.app_context(), force_locale(speaking):
        g.now = clock()
        yield
