"""An app without pages: letters, and reports of commands and jobs, use the words of pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, g
from flask_babel import force_locale

from fleet_server.settings import Settings
from fleet_server.web import language
from fleet_server.web.live.feed import ChangeFeed
from fleet_server.web.services import EXTENSION, Services, services


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


def without_pages(settings: Settings, clock: Callable[[], int]) -> Flask:
    """Return an app in which figures are counted and put into words, outside of any request.

    Args:
        settings: the fleet's settings.
        clock: returns Unix milliseconds.
    """
    app = Flask("fleet_server.web")
    feed = ChangeFeed(_Nothing(), 0, lambda: None)
    app.extensions[EXTENSION] = Services(settings, clock, feed)
    language.init_app(app)
    return app


@contextmanager
def speaking(app: Flask, wanted: str) -> Iterator[None]:
    """Run the block in such an app and in a language, one of `language.LANGUAGES`."""
    with app.app_context(), force_locale(wanted):
        g.now = services().clock()
        yield
