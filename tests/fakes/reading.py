"""Reading a page as a person without JavaScript does."""

import re
from html import unescape

from flask.testing import FlaskClient

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def text_of(html: str) -> str:
    """Return a page's words with single spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def without_tokens(html: str) -> str:
    """Return a page without what its forms say of the second in which it was asked for."""
    return _TOKEN.sub("", html)


def row(html: str, name: str) -> str:
    """Return the words of the table row or list line with this id."""
    found = re.search(rf'<(tr|li) id="{name}".*?</\1>', html, re.S)
    assert found, name
    return text_of(found[0])


def token(client: FlaskClient, page: str = "/nowhere") -> str:
    """Return the token of a form on a page: of that for changing the language, if none is named.

    Every page has it, and one that isn't there is a tenth of the work of the overview.
    """
    return token_in(client.get(page, follow_redirects=True).text)


def token_in(html: str) -> str:
    """Return the token of a form on a page that was read."""
    found = _TOKEN.search(html)
    assert found
    return found[1]
