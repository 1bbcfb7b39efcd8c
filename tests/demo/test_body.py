"""The data files' small markup becomes what the editor and the pages hold."""

import pytest

from demo.body import editor_body, inline
from demo.load import load, text_at
from demo.story import story
from home.models.blocks import QuoteBlock

demo = load()
FACTS = {fact["id"]: f"uuid of {fact['id']}" for fact in demo.facts}


def test_inline_marks_are_read_in_their_order():
    nodes = inline("a **b** *c* [d](https://example.org/x)^[e f]{{date:when}}.")
    assert [node["type"] for node in nodes] == ["text"] * 6 + ["footnote", "gap", "text"]
    assert [node.get("marks", [{}])[0].get("type") for node in nodes[1:6]] == [
        "bold",
        None,
        "italic",
        None,
        "link",
    ]
    assert nodes[6]["attrs"] == {"text": "e f"}
    assert nodes[7]["attrs"] == {"kind": "date", "name": "when", "value": ""}


def test_a_picture_without_a_stored_file_is_left_out():
    picture = {"type": "picture", "art": "zero", "alt": "A zero"}
    assert editor_body([picture])["content"] == []
    stored = editor_body([picture], pictures={"zero": "0192f0c4-7a52-7d11-8a55-3a5d0c1f9e01"})
    assert stored["content"][0]["attrs"]["alt"] == "A zero"


def test_an_unknown_block_is_refused():
    with pytest.raises(ValueError, match="poem"):
        editor_body([{"type": "poem"}])


def test_the_first_row_of_a_table_names_its_columns():
    (table,) = editor_body([{"type": "table", "rows": [["a", "b"], ["c", "*d*"]]}])["content"]
    cells = [[cell["type"] for cell in row["content"]] for row in table["content"]]
    assert cells == [["tableHeader", "tableHeader"], ["tableCell", "tableCell"]]
    assert table["content"][1]["content"][1]["content"][0]["content"][0]["marks"] == [{"type": "italic"}]


def test_an_earlier_version_has_the_words_of_then():
    text = demo.draft("letter-to-deputies")["texts"]["kk"]
    assert "отыз күннен кейін" not in str(text_at(text, 1)["body"])
    assert "отыз күннен кейін" in str(text_at(text, 2)["body"])
    assert "отыз күннен кейін" in str(text["body"]), "the text itself stays as it is"


def test_running_text_is_one_block_and_escaped():
    blocks = [
        {"type": "heading", "text": "A < B"},
        {"type": "paragraph", "text": "**Bold** & plain"},
        {"type": "list", "ordered": True, "items": ["one", "*two*"]},
        {"type": "quotation", "text": "Words", "speaker": "She"},
        {"type": "paragraph", "text": "After"},
    ]
    assert story(blocks, facts={}) == [
        (
            "text",
            "<h2>A &lt; B</h2><p><b>Bold</b> &amp; plain</p><ol><li>one</li><li><i>two</i></li></ol>",
        ),
        ("quote", {"words": "Words", "speaker": "She", "role": ""}),
        ("text", "<p>After</p>"),
    ]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_page_of_the_demo_fits_the_blocks_of_the_site(language):
    for body in [item["body"] for item in demo.news] + [demo.about["body"]]:
        for kind, value in story(body[language], facts=FACTS):
            assert kind in {"text", "quote", "fact"}
            if kind == "fact":
                assert value in FACTS.values()
            if kind == "quote":
                QuoteBlock().clean(QuoteBlock().to_python(value))
