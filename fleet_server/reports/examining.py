"""Examines a template that somebody sent, before anything of it is used.

A document of Word is a zip of XML. Its directory says what its sender wants, so each part is
unpacked and counted; what could run, or lies elsewhere, is refused; then each field is looked at.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError
from lxml.etree import LxmlError, XMLParser, _Element, fromstring

from fleet_server.reports.as_document import environment, fill
from fleet_server.reports.fields import FIELDS
from fleet_server.reports.naming import Fault, faults

PARTS_MAX = 300
PART_MAX = 4_000_000
UNPACKED_MAX = 12_000_000
"""Bytes of one part and of all together: pictures of a letterhead are the largest."""

BODY_MAX = 500_000
"""Bytes of a part in which fields may stand."""

BRACES_MAX = 4_000
"""Braces in such a part: a thousand fields."""

_CHUNK = 65_536
_MAIN = "wordprocessingml.document.main+xml"
_PROGRAMS = re.compile("macroEnabled|vba|oleObject|activeX|application/x-ms|embeddings", re.I)
_PLAIN = re.compile(r"\.(png|jpe?g|gif|bmp|emf|wmf|tiff?|odttf)$|/$", re.I)
"""Parts that need no look: pictures, fonts, folders. A part of another ending could be markup that
nobody looked at, to which a relation points."""
_CODES = re.compile(r"DDE|INCLUDE|\bLINK\b|IMPORT|DATABASE", re.I)
"""What runs, or is fetched: in names and types of parts, and in codes of fields."""
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([^"']*)""")
_FIELDS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml|docProps/core\.xml")
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError,
    NotImplementedError,
)  # fmt: skip
_UNREADABLE = (PackageNotFoundError, LxmlError, KeyError, ValueError, AttributeError, OSError)


def examine(data: bytes) -> list[Fault]:
    """Return all that is wrong with a template, each thing once; nothing where it can be used."""
    found = _package(data)
    if not found:
        found = list(dict.fromkeys(_named(data)))
    return found or _made_of(data)


def _package(data: bytes) -> list[Fault]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return list(_parts(packed))
    except _DAMAGES:
        return [Fault("no_document")]


def _parts(packed: zipfile.ZipFile) -> Iterator[Fault]:
    names = packed.namelist()
    if len(names) > PARTS_MAX or len(set(names)) < len(names):
        yield Fault("too_large")
        return
    whole = 0
    for name in names:
        with packed.open(name) as stream:
            content = _read(stream, BODY_MAX if _FIELDS.fullmatch(name) else PART_MAX)
        whole += len(content or b"")
        if content is None or whole > UNPACKED_MAX:
            yield Fault("too_large", name)
            return
        yield from _of_part(name, content)
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        yield Fault("no_document")


def _read(stream: IO[bytes], most: int) -> bytes | None:
    """Return what is unpacked, or None as soon as it is too much."""
    found = bytearray()
    while chunk := stream.read(_CHUNK):
        found += chunk
        if len(found) > most:
            return None
    return bytes(found)


def _of_part(name: str, content: bytes) -> Iterator[Fault]:
    is_markup = name.endswith((".xml", ".rels"))
    if _PROGRAMS.search(name):
        yield Fault("macros", name)
    elif not is_markup and not _PLAIN.search(name):
        yield Fault("no_document", name)
    if is_markup:
        yield from _of_markup(name, content)


def _of_markup(name: str, content: bytes) -> Iterator[Fault]:
    try:
        root = _parsed(content)
    except (LxmlError, ValueError):
        yield Fault("no_document", name)
        return
    said = " ".join(value for one in root.iter() for value in one.attrib.values())
    if name == "[Content_Types].xml" and _MAIN not in said:
        yield Fault("no_document", name)
    if name == "[Content_Types].xml" and _PROGRAMS.search(said):
        yield Fault("macros", name)
    if _leads_away(root):
        yield Fault("external", name)
    if _FIELDS.fullmatch(name) and content.count(b"{") > BRACES_MAX:
        yield Fault("too_large", name)


def _parsed(content: bytes) -> _Element:
    """Return XML as it stands there: in UTF-8, so that no check looks at other letters.

    Raises:
        ValueError: it is in another encoding, or declares things of its own.
    """
    content.decode()
    declared = _ENCODING.match(content)
    if b"<!DOCTYPE" in content or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise ValueError("not plain XML")
    return fromstring(content, XMLParser(resolve_entities=False, no_network=True))


def _leads_away(root: _Element) -> bool:
    """Whether opening the document fetches or runs something; a link that is clicked on does not.

    Relations of the package do, and field codes, whose text Word may have cut into pieces.
    """
    for one in root.iter("{*}Relationship"):
        outside = str(one.get("TargetMode", "")).lower() == "external"
        if outside and not str(one.get("Type", "")).endswith("/hyperlink"):
            return True
    codes = "".join(one.text or "" for one in root.iter("{*}instrText"))
    simple = " ".join(
        str(value)
        for one in root.iter("{*}fldSimple")
        for name, value in one.attrib.items()
        if str(name).endswith("instr")
    )
    return _CODES.search(f"{codes} {simple}") is not None


def _named(data: bytes) -> Iterator[Fault]:
    try:
        texts = list(_texts(data))
    except _UNREADABLE:
        yield Fault("no_document")
        return
    for text in texts:
        try:
            parsed = environment().parse(text)
        except TemplateSyntaxError as error:
            yield Fault("syntax", error.message or "")
        else:
            yield from faults(parsed, FIELDS)


def _texts(data: bytes) -> Iterator[str]:
    """Yield each part in which fields stand, as they will be filled in."""
    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    parts = template.get_docx().part.package.iter_parts()
    for part in parts:
        if _FIELDS.fullmatch(part.partname.lstrip("/")) and "document" not in part.partname:
            yield template.patch_xml(part.blob.decode())


def _made_of(data: bytes) -> list[Fault]:
    """Return whether a document comes of it, by making one."""
    try:
        fill(data, FIELDS)
    except Exception as error:  # whatever the XML of a stranger leads two libraries to
        return [Fault("unfit", type(error).__name__)]
    return []
