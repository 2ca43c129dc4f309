"""The languages of the screen, through gettext catalogues, with an office's own words over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.policy import Look
from device.core.policy import Texts as OwnTexts
from device.screen import texts
from device.screen.catalogues import FOLDER, catalogues, translation
from device.screen.fonts import presentable

if TYPE_CHECKING:
    from pathlib import Path

    from device.core.policy import Item
    from device.core.targets import Key


class Words:
    """The catalogues of the languages that a terminal offers.

    A further language is a further folder of catalogues. The one in front is said by the view; the
    next one of the list stands under it.

    Args:
        languages: Codes, in the order in which the language key brings them to the front.
        own: An office's own words.
        folder: Where the catalogues lie.

    Raises:
        DeviceError: A language has no compiled catalogue; the text names those that have.
    """

    def __init__(
        self,
        languages: tuple[str, ...] = Look().languages,
        own: OwnTexts = OwnTexts(),  # noqa: B008 - frozen
        folder: Path = FOLDER,
    ) -> None:
        self._languages = languages or tuple(catalogues(folder)[:1])
        self._own = own
        self._catalogues = {each: translation(each, folder) for each in self._languages}

    def both(self, message: str, language: str) -> tuple[str, str]:
        """Return a text in the language in front and in the next; empty where that adds nothing."""
        front, behind = (self._say(message, each) for each in self._two(language))
        return front, "" if behind == front else behind

    def question(self, message: str, language: str) -> tuple[str, str]:
        """Return a question in two languages, in the office's own words where it has them."""
        own = dict(self._own.question)
        front, behind = (
            presentable(own[each]) if each in own else self._say(message, each)
            for each in self._two(language)
        )
        return front, "" if behind == front else behind

    def item(self, item: Item, language: str) -> tuple[str, str]:
        """Return the label of a reason or complaint in two languages."""
        own = dict(item.labels)
        unknown = item.labels[0][1] if item.labels else item.code
        message = {**texts.ITEM_LABELS, **texts.CORNERS}.get(item.code, unknown)
        front, behind = (
            presentable(own.get(each) or self._say(message, each)) for each in self._two(language)
        )
        return front, "" if behind == front else behind

    def key(self, key: Key, language: str) -> tuple[str, str]:
        """Return the label of a key; that of the language key is the next language's own name."""
        if key == "language":
            return self._say(texts.LANGUAGE_NAME, self._two(language)[1]), ""
        return self.both(texts.KEY_LABELS[key], language)

    def _two(self, language: str) -> tuple[str, str]:
        """Return the language in front and the one after it."""
        place = self._languages.index(language) if language in self._languages else 0
        return self._languages[place], self._languages[(place + 1) % len(self._languages)]

    def _say(self, message: str, language: str) -> str:
        # An empty text would be answered with the catalogue's header.
        return presentable(self._catalogues[language].gettext(message)) if message else ""
