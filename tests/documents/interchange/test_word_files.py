"""Word and OpenDocument files as other programs will read them: the mark on every page, changes, comments."""

import pytest

from documents.files.types import TEXT, parse_xml, unpack_archive, w
from tests.documents.interchange import bringing
from tests.documents.interchange.made import (
    ASEL,
    DANA,
    PEOPLE,
    SHEET,
    comment,
    doc,
    footnote,
    gone,
    identity,
    ins,
    para,
    text,
    thread,
)

SPLIT = identity(ASEL)
MARKED = doc(
    para("Біз ", text("бәріміз ", ins(identity(DANA))), text("ескі ", gone(identity(ASEL))), "айтамыз"),
    para("Бір", text("\u200b", ins(SPLIT))),
    para(text("\u200b", ins(SPLIT)), "екі ", text("үш", comment("t1"))),
    para("Кетеді ", footnote("сілтеме"), marks=[gone(identity(ASEL))]),
    lead="Кіріспе",
)
MARK = SHEET.mark


@pytest.fixture(scope="module")
def docx():
    return unpack_archive(bringing.docx(MARKED, thread("t1")))


@pytest.fixture(scope="module")
def odt():
    return unpack_archive(bringing.odt(MARKED, thread("t1")))


def words(element):
    return "".join(element.itertext())


def test_word_has_the_mark_in_the_header_and_footer_of_its_only_section(docx):
    section = parse_xml(docx["word/document.xml"]).find(f"{w('body')}/{w('sectPr')}")
    assert [one.tag for one in section[:2]] == [w("headerReference"), w("footerReference")]
    for name in ("header1", "footer1"):
        assert MARK in words(parse_xml(docx[f"word/{name}.xml"]))
        assert f"{name}.xml" in docx["word/_rels/document.xml.rels"].decode()
        assert f"/word/{name}.xml" in docx["[Content_Types].xml"].decode()


def test_word_has_every_change_once_with_its_author(docx):
    document = parse_xml(docx["word/document.xml"])
    changes = list(document.iter(w("ins"), w("del")))
    assert [(one.tag.rpartition("}")[2], one.get(w("author")), words(one)) for one in changes] == [
        ("ins", PEOPLE[DANA], "бәріміз "),
        ("del", PEOPLE[ASEL], "ескі "),
        ("ins", PEOPLE[ASEL], ""),
        ("del", PEOPLE[ASEL], "Кетеді "),
    ]
    assert len({one.get(w("id")) for one in changes}) == len(changes)


def test_word_has_the_suggested_end_of_a_paragraph_where_it_looks_for_it(docx):
    marks = parse_xml(docx["word/document.xml"]).findall(f".//{w('pPr')}/{w('rPr')}/{w('ins')}")
    assert [words(one.getparent().getparent().getparent()) for one in marks] == ["Бір"]


def test_word_has_the_comment_and_records_what_follows(docx):
    assert "Неге?" in words(parse_xml(docx["word/comments.xml"]))
    assert parse_xml(docx["word/settings.xml"]).find(w("trackRevisions")) is not None


def test_the_token_travels_in_the_properties(docx, odt):
    assert b"signed-token" in docx["docProps/custom.xml"]
    assert b"signed-token" in odt["meta.xml"]


def test_libreoffice_has_the_mark_above_and_below_every_page(odt):
    (page,) = parse_xml(odt["styles.xml"]).iter(
        "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}master-page"
    )
    assert [words(part).startswith(MARK) for part in page] == [True, True]


def test_libreoffice_has_every_change_at_the_head_and_a_place_for_each(odt):
    document = parse_xml(odt["content.xml"])
    regions = list(document.iter(f"{{{TEXT}}}changed-region"))
    told = [(one[0].tag.rpartition("}")[2], one[0][0][0].text, words(one[0]).strip()) for one in regions]
    assert [(kind, author) for kind, author, _words in told] == [
        ("insertion", PEOPLE[DANA]),
        ("deletion", PEOPLE[ASEL]),
        ("deletion", PEOPLE[ASEL]),
    ]
    named = [one.get(f"{{{TEXT}}}id") for one in regions]
    places = [one.get(f"{{{TEXT}}}change-id") for one in document.iter() if "change-id" in str(one.attrib)]
    assert [places[0], *places[2:]] == named
    assert places[0] == places[1]  # where the insertion begins and where it ends


def test_libreoffice_has_the_comment(odt):
    (note,) = parse_xml(odt["content.xml"]).iter(
        "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"
    )
    assert words(note).startswith("Дана О. (Центр)")
    assert words(note).endswith("Неге?")


def test_a_name_with_signs_of_xml_is_a_name():
    signs = thread("t1", ('A "<b>" & Co', "<w:p/>"))
    marked = doc(para(text("a", comment("t1"), ins())))
    in_word, in_odt = (unpack_archive(make(marked, signs)) for make in (bringing.docx, bringing.odt))
    assert "<w:p/>" in words(parse_xml(in_word["word/comments.xml"]))
    assert "<w:p/>" in words(parse_xml(in_odt["content.xml"]))
