"""A helpline of the register on a page: it shows what is published, and follows when that changes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from home.models.key_blocks import KeyBlock


def offered_lines() -> list[tuple[str, str]]:
    """Lines that the newsroom may choose, by UUID: those that the public sees."""
    # Inside, since the lists read pages and so import these models.
    from home.public_helplines import helpline_choices

    return helpline_choices()


class HelplineBlock(KeyBlock):
    """The UUID of a line. Its words come from the page's context (`home.public_helplines.shown_on`)."""

    choices = staticmethod(offered_lines)

    class Meta:
        icon = "help"
        label = _("Helpline of the register")
        template = "home/blocks/helpline.html"
        help_text = _(
            "The page follows the register: name, numbers, hours and what is passed to the police, as they "
            "are published. Once the line is not public any more, only a link to the page of help is left."
        )

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["line"] = context.get("shown_helplines", {}).get(value)
        page = context.get("page")
        with override(page.locale.language_code if page is not None else get_language()):
            context["help_url"] = reverse("help")
        return context

    def get_searchable_content(self, value: str) -> list[str]:
        """Nothing: the words change without the page."""
        return []
