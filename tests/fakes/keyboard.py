"""Somebody who uses a page with the keyboard alone."""

from playwright.sync_api import Page

FOCUSED = """(inside) => {
  const one = document.activeElement;
  if (one === document.body || !one.closest(inside)) return "";
  const words = one.labels && one.labels.length ? one.labels[0].innerText : one.innerText;
  return words + " " + (one.getAttribute("aria-label") || "");
}"""


class Keyboard:
    """Reaches things by Tab, as they are named on the page.

    Args:
        page: the window.
        tabs: how often the key is pressed at most before a thing counts as out of reach.
    """

    def __init__(self, page: Page, tabs: int = 60) -> None:
        self._page = page
        self._tabs = tabs

    def reach(self, words: str, inside: str = "main") -> None:
        """Tab until the focus is on a control within ``inside`` that has these words.

        Raises:
            AssertionError: the key doesn't lead there.
        """
        self._page.wait_for_load_state()
        for _ in range(self._tabs):
            self._page.keyboard.press("Tab")
            if words in self._page.evaluate(FOCUSED, inside):
                return
        raise AssertionError(f"the keyboard does not reach “{words}”")

    def enter(self, words: str, inside: str = "main") -> None:
        """Reach a link or a button, and use it to get to another page."""
        self.reach(words, inside)
        self.press_enter()

    def press_enter(self) -> None:
        """Follow the link in focus, or send its form; wait for the page that it leads to."""
        with self._page.expect_navigation():
            self._page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        """Reach a field and fill it in."""
        self.reach(label)
        self._page.keyboard.press("Control+a")
        self._page.keyboard.type(text)
