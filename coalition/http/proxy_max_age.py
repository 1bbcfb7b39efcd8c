"""How long a proxy in front may keep an answer, where that is less than for other public pages.

`home.frontend_cache.middleware` reads it. An answer that says nothing is kept as long as `PAGES_KEPT` says.
"""

from django.http import HttpResponse


def limit_proxy_age(response: HttpResponse, seconds: int) -> None:
    """Let the answer be kept for at most so many whole seconds; it still has to be one that may be kept."""
    response.proxy_max_age = seconds  # type: ignore[attr-defined]  # no header: browsers must not see it


def get_proxy_max_age(response: HttpResponse) -> int | None:
    """Return for how long the answer may be kept at most, or None if it does not say."""
    return getattr(response, "proxy_max_age", None)
