"""What a date in a gap may be, in the three languages."""

import datetime

import pytest
from babel.dates import format_date
from django.utils import translation
from hypothesis import given, settings, strategies as st

from coalition.jobs.date_formats import day_in_words
from documents.gaps.values import example_value, is_gap_value

LANGUAGES = ("kk", "ru", "en")
DATES = {
    "kk": [
        "25 қараша", "25 қарашада", "25 қараша күні", "25 қараша, сағат 18:30", "25 қарашада сағат 18:30-да",
        "сағат 18:30", "сағат 18-де", "сейсенбі, 25 қараша", "2026 жылғы 25 қараша", "25 қараша кешке",
        "2026 жылдың 25 қарашасында", "12–14 мамыр", "12 мамырдан 14 мамырға дейін", "5 қыркүйекте",
        "18:30-дан 20:00-ге дейін", "қыркүйектің 5-і", "кешкі сағат 18.30", "2026 жылғы қыркүйек айында",
        "25 қарашаға қараған түні", "27 қараша, жұма, 18:00", "сағат 18:30 Астана уақытымен",
    ],
    "ru": [
        "25 ноября", "25 ноября 2026 года", "25 ноября 2026 г.", "25 ноября в 18:30", "25 ноября, 18:30",
        "в 18:30", "во вторник, 3 марта", "в пятницу 12 мая в 9:00", "12–14 мая", "с 12 по 14 мая",
        "с 12 мая по 14 мая", "30 апреля – 2 мая", "с 18:30 до 20:00", "утром 25 ноября", "25 ноября утром",
        "около 18:30", "в 18 часов", "25 нояб.", "к 25 ноября", "в ноябре 2026 года", "ноябрь 2026 года",
        "в ночь на 25 ноября", "в ночь с 24 на 25 ноября", "25 ноября, среда, 18:00", "в 9 утра",
        "25 ноября в 18:30 по времени Астаны",
    ],
    "en": [
        "25 November", "25 November 2026, 14:30", "November 25, 2026", "25 Nov", "the 25th of November",
        "Tuesday 3 March 2026", "on Tuesday, 3 March", "at 18:30", "25 November at 18:30", "12–14 May",
        "12 May – 14 May", "from 12 to 14 May", "6 pm", "6:30 p.m.", "from 18:30 to 20:00",
        "on the morning of 25 November", "Friday, 18:30", "May 2026",
        "on the night of 25 November", "25 November, Wednesday, 18:00", "at 18:30 Astana time",
    ],
}  # fmt: skip
IN_EACH = ["25.11", "25.11.2026", "2026-11-25", "18:30", "18:30–20:00", "25.11.2026, 18:30", "12.05–14.05"]
NO_DATES = {
    "kk": ["олар 7 қылмысқа кінәлі", "31 қараша", "25 ноября", "25 November", "25 қараша министр"],
    "ru": ["они виновны в 7 преступлениях", "31 ноября", "25 қараша", "25 ноября министр солгал", "ноябрь"],
    "en": ["they are guilty of 7 crimes", "31 November", "30 February", "25 қараша", "7 crimes", "Friday"],
}
IN_NONE = [
    "7",
    "25:00",
    "99.99",
    "31.11",
    "31.11.26",
    "2026-02-30",
    "29.02.2027",
    "32.01",
    "1",
    "",
    "25.11 x",
]


def each(table, of_all):
    return [(language, one) for language in LANGUAGES for one in (*table[language], *of_all)]


@pytest.mark.parametrize(("language", "value"), each(DATES, IN_EACH))
def test_a_date_or_time_is_taken_in_the_language_of_the_text(language, value):
    assert is_gap_value("date", value, language)


@pytest.mark.parametrize(("language", "value"), each(NO_DATES, IN_NONE))
def test_nothing_else_is_a_date_nor_a_day_that_there_is_not(language, value):
    assert not is_gap_value("date", value, language)


@settings(deadline=None)  # the first call compiles the words
@given(
    st.sampled_from(LANGUAGES),
    st.dates(datetime.date(2024, 1, 1), datetime.date(2040, 12, 31)),
    st.times(),
    st.sampled_from(["d MMMM", "d MMMM y", "d MMM", "EEEE d MMMM", "EEEE, d MMMM y", "dd.MM.y", "y-MM-dd"]),
)
def test_every_day_as_calendars_write_it_is_taken_with_its_hour(language, day, hour, shape):
    written = format_date(day, shape, locale=language)
    assert is_gap_value("date", written, language)
    assert is_gap_value("date", f"{written}, {hour:%H:%M}", language)


@settings(deadline=None)  # the first call compiles the words
@given(st.sampled_from(LANGUAGES), st.dates(datetime.date(2024, 1, 1), datetime.date(2040, 12, 31)))
def test_days_as_this_site_writes_them_are_taken(language, day):
    with translation.override(language):
        assert is_gap_value("date", day_in_words(day), language)


SAYING = ["guilty", "лгут", "кінәлі", "Иванов", "Ivanov", "crimes", "министр", "and", "of", "не", "емес", "№"]


@settings(deadline=None)  # the first call compiles the words
@given(
    st.sampled_from(LANGUAGES),
    st.data(),
    st.lists(st.sampled_from([*SAYING, "7"]), min_size=1, max_size=3).filter(lambda said: said != ["7"]),
    st.integers(0, 6),
)
def test_a_word_that_is_no_date_makes_it_none_wherever_it_stands(language, data, said, place):
    whole = data.draw(st.sampled_from([*DATES[language], *IN_EACH])).split()
    told = " ".join([*whole[:place], *said, *whole[place:]])
    assert not is_gap_value("date", told, language) or not set(said) - {"and", "of", "7"}


@settings(deadline=None)  # the first call compiles the words
@given(st.sampled_from(LANGUAGES), st.text(max_size=80))
def test_whatever_is_typed_is_answered(language, typed):
    for kind in ("date", "place", "number"):
        assert is_gap_value(kind, typed, language) in (True, False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["date", "place", "number"])
def test_the_example_that_is_told_is_one(kind, language):
    assert is_gap_value(kind, example_value(kind, language), language)
