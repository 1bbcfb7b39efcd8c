"""What other programs write into Word and OpenDocument files: read, or said to be left out."""

import itertools
import re

import pytest

from documents.drafts.live.suggestions import accept_all, open_suggestions_in, reject_all
from documents.files.types import pack_archive, parse_xml, unpack_archive
from documents.interchange.formats import report_left_out
from documents.interchange.reader.reasons import left_out_reason, read_file
from documents.interchange.suggest.marked_text import SuggestionAuthors
from documents.interchange.suggest.new_rows import build_new_text
from tests.documents.interchange.bringing import NOBODY, bring, docx, odt, words
from tests.documents.interchange.made import SHEET, doc, footnote, para
from tests.documents.interchange.raw_word import (
    BY,
    NAMES,
    deleted,
    inserted,
    note,
    raw_docx,
    raw_odt,
    row,
    run,
    text_box,
    vml,
)
from tests.documents.interchange.word import WordFile

LAWYER = "Лаура Заңгер"


class Drafted:
    """A file that becomes a text of its own."""

    def __init__(self, content):
        self.file = read_file(content)
        self.names = {}
        counter = itertools.count(1)

        def new_id(change):
            made = f"s{next(counter)}"
            self.names[made] = self.file.found.changes[change].author
            return made

        authors = SuggestionAuthors(new_id, lambda change: self.file.found.changes[change].author)
        self.marked, self.not_taken = build_new_text(self.file.reading, authors)

    @property
    def before(self):
        return words(reject_all(self.marked))

    @property
    def after(self):
        return words(accept_all(self.marked))

    @property
    def suggested(self):
        return [
            (one.kind, one.before, one.after, self.names[one.id]) for one in open_suggestions_in(self.marked)
        ]

    @property
    def left_out(self):
        return dict(self.file.found.left_out)


# --- notes ------------------------------------------------------------------------------------------

LINK = '<w:hyperlink r:id="link0">{}</w:hyperlink>'
TYPED = row(run("Қараңыз: "), LINK.format(run("https://example.org/law")))


def with_note(*rows):
    return f'<w:footnote w:id="1">{"".join(rows)}</w:footnote>'


def test_a_link_in_a_note_does_not_refuse_the_file():
    content = raw_docx(
        row(run("Сөз"), note()), footnotes=with_note(TYPED), links_of_notes=["https://example.org/law"]
    )
    assert Drafted(content).after == ["Сөз[Қараңыз: https://example.org/law]"]


def test_a_note_of_ours_in_which_word_made_a_link_comes_back_unchanged():
    base = doc(para("Сөз", footnote("Қараңыз: https://example.org/law"), " соңы."))
    file = WordFile(docx(base))
    notes = file.parts["word/footnotes.xml"].decode()
    words = '<w:r><w:t xml:space="preserve">Қараңыз: https://example.org/law</w:t></w:r>'
    assert words in notes
    linked = notes.replace(words, run("Қараңыз: ") + LINK.format(run("https://example.org/law")))
    file.parts["word/footnotes.xml"] = linked.encode()
    names = "http://schemas.openxmlformats.org"
    file.parts["word/_rels/footnotes.xml.rels"] = (
        f'<Relationships xmlns="{names}/package/2006/relationships"><Relationship Id="link0" '
        f'Type="{names}/officeDocument/2006/relationships/hyperlink" Target="https://example.org/law" '
        'TargetMode="External"/></Relationships>'
    ).encode()
    made = bring(file.saved(), base)
    assert (made.new, made.marked) == ([], base)


def test_the_address_of_a_link_in_a_note_is_said_to_be_left_out_where_the_words_do_not_give_it():
    content = raw_docx(
        row(run("Сөз"), note()),
        footnotes=with_note(row(LINK.format(run("осы заң")))),
        links_of_notes=["https://example.org/law"],
    )
    assert Drafted(content).left_out == {"note_links": 1}


def test_a_tracked_change_in_a_note_is_a_suggestion_to_replace_the_note():
    content = raw_docx(
        row(run("Сөз"), note(), run(" соңы.")),
        footnotes=with_note(row(run("Заңның "), deleted("9"), inserted(run("10")), run("-бабы"))),
    )
    made = Drafted(content)
    assert made.before == ["Сөз[Заңның 9-бабы] соңы."]
    assert made.after == ["Сөз[Заңның 10-бабы] соңы."]
    assert set(made.names.values()) == {LAWYER}


# --- text boxes -------------------------------------------------------------------------------------


BOXES = {"drawn": text_box, "vml": lambda *rows: f"<w:r>{vml(*rows)}</w:r>"}
every_box = pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)


@every_box
def test_a_paragraph_keeps_its_words_beside_a_text_box_whose_words_follow_it(box):
    content = raw_docx(
        row(run("Абзацтың "), box(row(run("Қорапта."))), box(row(run("Екіншіде."))), run("сөзі."))
        + row(run("Соңы."))
    )
    made = Drafted(content)
    assert made.after == ["Абзацтың сөзі.", "Қорапта.", "Екіншіде.", "Соңы."]
    assert made.left_out == {"text_boxes": 2}


@every_box
def test_a_text_box_in_a_file_that_comes_back_replaces_no_words(box):
    base = doc(para("Біз бәріміз айтамыз."), para("Соңы."))
    file = WordFile(docx(base))
    anchor = parse_xml(f"<w:r {NAMES}>{box(row(run('Қорапта.')))}</w:r>".encode())[0]
    file.paragraph("Біз").append(anchor)
    made = bring(file.saved(), base)
    assert made.new == [("insert", "", "Қорапта.", NOBODY)]
    assert words(accept_all(made.marked)) == ["Мәлімдеме", "Біз бәріміз айтамыз.", "Қорапта.", "Соңы."]


def test_what_is_changed_in_a_text_box_and_a_box_that_is_inserted_are_suggestions():
    changed = text_box(row(run("Ескі "), inserted(run("жаңа"))))
    content = raw_docx(row(run("Сөз."), changed) + row(run("Тағы."), inserted(text_box(row(run("Қорап."))))))
    made = Drafted(content)
    assert made.before == ["Сөз.", "Ескі ", "Тағы."]
    assert made.after == ["Сөз.", "Ескі жаңа", "Тағы.", "Қорап."]
    assert set(made.names.values()) == {LAWYER}


def test_a_text_box_inside_of_another_one_follows_it():
    content = raw_docx(row(run("Сөз."), text_box(row(run("Сырты."), text_box(row(run("Іші.")))))))
    assert Drafted(content).after == ["Сөз.", "Сырты.", "Іші."]


def test_a_text_box_does_not_stand_between_paragraphs_that_somebody_joined():
    content = raw_docx(row(run("Бірінші "), text_box(row(run("Қорап."))), mark="del") + row(run("екінші.")))
    assert Drafted(content).before == ["Бірінші ", "екінші.", "Қорап."]


def test_a_picture_for_new_and_old_programs_is_one():
    picture = "<w:drawing><wp:inline/></w:drawing>"
    both = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{picture}</mc:Choice>'
        "<mc:Fallback><w:pict><v:shape/></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert Drafted(raw_docx(row(run("Сөз."), both))).left_out == {"pictures": 1}


# --- ends of paragraphs -----------------------------------------------------------------------------

A, B = run("Бірінші."), run("Екінші.")
ENDS = {
    "split": (row(A, mark="ins") + row(B), ["Бірінші.Екінші."], ["Бірінші.", "Екінші."]),
    "joined": (row(A, mark="del") + row(B), ["Бірінші.", "Екінші."], ["Бірінші.Екінші."]),
    "new row behind": (row(A, mark="ins") + row(inserted(B)), ["Бірінші."], ["Бірінші.", "Екінші."]),
    "new row before": (row(inserted(A), mark="ins") + row(B), ["Екінші."], ["Бірінші.", "Екінші."]),
    "row gone": (row(deleted("Бірінші."), mark="del") + row(B), ["Бірінші.", "Екінші."], ["Екінші."]),
    "rows joined over one that is gone": (
        row(A, mark="del") + row(deleted("Арасы."), mark="del") + row(B),
        ["Бірінші.", "Арасы.", "Екінші."],
        ["Бірінші.Екінші."],
    ),
    "row gone behind": (row(A, mark="del") + row(deleted("Екінші.")), ["Бірінші.", "Екінші."], ["Бірінші."]),
    "empty row behind": (row(A, mark="ins") + row() + row(B), ["Бірінші.", "Екінші."], None),
    "split twice": (
        row(A, mark="ins") + row(mark="ins") + row(B),
        ["Бірінші.Екінші."],
        ["Бірінші.", "Екінші."],
    ),
    "row between a split": (
        row(A, mark="ins") + row(inserted(run("Арасы.")), mark="ins") + row(B),
        ["Бірінші.Екінші."],
        ["Бірінші.", "Арасы.", "Екінші."],
    ),
    "split behind new words": (
        row(A, inserted(run(" Тағы.")), mark="ins") + row(inserted(run("Жаңа ")), B),
        ["Бірінші.Екінші."],
        ["Бірінші. Тағы.", "Жаңа Екінші."],
    ),
}


@pytest.mark.parametrize(("body", "before", "after"), ENDS.values(), ids=ENDS)
def test_a_tracked_end_of_a_paragraph_is_a_suggestion(body, before, after):
    made = Drafted(raw_docx(body))
    assert (made.before, made.after) == (before, after or before)
    assert len(made.suggested) == (after is not None)
    assert set(made.names.values()) <= {LAWYER}
    assert made.not_taken == []


def test_a_paragraph_that_two_people_inserted_is_suggested_by_each():
    other = BY.replace(LAWYER, "И. Редактор")
    body = row(A, mark="ins") + row(inserted(run("Бір ")), inserted(run("екі."), other))
    made = Drafted(raw_docx(body))
    assert (made.before, made.after) == (["Бірінші."], ["Бірінші.", "Бір екі."])
    assert {one[3] for one in made.suggested} == {LAWYER, "И. Редактор"}


def test_a_tracked_end_that_cannot_be_suggested_is_said_to_be_left_out():
    table = f"<w:tbl><w:tr><w:tc>{row(A, mark='ins')}</w:tc></w:tr></w:tbl>"
    made = Drafted(raw_docx(table + row(B)))
    assert made.after == ["Бірінші.", "Екінші."]
    assert made.not_taken == [("paragraph_end", "Бірінші.")]


# --- told -------------------------------------------------------------------------------------------


def test_words_of_headers_and_footers_and_changes_of_form_are_said_to_be_left_out():
    form = f"<w:rPr><w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange></w:rPr>"
    page = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
    page += '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    page += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    content = raw_docx(row(run("Сөз.", form)), header1=row(run("Құпия "), page), footer1=row(page))
    file = read_file(content)
    assert file.found.margins == ["Құпия"]
    assert report_left_out(file.found, []).report == {"form_changes": 1, "margins": 1}


def test_the_mark_that_we_write_on_pages_is_not_said_to_be_left_out():
    for make in (docx, odt):
        found = read_file(make(doc(para("Сөз.")))).found
        assert set(found.margins) == {SHEET.mark, f"{SHEET.mark} ·"}
        assert report_left_out(found, [], margins=found.margins).rows == []


def test_a_tracked_row_of_a_table_is_said_to_be_left_out():
    cell = f"<w:tc>{row(inserted(run('Ұяшық')))}</w:tc>"
    content = raw_docx(f"<w:tbl><w:tr><w:trPr><w:ins {BY}/></w:trPr>{cell}</w:tr></w:tbl>{row(run('Соңы'))}")
    assert Drafted(content).left_out == {"table_changes": 1}


def test_a_formula_becomes_characters_and_that_is_said():
    made = Drafted(raw_docx(row(run("Яғни "), "<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>")))
    assert made.after == ["Яғни x = 2"]
    assert made.left_out == {"formulas": 1}


def test_every_code_of_what_is_left_out_has_words():
    for code in ("margins", "form_changes", "paragraph_end", "head_note", "comments_closed", "text_boxes"):
        assert left_out_reason(code, 2)
        assert left_out_reason(code, 2) != left_out_reason("moved", 2)


# --- strict -----------------------------------------------------------------------------------------


def test_a_strict_file_is_read_like_any_other():
    """ISO/IEC 29500 Strict has namespaces of its own; Word writes it as *Strict Open XML Document*."""
    content = raw_docx(
        row(anchored_comment(run("Біз ")), deleted("ескі "), inserted(run("жаңа ")), run("сөз"), note()),
        footnotes=with_note(TYPED),
        comments=f"<w:comment {BY}>{row(run('Неге?'))}</w:comment>",
        links_of_notes=["https://example.org/law"],
        header1=row(run("Құпия")),
    )
    plain, strict = Drafted(content), Drafted(as_strict(content))
    assert b"schemas.openxmlformats.org/wordprocessingml" not in b"".join(
        unpack_archive(as_strict(content)).values()
    )
    assert strict.before == ["Біз ескі сөз[Қараңыз: https://example.org/law]"]
    assert (strict.marked, strict.suggested) == (plain.marked, plain.suggested)
    assert [one.words for one in strict.file.found.comments] == ["Неге?"]
    assert strict.file.found.margins == ["Құпия"]


def anchored_comment(content):
    return f'<w:commentRangeStart w:id="1"/>{content}<w:commentRangeEnd w:id="1"/>'


def as_strict(content):
    return pack_archive(
        {
            name: re.sub(
                rb"http://schemas\.openxmlformats\.org/(wordprocessingml|officeDocument|drawingml)/2006/",
                rb"http://purl.oclc.org/ooxml/\1/",
                part,
            )
            for name, part in unpack_archive(content).items()
        }
    )


# --- OpenDocument -----------------------------------------------------------------------------------


def test_the_caption_in_a_pictures_frame_comes_in_as_a_paragraph():
    frame = (
        "<draw:frame><draw:text-box><text:p><draw:frame><draw:image/></draw:frame>Сурет 1: үй</text:p>"
        "</draw:text-box></draw:frame>"
    )
    made = Drafted(raw_odt(f"<text:p>Сөз {frame}соңы.</text:p><text:p>Келесі.</text:p>"))
    assert made.after == ["Сөз соңы.", "Сурет 1: үй", "Келесі."]
    assert made.left_out == {"pictures": 1, "text_boxes": 1}


def test_a_formula_and_an_embedded_table_of_an_odt_are_said_to_be_left_out():
    objects = "".join(
        f'<draw:frame><draw:object xlink:href="./{name}"/><draw:image/></draw:frame>' for name in ("f", "t")
    )
    made = Drafted(
        raw_odt(
            f"<text:p>Сөз {objects}соңы.</text:p>",
            f_content='<math xmlns="http://www.w3.org/1998/Math/MathML"/>',
            t_content="<spreadsheet/>",
        )
    )
    assert made.after == ["Сөз соңы."]
    assert made.left_out == {"formula_objects": 1, "embedded": 1}


def test_headers_and_changes_of_form_of_an_odt_are_said_to_be_left_out():
    change = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:format-change>'
        "<office:change-info><dc:creator>Л</dc:creator></office:change-info></text:format-change>"
        "</text:changed-region></text:tracked-changes>"
    )
    header = "<style:header><text:p>Құпия <text:page-number>1</text:page-number></text:p></style:header>"
    points = '<text:change-start text:change-id="c1"/>Сөз<text:change-end text:change-id="c1"/>'
    file = read_file(raw_odt(f"{change}<text:p>{points}</text:p>", master=header))
    assert report_left_out(file.found, []).report == {"form_changes": 1, "margins": 1}


def test_answers_and_resolved_comments_of_an_odt_are_known():
    def annotation(name, words, more=""):
        by = "<dc:creator>Л</dc:creator>"
        return (
            f'<office:annotation office:name="{name}" {more}>{by}<text:p>{words}</text:p></office:annotation>'
        )

    body = annotation("a", "Неге?", 'loext:resolved="true"') + annotation(
        "b", "Өйткені.", 'loext:parent-name="a"'
    )
    found = read_file(raw_odt(f"<text:p>Сөз {body}</text:p>")).found
    assert [(one.words, one.parent, one.resolved) for one in found.comments] == [
        ("Неге?", None, True),
        ("Өйткені.", 0, False),
    ]
