"""Days of the week within a sentence: in Kazakh and Russian they are no names."""

import datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from coalition.jobs.date_formats import (
    day_in_words,
    moment_with_time_zone,
    weekday_in_words,
    weekday_within_sentence,
)

TUESDAY = datetime.date(2026, 3, 3)
ELEVEN = datetime.datetime(2026, 3, 3, 6, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "Tuesday 3 March 2026", "Tuesday 3 March 2026, 11:00, "),
        ("ru", "вторник 3 марта 2026", "вторник 3 марта 2026, 11:00, "),
        ("kk", "сейсенбі 3 наурыз 2026", "сейсенбі 3 наурыз 2026, 11:00, "),
    ],
)
def test_a_day_within_a_sentence(language, day, moment) -> None:
    with override(language):
        assert day_in_words(TUESDAY) == day
        assert day_in_words(TUESDAY, with_year=False) == day.removesuffix(" 2026")
        assert weekday_in_words(TUESDAY) == day.split()[0]
        assert moment_with_time_zone(ELEVEN).startswith(moment)
        shown = Template('{% load moments %}{{ day|date:"l j E"|within }}').render(Context({"day": TUESDAY}))
        assert shown == day.removesuffix(" 2026")


def test_without_words_or_language_nothing_breaks() -> None:
    assert weekday_within_sentence("") == ""
    with override(None):
        assert weekday_within_sentence("Tuesday") == "Tuesday"
