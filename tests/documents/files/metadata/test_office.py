"""Office files lose what tells of people, programs and times; words stay."""

import io
import zipfile

import openpyxl
import pytest
from lxml import etree

from documents.files.metadata import office
from documents.files.metadata.office import clean_office
from documents.files.metadata.sound import NotCleaned
from documents.files.types import TYPES
from tests.documents.files.metadata import document_samples as samples
from tests.documents.files.metadata.document_samples import CANARY


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert not archive.comment
        assert {one.date_time for one in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def opened_words(content: bytes) -> list[str]:
    """The parts in which the canary stands, in archives inside as well."""
    found = []
    for name, part in unpacked(content).items():
        if any(CANARY.encode(letters) in part for letters in ("utf-8", "utf-16-le", "utf-16-be")):
            found.append(name)
        if name.endswith(".xlsx"):
            found += [f"{name}/{one}" for one in opened_words(part)]
    return found


SAMPLES = {
    "Word": samples.docx(),
    "Excel": samples.xlsx(),
    "PowerPoint": samples.pptx(),
    "text": samples.open_document(),
    "sheet": samples.open_document("spreadsheet"),
    "slides": samples.open_document("presentation"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_leaves_without_names_and_its_parts_can_be_read(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(SAMPLES[name])) as archive:
        assert sum(CANARY.encode() in archive.read(one) for one in archive.namelist()) > 3
    clean = clean_office(SAMPLES[name])
    assert opened_words(clean) == []
    for part, content in unpacked(clean).items():
        if part.endswith((".xml", ".rels")):
            etree.fromstring(content)


def test_words_suggestions_and_comments_of_a_text_stay() -> None:
    parts = unpacked(clean_office(samples.docx()))
    document = parts["word/document.xml"]
    assert b"added words" in document
    assert b'w:author="Author"' in document
    assert b"w:date" not in document
    assert b"rsid" not in document + parts["word/settings.xml"]
    assert b"commentReference" in document
    assert b'w:id="1"' in parts["word/comments.xml"]
    assert b"https://example.org/" in parts["word/_rels/document.xml.rels"]


@pytest.mark.parametrize("name", ["Word", "Excel", "PowerPoint"])
def test_every_relation_and_type_leads_to_a_part(name: str) -> None:
    parts = unpacked(clean_office(SAMPLES[name]))
    for entry in etree.fromstring(parts["[Content_Types].xml"]).iter(f"{{{TYPES}}}Override"):
        assert entry.get("PartName").removeprefix("/") in parts
    for relations in [one for one in parts if one.endswith(".rels")]:
        folder = relations.partition("_rels/")[0]
        for relation in etree.fromstring(parts[relations]):
            if relation.get("TargetMode") != "External":
                target = f"{folder}{relation.get('Target')}".replace("worksheets/../", "")
                assert target in parts, relations


def test_a_sheet_still_opens() -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.properties.creator = CANARY
    book.active["A1"] = 25
    book.active["A1"].comment = openpyxl.comments.Comment("a note", CANARY)
    book.active.append(["Region", "Answers"])
    book.active.add_table(openpyxl.worksheet.table.Table(displayName="Answers", ref="A2:B2"))
    book.save(out)
    clean = clean_office(out.getvalue())
    assert opened_words(clean) == []
    sheet = openpyxl.load_workbook(io.BytesIO(clean)).active
    assert sheet["A1"].value == 25
    assert sheet["A1"].comment.text == "a note"
    assert list(sheet.tables) == ["Answers"]


def test_an_open_document_keeps_its_words_and_its_first_part() -> None:
    clean = clean_office(samples.open_document())
    parts = unpacked(clean)
    assert next(iter(parts)) == "mimetype"
    assert b"the words" in parts["content.xml"]
    assert b"a note" in parts["content.xml"]
    assert b"rsid" not in parts["content.xml"]
    assert b"2026" not in parts["content.xml"]
    assert b"Zoom" in parts["settings.xml"]
    assert b"Thumbnails" not in parts["META-INF/manifest.xml"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (samples.docx(**{"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}), "embedded"),
        (samples.docx(**{"word/activeX/activeX1.bin": b"x"}), "embedded"),
        (samples.docx(**{"word/media/image3.tiff": b"II*\0"}), "picture"),
        (samples.docx(**{"word/media/image3.png": b"II*\0"}), "picture"),
        (samples.docx(**{"word/media/image3.png": samples.png()[:40]}), "broken"),
        (samples.docx(**{"word/header1.xml": "<x"}), "broken"),
        (samples.docx(**{"word/header1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "hostile"),
        (samples.open_document(entry="<manifest:encryption-data/>"), "locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked"),
        (samples.docx()[:-30], "broken"),
    ],
)
def test_what_cannot_be_cleaned_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(NotCleaned) as caught:
        clean_office(content)
    assert caught.value.code == code


def test_what_unpacks_to_too_much_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(office, "_MOST_IN_ALL", 1000)
    with pytest.raises(NotCleaned, match="too_large"):
        clean_office(samples.docx())


def test_a_picture_of_windows_loses_the_names_in_its_head() -> None:
    """MS-EMF: their length and place stand at 60 and 64."""
    words = CANARY.encode("utf-16-le")
    emf = bytearray(bytes(100)) + words
    emf[60:68] = len(CANARY).to_bytes(4, "little") + (100).to_bytes(4, "little")
    clean = unpacked(clean_office(samples.docx(**{"word/media/image3.emf": bytes(emf)})))
    assert clean["word/media/image3.emf"] == bytes(emf[:100]) + bytes(len(words))


def test_a_drawing_stays_without_what_its_program_wrote() -> None:
    namespaces = "xmlns='http://www.w3.org/2000/svg' xmlns:i='http://www.inkscape.org/namespaces/inkscape'"
    svg = (
        f"<svg {namespaces} i:export-filename='/home/{CANARY}/a.png'><metadata>{CANARY}</metadata>"
        f"<i:view docname='{CANARY}'/><path d='M0 0L9 9'/></svg>"
    )
    parts = unpacked(clean_office(samples.docx(**{"word/media/image3.svg": svg})))
    assert CANARY.encode() not in parts["word/media/image3.svg"]
    assert b'd="M0 0L9 9"' in parts["word/media/image3.svg"]
