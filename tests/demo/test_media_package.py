"""The data of the demo's media package: whole, in three languages, with what outlets need."""

import re

import pytest

from coalition.campaigns.media_package.enums import Format, ItemKind
from coalition.campaigns.media_package.sections import HEADINGS, missing_sections, sections_of
from demo.body import editor_body
from demo.load import load, text_at
from demo.seed.media_package import UNDER_EMBARGO, draft_record, timed_words
from documents.canonical.build import build
from documents.files.captions import check_captions
from documents.legal_review.queries import legal_reasons_in, read_text
from tests.demo.test_data import CLAIMS, LANGUAGES, YEAR_SAID, all_strings

demo = load()
package = demo.media_package
ITEMS = pytest.mark.parametrize("item", package["items"], ids=lambda item: item["name"])


def document_of(item, language, number=1):
    text = text_at(draft_record(package, item)["texts"][language], number)
    return build(editor_body(text["body"]), title=text["title"], lead=text["lead"], language=language)


def test_twelve_items_of_all_kinds():
    kinds = [item["kind"] for item in package["items"]]
    assert len(kinds) == 12
    assert (kinds.count("poster"), kinds.count("infographic"), kinds.count("text")) == (4, 2, 2)
    assert set(kinds) == set(ItemKind.values)
    assert UNDER_EMBARGO in {item["name"] for item in package["items"]}


@ITEMS
def test_an_item_has_its_parts_in_every_language(item):
    found = []
    for language in LANGUAGES:
        document = document_of(item, language)
        assert missing_sections(document, item["kind"]) == []
        parts = sections_of(document)
        assert all(part.key for part in parts if part.heading)
        found.append([part.key for part in parts])
        words = "\n".join(part.words for part in parts)
        assert not re.search(r"\[(?!\d+\])|[{}]", words), "a placeholder is left"
        quiet = [part.words for part in parts if part.key in ("instagram", "tiktok")]
        assert not [one for one in quiet if "://" in one]
    assert found[0] == found[1] == found[2]


@ITEMS
def test_an_infographic_shows_a_checked_fact(item):
    named = set(re.findall(r"{{fact:([a-z-]+)}}", " ".join(all_strings(item["parts"]))))
    assert named or item["kind"] != "infographic"
    assert all(demo.fact(one)["checked"] for one in named)


@ITEMS
def test_figures_stand_with_their_source(item):
    for words in all_strings([item.get("body", {}), item["parts"]]):
        if CLAIMS.search(words):
            assert YEAR_SAID.search(words)
            assert "Internews" in words


@ITEMS
def test_no_lawyer_is_needed(item):
    for language in LANGUAGES:
        text = draft_record(package, item)["texts"][language]
        reading = read_text(title=text["title"], lead=text["lead"], body=editor_body(text["body"]))
        assert legal_reasons_in(reading, language, "media_item") == ()


def test_no_name_is_told_that_must_not_be():
    told = "\n".join(all_strings(package))
    hidden = [one for one in demo.organisations if one["listing"] != "public"]
    for organisation in hidden:
        for name in organisation["name"].values():
            quoted = re.search(r"«(.+?)»", name)
            assert (quoted[1] if quoted else name) not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_correction_changes_words_and_subtitles(language):
    (item,) = [one for one in package["items"] if "corrected" in one]
    before, after = (document_of(item, language, number) for number in (1, 2))
    changed = [
        one.key
        for one, then in zip(sections_of(after), sections_of(before), strict=True)
        if one.words != then.words
    ]
    assert changed == [item["corrected"]["part"]]
    first, second = (
        timed_words(package["cues"], Format.SUBTITLES, language, corrected=one) for one in (False, True)
    )
    assert [check_captions(one.encode()) for one in (first, second)] == [3, 3]
    assert "2018" not in first
    assert "2018" in second


def test_each_outlet_took_a_file_of_the_clip_and_one_has_not_answered():
    outlets = package["outlets"]
    assert len(outlets) == 7
    assert [one.get("outlet") for one in outlets].count(None) == 1, "the media partner"
    for one in outlets:
        for name in one["takes"]:
            item, _colon, code = name.partition(":")
            assert item == "clip-no-harassment"
            assert code in Format.values
        assert {"subtitles", "voice-over"} & {name.partition(":")[2] for name in one["takes"]}
    answers = [one["answer"] for one in outlets if "answer" in one]
    assert len(answers) == 6
    assert {one["kind"] for one in answers} == {"aired", "replaced", "removed", "not_used"}
    assert {one["way"] for one in answers} == {"link", "phone", "seen"}


def test_headings_of_the_parts_are_known():
    known = set(HEADINGS)
    assert set(package["terms"]) <= known
    assert {key for item in package["items"] for key in item["parts"]} <= known
