"""Numbers of sheets are read and written as people write them."""

import pytest
from hypothesis import given, strategies as st

from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.in_person.sheets.numbers import MOST_NUMBERS, parse_numbers
from coalition.core.errors import Refused


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("12–18, 20", [12, 13, 14, 15, 16, 17, 18, 20]),
        ("3-5;1", [1, 3, 4, 5]),
        (" 7 ,\n 7, 8 — 9 ", [7, 8, 9]),
        ("007", [7]),
    ],
)
def test_ranges_are_read(words, numbers):
    assert parse_numbers(words) == numbers


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "Write the numbers"),
        (" , ", "Write the numbers"),
        ("twelve", "“twelve” is no number"),
        ("3–", "“3–” is no number"),
        ("-3", "“-3” is no number"),
        ("5–3", "the smaller number comes first"),
        ("0", "the smaller number comes first"),
        ("1–9999999", "At most 1000"),
        ("1–600, 700–1300", "At most 1000"),
        ("99999999", "is no number"),
    ],
)
def test_what_is_no_number_is_refused_in_words(words, reason):
    with pytest.raises(Refused) as refused:
        parse_numbers(words)
    assert reason in refused.value.message


@given(st.sets(st.integers(1, 9_999_999), min_size=1, max_size=MOST_NUMBERS // 10))
def test_what_is_written_is_read_again(numbers):
    assert parse_numbers(number_ranges(numbers)) == sorted(numbers)


def test_no_numbers_are_no_words():
    assert number_ranges([]) == ""
