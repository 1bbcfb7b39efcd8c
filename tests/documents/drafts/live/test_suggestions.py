"""The list of open suggestions beside a text."""

import pytest

from documents.drafts.live.resolve import origin_of, suggestion_id
from documents.drafts.live.suggestions import open_suggestions_in
from tests.documents.drafts.live.writing import (
    ANNA,
    AT,
    BOLAT,
    HERS,
    HIS,
    identity,
    mark,
    paragraph,
    text,
    words,
)

ANCHOR = "\u200b"
HEADING = {"type": "heading", "attrs": {"level": 3}, "content": [words("Ұсыныс")]}
LEVEL = mark("modification", type="attr", attrName="level", previousValue=2, newValue=3)


@pytest.mark.parametrize(
    ("blocks", "kind", "before", "after"),
    [
        ([paragraph(words("Заң "), words("енді ", mark("insertion")))], "insert", "", "енді "),
        ([paragraph(words("Заң "), words("енді ", mark("deletion")))], "delete", "енді ", ""),
        (
            [paragraph(words("оларды", mark("deletion")), words("бізді", mark("insertion")))],
            "replace",
            "оларды",
            "бізді",
        ),
        (
            [paragraph(words("сот", mark("deletion")), words("сот", mark("insertion"), {"type": "bold"}))],
            "format",
            "сот",
            "сот",
        ),
        ([{**HEADING, "marks": [LEVEL]}], "format", "Ұсыныс", "Ұсыныс"),
        (
            [
                paragraph(words("Бір"), words(ANCHOR, mark("insertion"))),
                paragraph(words(ANCHOR, mark("insertion"))),
            ],
            "paragraph",
            "",
            "",
        ),
        ([paragraph(words("Жаңа"), marks=(mark("insertion"),))], "insert", "", "Жаңа"),
        (
            [paragraph(words("соңы", mark("deletion"))), paragraph(words("басы", mark("deletion")))],
            "delete",
            "соңы\nбасы",
            "",
        ),
        (
            [paragraph({"type": "footnote", "attrs": {"text": "Дерек"}, "marks": [mark("insertion")]})],
            "insert",
            "",
            "[Дерек]",
        ),
    ],
    ids=["insert", "delete", "replace", "bold", "level", "border", "block", "two lines", "footnote"],
)
def test_each_kind_says_what_it_changes(blocks, kind, before, after):
    (found,) = open_suggestions_in(text(*blocks))
    assert (found.kind, found.before, found.after) == (kind, before, after)
    assert (found.person, found.organisation, found.at, found.block) == (ANNA, HERS, AT, 2)


def test_they_come_in_the_order_of_the_text_each_once():
    his = identity(BOLAT, HIS, 2)
    marked = text(
        paragraph(words("а", mark("insertion", his)), words("б"), words("в", mark("insertion"))),
        paragraph(words("г", mark("deletion", his))),
    )
    assert [(one.person, one.kind, one.block) for one in open_suggestions_in(marked)] == [
        (BOLAT, "replace", 2),
        (ANNA, "insert", 2),
    ]
    assert open_suggestions_in(text(paragraph(words("а")))) == []


def test_who_suggests_is_in_the_id():
    found = origin_of(suggestion_id(person=ANNA, organisation=HERS, at=AT, counter=12345))
    assert (found.person, found.organisation, found.at) == (ANNA, HERS, AT)


@pytest.mark.parametrize(
    "other", ["", "x", None, 7, f"{ANNA}.{HERS}", f"{ANNA}.{HERS}.lx.1.2", f"{ANNA}.x.lx.1"]
)
def test_an_id_of_another_form_names_nobody(other):
    assert origin_of(other) is None
    (found,) = open_suggestions_in(text(paragraph(words("а", mark("insertion", other or "?")))))
    assert (found.person, found.organisation, found.at) == (None, None, None)


def test_a_moment_beyond_all_calendars_is_the_last_one():
    assert origin_of(f"{ANNA}.{HERS}.zzzzzzzzzzz.1").at.year == 9999
