"""Which numbers claim something, and which of those have a source."""

import tomllib
from pathlib import Path

import pytest

from documents.checklist.lines import TextLine, unsourced_numbers

SENTENCES = [
    pytest.param(language, text, expected, id=f"{language}-{number}")
    for language in ("kk", "ru", "en")
    for number, (text, expected) in enumerate(
        tomllib.loads((Path(__file__).parent / "numbers" / f"{language}.toml").read_text(encoding="utf-8"))[
            "sentences"
        ]
    )
]


def found(text, language="en", **given):
    return [one[0] for one in unsourced_numbers(TextLine(1, "paragraph", text, **given), language)]


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES)
def test_numbers_that_claim_are_found_and_others_are_not(language, text, expected):
    assert found(text, language) == expected


def test_a_footnote_or_a_link_is_a_source():
    assert found("There are 49 centres.", footnotes=["Union, 2024."]) == []
    assert found("There are 49 centres.", links=["https://example.org/"]) == []


def test_a_fact_has_its_own_source_and_no_one_elses():
    text = "25 convictions and 49 centres."
    assert found(text, facts=[(0, 14)]) == ["49"]


def test_a_source_counts_for_its_sentence_only():
    assert found("According to the ministry, 20 cases are open. And 30 are closed.") == ["30"]


def test_what_is_still_to_be_filled_in_is_no_number():
    assert found("[3 numbers and their 2 sources]") == []
