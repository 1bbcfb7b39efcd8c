"""The language of addresses that carry none."""

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
    """Django's, but what is not found in the members' area, among calendars or by a link stays not found.

    Django would lead such a visitor to `/<lang>/workspaces/…`, since Wagtail's patterns fit any address:
    one could then tell "not found" here from everything else, and pages would be asked for twice.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(WITHOUT_LANGUAGE) or is_token_url(request):
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
