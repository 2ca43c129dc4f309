"""What rollouts, their terminals, and the reasons that terminals give are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.rollout import MemberState, RolloutState

ROLLOUTS: dict[RolloutState, tuple[str, LazyString]] = {
    "running": ("wait", _("under way")),
    "paused": ("warning", _("paused")),
    "stopped": ("bad", _("stopped")),
    "done": ("good", _("done")),
}
"""The states of a rollout: level and word."""

MEMBERS: dict[MemberState, tuple[str, LazyString]] = {
    "failed": ("bad", _("not updated")),
    "refused": ("warning", _("refused it")),
    "expired": ("warning", _("too late")),
    "asked": ("wait", _("on its way")),
    "waiting": ("none", _("not asked yet")),
    "confirmed": ("good", _("updated")),
}
"""The states of a terminal in a rollout, those first that somebody should look at."""

STAGES: dict[str, LazyString] = {
    "asked": _("asked"),
    "downloading": _("fetches it"),
    "verified": _("waits for a quiet time"),
    "installing": _("installs it"),
    "again": _("tries once more"),
    "installed": _("waits for a quiet time to start"),
    "rebooting": _("starts again"),
    "trial": _("tries it"),
    "confirming": _("confirms it"),
    "giving_way": _("goes back"),
    "comparing": _("looks whether the former one gets receipts"),
}
"""How far a terminal says it is."""

_FELL_BACK = "fell back: "
_WHY: dict[str, LazyString] = {
    "the new image drew no screen": _("the new image drew no screen"),
    "the new image did not read its buttons": _("the new image did not read its buttons"),
    "the new image's update service said nothing": _("its update service said nothing"),
    "the new image did not start": _("the new image did not start"),
    "the new image ended before it could be confirmed": _(
        "the new image ended before it could be confirmed"
    ),
    "the new image could not be confirmed": _("the new image could not be confirmed"),
    "the new image got no receipt, the former one does": _(
        "the new image got no receipt, and the former one does"
    ),
    "this machine has no slots for updates": _(
        "its card was not made from an image that can be updated"
    ),
    "the machine was not started again": _("the machine was not started again"),
    "the update service did not answer": _("the update service did not answer"),
    "its time passed before it was installed": _("its time passed before it was installed"),
    "the fleet took it back": _("taken back"),
    "it runs already": _("it runs already"),
    "it is older than the image that runs": _("it is older than the image that runs"),
    "the disk is full": _("its disk is full"),
    "another update is being installed": _("another update is being installed"),
}
"""What terminals say, by their own words; RAUC's stay as they are."""


def why(reason: str) -> str:
    """Return a terminal's reason in the reader's language, as far as it is one of ours."""
    text = reason.removeprefix(_FELL_BACK)
    said = str(_WHY.get(text, text))
    if text == reason:
        return said
    return str(gettext("went back to the former image: %(why)s", why=said))


def stopped(reason: Mapping[str, Any]) -> str:
    """Return why a rollout was stopped, of `fleet_server.core.rollout.Stop` or a person's."""
    figures = {name: reason.get(name, 0) for name in ("few", "many", "others")}
    text = _STOPPED.get(str(reason.get("kind")), _("A person ended it."))
    return str(text) % figures


_STOPPED: dict[str, LazyString] = {
    "failed": _(
        "%(few)s of %(many)s terminals could not be updated or went back to the former image."
    ),
    "worse": _(
        "%(few)s of %(many)s terminals that were well before are in trouble since they were told; "
        "of the others %(others)s%% are."
    ),
}
