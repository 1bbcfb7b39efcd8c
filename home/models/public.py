"""What all pages of the public site share."""

from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail.models import Page

from home.forms import PublicPageForm


class PublicPage(Page):
    """A page with the site's frame around it. Its own context comes from `home.page_context`."""

    private_page_options: ClassVar[list[str]] = []  # a public site has no pages behind a password
    base_form_class = PublicPageForm

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # Inside, since the builders read lists of pages and so import these models.
        from home.page_context import context_of
        from home.public_page import frame

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(frame(request, language=self.locale.language_code, current=self))
        context.update(context_of(self, request))
        return context
