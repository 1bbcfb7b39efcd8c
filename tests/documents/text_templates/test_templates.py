"""Every kind has a template in every language, of one structure, that a draft can begin with."""

import json

import pytest

from coalition.accounts.models import Language
from documents.canonical.build import build
from documents.drafts.models import TextKind
from documents.text_templates.choices import (
    FOLDER,
    GROUPS,
    describe_kind,
    load_text_template,
    template_preview,
    text_kind_choices,
)

EVERY = [(kind, language) for kind in TextKind for language in Language]


def shape(node):
    """What a node is and what stands in it, without words."""
    inside = [shape(one) for one in node.get("content", []) if one["type"] not in {"text", "fact"}]
    attrs = node.get("attrs", {})
    return [node["type"], attrs.get("level"), attrs.get("kind"), inside]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_template_can_become_a_text(kind, language):
    template = load_text_template(kind, language)
    document = build(
        template.body,
        title=template.title,
        lead=template.lead,
        language=language,
        holding_statement=kind == TextKind.HOLDING,
        complete=False,
    )
    assert document["title"]
    assert document["lead"]
    assert document["blocks"]


@pytest.mark.parametrize("kind", TextKind)
def test_the_structure_is_the_same_in_the_three_languages(kind):
    shapes = [shape(load_text_template(kind, language).body) for language in Language]
    assert shapes[0] == shapes[1] == shapes[2]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_what_is_to_be_filled_in_stands_in_brackets_and_only_holding_statements_have_gaps(kind, language):
    template = load_text_template(kind, language)
    words = json.dumps([template.title, template.lead, template.body], ensure_ascii=False)
    assert "[" in template.title
    assert words.count("[") >= 5
    assert ('"gap"' in words) == (kind == TextKind.HOLDING)


@pytest.mark.parametrize("kind", TextKind)
def test_what_a_kind_is_for_is_said_in_each_language(kind):
    said = {describe_kind(kind, language) for language in Language}
    assert len(said) == 3
    assert all(40 < len(words) < 200 for words in said)
    assert describe_kind(kind, "de") == describe_kind(kind, "kk")


def test_no_file_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == {f"{k.value}.{lang.value}.txt" for k, lang in EVERY}


def test_an_appeal_says_that_it_is_no_petition():
    said = {"kk": "ресми онлайн-петиция емес", "ru": "не официальная онлайн-петиция", "en": "not an official"}
    for language, words in said.items():
        assert words in json.dumps(load_text_template("appeal", language).body, ensure_ascii=False)


def test_a_comparative_table_has_three_columns():
    for language in Language:
        table = next(
            b
            for b in load_text_template("comparative_table", language).body["content"]
            if b["type"] == "table"
        )
        assert {len(row["content"]) for row in table["content"]} == {3}


def test_the_caller_may_change_the_body():
    load_text_template("letter", "en").body["content"].clear()
    assert load_text_template("letter", "en").body["content"]


def test_every_kind_is_offered_once():
    offered = [kind for _name, kinds in GROUPS for kind in kinds]
    assert sorted(offered) == sorted(TextKind)
    chosen = [choice for _name, group in text_kind_choices("letter") for choice in group if choice["chosen"]]
    assert [choice["value"] for choice in chosen] == ["letter"]


def test_a_preview_of_nothing_known_is_a_statement_in_kazakh():
    preview = template_preview("nothing", "de")
    assert (preview["kind"], preview["language"]) == (TextKind.STATEMENT, Language.KK)
    assert "<h3" in preview["words"]
