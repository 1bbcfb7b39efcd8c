"""The identification rule, measured on passages: all that identify are found, few others are."""

import tomllib
from pathlib import Path

import pytest

from coalition.consent.enums import DetailKind
from documents.drafts.identifying import find_identifying_details

PASSAGES = Path(__file__).parents[1] / "passages"
LANGUAGES = ("kk", "ru", "en")


def passages(name):
    return tomllib.loads((PASSAGES / f"{name}.toml").read_text(encoding="utf-8"))["passages"]


def measured(name, language):
    """How many that identify are found, and which others are."""
    every = passages(name)
    found = [one for one in every if one["identifies"] and find_identifying_details(one["text"], language)]
    false = [
        one["text"]
        for one in every
        if not one["identifies"] and find_identifying_details(one["text"], language)
    ]
    return len(found), false


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_set_is_as_large_as_it_has_to_be(language):
    every = passages(language)
    assert len({one["text"] for one in every}) == 30
    assert sum(one["identifies"] for one in every) == 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_identify_are_found_and_at_most_three_others(language):
    found, false = measured(language, language)
    assert found == 15
    assert len(false) <= 3, false


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", ["later", "last"])
def test_what_was_written_afterwards_is_not_lost_again(written, language):
    """Two sets that the rule had not seen: docs/kinds.md tells what it found in them the first time."""
    every = passages(f"{written}_{language}")
    assert (len(every), sum(one["identifies"] for one in every)) == (12, 6)
    found, false = measured(f"{written}_{language}", language)
    assert found >= 5
    assert len(false) <= 1, false


def test_what_was_found_is_said_with_its_place():
    text = "Она работала кассиром в магазине в Аягозе, директор её домогался."
    found = find_identifying_details(text, "ru")
    assert {one.kind for one in found} == {DetailKind.POST, DetailKind.WORKPLACE, DetailKind.PLACE}
    assert all(text[one.start : one.end] == one.words for one in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", "Ол ауданда тұрады, көп нәрсе өзгерді."),
        ("ru", "Айгуль К. работает медсестрой в районной больнице Аксуата."),  # nothing speaks of violence
        ("en", ""),
    ],
)
def test_what_does_not_speak_of_violence_is_passed_over(language, text):
    assert find_identifying_details(text, language) == []


def test_a_name_that_is_not_real_does_not_count():
    text = "Динара (имя изменено) рассказала о домогательствах."
    assert find_identifying_details(text, "ru") == []


def test_a_survivor_who_speaks_to_a_psychologist_is_still_a_survivor():
    text = "Пострадавшая Айгуль Касымова из Кегена рассказала психологу о побоях."
    assert find_identifying_details(text, "ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_looked_through(language):
    for text in (
        "А" * 30_000 + " насилие зорлық abuse она",
        "Aa " * 10_000 + "насилие зорлық abuse",
        "«" * 5_000,
    ):
        assert isinstance(find_identifying_details(text, language), list)
