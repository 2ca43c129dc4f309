"""Collect the texts for people into the catalogues: ``make messages``.

Every catalogue (``LC_MESSAGES/*.po``) belongs to the package that it lies in. New texts are added
empty, to be translated; texts that are no longer used are dropped; nothing is guessed.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("device", "fleet_server")
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}


def catalogues(package: str) -> Iterator[Path]:
    """Yield the catalogues that lie in a package."""
    return iter(sorted((ROOT / package).rglob("LC_MESSAGES/*.po")))


def texts(package: str) -> Catalog:
    """Collect the texts that a package's sources and templates mark for translation."""
    found = Catalog(project="Hailong", charset="utf-8")
    rows = extract_from_dir(
        ROOT / package, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",)
    )
    for name, _line, message, comments, context in rows:
        found.add(
            message, None, [(f"{package}/{name}", None)], auto_comments=comments, context=context
        )
    return found


def read(source: Path) -> Catalog:
    """Read a catalogue; its language is the name of the folder it lies in."""
    with source.open("rb") as text:
        return read_po(text, locale=source.parent.parent.name, abort_invalid=True)


def is_translated(message: Message | None) -> bool:
    """Return whether a text has a translation, in each of its plural forms."""
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def main() -> None:
    """Bring every catalogue up to date with the sources."""
    for package in PACKAGES:
        wanted = texts(package)
        for source in catalogues(package):
            catalogue = read(source)
            wanted.creation_date = catalogue.creation_date  # a new date alone is no change
            catalogue.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
            with source.open("wb") as text:
                write_po(text, catalogue, sort_output=True, ignore_obsolete=True, width=100)
            empty = sum(bool(one.id) and not is_translated(one) for one in catalogue)
            print(f"{source.relative_to(ROOT)}: {len(catalogue)} texts, {empty} to translate")


if __name__ == "__main__":
    main()
