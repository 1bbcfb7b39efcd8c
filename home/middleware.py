"""Browser policies of our pages, and the response when the contacts' database does not answer.

Inline scripts run in the newsroom's admin only, where Wagtail's widgets need them; camera,
microphone and location are off; other sites cannot load our pages.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.deprecation import MiddlewareMixin

from coalition.personal_data.store import ContactsAway

NO_DEVICES = "camera=(), geolocation=(), microphone=()"
CMS_POLICY = {
    **settings.SECURE_CSP,
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-ancestors": [CSP.SELF],
}


class BrowserPolicyMiddleware(MiddlewareMixin):
    """Sets what browsers permit a page, unless the view says otherwise.

    No camera, microphone and location. Other sites may load public pictures and videos, which feed readers
    embed, and nothing else, so that no site can probe what its visitor may see. `/cms/` has a wider CSP;
    placed inside Django's CSP middleware, which writes it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        path = request.path_info
        response.headers.setdefault("Permissions-Policy", NO_DEVICES)
        loaded = "cross-origin" if path.startswith(settings.MEDIA_URL) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", loaded)
        if path.startswith("/cms/"):
            # A preview is rendered by an inner request as the public page: its CSP would forbid
            # framing it.
            response.headers.pop("Content-Security-Policy", None)
            response._csp_config = CMS_POLICY  # type: ignore[attr-defined]  # noqa: SLF001  as csp_override
        return response


class ContactsAwayMiddleware(MiddlewareMixin):
    """Answers 503 with Retry-After if a page needs the contacts' database while it is down."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ContactsAway):
            return None
        answer = render(request, "503.html", {"words": exception.message}, status=503)
        answer.headers["Retry-After"] = "60"
        answer.headers["Cache-Control"] = "no-store"
        return answer
