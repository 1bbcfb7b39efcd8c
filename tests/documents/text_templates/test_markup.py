"""The form of templates is read into what the editor saves."""

import pytest

from documents.text_templates.markup import parse_template


def body(text):
    return parse_template(f"title: T\n\n{text}")[1]["content"]


def words(*parts):
    return [{"type": "text", "text": part} for part in parts]


def test_the_head_is_lines_of_names():
    head, _body = parse_template("about: What for: this\ntitle: [Title]\n\nWords.")
    assert head == {"about": "What for: this", "title": "[Title]"}


def test_a_line_that_is_no_head_is_refused():
    with pytest.raises(ValueError, match="not a line of a head"):
        parse_template("just words\n\nMore.")


def test_paragraphs_headings_and_lists():
    assert body("One\nline.\n\n## Part\n\n- a\n- b\n\n1. c") == [
        {"type": "paragraph", "content": words("One line.")},
        {"type": "heading", "attrs": {"level": 2}, "content": words("Part")},
        {
            "type": "bulletList",
            "content": [
                {"type": "listItem", "content": [{"type": "paragraph", "content": words(one)}]}
                for one in ("a", "b")
            ],
        },
        {
            "type": "orderedList",
            "attrs": {"start": 1},
            "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": words("c")}]}],
        },
    ]


def test_a_quotation_has_its_speaker():
    (quotation,) = body("> Words.\n> — A. Name | director")
    assert quotation["attrs"] == {"speaker": "A. Name", "role": "director"}
    assert quotation["content"] == [{"type": "paragraph", "content": words("Words.")}]


def test_a_table_names_its_columns_or_its_rows():
    by_column, by_row = body("| a | b |\n| c | |\n\n| : a | b |\n| : c | d |")
    kinds = [[[cell["type"] for cell in row["content"]] for row in t["content"]] for t in (by_column, by_row)]
    assert kinds == [
        [["tableHeader", "tableHeader"], ["tableCell", "tableCell"]],
        [["tableHeader", "tableCell"], ["tableHeader", "tableCell"]],
    ]
    assert by_column["content"][1]["content"][1]["content"] == [{"type": "paragraph"}]


def test_marks_footnotes_and_gaps_in_a_line():
    (paragraph,) = body("**[City].** It (*really*) was{{date:when}}.(([Source]))")
    assert paragraph["content"] == [
        {"type": "text", "text": "[City].", "marks": [{"type": "bold"}]},
        {"type": "text", "text": " It ("},
        {"type": "text", "text": "really", "marks": [{"type": "italic"}]},
        {"type": "text", "text": ") was"},
        {"type": "gap", "attrs": {"kind": "date", "name": "when", "value": ""}},
        {"type": "text", "text": "."},
        {"type": "footnote", "attrs": {"text": "[Source]"}},
    ]


def test_emphasis_at_the_beginning_is_no_list():
    (paragraph,) = body("*Title.* Words")
    assert paragraph["type"] == "paragraph"
