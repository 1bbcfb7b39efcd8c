"""How long a proxy in front may keep an answer, where that is less than for other public pages.

`home.frontend_cache.middleware` reads it. An answer that says nothing is kept as long as `PAGES_KEPT` says.
"""

from django.http import HttpResponse


def limit_proxy_age(response: HttpResponse, seconds: int) -> None:
    """Limit caching of the response to whole `seconds`; this alone does not make it cacheable."""
    response.proxy_max_age = seconds  # type: ignore[attr-defined]  # no header: browsers must not see it


def get_proxy_max_age(response: HttpResponse) -> int | None:
    """Return the maximum age of the response in seconds, or None if it sets none."""
    return getattr(response, "proxy_max_age", None)
