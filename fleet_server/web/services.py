"""What the views need from outside, put into the app once by the factory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from fleet_server.channels.later import Later
from fleet_server.contact_key import ContactKey
from fleet_server.settings import Settings

if TYPE_CHECKING:
    from fleet_server.web.live.feed import ChangeFeed

EXTENSION = "hailong"
KEYS = "hailong-keys"


@dataclass(frozen=True, slots=True)
class Services:
    """The objects that live as long as the app.

    Attributes:
        settings: the fleet's settings.
        clock: returns Unix milliseconds.
        feed: tells open pages what changed.
    """

    settings: Settings
    clock: Callable[[], int]
    feed: "ChangeFeed"


@dataclass(frozen=True, slots=True)
class Keys:
    """What is done by the secrets that pages alone can read.

    Attributes:
        contact: encrypts contact data of citizens.
        draw: names tickets on the lists of draws.
        later: makes and reads the addresses at which tickets are rated later.
    """

    contact: ContactKey
    draw: bytes
    later: Later


def services() -> Services:
    """Return the services of the app that handles this request."""
    return cast(Services, current_app.extensions[EXTENSION])


def keys() -> Keys:
    """Return what the secrets of the app that handles this request are used by."""
    return cast(Keys, current_app.extensions[KEYS])
