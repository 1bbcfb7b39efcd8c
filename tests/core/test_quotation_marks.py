"""Titles that hold quotation marks, between quotation marks."""

import pytest
from django.utils.translation import override

from coalition.core.localized_text import nest_quotes


@pytest.mark.parametrize(
    ("language", "title", "inside"),
    [
        ("kk", "«Қанат» орталығы туралы", "„Қанат“ орталығы туралы"),
        ("ru", "О центре «Канат»", "О центре „Канат“"),
        ("en", "On the “Qanat” centre", "On the ‘Qanat’ centre"),
        ("en", "On «Қанат»", "On «Қанат»"),
        ("kk", "On “Qanat”", "On “Qanat”"),
    ],
)
def test_inner_quotation_marks_are_the_language_s_second_ones(language, title, inside):
    with override(language):
        assert nest_quotes(title) == inside
