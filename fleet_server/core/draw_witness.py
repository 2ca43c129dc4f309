"""How the witness of a draw is written, so that its word can be written in one way only.

A public value such as a lottery's number can be put into many words, and each of them gives another
seed: whoever enters it could try until a draw pleases them. So a *form* is named together with the
witness, in one text that is sealed with the list: ``special prize of Monday [999999]``. In a form 9
is any digit, A any capital letter from A to Z, and all else stands for itself.
"""

import re

LONGEST = 40
"""Characters of a form."""

_PLACES = {"9": "[0-9]", "A": "[A-Z]"}
_NAMED = re.compile(r" \[([^\[\]]+)\]\Z")


class FormError(ValueError):
    """It is no form, or the word does not fit it; the message says what is wanted."""


def named(witness: str, form: str) -> str:
    """Return the text by which a list is sealed: the witness, and how its word is written.

    Raises:
        FormError: it is no form.
    """
    plain = form == form.strip() and form.isprintable() and not set("[]") & set(form)
    if not plain or len(form) > LONGEST or not set(_PLACES) & set(form):
        raise FormError(
            f'{form!r} is no form of at most {LONGEST} characters, such as "999999": 9 is a digit, '
            "A a capital letter, and all else but brackets stands for itself"
        )
    return f"{witness} [{form}]"


def form_of(text: str) -> str | None:
    """Return the form that a witness was sealed with, None where there is none."""
    found = _NAMED.search(text)
    return found and found[1]


def check_word(text: str, word: str) -> None:
    """Refuse a word that is not written as it was sealed.

    Args:
        text: the witness as it was sealed (`named`); without a form any word fits.
        word: what it said.

    Raises:
        FormError: it is written otherwise.
    """
    form = form_of(text)
    if form is not None and not re.fullmatch("".join(map(_place, form)), word):
        raise FormError(
            f"what the witness said is written {form}: 9 is a digit, A a capital letter"
        )


def _place(character: str) -> str:
    return _PLACES.get(character, re.escape(character))
