"""A text as lines, with the block that each stands in."""

from documents.checklist.lines import read_text

TEXT = {"type": "text"}


def said(words, **more):
    return {"type": "text", "text": words, **more}


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)}


def lines(*blocks, title="", lead=""):
    return read_text(title=title, lead=lead, body={"type": "doc", "content": list(blocks)}).lines


def test_title_and_lead_stand_in_block_nought():
    assert [(one.block, one.kind, one.text) for one in lines(title="T", lead="L")] == [
        (0, "title", "T"),
        (0, "lead", "L"),
    ]


def test_empty_paragraphs_count_as_blocks():
    (line,) = lines(paragraph(), paragraph(said("Words")))
    assert (line.block, line.kind) == (2, "paragraph")


def test_items_cells_and_quotes_are_lines_of_their_block():
    item = {"type": "listItem", "content": [paragraph(said("item"))]}
    cell = {"type": "tableCell", "content": [paragraph(said("cell"))]}
    made = lines(
        {"type": "bulletList", "content": [item, item]},
        {"type": "table", "content": [{"type": "tableRow", "content": [cell]}]},
        {"type": "blockquote", "content": [paragraph(said("quote"))]},
    )
    assert [(one.block, one.kind, one.text) for one in made] == [
        (1, "list", "item"),
        (1, "list", "item"),
        (2, "table", "cell"),
        (3, "quote", "quote"),
    ]


def test_a_quotation_is_known_with_its_speaker():
    node = {
        "type": "quotation",
        "attrs": {"speaker": "A", "role": "director"},
        "content": [paragraph(said("Words"))],
    }
    reading = read_text(title="", lead="", body={"type": "doc", "content": [node]})
    assert (reading.quotations[0].speaker, reading.quotations[0].words) == ("A", "Words")
    assert [one.kind for one in reading.lines] == ["quotation", "speaker", "speaker"]


def test_facts_footnotes_links_and_gaps_of_a_line():
    (line,) = lines(
        paragraph(
            said("In "),
            {"type": "gap", "attrs": {"name": "place", "kind": "place", "value": ""}},
            {"type": "fact", "attrs": {"id": "x", "words": "25 cases", "source": "Y"}},
            said("here", marks=[{"type": "link", "attrs": {"href": "tel:111"}}]),
            {"type": "footnote", "attrs": {"text": "Source"}},
        )
    )
    assert line.text == "In 25 caseshere"
    assert line.facts == [(3, 11)]
    assert (line.gaps, line.links, line.footnotes) == (["place"], ["tel:111"], ["Source"])


def test_broken_parts_are_passed_over():
    assert lines({"type": "unknown"}, {"type": "paragraph", "content": "words"}, {"type": "heading"}) == []
    assert read_text(title="", lead="", body={}).lines == []
    assert read_text(title="", lead="", body=None).lines == []
