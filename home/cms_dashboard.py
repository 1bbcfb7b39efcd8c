"""What stands on the newsroom's first page in `/cms/`."""

from typing import Any

from django.utils.safestring import SafeString
from wagtail.admin.ui.components import Component

from home.public_facts import facts_to_look_at
from home.public_helplines import lines_to_look_at


class FactsOnPages(Component):
    """On the newsroom's first page: facts on live pages that are out of use, wait for a check, or changed of
    late. Nothing where there are none."""

    name = "facts_on_pages"
    template_name = "home/cms/facts_on_pages.html"
    order = 150

    def render_html(self, parent_context: Any = None) -> SafeString:
        return super().render_html(parent_context) if facts_to_look_at().exists() else SafeString()

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": facts_to_look_at()}


class HelplinesOnPages(Component):
    """On the newsroom's first page: helplines on live pages with which something is wrong. Nothing where
    there are none."""

    name = "helplines_on_pages"
    template_name = "home/cms/helplines_on_pages.html"
    order = 140

    def render_html(self, parent_context: Any = None) -> SafeString:
        return super().render_html(parent_context) if lines_to_look_at() else SafeString()

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": lines_to_look_at()}
