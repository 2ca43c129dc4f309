"""Whole numbers in addresses and forms: with more digits than a database holds, they are none."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter
from wtforms import IntegerField

DIGITS = 18
"""As many as fit into 64 bits, whichever they are."""
HIGHEST = 2**31 - 1
"""The highest row that there can be; a higher number in an address is as good as this one."""
SEEN_DIGITS = 9
"""No page was changed more often."""


def seen(text: object) -> int:
    """Return the version that a form's page showed; -1, which none has, for nonsense."""
    typed = str(text)
    return int(typed) if typed.isdecimal() and len(typed) <= SEEN_DIGITS else -1


class _Number(IntegerConverter):
    regex = rf"\d{{1,{DIGITS}}}"


class WholeField(IntegerField):  # type: ignore[misc]  # WTForms brings no types
    """A whole number. Longer ones no validator of WTForms could compare, nor a database keep."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        if valuelist and len(str(valuelist[0]).strip()) > DIGITS:
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


def init_app(app: Flask) -> None:
    """Have ``<int:…>`` in addresses match no longer number."""
    app.url_map.converters["int"] = _Number
