"""What the screen says, in Vietnamese and English at once, through gettext catalogues."""

from __future__ import annotations

import gettext
import unicodedata
from pathlib import Path

from device.errors import DeviceError

DOMAIN = "messages"
LANGUAGES = ("vi", "en")
FOLDER = Path(__file__).parent / "translations"


def N_(message: str) -> str:
    """Mark a text for the catalogues; it is translated when it is drawn."""
    return message


QUESTION = N_("Are you satisfied with the service?")
THANKS = N_("Thank you!")
RECORDED = N_("Your answer is recorded")
MISTAKE = N_("Pressed by mistake? Press again")
WAIT = N_("Please wait for your turn")
WAIT_WHY = N_("You can rate while you are served")
IDLE = N_("Please wait until your number is called")
OUT_OF_SERVICE = N_("Out of service")
TELL_STAFF = N_("Please tell the staff")
CHOICE_LABELS = {
    "very_satisfied": N_("Very satisfied"),
    "satisfied": N_("Satisfied"),
    "unsatisfied": N_("Not satisfied"),
}


class Texts:
    """The catalogues of the two languages that are shown together.

    Raises:
        DeviceError: The compiled catalogues are missing.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        try:
            self._catalogues = [
                gettext.translation(DOMAIN, str(folder), [language]) for language in LANGUAGES
            ]
        except OSError:
            raise DeviceError(f"screen: no compiled texts in {folder}; run: make assets") from None

    def both(self, message: str) -> tuple[str, str]:
        """Return a text in Vietnamese and in English, in Unicode's composed form."""
        first, second = (composed(each.gettext(message)) for each in self._catalogues)
        return first, second


def composed(text: str) -> str:
    """Return a text in NFC: fonts place a composed letter better than its parts."""
    return unicodedata.normalize("NFC", text)
