"""Reading and writing the shape of live texts; whatever a browser wrote is read without failing."""

import contextlib
import itertools
import json

import pytest
from hypothesis import given, settings, strategies as st
from pycrdt import Doc, XmlElement, XmlText

from documents.canonical.build import build
from documents.canonical.form import CanonicalError
from documents.drafts.live.suggestions import (
    accept_all,
    doc_to_json,
    fragment_of,
    join_text,
    json_to_update,
    normalise_marked,
    open_suggestions_in,
    reject_all,
    split_text,
)
from tests.documents.drafts.live.writing import (
    Replica,
    editor,
    mark,
    paragraph,
    suggester,
    text,
    verdict,
    words,
)


def read(update):
    doc = Doc()
    doc.apply_update(update)
    return doc_to_json(doc)


LETTERS = st.text(st.sampled_from("aқӘёЖ 🌷é\u200b"), min_size=1, max_size=8)
MARKS = st.lists(
    st.sampled_from(
        [
            {"type": "bold"},
            {"type": "link", "attrs": {"href": "https://example.org/?q=ә"}},
            mark("insertion"),
            mark("deletion"),
            mark("modification", type="attr", attrName="level", previousValue=2, newValue=3),
            {"type": "comment", "attrs": {"id": "0190a000-0000-7000-8000-000000000009"}},
            {"type": "comment", "attrs": {"id": "0190a000-0000-7000-8000-000000000010"}},
        ]
    ),
    max_size=3,
    unique_by=str,
)
FOOTNOTE = {"type": "footnote", "attrs": {"text": "Дерек"}}
INLINE = st.one_of(
    st.builds(lambda said, marks: words(said, *marks), LETTERS, MARKS),
    st.builds(lambda marks: {**FOOTNOTE, "marks": marks} if marks else FOOTNOTE, MARKS),
)
LINE = st.builds(lambda *parts: list(itertools.chain(*parts)), st.lists(INLINE, max_size=4))
BLOCK = st.one_of(
    st.builds(lambda line, marks: {"type": "paragraph", "content": line, "marks": marks}, LINE, MARKS),
    st.builds(lambda line: {"type": "heading", "attrs": {"level": 2}, "content": line}, LINE),
    st.builds(
        lambda line: {
            "type": "bulletList",
            "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": line}]}],
        },
        LINE,
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=4))
def test_what_is_written_is_read(blocks):
    marked = text(*blocks)
    assert read(json_to_update(marked)) == normalise_marked(marked)
    assert normalise_marked(normalise_marked(marked)) == normalise_marked(marked)


def test_words_are_split_and_joined():
    given_words = {"title": "Т", "lead": "", "body": {"type": "doc", "content": [paragraph(words("Сөз"))]}}
    assert split_text(join_text(given_words)) == given_words
    empty = split_text(read(Doc().get_update()))
    assert empty == {"title": "", "lead": "", "body": {"type": "doc", "content": [{"type": "paragraph"}]}}


def test_two_titles_at_once_lose_no_word():
    start = json_to_update(text())
    one, other = Replica(start), Replica(start)
    for replica, title in ((one, "Бірінші"), (other, "Екінші")):
        with replica.change():
            del replica.root.children[0]
            replica.add(0, {"type": "title", "content": [words(title)]})
    one.doc.apply_update(other.doc.get_update())
    other.doc.apply_update(one.doc.get_update())
    made = doc_to_json(one.doc)
    assert made == doc_to_json(other.doc)
    assert [node["type"] for node in made["content"]] == ["title", "lead", "paragraph", "paragraph"]
    assert {made["content"][0]["content"][0]["text"], made["content"][2]["content"][0]["text"]} == {
        "Бірінші",
        "Екінші",
    }


def test_two_write_into_one_line_and_agree():
    start = json_to_update(text(paragraph(words("Қазақ тілі"))))
    one, other = Replica(start), Replica(start)
    for number, (replica, said) in enumerate(
        [(one, "ә🌷"), (other, "ёж"), (one, "ң"), (other, "👩‍👩‍👧")] * 5
    ):
        with replica.change():
            replica.type_at(2, 0 if number % 3 else len(replica.line(2)), said, insertion={"id": "x"})
    for update in one.sent:
        other.doc.apply_update(update)
    for update in other.sent:
        one.doc.apply_update(update)
    assert doc_to_json(one.doc) == doc_to_json(other.doc)
    said = "".join(part["text"] for part in doc_to_json(one.doc)["content"][2]["content"])
    assert said.count("👩‍👩‍👧") == said.count("ң") == 5
    assert "Қазақ тілі" in said


def deep(doc):
    inner = fragment_of(doc)
    for _ in range(2000):
        inner = inner.children.append(XmlElement("blockquote"))
    inner.children.append(XmlText("Deep"))


def loose(doc):
    fragment_of(doc).children.insert(1, XmlText("Loose"))


def embedded(doc):
    line = fragment_of(doc).children[2].children[0]
    line.insert_embed(0, {"image": "x"})
    line.insert(0, "Before ", {"strike": None, "odd": 7})


def strange(doc):
    root = fragment_of(doc)
    script = root.children.insert(0, XmlElement("script", {"src": "x"}))
    script.attributes["__mark_insertion"] = 7
    script.attributes["__mark_"] = {}
    script.children.append(XmlText("alert(1)"))
    root.children.append(XmlElement("title"))
    root.children.append(XmlElement("lead"))


@pytest.mark.parametrize("write", [deep, loose, embedded, strange])
def test_whatever_a_browser_wrote_is_read(write):
    doc = Doc()
    doc.apply_update(json_to_update(text(paragraph(words("Сөз")))))
    write(doc)
    made = doc_to_json(doc)
    assert [node["type"] for node in made["content"][:2]] == ["title", "lead"]
    assert any(node == paragraph(words("Сөз")) for node in made["content"]) or write is embedded
    assert normalise_marked(made) == made


ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.sampled_from(["", "a\x00", "insertion", "heading"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["id", "type", "attrs", "attrName", "previousValue", "\x00"]), inner),
    ),
    max_leaves=5,
)
ODD_MARKS = st.dictionaries(
    st.sampled_from(["insertion", "deletion", "modification--AAAAAAAA", "comment--AAAAAAAA", "link", "\x00"]),
    ODD,
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(ODD_MARKS, ODD_MARKS, st.dictionaries(st.sampled_from(["level", "start", "\x00"]), ODD, max_size=2))
def test_odd_attributes_and_marks_break_nothing(on_words, on_block, attrs):
    doc = Doc()
    root = fragment_of(doc)
    for kind in ("title", "heading", "orderedList"):
        block = root.children.append(XmlElement(kind))
        for name, value in [*attrs.items(), *((f"__mark_{name}", value) for name, value in on_block.items())]:
            block.attributes[name] = value
        line = block.children.append(XmlText())
        line.insert(0, "a\x00b", on_words)
    marked = doc_to_json(doc)
    assert "\x00" not in json.dumps(marked, allow_nan=False)
    assert normalise_marked(marked) == marked
    for made in (accept_all(marked), reject_all(marked), marked):
        open_suggestions_in(made)
        with contextlib.suppress(CanonicalError):
            build(split_text(made)["body"], title="T", language="kk")
    plain = text(paragraph(words("ab")))
    for grant in (suggester(), editor()):
        assert isinstance(verdict(plain, marked, grant), str)
        assert isinstance(verdict(marked, plain, grant), str)


def test_loose_words_are_a_paragraph_and_strangers_stay():
    doc = Doc()
    doc.apply_update(json_to_update(text()))
    loose(doc)
    strange(doc)
    kinds = [node["type"] for node in doc_to_json(doc)["content"]]
    assert kinds == ["title", "lead", "script", "paragraph", "paragraph"]


def test_a_level_is_a_number_for_the_canonical_form():
    heading = {"type": "heading", "attrs": {"level": 2}, "content": [words("Ұсыныс")]}
    held = split_text(read(json_to_update(text(heading))))
    assert build(held["body"], title="Т", language="kk")["blocks"][0]["level"] == 2
    assert type(held["body"]["content"][0]["attrs"]["level"]) is int
