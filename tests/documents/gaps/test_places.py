"""What a place in a gap may be, in the three languages."""

import pytest
from django.utils import translation
from hypothesis import given, settings, strategies as st

from coalition.accounts.models import REGIONS
from documents.gaps.values import is_gap_value

LANGUAGES = ("kk", "ru", "en")
PLACES = {
    "kk": [
        "Алға", "Тараз", "Таразда", "Алматы қаласында", "Жамбыл облысы", "Абай ауданы, Қарағанды облысы",
        "Ақтөбе облысы Алға ауданы", "Шығыс Қазақстан облысында", "Алматы және Астана", "Баянауыл ауылы",
        "Абай көшесі, Тараз", "Астана маңында", "Қордай ауданы, Жамбыл облысы, Қазақстан", "Мерке", "Бурабай",
        "Шығыс Қазақстан", "Республика алаңы, Алматы",
    ],
    "ru": [
        "Алга", "в Алге", "в Алматы", "в Алматинской области", "село Алга Актюбинской области", "г. Тараз",
        "в городе Алга", "Усть-Каменогорск", "под Астаной", "в Алматы и Астане", "область Абай",
        "улица Кунаева, Тараз", "посёлок Большая Владимировка", "район Байконур, Астана", "Щучинск",
        "г.Тараз", "Восточный Казахстан", "на площади Республики, Алматы", "Форт-Шевченко", "в Алма-Ате",
    ],
    "en": [
        "Taraz", "Alga", "in Alga", "North Kazakhstan Region", "the city of Taraz", "Ust-Kamenogorsk",
        "Abai District, Qaraghandy Region", "Almaty and Astana", "near Taraz", "Taraz, Kazakhstan",
    ],
}  # fmt: skip
NO_PLACES = {
    "kk": [
        "Министр Иванов", "Министр Он Әйелді Зорлады", "Иванов Зорлады", "Зорлады", "Айгүл", "Taraz", "тараз",
        "Абай көшесі 5", "Алматы, Мерке, Отар, Астана", "Тараз қаласы Иванов",
    ],
    "ru": [
        "Министр Иванов", "Министр Иванов Солгал", "Иванов Лжёт", "Лгут в Алматы", "Айгуль", "Taraz",
        "иванове", "улица Кунаева 5", "улица Кунаева, д. 5", "район Иванов Лжёт", "Тараз. Министр солгал",
        "Иванов-вор", "Иванов-украл-деньги", "Он-Солгал",
    ],
    "en": [
        "Minister Ivanov Raped Ten Women", "Minister Ivanov", "Ivanov Raped", "Raped", "Aigul", "taraz",
        "Ivanov, Raped, Women", "Ivanov Lied District", "Taraz 5", "Abai Street 5", "Алматы",
        "Taraz. The minister lied", "Taraz, where the minister lied",
        "Ivanov-lied-again", "Ivanov-Lied", "Taraz Almaty Astana Merke",
    ],
}  # fmt: skip


def each(table):
    return [(language, one) for language in LANGUAGES for one in table[language]]


@pytest.mark.parametrize(("language", "value"), each(PLACES))
def test_a_place_is_taken_in_the_language_of_the_text(language, value):
    assert is_gap_value("place", value, language)


@pytest.mark.parametrize(("language", "value"), each(NO_PLACES))
def test_nothing_that_says_something_is_a_place(language, value):
    assert not is_gap_value("place", value, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(REGIONS))
def test_every_region_is_a_place(language, code):
    with translation.override(language):
        name = str(REGIONS[code])
    assert is_gap_value("place", name, language)
    if language == "en":
        assert not is_gap_value("place", name, "ru"), "in the letters of the text"


WORDS = {
    "kk": ["Иванов", "Зорлады", "Министр", "Әйелдер", "Көмек", "Сатылды", "Өлді"],
    "ru": ["Иванов", "Солгал", "Министр", "Женщины", "Украл", "Закон", "Позор"],
    "en": ["Ivanov", "Lied", "Minister", "Women", "Stole", "Law", "Shame"],
}


@settings(deadline=None)  # the first call compiles the words
@given(
    st.sampled_from(LANGUAGES),
    st.data(),
    st.sampled_from([" ", ", ", " and ", " и ", " және ", " in ", " в "]),
)
def test_no_two_words_that_are_no_places_stand_in_one(language, data, joint):
    said = data.draw(st.lists(st.sampled_from(WORDS[language]), min_size=2, max_size=6))
    assert not is_gap_value("place", joint.join(said), language)
