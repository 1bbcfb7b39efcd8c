"""Locale middleware for URLs without a language prefix."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from coalition.accounts.middleware import is_token_url

WITHOUT_LANGUAGE = (
    "/workspaces/",
    "/accounts/",
    "/cms/",
    "/documents/",
    "/calendar/",
    "/guest/",
    "/once/",
    "/objection/",
    "/quotation/",
    "/embargo/",
    "/press-mail/",
    "/press-registration/",
    "/speaking/",
    "/briefing/",
    "/event-kit/",
    "/coverage/",
    "/internal/",
)


class DeskLocaleMiddleware(LocaleMiddleware):
    """Django's, but 404s in the member area, of calendars and of links are not redirected.

    Django would redirect to `/<lang>/workspaces/…`, since Wagtail's patterns match any path: a "not
    found" there could then be told from all others, and pages would be requested twice.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(WITHOUT_LANGUAGE) or is_token_url(request):
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
