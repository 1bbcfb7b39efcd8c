"""Folding, stems and typos: what counts as the same word."""

import string

import pytest
from hypothesis import given, strategies as st

from home.search.words import (
    PLAIN,
    can_be_mistyped,
    closest,
    fold,
    folded_words,
    kazakh_stems,
    tidy,
    tokens,
    trigrams,
)

KAZAKH = st.text("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя", min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Қызметкер", "кызметкер"),
        ("ҰЙЫМ", "уйым"),
        ("Әңгіме", "ангиме"),
        ("үй, һәм ғылым", "уй, хам гылым"),
        ("Ещё учёный", "еще ученый"),
        ("йод и Йорк", "йод и йорк"),
        ("café", "cafe"),
        ("İstanbul", "istanbul"),
    ],
)
def test_letters_that_keyboards_lack_are_folded(written: str, folded: str) -> None:
    assert fold(tidy(written)) == folded


@given(st.text())
def test_a_place_in_the_folded_text_is_a_place_in_the_text(text: str) -> None:
    assert len(fold(tidy(text))) == len(tidy(text))
    assert "\0" not in tidy(text)


def test_the_quick_way_folds_as_letter_by_letter() -> None:
    """“é” sends the whole text the other way; alone, a letter of ours goes the quick one."""
    letters = [chr(code) for code in (*range(128), *range(0x400, 0x500))] + list("«»–—…№“”„’\xa0·§€₸→")
    assert [fold(letter) for letter in letters] == list(fold("".join([*letters, "é"])))[:-1]
    assert all(PLAIN.fullmatch(letter) for letter in letters)
    assert PLAIN.fullmatch("é") is None


@given(st.text())
def test_words_have_letters_and_digits_alone(text: str) -> None:
    assert all(word.isalnum() and len(word) <= 40 for word in folded_words(fold(tidy(text))))


FORMS = {
    "мектеп": "мектепте мектептер мектебі мектебіміздің мектептерімізде мектеппен мектепке мектебіндегі",
    "заң": "заңның заңды заңға заңда заңнан заңмен заңы заңын заңында заңдар заңдардың заңдарымызға",
    "қызметкер": "қызметкерге қызметкердің қызметкерлер қызметкерлеріне қызметкерлерінің қызметкермен",
    "құқық": "құқығы құқықты құқығын құқықтар құқықтарын құқығымыз құқықтың құқыққа",
    "мәселе": "мәселеде мәселесі мәселесін мәселелер мәселелеріміз мәселеден мәселемен",
    "ел": "елде елге елдің еліміз елімізде елдер елдерден",
    "іс": "іске істі істің істер істері",
    "халық": "халқы халқымыз халыққа халықтың халықтар",
    "қабылдау": "қабылдады қабылдайды қабылдауға қабылдаған қабылдауды",
    "келу": "келді келеді келген келмейді",
    "журналист": "журналистер журналистерге журналистің журналистке",
    "Қазақстан": "Қазақстанда Қазақстанның Қазақстандағы Қазақстаннан",
}


@pytest.mark.parametrize("word", FORMS)
def test_all_forms_of_a_kazakh_word_share_a_stem(word: str) -> None:
    stems = set(kazakh_stems(fold(word)))
    for form in FORMS[word].split():
        assert stems & set(kazakh_stems(fold(form))), form


@pytest.mark.parametrize(
    ("one", "other"),
    [("сот", "сан"), ("заң", "заман"), ("мектеп", "мемлекет"), ("бала", "қала"), ("ел", "ер")],
)
def test_other_words_stay_others(one: str, other: str) -> None:
    assert not set(kazakh_stems(fold(one))) & set(kazakh_stems(fold(other)))


@given(KAZAKH)
def test_stems_of_kazakh_words_are_short_few_and_settled(word: str) -> None:
    folded = fold(word)
    stems = kazakh_stems(folded)
    assert stems
    assert all(len(stem) <= len(folded) + 1 for stem in stems)  # a lost vowel comes back
    assert len(stems) <= len(folded)


@pytest.mark.parametrize(("language", "word", "form"), [("ru", "учёный", "ученых"), ("en", "law", "laws")])
def test_forms_of_other_languages_share_a_stem(language: str, word: str, form: str) -> None:
    assert set(tokens(language, word)) & set(tokens(language, form))


WORD = st.text(string.ascii_lowercase, min_size=7, max_size=12)


@given(WORD, st.data())
def test_one_mistake_in_a_long_word_is_forgiven_and_shares_a_piece(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    mistaken = word[:place] + data.draw(st.sampled_from(["", "z", word[place] * 2])) + word[place + 1 :]
    assert closest([mistaken], {word: [word], "far": ["qqqqqqqqqqqqqqqqqqq"]}) == [word]
    assert set(trigrams(word)) & set(trigrams(mistaken))


def test_short_words_and_numbers_are_not_guessed() -> None:
    assert not can_be_mistyped("заң")
    assert not can_be_mistyped("2026")
    assert closest(["право"], {"правда": ["правда"], "слово": ["слово"]}) == []
