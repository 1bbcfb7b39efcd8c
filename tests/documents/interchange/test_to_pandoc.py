"""Every block as pandoc's tree; suggestions and comments with who and when, spaces at their edges kept."""

import json

import pytest

from documents.interchange.pandoc import tree
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.suggest.new_rows import TreeTarget
from tests.documents.interchange.made import (
    ASEL,
    DANA,
    PEOPLE,
    SHEET,
    around,
    comment,
    doc,
    footnote,
    identity,
    ins,
    node,
    para,
    text,
    thread,
)
from tests.documents.interchange.write_golden import GOLDEN, TEXTS, said

DATE = "2025-07-31T"


def blocks(*content, target=TreeTarget.DOCX, threads=()):
    made = to_pandoc(doc(*content, title=""), properties=SHEET, context=around(*threads), target=target)
    return made["blocks"]


def row(*content, **given):
    """The inlines of one paragraph."""
    return blocks(para(*content), **given)[0]["c"]


def spans(inlines):
    """Class, author and words of each span."""
    return [
        (one["c"][0][1][0], dict(one["c"][0][2]).get("author"), one["c"][1])
        for one in inlines
        if one["t"] == "Span"
    ]


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_block_is_written_as_before(path):
    assert said(path) == (GOLDEN / f"{path.stem}.md").read_text(encoding="utf-8")


def test_a_suggestion_names_who_and_keeps_its_spaces():
    made = row("Біз ", text("бәріміз ", ins(identity(DANA))), "айтамыз")
    assert spans(made) == [("insertion", PEOPLE[DANA], tree.word_nodes("бәріміз "))]
    assert dict(made[2]["c"][0][2])["date"].startswith(DATE)


def test_neighbours_of_one_suggestion_are_one_span():
    one = identity()
    made = row(
        "a", text("b", ins(one)), text("c", ins(one), {"type": "bold"}), text("d", ins(identity(DANA)))
    )
    assert [kind for kind, _who, _words in spans(made)] == ["insertion", "insertion"]


def test_a_whole_block_that_is_suggested_is_suggested_in_all_its_words():
    (quotation, speaker) = blocks(
        node("quotation", para("Сөз"), speaker="Айгүл", role="", marks=[ins(identity(ASEL))])
    )
    for block in (quotation, speaker):
        inlines = block["c"][1][0]["c"]
        assert spans(inlines)[0][:2] == ("insertion", PEOPLE[ASEL])


def test_the_suggested_end_of_a_paragraph_is_a_mark_of_words():
    split = identity(ASEL)
    first, second = blocks(para("Бір", text("\u200b", ins(split))), para(text("\u200b", ins(split)), "екі"))
    assert first["c"][-1]["t"] == "RawInline"
    assert f'w:author="{PEOPLE[ASEL]}"' in first["c"][-1]["c"][1]
    assert second["c"] == tree.word_nodes("екі")


def test_the_ends_of_other_paragraphs_are_not_marked():
    for made in (
        blocks(para(text("a", ins())), para(text("b", ins()))),
        blocks(para("a", text("b", ins(identity()))), para("c")),
    ):
        assert "RawInline" not in json.dumps(made)


def test_a_comment_and_the_answers_to_it_stand_around_its_words():
    told = thread("t1", ("Дана О. (Центр)", "Неге?"), ("Асель", "Себебі бар"))
    made = row("a ", text("b", comment("t1")), text(" c", comment("t1"), {"type": "bold"}), threads=[told])
    assert spans(made) == [
        ("comment-start", "Дана О. (Центр)", tree.word_nodes("Неге?")),
        ("comment-start", "Асель", tree.word_nodes("Себебі бар")),
        ("comment-end", None, []),
        ("comment-end", None, []),
    ]
    assert made[-1]["c"][0][1] == ["comment-end"]


def test_a_comment_without_a_place_stands_at_the_beginning():
    made = row("a ", text("b", {"type": "bold"}), threads=[thread("t1")])
    assert [kind for kind, _author, _words in spans(made[:3])] == ["comment-start"]
    assert made[0]["t"] == "Span"


def test_a_comment_that_nobody_handed_over_is_not_told():
    assert row(text("a", comment("secret"))) == tree.word_nodes("a")


def test_pages_show_suggestions_and_no_comments():
    made = row(text("a", ins(), comment("t1")), target=TreeTarget.PAGES, threads=[thread("t1")])
    assert spans(made) == [("insertion", None, tree.word_nodes("a"))]


def test_words_stand_in_their_normal_form():
    assert row("  a\u00ad  ", text("\tb ", {"type": "bold"}), footnote(" c ")) == [
        *tree.word_nodes("a "),
        tree.node("Strong", tree.word_nodes("b ")),
        tree.footnote_node("c"),
    ]


def test_rows_without_words_are_left_out():
    assert blocks(para(), para(" "), node("bulletList", node("listItem", para()))) == []
