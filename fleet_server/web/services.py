"""What the views need from outside, put into the app once by the factory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from fleet_server.contact_key import ContactKey
from fleet_server.settings import Settings

if TYPE_CHECKING:
    from fleet_server.web.live.feed import ChangeFeed

EXTENSION = "hailong"


@dataclass(frozen=True, slots=True)
class Services:
    """The objects that live as long as the app.

    Attributes:
        settings: the fleet's settings.
        clock: returns Unix milliseconds.
        feed: tells open pages what changed.
        contact_key: encrypts contact data of citizens.
        draw_key: names tickets on the lists of draws.
    """

    settings: Settings
    clock: Callable[[], int]
    feed: "ChangeFeed"
    contact_key: ContactKey
    draw_key: bytes


def services() -> Services:
    """Return the services of the app that handles this request."""
    return cast(Services, current_app.extensions[EXTENSION])
