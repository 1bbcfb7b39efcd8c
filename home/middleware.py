"""What browsers may do on our pages: run inline scripts in the newsroom's admin alone, since Wagtail's
widgets need them; use a camera, a microphone or the place nowhere; be loaded by other sites' pages never. And
what they are told when the database of people outside the coalition does not answer."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.deprecation import MiddlewareMixin

from coalition.personal_data.database import ContactsAway

NO_DEVICES = "camera=(), geolocation=(), microphone=()"
CMS_POLICY = {
    **settings.SECURE_CSP,
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-ancestors": [CSP.SELF],
}


class CmsPolicyMiddleware(MiddlewareMixin):
    """Gives answers under `/cms/` the wider policy; inside Django's CSP middleware, which writes it."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith("/cms/"):
            # A preview was answered inside as the public page: nobody could frame it, not even the form.
            response.headers.pop("Content-Security-Policy", None)
            response._csp_config = CMS_POLICY  # type: ignore[attr-defined]  # noqa: SLF001  as csp_override
        return response


class DevicesMiddleware(MiddlewareMixin):
    """No page may ask for camera, microphone or place, unless its view says that it may."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Permissions-Policy", NO_DEVICES)
        return response


class LoadedByOthersMiddleware(MiddlewareMixin):
    """What other sites' pages may load: public pictures and films, which stand in readers of news; else
    nothing, so that no page learns by loading one of ours what its reader may see."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        loaded = "cross-origin" if request.path_info.startswith(settings.MEDIA_URL) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", loaded)
        return response


class ContactsAwayMiddleware(MiddlewareMixin):
    """A page that needs the contacts' database while it does not answer says so, and when to come again."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ContactsAway):
            return None
        answer = render(request, "503.html", {"words": exception.message}, status=503)
        answer.headers["Retry-After"] = "60"
        answer.headers["Cache-Control"] = "no-store"
        return answer
