"""Distance between two words."""

import pytest

from coalition.core.edit_distance import edit_distance


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("заң", "заң", 0),
        ("закон", "закно", 1),
        ("закон", "законы", 1),
        ("abc", "acb", 1),
        ("закон", "зокан", 2),
        ("", "abc", 3),
    ],
)
def test_edit_distance_counts_letters(one: str, other: str, letters: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == letters
