"""Panels of the newsroom's dashboard in `/cms/`."""

from typing import Any

from django.utils.safestring import SafeString
from wagtail.admin.ui.components import Component

from home.public_facts import facts_needing_attention
from home.public_helplines import helplines_needing_attention


class FactsOnPages(Component):
    """Panel of facts on live pages that are out of use, wait for a check, or changed recently.
    Hidden if there are none."""

    name = "facts_on_pages"
    template_name = "home/cms/facts_on_pages.html"
    order = 150

    def render_html(self, parent_context: Any = None) -> SafeString:
        return super().render_html(parent_context) if facts_needing_attention().exists() else SafeString()

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": facts_needing_attention()}


class HelplinesOnPages(Component):
    """Panel of helplines on live pages that have a problem. Hidden if there are none."""

    name = "helplines_on_pages"
    template_name = "home/cms/helplines_on_pages.html"
    order = 140

    def render_html(self, parent_context: Any = None) -> SafeString:
        return super().render_html(parent_context) if helplines_needing_attention() else SafeString()

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": helplines_needing_attention()}
