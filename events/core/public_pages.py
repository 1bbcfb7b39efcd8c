"""Frame of public pages about events: languages, caching headers, the page of one event."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, override

from coalition.accounts.enums import Language
from coalition.applicants.views import SubjectView
from documents.publication import hooks
from events.core.queries import text_in

# --- lists ---
# Public pages of events: list, month, agenda, map and one event.


def public_page(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    *,
    name: str,
    slug: str = "",
    number: int | None = None,
) -> HttpResponse:
    """Render a page in the site's frame. Caches may store it but must revalidate each time: names can
    be withheld and events cancelled at any moment."""
    context = {
        **hooks.site_frame_context(request),
        "languages": language_switch(request, name, slug, number),
        **context,
    }
    response = render(request, f"events/public/{template}.html", context)
    patch_cache_control(response, public=True, no_cache=True)
    return response


def query_string(request: HttpRequest, *, as_prefix: bool = False, **changed: str | None) -> str:
    """Return the page's query with some parameters changed or (None) removed: "?…", or "…&" to
    append to."""
    asked = request.GET.copy()
    for key, value in changed.items():
        asked.pop(key, None)
        if value:
            asked[key] = value
    for key in [key for key, value in asked.items() if not value]:
        asked.pop(key)
    words = asked.urlencode()
    if as_prefix:
        return f"{words}&" if words else ""
    return f"?{words}" if words else ""


def language_switch(
    request: HttpRequest, name: str, slug: str, number: int | None = None
) -> list[dict[str, object]]:
    """Return links to the same page in the three languages, with the same query."""
    found: list[dict[str, object]] = []
    arguments = [one for one in (slug, number) if one not in {"", None}]
    for code, label in Language.choices:
        with override(code):
            url = reverse(name, args=arguments)
        found.append(
            {
                "code": code,
                "name": label,
                "url": url + query_string(request),
                "current": code == get_language(),
            }
        )
    return found


# --- about event ---
# Frame of public pages on which people without an account apply for something at an event.


class EventSubjectMixin(SubjectView):
    """Mixin for views of a flow whose subject has an `event`, at the URL of its slug alone."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        event, match = self.subject.event, self.request.resolver_match
        name = match.view_name if match else ""
        return {
            **hooks.site_frame_context(self.request),
            "languages": language_switch(self.request, name, event.slug or ""),
            "event": event,
            "title": text_in(event, get_language() or "").title,
            **super().get_context_data(**context),
        }
