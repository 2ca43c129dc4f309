"""A template is examined before it is taken: what is wrong is named, one by one."""

import io
import zipfile

import pytest
from docx import Document
from flask import Flask
from flask_babel import force_locale

from fleet_server.reports import examining
from fleet_server.reports.as_document import fill
from fleet_server.reports.examining import examine
from fleet_server.reports.fields import FIELDS
from fleet_server.reports.naming import Fault
from fleet_server.reports.standard import standard
from fleet_server.web import language

EXTERNAL = (
    '<Relationship Id="rId99" TargetMode="{mode}" Target="https://x.example/a" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
)


def document(*paragraphs: str, header: str = "") -> bytes:
    made = Document()
    for one in paragraphs:
        made.add_paragraph(one)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(name: str, old: str, new: str, data: bytes | None = None) -> bytes:
    """Return a document of which a part reads otherwise; with ``old`` empty, with one part more."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or document("x"))) as held,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for one in held.namelist():
            content = held.read(one)
            if one == name:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            made.writestr(one, content)
        if name not in held.namelist():
            made.writestr(name, new)
    return out.getvalue()


def kinds(data: bytes) -> set[str]:
    return {one.kind for one in examine(data)}


@pytest.mark.parametrize("speaking", ["vi", "en"])
def test_nothing_is_wrong_with_the_standard_template(speaking: str) -> None:
    app = Flask("fleet_server.web")
    language.init_app(app)
    with app.app_context(), force_locale(speaking):
        assert examine(standard()) == []


def test_each_field_that_there_is_none_of_is_named_once_wherever_it_stands() -> None:
    wrong = document(
        "{{ offise }} {{ offise }} {{ total.servd }} {{ office.name }}",
        "{% if title %}{{ title }}{% else %}{{ seldom }}{% endif %}",
        "{% for row in rows %}{{ row.code }}{{ row.colour }}{{ loop.index }}{% endfor %}",
        "{{ row.code }}",
        header="{{ overhead }}",
    )
    assert examine(wrong) == [
        Fault("unknown", name)
        for name in (
            "offise", "total.servd", "office.name", "seldom", "row.colour", "row", "overhead",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{{ office.upper() }}", Fault("forbidden", "call, 1")),
        ("{{ ''.__class__.__mro__ }}", Fault("forbidden", "const, 1")),
        ("{{ office.__class__ }}", Fault("unknown", "office.__class__")),
        ("{{ 'a' * 1000000000 }}", Fault("forbidden", "mul, 1")),
        ("{{ office|center(1000000000) }}", Fault("forbidden", "center, 1")),
        ("{% set x = office %}", Fault("forbidden", "assign, 1")),
        ("{% include 'x' %}", Fault("forbidden", "include, 1")),
        ("{% for x in range(9) %}{% endfor %}", Fault("forbidden", "call, 1")),
        ("{% for x in rows if x %}{% endfor %}", Fault("forbidden", "for, 1")),
        ("{% for x in office %}{% endfor %}", Fault("no_list", "office")),
        ("{% for x in rows[0] %}{% endfor %}", Fault("forbidden", "getitem, 1")),
        ("{% for x in rows %}{% for y in rows %}{% endfor %}{% endfor %}", Fault("loops", "rows")),
        (
            "{% for x in more %}{% for y in x.rows %}{% for z in x.rows %}{% endfor %}{% endfor %}"
            "{% endfor %}",
            Fault("loops", "x.rows"),
        ),
    ],
)
def test_a_template_does_nothing_but_show(text: str, fault: Fault) -> None:
    found = examine(document(text))
    assert [(one.kind, one.value.partition(",")[0]) for one in found] == [
        (fault.kind, fault.value.partition(",")[0])
    ]


def test_what_may_stand_in_a_template_is_taken() -> None:
    assert (
        examine(
            document(
                "{{ office|upper }} {% if more and not notes %}x{% elif year %}y{% endif %}",
                "{% for one in more %}{% for line in one.rows %}{% for cell in line %}{{ cell }}"
                "{% endfor %}{% endfor %}{% endfor %} {{ title if branch else period }}",
                header="{{ title }}",
            )
        )
        == []
    )


@pytest.mark.parametrize("text", ["{{ office", "{% for row in rows %}", "{% nonsense %}"])
def test_what_can_not_be_read_is_said(text: str) -> None:
    assert kinds(document(text)) == {"syntax"}


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"x" * 5000, document("x")[:-200]])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    assert kinds(data) == {"no_document"}


def test_a_workbook_and_a_document_with_macros_are_refused() -> None:
    main = "wordprocessingml.document.main+xml"
    types = "[Content_Types].xml"
    assert kinds(changed(types, main, "spreadsheetml.sheet.main+xml")) == {"no_document"}
    assert "macros" in kinds(changed(types, main, "ms-word.document.macroEnabled.main+xml"))
    assert kinds(changed("word/vbaProject.bin", "", "x")) == {"macros"}
    assert kinds(changed("word/embeddings/oleObject1.bin", "", "x")) == {"macros"}


@pytest.mark.parametrize("mode", ["External", "&#69;xternal"])
def test_what_lies_elsewhere_is_refused_but_not_a_link_to_click_on(mode: str) -> None:
    name, end = "word/_rels/document.xml.rels", "</Relationships>"
    for kind, wrong in (("image", {"external"}), ("attachedTemplate", {"external"})):
        link = EXTERNAL.format(mode=mode, kind=kind)
        assert kinds(changed(name, end, link + end)) == wrong
    link = EXTERNAL.format(mode=mode, kind="hyperlink")
    assert kinds(changed(name, end, link + end)) == set()


def test_codes_that_fetch_or_run_something_are_refused() -> None:
    code = "<w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO c</w:instrText></w:r>"
    end = "<w:sectPr"
    cut = changed("word/document.xml", end, f"<w:p>{code}</w:p>{end}")
    assert kinds(cut) == {"external"}
    simple = '<w:p><w:fldSimple w:instr="INCLUDEPICTURE x"/></w:p>'
    assert kinds(changed("word/document.xml", end, simple + end)) == {"external"}


def test_a_document_that_swells_is_refused_before_it_is_unpacked() -> None:
    bomb = changed("word/media/image1.png", "", "0" * (examining.PART_MAX + 1))
    assert len(bomb) < 100_000
    assert kinds(bomb) == {"too_large"}
    assert kinds(changed("word/header9.xml", "", " " * (examining.BODY_MAX + 1))) == {"too_large"}
    many = document("{" * (examining.BRACES_MAX + 1))
    assert "too_large" in kinds(many)


def test_parts_that_declare_things_or_hide_in_another_encoding_are_refused() -> None:
    entity = '<!DOCTYPE x [<!ENTITY a "b">]><x/>'
    assert kinds(changed("word/more.xml", "", entity)) == {"no_document"}
    assert kinds(changed("word/more.xml", "", '<?xml version="1.0" encoding="utf-7"?><x/>')) == {
        "no_document"
    }
    assert kinds(changed("word/more.xml", "", "<x")) == {"no_document"}


def test_a_part_that_nobody_looks_into_is_refused() -> None:
    hidden = changed("word/body.dat", "", "<w:document/>")
    assert Fault("no_document", "word/body.dat") in examine(hidden)


def test_more_parts_than_a_letter_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "PARTS_MAX", 3)
    assert kinds(document("x")) == {"too_large"}


def test_a_loop_that_leaves_no_document_is_found_before_anybody_needs_one() -> None:
    torn = document("{%p for row in rows %} {{ row.code }}", "{%tr endfor %}", "x")
    assert kinds(torn) <= {"syntax", "unfit"}
    assert kinds(torn)


def test_what_is_put_into_a_field_is_text_and_nothing_else() -> None:
    data = document("{{ office }}", "{% for row in rows %}{{ row.name }}{% endfor %}")
    name = "A & B <w:p/> {{ title }}"
    made = fill(data, {**FIELDS, "office": name, "rows": [{"name": "=1+1"}]})
    texts = [one.text for one in Document(io.BytesIO(made)).paragraphs]
    assert texts[:2] == [name, "=1+1"]


def edited(data: bytes, **changes: tuple[str, str]) -> bytes:
    """Return a document with parts renamed or texts replaced in every part, old by new."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as held,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for one in held.namelist():
            name, content = one, held.read(one)
            for old, new in changes.values():
                name, content = name.replace(old, new), content.replace(old.encode(), new.encode())
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("text", ["{{ 7 * 6 }}", "{% for a in 'x' * 6000 %}x{% endfor %}"])
def test_a_part_that_is_filled_in_can_not_hide_behind_another_name(text: str) -> None:
    hidden = edited(document("x", header=text), renamed=("header1.xml", "kopf.xml"))
    assert kinds(hidden) == {"forbidden", "no_document"}


def with_chunk(name: str, media: str) -> bytes:
    """Return a document into which Word would take another file when it opens it."""
    chunk = (
        '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/aFChunk" Target="{name}"/></Relationships>'
    )
    types = f'<Override PartName="/word/{name}" ContentType="{media}"/></Types>'
    made = edited(document("x"), types=("</Types>", types))
    made = changed("word/_rels/document.xml.rels", "</Relationships>", chunk, made)
    return changed(f"word/{name}", "", "<html/>", made)


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("chunk.xml", "application/xhtml+xml"), ("chunk.jpg", "text/html"),
        ("chunk.png", "application/rtf"),
    ],
)  # fmt: skip
def test_no_other_file_is_taken_into_the_document(name: str, media: str) -> None:
    assert "external" in kinds(with_chunk(name, media))


def test_what_is_named_like_a_picture_is_one() -> None:
    types = '<Override PartName="/word/media/x.png" ContentType="application/rtf"/></Types>'
    wrong = edited(document("x"), types=("</Types>", types))
    assert kinds(changed("word/media/x.png", "", "{rtf}", wrong)) == {"no_document"}


def test_a_template_does_not_grow_with_the_rows_of_a_report() -> None:
    much = "x" * (examining.LOOPED_MAX + 1)
    assert kinds(document("{% for row in rows %}" + much + "{% endfor %}")) == {"too_large"}
    parts = "{% for row in rows %}" + "x" * 9_000 + "{% endfor %}"
    assert kinds(document(*[parts] * 9)) == {"too_large"}
