"""What has no canonical form, and that the reason is said in words and with its place."""

import pytest
from django.utils import translation

from documents.canonical.build import build
from documents.canonical.form import CanonicalError
from documents.canonical.nodes import LIMITS
from tests.documents.canonical.nodes import BOLD, footnote, link, node, paragraph, text

UUID = "0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0a35"
HASH = "9f" * 32


def nested(depth, inner):
    for _level in range(depth):
        inner = node("bulletList", node("listItem", inner))
    return inner


def picture(**attrs):
    return {"type": "picture", "attrs": {"id": UUID, **attrs}}


def fact(**attrs):
    return {"type": "fact", "attrs": {"id": "f1", "words": "25", "source": "Internews", **attrs}}


def row(*cells):
    return node("tableRow", *[node("tableCell", paragraph(cell)) for cell in cells])


SUGGESTED = [{"type": kind, "attrs": {"id": "1"}} for kind in ("insertion", "deletion", "modification")]

REFUSED = [
    ("unknown_node", [{"type": "codeBlock"}]),
    ("unknown_node", [paragraph({"type": "hardBreak"})]),
    ("unknown_node", [node("iframe", paragraph("a"))]),
    ("unknown_mark", [paragraph(text("a", {"type": "strike"}))]),
    ("unknown_attribute", [node("paragraph", "a", textAlign="right")]),
    ("unknown_attribute", [node("orderedList", node("listItem", paragraph("a")), type="a")]),
    ("unknown_attribute", [paragraph(text("a", link("https://example.org", title="b")))]),
    ("misplaced_node", [text("a")]),
    ("misplaced_node", [node("bulletList", paragraph("a"))]),
    ("misplaced_node", [node("blockquote", node("blockquote", paragraph("a")))]),
    ("misplaced_node", [node("listItem", paragraph("a"))]),
    ("marked_block", [{**paragraph("a"), "marks": [BOLD]}]),
    ("bad_attribute", [node("heading", "a", level=1)]),
    ("bad_attribute", [node("heading", "a", level=True)]),
    ("bad_attribute", [node("orderedList", node("listItem", paragraph("a")), start=0)]),
    ("bad_attribute", [{"type": "picture", "attrs": {"id": "../../etc/passwd"}}]),
    ("bad_attribute", [node("approvedBlock", paragraph("a"), version=UUID, hash="9f")]),
    ("bad_attribute", [paragraph({"type": "gap", "attrs": {"name": "a", "kind": "person"}})]),
    ("bad_attribute", [node("table", node("tableRow", node("tableCell", paragraph("a"), colspan=2)))]),
    ("list_depth", [nested(3, paragraph("a"))]),
    ("too_deep", [nested(200, paragraph("a"))]),
    ("table_ragged", [node("table", row("a", "b"), row("a"))]),
    ("quotation_unattributed", [node("quotation", paragraph("a"), speaker=" ")]),
    ("picture_missing", [picture(alt="a")]),
    ("footnote_empty", [paragraph("a", footnote(" "))]),
    ("fact_empty", [paragraph(fact(words=""))]),
    ("fact_without_source", [paragraph(fact(source=" "))]),
    ("gap_unnamed", [paragraph({"type": "gap", "attrs": {"name": "", "kind": "date"}})]),
    ("words_long", [paragraph("a", footnote("a" * 2001))]),
    ("damaged", [paragraph({"type": "text", "text": 5})]),
    ("damaged", [{"type": "paragraph", "content": "a"}]),
    ("damaged", [{"type": "paragraph", "content": [{"type": "text"}]}]),
    ("damaged", [paragraph({"type": "text", "text": "a", "marks": "bold"})]),
    ("damaged", [{"type": "paragraph", "evil": 1}]),
    ("damaged", ["a"]),
]


@pytest.mark.parametrize("code, blocks", REFUSED)
def test_it_is_refused_in_words(built, code, blocks):
    with pytest.raises(CanonicalError) as caught:
        built(*blocks)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")
    assert "%(" not in caught.value.message


@pytest.mark.parametrize("mark", SUGGESTED)
def test_open_suggestions_leave_nothing_to_approve(built, mark):
    for block in (
        paragraph("a", text("b", mark)),
        paragraph({**footnote("a"), "marks": [mark]}),
        {**paragraph("a"), "marks": [mark]},
    ):
        with pytest.raises(CanonicalError) as caught:
            built(block)
        assert caught.value.code == "open_suggestions"


def test_comments_are_no_part_of_the_words(built):
    comment = {"type": "comment", "attrs": {"id": "1", "resolved": False}}
    assert built(paragraph("a ", text("b", comment), " c")) == built(paragraph("a b c"))


@pytest.mark.parametrize("complete", [True, False])
def test_gaps_belong_to_holding_statements(built, complete):
    gap = {"type": "gap", "attrs": {"name": "күні", "kind": "date", "value": None}}
    assert built(paragraph(gap))["blocks"][0]["content"][0]["value"] == ""
    with pytest.raises(CanonicalError) as caught:
        built(paragraph(gap), holding_statement=False, complete=complete)
    assert caught.value.code == "gap_misplaced"


@pytest.mark.parametrize(
    "given, code, path",
    [
        ({"title": ""}, "title_missing", "title"),
        ({"title": " \u200b\n\u00a0"}, "title_missing", "title"),
        ({"title": "Ә" * 301}, "title_long", "title"),
        ({"title": "Ә" * 10_000}, "title_long", "title"),
        ({"title": "a\x00b"}, "control_character", "title"),
        ({"lead": "Ә" * 1001}, "lead_long", "lead"),
        ({"lead": "\ud800"}, "broken_character", "lead"),
        ({"language": "kk\n"}, "language_unknown", "language"),
        ({"language": "../ru"}, "language_unknown", "language"),
    ],
)
def test_title_lead_and_language(built, given, code, path):
    with pytest.raises(CanonicalError) as caught:
        built(paragraph("a"), **given)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_the_longest_title_and_lead_stand(built):
    document = built(paragraph("a"), title="Ә" * 300, lead="ә" * 1000)
    assert (len(document["title"]), len(document["lead"])) == (300, 1000)


def test_a_text_without_words_is_refused_unless_it_is_a_preview(built):
    with pytest.raises(CanonicalError) as caught:
        built(paragraph(" "), node("bulletList", node("listItem", paragraph())))
    assert caught.value.code == "text_missing"
    assert built(paragraph(), title="", complete=False)["blocks"] == []


def test_a_picture_needs_words_for_those_who_cannot_see_it(built):
    files = {UUID: {"sha256": HASH}}
    with pytest.raises(CanonicalError) as caught:
        built(picture(), pictures=files)
    assert caught.value.code == "picture_without_alt"
    assert built(picture(), pictures=files, complete=False)["pictures"][UUID]["alt"] == ""
    assert built(picture(alt="гүл"), pictures=files)["pictures"][UUID]["alt"] == "гүл"


def test_one_picture_has_one_description(built):
    files = {UUID: {"sha256": HASH}}
    assert len(built(picture(alt="гүл"), picture(alt="гүл"), pictures=files)["pictures"]) == 1
    with pytest.raises(CanonicalError) as caught:
        built(picture(alt="гүл"), picture(alt="ағаш"), pictures=files)
    assert caught.value.code == "picture_differs"
    assert caught.value.block == 2


@pytest.mark.parametrize(
    "given, code",
    [
        ({"name": " "}, "attachment_unnamed"),
        ({"sha256": "9F" * 32}, "attachment_broken"),
        ({"type": "text/html; charset=utf-8"}, "attachment_broken"),
    ],
)
def test_attachments_are_checked(built, given, code):
    file = {"sha256": HASH, "name": "a.pdf", "type": "application/pdf"}
    assert built(paragraph("a"), attachments=[file])["attachments"] == [file]
    with pytest.raises(CanonicalError) as caught:
        built(paragraph("a"), attachments=[{**file, **given}])
    assert caught.value.code == code
    with pytest.raises(CanonicalError) as caught:
        built(paragraph("a"), attachments=[file, file])
    assert caught.value.code == "attachment_twice"


def test_the_order_of_attachments_does_not_matter(built):
    files = [{"sha256": HASH, "name": f"{number}.pdf", "type": "application/pdf"} for number in range(3)]
    assert built(paragraph("a"), attachments=files) == built(paragraph("a"), attachments=files[::-1])


def test_a_body_above_the_limit_is_refused(built):
    with pytest.raises(CanonicalError) as caught:
        built(paragraph("Ә" * (LIMITS.body_bytes // 2)))
    assert caught.value.code == "too_large"


def test_a_body_that_would_exhaust_the_stack_is_refused():
    body = {"type": "doc"}
    for _level in range(100_000):
        body = {"type": "doc", "content": [body]}
    with pytest.raises(CanonicalError) as caught:
        build(body, title="a", language="kk")
    assert caught.value.code == "too_deep"


def test_an_error_says_where_and_in_the_language_of_the_reader(built):
    with pytest.raises(CanonicalError) as caught:
        built(paragraph("a"), node("blockquote", paragraph("Сегізінші наурызда\u202e гүл")))
    error = caught.value
    assert (error.path, error.block) == ("content[1].content[0].content[0]", 2)
    with translation.override("en"):
        assert "U+202E" in error.message
        assert "“Сегізінші наурызда”" in error.message
        assert str(error) == error.message
