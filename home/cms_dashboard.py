"""What stands on the newsroom's first page in `/cms/`."""

from typing import Any

from django.utils.safestring import SafeString
from wagtail.admin.ui.components import Component

from home.public_facts import facts_needing_attention
from home.public_helplines import helplines_needing_attention


class FactsOnPages(Component):
    """On the newsroom's first page: facts on live pages that are out of use, wait for a check, or changed of
    late. Nothing where there are none."""

    name = "facts_on_pages"
    template_name = "home/cms/facts_on_pages.html"
    order = 150

    def render_html(self, parent_context: Any = None) -> SafeString:
        return super().render_html(parent_context) if facts_needing_attention().exists() else SafeString()

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": facts_needing_attention()}


class HelplinesOnPages(Component):
    """On the newsroom's first page: helplines on live pages with which something is wrong. Nothing where
    there are none."""

    name = "helplines_on_pages"
    template_name = "home/cms/helplines_on_pages.html"
    order = 140

    def render_html(self, parent_context: Any = None) -> SafeString:
        return super().render_html(parent_context) if helplines_needing_attention() else SafeString()

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": helplines_needing_attention()}
