"""HTML of a canonical document: safe whatever it holds, and usable with a screen reader."""

import re
from html.parser import HTMLParser

import pytest
from django.utils.safestring import SafeString
from hypothesis import HealthCheck, given, settings

from documents.canonical.compare import compare_documents, render_comparison
from documents.canonical.html import render_html, sanitise
from tests.documents.canonical import strategies
from tests.documents.canonical.golden_labels import LABELS
from tests.documents.canonical.nodes import BOLD, footnote, link, node, paragraph, text
from tests.documents.canonical.test_properties import built as build_any

UUID = "0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0a35"
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</div></article><iframe src=https://evil.example>",
    '" onmouseover="alert(1)',
    "<svg/onload=alert(1)>",
    "{{ constructor.constructor('alert(1)')() }}",
    "&lt;script&gt;",
    "<!--><script>alert(1)</script>-->",
]
TAGS = {"script", "iframe", "svg", "style", "object", "form", "input", "math", "template", "base", "meta"}


class Page(HTMLParser):
    """What a browser would see: elements, their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self.open = [], "", []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in {"img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def check_safe(html):
    page = Page(html)
    assert page.open == []
    assert not {tag for tag, _attrs in page.elements} & TAGS
    for _tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name in {"style", "srcdoc"}]
        for address in (attrs.get("href", "#"), attrs.get("src", "/")):
            assert re.match(r"https?://|mailto:|tel:|#|/", address)
    return page


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_just_words_wherever_they_stand(built, attack):
    fact = {"type": "fact", "attrs": {"id": "f1", "words": attack, "source": attack}}
    gap = {"type": "gap", "attrs": {"name": attack, "kind": "date"}}
    picture = {"type": "picture", "attrs": {"id": UUID, "alt": attack, "caption": attack, "credit": attack}}
    document = built(
        paragraph(attack, text(attack, BOLD), fact, gap, footnote(attack)),
        node("heading", attack, level=2),
        node("quotation", paragraph(attack), speaker=attack, role=attack),
        node("bulletList", node("listItem", paragraph(attack))),
        node("table", node("tableRow", node("tableHeader", paragraph(attack)))),
        picture,
        title=attack,
        lead=attack,
        pictures={UUID: {"sha256": "9f" * 32}},
    )
    html = render_html(document, labels=LABELS["kk"], with_title=True)
    page = check_safe(html)
    assert page.text.count(attack) == 17
    changed = render_comparison(compare_documents(built(paragraph("a")), document), labels=LABELS["kk"])
    assert attack in check_safe(changed).text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.texts_to_build, strategies.texts_to_build)
def test_every_text_and_comparison_is_safe_and_well_formed(text, other):
    before, after = build_any(text), build_any(other)
    for document in (before, after):
        check_safe(render_html(document, with_title=True))
    check_safe(render_comparison(compare_documents(before, after)))
    check_safe(render_comparison(compare_documents(before, after), context=1))


def test_the_last_gate_holds_by_itself():
    html = sanitise(
        '<p class="lead evil" style="x" onclick="y">a<script>b</script><a href="javascript:c">d</a>'
        '<img src="data:image/svg+xml,e"><iframe src="//f"></iframe></p>'
    )
    assert html == '<p class="lead">a<a>d</a><img></p>'
    assert isinstance(html, SafeString)


def test_pictures_come_from_where_the_caller_says(built):
    asked = []

    def picture_url(name, sha256):
        asked.append((name, sha256))
        return {"src": "/media/a.webp?x=1&y=2", "width": 800, "height": 600}

    picture = {"type": "picture", "attrs": {"id": UUID, "alt": "Гүл", "caption": "", "credit": ""}}
    document = built(picture, pictures={UUID: {"sha256": "9f" * 32}})
    image = dict(Page(render_html(document, picture_url=picture_url)).elements)["img"]
    assert asked == [(UUID, "9f" * 32)]
    assert image["src"] == "/media/a.webp?x=1&y=2"
    assert (image["alt"], image["width"], image["height"]) == ("Гүл", "800", "600")
    without = Page(render_html(document, labels=LABELS["kk"], picture_url=lambda *_given: None))
    assert "img" not in dict(without.elements)
    assert without.text == "Сурет: Гүл"


def test_a_picture_address_cannot_bring_a_script(built):
    picture = {"type": "picture", "attrs": {"id": UUID, "alt": "Гүл"}}
    document = built(picture, pictures={UUID: {"sha256": "9f" * 32}})
    html = render_html(document, picture_url=lambda *_given: {"src": "javascript:a", "width": 1, "height": 1})
    assert "javascript" not in html


def test_footnotes_lead_there_and_back(built):
    document = built(paragraph("a", footnote("бір"), "b", footnote("екі")))
    page = Page(render_html(document, labels=LABELS["ru"], id_prefix="kk-"))
    ids = {attrs["id"] for _tag, attrs in page.elements if "id" in attrs}
    links = [attrs for tag, attrs in page.elements if tag == "a"]
    assert {attrs["href"][1:] for attrs in links} <= ids
    assert [attrs["href"] for attrs in links] == ["#kk-note-1", "#kk-note-2", "#kk-ref-1", "#kk-ref-2"]
    sections = [attrs for tag, attrs in page.elements if tag == "section"]
    assert ["aria-labelledby" in attrs for attrs in sections] == [False]  # others may be beside it
    assert links[0]["aria-label"] == "Примечание 1"
    assert links[3]["aria-label"] == "Назад к тексту, примечание 2"


def test_facts_with_one_source_share_a_note(built):
    def fact(words, source):
        return {"type": "fact", "attrs": {"id": "f1", "words": words, "source": source}}

    document = built(paragraph(fact("25", "Internews"), ", ", fact("20", "Internews"), fact("0", "GP")))
    page = Page(render_html(document))
    ids = [attrs["id"] for _tag, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if name.startswith("note-")] == ["note-1", "note-2"]


def test_links_do_not_nest(built):
    fact = {
        "type": "fact",
        "attrs": {"id": "f", "words": "25", "source": "S"},
        "marks": [link("https://a.kz")],
    }
    linked = text("сөз", link("https://a.kz"))
    html = render_html(built(paragraph(linked, footnote("x"), fact, linked)))
    depth = 0
    for tag in re.findall(r"</?a\b", html):
        depth += 1 if tag == "<a" else -1
        assert depth in {0, 1}


@pytest.mark.parametrize("shift, tags", [(-1, "h2 h2 h3"), (0, "h2 h3 h4"), (1, "h3 h4 h5"), (9, "h6 h6 h6")])
def test_headings_shift(built, shift, tags):
    document = built(*[node("heading", "a", level=level) for level in (2, 3, 4)])
    found = [tag for tag, _attrs in Page(render_html(document, heading_shift=shift)).elements if tag != "div"]
    assert found == tags.split()


def test_the_language_is_told_and_the_title_only_if_asked(built):
    document = built(paragraph("a"), title="Тақырып", lead="Кіріспе", language="kk")
    assert render_html(document) == '<div class="prose" lang="kk"><p>a</p></div>'
    assert render_html(document, with_title=True) == (
        '<div class="prose" lang="kk"><h1>Тақырып</h1><p class="lead">Кіріспе</p><p>a</p></div>'
    )
