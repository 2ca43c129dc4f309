"""What is said of visits and of records."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

ENDINGS: dict[str, LazyString] = {
    "closed": _("closed"),
    "followed": _("followed by the next"),
    "no_show": _("did not come"),
    "transferred": _("passed on"),
}

DISAGREEMENTS: dict[str, LazyString] = {
    "only_rest": _("only the queue system saw it"),
    "only_terminal": _("only the terminal saw it"),
    "different_end": _("they saw it end differently"),
}

START_REASONS: dict[str, LazyString] = {
    "first": _("first start"),
    "damage": _("damaged journal"),
    "fork": _("fork"),
    "new_key": _("new key"),
}

RECORD_TYPES: dict[str, LazyString] = {
    "chain": _("beginning of the chain"),
    "boot": _("start"),
    "ticket": _("ticket"),
    "rating": _("rating"),
    "reasons": _("reasons"),
    "items": _("items"),
    "clock": _("clock set"),
    "fault": _("fault"),
    "key": _("new key"),
}

AT_QUALITIES: dict[str, LazyString] = {
    "exact": _("exact"),
    "derived": _("worked out"),
    "estimated": _("estimated"),
}

FAULTS: dict[str, LazyString] = {
    "button_stuck": _("a button is stuck"),
    "button_noise": _("a button's line is noisy"),
    "button_together": _("two buttons at once"),
    "disk": _("disk"),
    "clock": _("clock"),
    "journal": _("journal"),
    "fork": _("fork"),
    "screen": _("screen"),
    "config": _("configuration"),
    "command": _("command"),
    "record": _("a record that can't be read"),
    "cloned": _("the card came from another board"),
}
