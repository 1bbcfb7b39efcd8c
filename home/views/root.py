"""The site's root, and whether it is well."""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from coalition.accounts.reading_language import VARIES_BY, reading_language
from home.frontend_cache.pages_version import current_pages_version


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the visitor's language: the person's own, else the browser's, else Kazakh."""
    response = HttpResponseRedirect(f"/{reading_language(request)}/")
    patch_vary_headers(response, VARIES_BY)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/workspaces/", "/accounts/", "/cms/", "/demo/")),
        f"Sitemap: {settings.SITE_URL.rstrip('/')}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve public pages, and what does not answer.

    503 names what it needs and does not have: database, migrations, storage, styles. What it can serve pages
    without is named too, and leaves it at 200: with Redis away every process would be taken out at once.
    """
    faults = [name for name, check in _CHECKS.items() if not _passes(check)]
    away = [name for name, check in _CHECKS_OF_THE_REST.items() if not _passes(check)]
    words = ["not ready: " + ", ".join(faults) if faults else "ok"]
    if away:
        words.append(("; also away: " if faults else ", but away: ") + ", ".join(away))
    return HttpResponse(
        "".join(words) + "\n", status=503 if faults else 200, content_type="text/plain; charset=utf-8"
    )


def _passes(check) -> bool:  # type: ignore[no-untyped-def]  # a callable without arguments
    try:
        return bool(check())
    except Exception:  # noqa: BLE001  whatever is wrong, the answer is "not ready"
        return False


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _redis_answers() -> bool:
    """True also where there is none."""
    if settings.REDIS_URL:
        cache.has_key("readyz")  # a strict key: it raises while Redis is away
    return True


_CHECKS = {
    "database": lambda: connection.cursor().execute("SELECT 1") or True,
    "migrations": _migrated,
    "storage": lambda: storages["default"].exists("none") or True,
    "styles": lambda: bool(finders.find("public.css")) or storages["staticfiles"].exists("public.css"),
}
_CHECKS_OF_THE_REST = {"redis": _redis_answers}


# --- pages version ---
# What the proxy in front asks: the number under which it keeps public pages.


@require_safe
def pages_version(request: HttpRequest) -> HttpResponse:
    """A number that tells nothing but that something changed; 404 where no proxy keeps pages."""
    if not settings.PAGES_KEPT:
        raise Http404
    return HttpResponse(status=204, headers={"X-Pages-Version": str(current_pages_version())})
