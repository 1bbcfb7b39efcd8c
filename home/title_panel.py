"""The field of a page's title in the newsroom's forms."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import TitleFieldPanel


class TitlePanel(TitleFieldPanel):
    """Wagtail's with our words, and without its script where the form has no address that follows the title:
    there the script fails on an empty selector."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("placeholder", _("Title of the page"))
        kwargs.setdefault("help_text", _("One line that says it all. Lists, feeds and search show it."))
        super().__init__(*args, **kwargs)

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_attrs(self) -> dict[str, Any]:
            attrs: dict[str, Any] = super().get_attrs()
            if attrs["data-w-sync-target-value"]:
                return attrs
            return {name: value for name, value in attrs.items() if not name.startswith("data-")}
