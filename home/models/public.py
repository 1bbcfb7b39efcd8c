"""The base of all pages of the public site."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import Page, Site

from coalition.http.request_cache import limit_proxy_age
from home.forms import PublicPageForm
from home.page_paths import page_path
from home.panels import TitlePanel
from home.streams import STREAMS


class PublicPage(Page):
    """A page inside the site's frame. Its own context comes from `home.page_context`."""

    private_page_options: ClassVar[list[str]] = []  # no password-protected pages
    base_form_class = PublicPageForm
    safe_exit = models.BooleanField(
        _("safe exit"),
        default=False,
        help_text=_(
            "For pages that can put somebody in danger when seen over their shoulder. A button, or Shift "
            "pressed three times, leads away at once to a page about nothing."
        ),
    )
    light = models.BooleanField(
        _("light page"),
        default=False,
        help_text=_(
            "For readers on slow or dear connections: the letters of the reader's own phone, and pictures "
            "only when asked for. The page weighs a third of another one."
        ),
    )
    content_panels: ClassVar[list[Panel]] = [TitlePanel("title")]
    settings_panels = [*Page.settings_panels, FieldPanel("light"), FieldPanel("safe_exit")]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Imported here, for the reason below.
        from home.public_facts import record_facts_on_page
        from home.public_helplines import record_helplines_on_page

        fresh, fields = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if fields is None or not set(STREAMS).isdisjoint(fields):
            record_facts_on_page(self, fresh=fresh)
            record_helplines_on_page(self, fresh=fresh)

    def get_url(self, request: HttpRequest | None = None, current_site: Site | None = None) -> str:
        """Return the path of the page, without a query if its locale is loaded."""
        return page_path(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # Imported here, since the builders import lists of pages and so these models.
        from home.page_context import page_context_for
        from home.public_facts import displayed_facts
        from home.public_helplines import displayed_helplines as helplines_on
        from home.public_page import frame_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(frame_context(request, language=self.locale.language_code, current=self))
        context.update(page_context_for(self, request))
        if "shown_facts" not in context:
            context["shown_facts"] = displayed_facts(self)
        context["shown_helplines"] = helplines_on(self)
        return {**context, **self.manner}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page; one with growing numbers sets its cache lifetime."""
        response: TemplateResponse = super().serve(request, *args, **kwargs)
        seconds = (response.context_data or {}).get("proxy_max_age")
        if seconds is not None:
            limit_proxy_age(response, seconds)
        return response

    @property
    def manner(self) -> dict[str, Any]:
        """Return the editor's settings for how this page, and related ones, are displayed and
        left."""
        return {"light": self.light, "safe_exit": settings.SAFE_EXIT_URL if self.safe_exit else ""}
