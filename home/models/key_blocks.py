"""Choices that are kept by key: read as they are, and asked for in the form alone.

Wagtail looks every kept key up among all choices whenever a page is read, with a query of its own for each.
"""

from typing import Any

from wagtail import blocks


class KeyBlock(blocks.ChoiceBlock):
    """One thing by its key. What is no choice is refused by the form."""

    def normalize_choice(self, value: Any) -> Any:
        return value


class KeysBlock(blocks.MultipleChoiceBlock):
    """Several."""

    def normalize_choice(self, value: Any) -> Any:
        return value
