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
from docx.opc.part import Part
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError
from lxml.etree import LxmlError, XMLParser, _Element, fromstring

from fleet_server.reports.as_document import environment, fill
from fleet_server.reports.fields import FIELDS
from fleet_server.reports.naming import Fault, faults, looped

PARTS_MAX = 300
PART_MAX = 4_000_000
UNPACKED_MAX = 12_000_000
"""Bytes of one part and of all together: pictures of a letterhead are the largest."""

BODY_MAX = 500_000
"""Bytes of a part in which fields may stand."""

LOOPED_MAX = 40_000
"""Characters that stand in loops, in all parts together: each comes once for each row."""

BRACES_MAX = 4_000
"""Braces in such a part: a thousand fields."""

_CHUNK = 65_536
_BY_TYPE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
    "application/vnd.openxmlformats-package.core-properties+xml",
}
_MAIN = "wordprocessingml.document.main+xml"
_PROGRAMS = re.compile("macroEnabled|vba|oleObject|activeX|application/x-ms|embeddings", re.I)
_PLAIN = re.compile(r"\.(png|jpe?g|gif|bmp|emf|wmf|tiff?|odttf)$|/$", re.I)
"""Parts that need no look: pictures, fonts, folders. A part of another ending could be markup that
nobody looked at, to which a relation points."""
_PICTURED = re.compile(r"image/|application/(x-font|vnd\.openxmlformats-.*\.obfuscatedFont)", re.I)
"""The types of such parts: Word goes by the type, not by the name."""
_TAKEN_IN = ("/aFChunk", "/subDocument")
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
    if name == "[Content_Types].xml":
        yield from _of_types(root, said)
    if _leads_away(root):
        yield Fault("external", name)
    if _FIELDS.fullmatch(name) and content.count(b"{") > BRACES_MAX:
        yield Fault("too_large", name)


def _of_types(root: _Element, said: str) -> Iterator[Fault]:
    if _MAIN not in said:
        yield Fault("no_document", "[Content_Types].xml")
    if _PROGRAMS.search(said):
        yield Fault("macros", "[Content_Types].xml")
    for one in root:
        name = one.get("PartName") or f".{one.get('Extension')}"
        if _PLAIN.search(name) and not _PICTURED.match(one.get("ContentType", "")):
            yield Fault("no_document", name)


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

    Relations of the package do, also to files inside it that Word would take into the text, and
    field codes, whose text Word may have cut into pieces.
    """
    for one in root.iter("{*}Relationship"):
        kind = str(one.get("Type", ""))
        outside = str(one.get("TargetMode", "")).lower() == "external"
        if kind.endswith(_TAKEN_IN) or (outside and not kind.endswith("/hyperlink")):
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
        texts = dict(_texts(data))
    except _UNREADABLE:
        yield Fault("no_document")
        return
    in_loops = 0
    for name, text in texts.items():
        if not _FIELDS.fullmatch(name):
            yield Fault("no_document", name)  # it was looked at as a part without fields
        try:
            parsed = environment().parse(text)
        except TemplateSyntaxError as error:
            yield Fault("syntax", error.message or "")
        else:
            yield from faults(parsed, FIELDS)
            in_loops += looped(parsed)
    if in_loops > LOOPED_MAX:
        yield Fault("too_large")


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield each part that is filled in, by its name: those that docxtpl finds, as it finds them.

    It goes by relations and types, whatever the names.
    """
    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    main = template.get_docx().part
    yield _name(main), template.patch_xml(template.get_xml())
    uris = (template.HEADER_URI, template.FOOTER_URI)
    edges = [part for uri in uris for _, part in template.get_headers_footers(uri)]
    others = [part for part in main.package.iter_parts() if part.content_type in _BY_TYPE]
    for part in (*edges, *others):
        yield _name(part), template.patch_xml(part.blob.decode())


def _name(part: Part) -> str:
    return str(part.partname).lstrip("/")


def _made_of(data: bytes) -> list[Fault]:
    """Return whether a document comes of it, by making one."""
    try:
        fill(data, FIELDS)
    except Exception as error:  # whatever the XML of a stranger leads two libraries to
        return [Fault("unfit", type(error).__name__)]
    return []
