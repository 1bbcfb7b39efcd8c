"""A fact of the register on a page: it shows what was checked last, and follows when that changes."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from home.models.key_blocks import KeyBlock


def offered() -> list[tuple[str, str]]:
    """Facts that the newsroom may choose, by UUID, with their languages."""
    # Inside, since the lists read pages and so import these models.
    from home.public_facts import fact_choices

    return fact_choices(get_language() or "kk")


class FactBlock(KeyBlock):
    """The UUID of a fact. Its words come from the page's context (`home.public_facts.shown_on`)."""

    choices = staticmethod(offered)

    class Meta:
        icon = "check"
        label = _("Fact of the register")
        template = "home/blocks/fact.html"
        help_text = _(
            "Facts that their keepers opened to the public. The page follows the register: it shows what "
            "was checked last, and nothing once the fact is out of use."
        )

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["fact"] = context.get("shown_facts", {}).get(value)
        return context

    def get_searchable_content(self, value: str) -> list[str]:
        """Nothing: the words change without the page."""
        return []
