"""Choice blocks without a query on reading: choices are loaded for the form only.

Wagtail looks up every stored key among all choices whenever a page is read, with a query for each.
"""

from typing import Any

from wagtail import blocks


class KeyBlock(blocks.ChoiceBlock):
    """One object by its key. The form refuses unknown keys."""

    def normalize_choice(self, value: Any) -> Any:
        return value


class KeysBlock(blocks.MultipleChoiceBlock):
    """Several objects by their keys."""

    def normalize_choice(self, value: Any) -> Any:
        return value
