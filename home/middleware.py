"""The newsroom's admin alone may run inline scripts: Wagtail's widgets need them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.utils.deprecation import MiddlewareMixin


class CmsPolicyMiddleware(MiddlewareMixin):
    """Stands before Django's CSP middleware and leaves it a wider policy under `/cms/`."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response

    def process_view(self, request: HttpRequest, *_args: object) -> None:
        return None


CMS_POLICY = {
    **settings.SECURE_CSP,
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-ancestors": [CSP.SELF],
}
