"""What every request of a signed-in person passes through."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin

type GetResponse = Callable[[HttpRequest], HttpResponse]


class PersonLanguageMiddleware(MiddlewareMixin):
    """The members' area and the accounts follow the person's own language; `/<lang>/` follows its address."""

    def process_request(self, request: HttpRequest) -> None:
        if translation.get_language_from_path(request.path_info):
            return
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language


class AccessMiddleware(MiddlewareMixin):
    """Refuses sessions without a second factor where a role needs one."""


class PrivatePagesMiddleware(MiddlewareMixin):
    """Pages of signed-in people are never kept by a cache on the way."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        user = getattr(request, "user", None)
        private = not translation.get_language_from_path(request.path_info)
        if (
            not request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL))
            and (private or (user is not None and user.is_authenticated))
            and not response.has_header("Cache-Control")
        ):
            patch_cache_control(response, no_store=True, private=True)
        return response
