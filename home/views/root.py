"""The site's root, and its health checks."""

import sys
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coalition.accounts.middleware import VARIES_BY, reading_language
from coalition.accounts.queries import public_organisations
from coalition.core.clock import now
from coalition.core.infra_errors import AWAY, FULL, outage_status
from coalition.core.log_redaction import SECTIONS, is_quiet
from coalition.http.quiet import make_quiet, prepare_quiet
from documents.files.views import send_logo
from documents.publication.queries import public_logo_of
from events.public.presenters import next_rows
from home.frontend_cache import current_pages_version
from home.organisation_cards import organisation_card
from home.public_page import frame_context
from home.queries import news_of, signatories_by_publication, site_languages


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Redirect to the visitor's language: the person's own, else the browser's, else Kazakh."""
    response = HttpResponseRedirect(f"/{reading_language(request)}/")
    patch_vary_headers(response, VARIES_BY)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/workspaces/", "/accounts/", "/cms/", "/demo/")),
        f"Sitemap: {settings.SITE_URL.rstrip('/')}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is up (liveness)."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve public pages, with the services that do not answer (readiness).

    503 names missing requirements: database, migrations, storage, styles. Optional services are named too,
    with status 200: otherwise all processes would leave the load balancer at once if Redis is down.
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
    """Whether Redis answers; True if none is configured."""
    if settings.REDIS_URL:
        cache.has_key("readyz")  # uses the strict cache, which raises while Redis is down
    return True


_CHECKS = {
    "database": lambda: connection.cursor().execute("SELECT 1") or True,
    "migrations": _migrated,
    "storage": lambda: storages["default"].exists("none") or True,
    "styles": lambda: bool(finders.find("public.css")) or storages["staticfiles"].exists("public.css"),
}
_CHECKS_OF_THE_REST = {"redis": _redis_answers}


@require_safe
def pages_version(request: HttpRequest) -> HttpResponse:
    """Return the number, which only reveals that something changed; 404 if no proxy caches pages."""
    if not settings.PAGES_KEPT:
        raise Http404
    return HttpResponse(status=204, headers={"X-Pages-Version": str(current_pages_version())})


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the page; 404 for an organisation whose name is withheld."""
    found = get_object_or_404(public_organisations(), slug=slug)
    language = get_language() or "kk"
    news = list(news_of(found, language))
    under = signatories_by_publication([page.publication for page in news if page.publication])
    here = {code: f"/{code}/partners/{slug}/" for code in site_languages()}
    context = {
        **frame_context(request, language=language, here=here),
        "organisation": found,
        "events": next_rows(language, now(), organisation=found),
        "card": organisation_card(found, language),
        "logo": public_logo_of(found),
        "news": [{"page": page, "under": under.get(page.publication_id)} for page in news],
    }
    return render(request, "home/organisation.html", context)


@require_safe
def logo(request: HttpRequest, slug: str, logo: UUID) -> HttpResponse:
    """Return the logo currently permitted by the organisation; 404 for any other."""
    row = public_logo_of(get_object_or_404(public_organisations(), slug=slug))
    if row is None or row.uuid != logo:
        raise Http404
    response = send_logo(request, row)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


TRY_AGAIN: Final = 15  # seconds until a restarted service should answer again


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the 500 page. Django passes no exception, but calls this while handling it."""
    outage = outage_status(sys.exception())
    if outage is None:
        return _error_page(request, 500)
    response = _error_page(request, {AWAY: 503, FULL: 507}[outage])
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(TRY_AGAIN)
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def _error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Return the error page; for discreet pages a discreet one, without the site's name and logo."""
    if not is_quiet(request.path):
        return render(request, f"{status}.html", status=status)
    prepare_quiet(request)
    context = {"status": status, "start_url": f"/{get_language()}/{SECTIONS[0]}/"}
    return make_quiet(render(request, "error_quiet.html", context, status=status))
