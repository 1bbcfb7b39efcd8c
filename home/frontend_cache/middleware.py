"""Which responses a reverse proxy may cache: public pages for anonymous visitors, and nothing else.

The marker is `X-Accel-Expires`, which nginx reads and removes; `Cache-Control` makes browsers and
other caches revalidate. Views not listed here are never marked. A view whose page shows numbers
that grow by the minute sets its own lifetime (`coalition.http.request_cache`).
"""

import hashlib
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.deprecation import MiddlewareMixin

from coalition.http.request_cache import get_proxy_max_age

EXPIRES_HEADER: Final = "X-Accel-Expires"
CACHED_URL_NAMES: Final = frozenset(
    {
        "calendar_event",
        "calendar_feed",
        "calendar_kind",
        "calendar_organisation",
        "documents_public:sheet",
        "documents_public:sheet_json",
        "documents_public:sheets",
        "code_story_picture",
        "counters_json",
        "first_page",
        "news_article",
        "news_atom",
        "news_index",
        "news_json",
        "news_rss",
        "public_event",
        "public_events",
        "public_events_agenda",
        "public_events_map",
        "public_events_month",
        "public_fact",
        "public_facts",
        "public_organisation",
        "public_work",
        "public_works",
        "share_picture",
        "story_picture",
        "support_appeal",
        "support_appeal_from",
        "support_names",
        "support_sent",
        "topic_atom",
        "topic_json",
        "topic_rss",
        "wagtail_serve",
    }
)


class MarkPagesMiddleware(MiddlewareMixin):
    """Marks cacheable responses. Placed outside the session and CSRF middleware, to see whether
    they set cookies."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_cacheable(request, response):
            return response
        kept = get_proxy_max_age(response)
        response[EXPIRES_HEADER] = str(
            settings.PAGES_KEPT if kept is None else min(kept, settings.PAGES_KEPT)
        )
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, no_cache=True)
        if not response.has_header("ETag"):
            response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        return answer if isinstance(answer, HttpResponse) else response


def is_cacheable(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether every visitor without a session would get exactly this response."""
    match = request.resolver_match
    if match is None or match.view_name not in CACHED_URL_NAMES or getattr(request, "is_preview", False):
        return False
    if request.method not in {"GET", "HEAD"} or response.status_code != 200 or response.streaming:
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies or "HX-Request" in request.headers:
        return False
    caching = response.get("Cache-Control", "")
    return "private" not in caching and "no-store" not in caching
