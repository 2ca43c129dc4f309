"""Every text that a person can see is there in both languages."""

import pytest
from babel.messages.catalog import Catalog

from tools.messages import PACKAGES, ROOT, catalogues, is_translated, read, texts

SOURCE_LANGUAGE = "en"  # the language of the texts in the sources


def languages(package: str) -> dict[str, Catalog]:
    found: dict[str, Catalog] = {}
    for source in catalogues(package):
        found[source.parent.parent.name] = read(source)
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_of_the_sources_is_translated(package: str) -> None:
    found = languages(package)
    assert "vi" in found, f"{package} has no Vietnamese catalogue"
    missing = [
        f"{language}: {message.id!r}"
        for language, catalogue in found.items()
        if language != SOURCE_LANGUAGE
        for message in texts(package)
        if message.id and not is_translated(catalogue.get(message.id, message.context))
    ]
    assert missing == [], "run make messages, and translate"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_keeps_the_places_of_its_text(package: str) -> None:
    for source in catalogues(package):
        for message, errors in read(source).check():
            assert not errors, f"{source.relative_to(ROOT)}: {message.id!r}: {errors[0]}"
