"""Comparing two versions: what people are shown before they approve anew."""

import time

import pytest

from documents.canonical.compare import ChangeKind, Op, compare_documents, render_comparison
from tests.documents.canonical.golden_labels import LABELS
from tests.documents.canonical.nodes import BOLD, footnote, link, node, paragraph, text

UUID = "0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0a35"


def shown(before, after, **given):
    return render_comparison(compare_documents(before, after), labels=LABELS["kk"], **given)


def pieces(change):
    return [(piece.op, "".join(token.text for token in piece.tokens)) for piece in change.pieces]


def test_one_word(built):
    before = built(paragraph("с 2014 по 2018 год никто не был осуждён."))
    after = built(paragraph("с 2014 по 2017 год никто не был осуждён."))
    comparison = compare_documents(before, after)
    assert pieces(comparison.changes[1]) == [
        (Op.EQUAL, "с 2014 по "),
        (Op.DELETE, "2018"),
        (Op.INSERT, "2017"),
        (Op.EQUAL, " год никто не был осуждён."),
    ]
    summary = comparison.summary
    assert (summary.changed, summary.added, summary.removed, summary.unchanged) == (1, 0, 0, 1)
    assert (summary.words_added, summary.words_removed) == (1, 1)
    html = shown(before, after)
    assert '<del class="gone"><span class="vh">Жойылды: </span>2018</del>' in html
    assert '<ins class="new"><span class="vh">Қосылды: </span>2017</ins>' in html


def test_words_replaced_in_a_row_are_one_change(built):
    comparison = compare_documents(built(paragraph("a бір екі үш b")), built(paragraph("a төрт бес алты b")))
    assert [op for op, _words in pieces(comparison.changes[1])] == [Op.EQUAL, Op.DELETE, Op.INSERT, Op.EQUAL]


def test_a_paragraph_put_in_between_leaves_the_others_alone(built):
    old = [paragraph(f"Бұл {number} абзац, сөздері бар") for number in "абвгд"]
    new = [*old[:2], paragraph("Мүлдем жаңа ой"), *old[2:4]]
    kinds = [change.kind for change in compare_documents(built(*old), built(*new)).changes[1:]]
    assert kinds == [ChangeKind.UNCHANGED] * 2 + [ChangeKind.ADDED] + [ChangeKind.UNCHANGED] * 2 + [
        ChangeKind.REMOVED
    ]


def test_a_changed_paragraph_beside_a_new_one_is_recognised(built):
    before = built(paragraph("Заң қудалаудың анықтамасын береді"))
    after = built(paragraph("Мүлдем басқа"), paragraph("Заң қудалаудың нақты анықтамасын береді"))
    kinds = [change.kind for change in compare_documents(before, after).changes[1:]]
    assert kinds == [ChangeKind.ADDED, ChangeKind.CHANGED]


def test_the_same_document(built):
    document = built(paragraph("a"), lead="б")
    comparison = compare_documents(document, document)
    assert comparison.same
    assert not comparison.regrouped
    assert comparison.summary.unchanged == 3
    assert "<ins" not in shown(document, document)


def picture(sha256="9f", **attrs):
    block = {"type": "picture", "attrs": {"id": UUID, "alt": "Гүл", **attrs}}
    return {"blocks": [block], "pictures": {UUID: {"sha256": sha256 * 32}}}


def fact(source):
    return paragraph({"type": "fact", "attrs": {"id": "f", "words": "25", "source": source}})


def table(*kinds):
    return node("table", node("tableRow", *[node(kind, paragraph("a")) for kind in kinds]))


def linked(href):
    return paragraph(text("a", link(href)))


def said_by(speaker):
    return node("quotation", paragraph("a"), speaker=speaker)


def bullets(*items):
    return node("bulletList", *[node("listItem", paragraph(item)) for item in items])


def gap(value, name="күні"):
    return paragraph("a ", {"type": "gap", "attrs": {"name": name, "kind": "date", "value": value}})


@pytest.mark.parametrize(
    "before, after, words",
    [
        ({"title": "Бір сөз"}, {"title": "Екі сөз"}, "Екі"),
        ({"lead": ""}, {"lead": "Кіріспе"}, "Кіріспе"),
        ([linked("https://a.kz/1")], [linked("https://a.kz/2")], "https://a.kz/2"),
        ([paragraph("a b")], [paragraph("a ", text("b", BOLD))], "<strong>b</strong>"),
        ([paragraph("a", footnote("бір"))], [paragraph("a", footnote("екі"))], "екі"),
        ([fact("Бір")], [fact("Екі")], "Екі"),
        ([gap("")], [gap("8 наурыз")], "8 наурыз"),
        ([gap("")], [gap("", name="қала")], "қала"),
        ([paragraph("a")], [node("heading", "a", level=2)], "пішіні"),
        ([node("heading", "a", level=2)], [node("heading", "a", level=3)], "пішіні"),
        ([bullets("a")], [paragraph("a")], "пішіні"),
        ([table("tableHeader")], [table("tableCell")], "пішіні"),
        ([said_by("Гүл")], [said_by("Айгүл")], "Айгүл"),
        (picture(), picture("41"), "4141 4141"),
        (picture(), picture(caption="Алматы"), "Алматы"),
        ([table("tableCell"), table("tableCell")], [table("tableCell"), paragraph("b")], "b"),
        ([bullets("a"), bullets("b")], [bullets("a", "b")], "пішіні"),
    ],
)
def test_whatever_is_approved_is_compared(built, before, after, words):
    documents = []
    for given in (before, after):
        blocks, rest = (
            (given, {}) if isinstance(given, list) else (given.get("blocks", [paragraph("a")]), given)
        )
        documents.append(built(*blocks, **{key: rest[key] for key in rest if key != "blocks"}))
    assert not compare_documents(*documents).same
    assert words in shown(*documents)
    assert words not in shown(documents[0], documents[0])


def test_attached_files_are_compared(built):
    file = {"sha256": "9f" * 32, "name": "a.pdf", "type": "application/pdf"}
    html = shown(built(paragraph("a")), built(paragraph("a"), attachments=[file]))
    assert "a.pdf" in html


def test_unchanged_passages_can_be_left_out(built):
    old = [paragraph(f"{number} абзац") for number in range(20)]
    html = shown(built(*old), built(*old[:10], paragraph("Жаңа сөздер"), *old[10:]), context=2)
    assert html.count("compare__passage--unchanged") == 4
    assert html.count("compare__skipped") == 2
    assert "Өзгеріссіз бөліктер: 9" in html


@pytest.mark.parametrize(
    "old, new",
    [
        (
            [paragraph(f"{n} " + "аб а " * 500) for n in range(60)],
            [paragraph(f"{n} " + "б аа " * 500) for n in range(60)],
        ),
        ([paragraph("а " * 20_000)], [paragraph("б " + "а " * 19_000 + "в")]),
        ([paragraph(f"{n} а") for n in range(3000)], [paragraph(f"{n} б") for n in range(3000)]),
        ([paragraph("а")] * 3000, [paragraph("б"), *[paragraph("а")] * 2500, paragraph("в")]),
    ],
    ids=["many passages of two words", "one word over and over", "every passage changed", "equal passages"],
)
def test_hostile_texts_do_not_stall_it(built, old, new):
    before, after = built(*old), built(*new)
    start = time.perf_counter()
    compare_documents(before, after)
    assert time.perf_counter() - start < 5
