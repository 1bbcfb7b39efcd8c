"""The normal form across runs and blocks: equal words have one form and one hash."""

import pytest

from documents.canonical.form import canonical_hash, short_hash
from documents.canonical.nodes import open_gaps
from tests.documents.canonical.nodes import BOLD, ITALIC, footnote, link, node, paragraph, text


@pytest.mark.parametrize(
    "one, other",
    [
        ([paragraph("a", "b")], [paragraph("ab")]),
        ([paragraph("a ", " b")], [paragraph("a b")]),
        ([paragraph("a", text(" b", BOLD), text(" c", BOLD))], [paragraph("a", text(" b c", BOLD))]),
        ([paragraph(text("a", BOLD, ITALIC))], [paragraph(text("a", ITALIC, BOLD))]),
        ([paragraph("a ", text(" ", BOLD), "b")], [paragraph("a b")]),
        ([paragraph("e", text("", BOLD), "\u0301")], [paragraph("é")]),
        ([paragraph("👩", "\u200d💻")], [paragraph("👩\u200d💻")]),
        ([paragraph(text("a ", BOLD), text(" b"))], [paragraph(text("a ", BOLD), text("b"))]),
        ([paragraph(), paragraph("a"), node("heading", " ", level=2)], [paragraph("a")]),
        ([node("blockquote", paragraph()), paragraph("a")], [paragraph("a")]),
        ([{**paragraph("a"), "attrs": {"textAlign": None}}], [paragraph("a")]),
        (
            [paragraph(text("a", link("HTTPS://EXAMPLE.org/")), text("b", link("https://example.org/")))],
            [paragraph(text("ab", link("https://example.org/", target="_blank", rel="noopener")))],
        ),
        ([paragraph("a", {**footnote("b"), "marks": [BOLD]})], [paragraph("a", footnote(" b\n"))]),
    ],
)
def test_equal_words_have_one_hash(built, one, other):
    assert canonical_hash(built(*one)) == canonical_hash(built(*other))


@pytest.mark.parametrize(
    "one, other",
    [
        ([paragraph("a b")], [paragraph("a\u00a0b")]),
        ([paragraph("a")], [paragraph(text("a", BOLD))]),
        ([paragraph("a")], [node("heading", "a", level=2)]),
        ([paragraph("a"), paragraph("b")], [paragraph("a b")]),
        ([paragraph("a", footnote("b"))], [paragraph("a", footnote("c"))]),
        ([paragraph(text("a", link("https://a.kz")))], [paragraph(text("a", link("https://b.kz")))]),
    ],
)
def test_other_words_have_another_hash(built, one, other):
    assert canonical_hash(built(*one)) != canonical_hash(built(*other))


def test_title_lead_language_and_pictures_are_approved_too(built):
    hashes = {
        canonical_hash(built(paragraph("a"), **given))
        for given in ({}, {"title": "Б"}, {"lead": "В"}, {"language": "ru"})
    }
    assert len(hashes) == 4


def test_an_empty_cell_keeps_its_place(built):
    rows = node("table", node("tableRow", node("tableCell", paragraph()), node("tableCell", paragraph("a"))))
    assert [bool(cell["blocks"]) for cell in built(rows)["blocks"][0]["rows"][0]] == [False, True]


def test_footnotes_are_numbered_as_they_are_read(built):
    inside = node("bulletList", node("listItem", paragraph("a", footnote("екі"))))
    blocks = built(paragraph("a", footnote("бір")), inside, paragraph(footnote("үш")))["blocks"]
    notes = [(block["number"], block["words"]) for block in blocks if block["type"] == "footnote"]
    assert notes == [(1, "бір"), (2, "екі"), (3, "үш")]
    assert [block["type"] for block in blocks[-3:]] == ["footnote"] * 3


def test_open_gaps_are_named(built):
    gaps = [
        {"type": "gap", "attrs": {"name": name, "kind": "place", "value": value}}
        for name, value in ("аб", "в ")
    ]
    assert open_gaps(built(paragraph(*gaps))) == ["в"]


def test_the_short_hash_is_twenty_characters_in_groups_of_four():
    assert short_hash("9f3a71c0e84b0be277a941d8" + "0" * 40) == "9f3a 71c0 e84b 0be2 77a9"
