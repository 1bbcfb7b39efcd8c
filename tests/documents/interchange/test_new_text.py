"""A file that becomes a text of its own: our files give the same blocks, others give what they have."""

import itertools
from collections import Counter

from documents.canonical.build import build
from documents.drafts.live.suggestions import reject_all, split_text
from documents.interchange.pandoc import tree, writer
from documents.interchange.reader.document import read_tree
from documents.interchange.reader.reasons import read_file
from documents.interchange.suggest.marked_text import SuggestionAuthors
from documents.interchange.suggest.new_rows import build_new_text, title_in
from tests.documents.interchange.bringing import docx
from tests.documents.interchange.made import doc, footnote, gone, ins, node, para, text


def made_of(marked):
    file = read_file(docx(marked))
    counter = itertools.count(1)
    authors = SuggestionAuthors(
        lambda _change: f"s{next(counter)}", lambda change: file.found.changes[change].author
    )
    return build_new_text(file.reading, authors)[0]


def test_our_own_file_gives_its_blocks_again():
    cell = node("tableCell", para("Ұяшық"))
    marked = doc(
        para("Сөз ", text("қалың", {"type": "bold"}), footnote("Түсіндірме")),
        node("heading", "Тақырыпша", level=3),
        node("bulletList", node("listItem", para("бір")), node("listItem", para("екі"))),
        node("orderedList", node("listItem", para("үш")), start=3),
        node("blockquote", para("Заңнан")),
        node("quotation", para("Дәйексөз"), para("Тағы"), speaker="Айгүл", role="заңгер"),
        node("table", node("tableRow", node("tableHeader", para("Баған"))), node("tableRow", cell)),
        lead="Кіріспе",
    )
    assert made_of(marked) == marked


def test_changes_of_the_file_are_suggestions():
    marked = doc(para("Біз ", text("ескі", gone()), text("жаңа", ins()), " сөз"))
    (paragraph,) = made_of(marked)["content"][2:]
    assert [
        (one["text"], [mark["type"] for mark in one.get("marks", [])]) for one in paragraph["content"]
    ] == [
        ("Біз ", []),
        ("ескі", ["deletion"]),
        ("жаңа", ["insertion"]),
        (" сөз", []),
    ]


def strange_tree():
    """What other people's files hold: deep lists, merged cells, code, figures."""

    def row(words):
        return tree.node("Para", tree.word_nodes(words))

    def header(level, content):
        return tree.node("Header", [level, tree.node_attributes(), content])

    deep = tree.node(
        "BulletList",
        [[row("1"), tree.node("BulletList", [[row("2"), tree.node("BulletList", [[row("3")]])]])]],
    )
    table = tree.table_node([[[row("a")], [header(2, tree.word_nodes("b"))]], [[row("c")]]], headed=True)
    return [
        header(1, tree.word_nodes("Атауы")),
        deep,
        table,
        {"t": "CodeBlock", "c": [tree.node_attributes(), "x = 1\ny = 2"]},
        {"t": "LineBlock", "c": [tree.word_nodes("жол бір"), tree.word_nodes("жол екі")]},
        {"t": "DefinitionList", "c": [[tree.word_nodes("сөз"), [[row("мағына")]]]]},
        {"t": "HorizontalRule"},
        tree.node("BlockQuote", [header(2, tree.word_nodes("ішінде")), deep]),
        row(" "),
    ]


def test_other_files_give_texts_that_the_editor_can_hold():
    given = {"pandoc-api-version": tree.API, "meta": {}, "blocks": strange_tree()}
    content = writer.write_with_pandoc(given, "docx")
    file = read_file(content)
    made = build_new_text(file.reading, SuggestionAuthors(str, str))[0]
    assert title_in(file.reading) == "Атауы"
    given = split_text(reject_all(made))
    document = build(
        given["body"], title=given["title"], lead=given["lead"], language="kk", holding_statement=True
    )
    assert document["title"] == "Атауы"
    assert [block["type"] for block in document["blocks"]][:3] == ["list", "table", "paragraph"]


def test_whatever_pandoc_says_becomes_rows():
    reading = read_tree({"blocks": strange_tree()}, Counter())
    words = str(reading)
    for said in ("1", "2", "3", "a", "b", "c", "x = 1", "жол екі", "мағына", "ішінде"):
        assert said in words
