"""Cutting passages out of somebody's words changes none of the others."""

import pytest
from hypothesis import given, strategies as st

from events.core.summary import OMISSION_MARK, is_excerpt_of

WORDS = "My boss Ivan did it in 2024, and Ivan laughed."


@pytest.mark.parametrize(
    "shown",
    [
        WORDS,
        "My boss […] did it in 2024, and Ivan laughed.",
        "My boss […] did it in 2024, and […] laughed.",
        "[…] laughed.",
        "My boss […]",
        "[…]",
        "My […] did […] laughed.",
    ],
)
def test_whole_passages_can_go(shown: str) -> None:
    assert is_excerpt_of(shown, WORDS)


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "My boss did it in 2024, and Ivan laughed.",  # cut without saying so
        "My boss […] did it in 2025, and Ivan laughed.",
        "[…] laughed. My boss",
        "[…] laughed […] did it […]",  # moved
        "My boss [...] did it in 2024, and Ivan laughed.",
        "My boss Ivan did it in 2024, and Ivan laughed.[…] laughed.",  # said twice
        "I […]",
    ],
)
def test_nothing_else_can(shown: str) -> None:
    assert not is_excerpt_of(shown, WORDS)


def test_words_that_hold_the_mark_themselves_stay_whole() -> None:
    assert is_excerpt_of("He said […] to me", "He said […] to me")
    assert is_excerpt_of("He […] to me", "He said […] to me")
    assert not is_excerpt_of("He said to me", "He said […] to me")


@given(words=st.text(max_size=80), first=st.integers(0, 80), length=st.integers(0, 40))
def test_any_passage_of_any_words_can_be_cut(words: str, first: int, length: int) -> None:
    assert is_excerpt_of(words[:first] + OMISSION_MARK + words[first + length :], words)
