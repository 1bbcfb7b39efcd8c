"""The sitemap: every public page with its other languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from coalition.accounts.queries import public_organisations
from events.core.queries import public_events
from home.page_paths import page_path
from home.public_facts import public_facts
from home.queries import public_pages, site_languages

EVENT_PAGES = ("events/", "events/month/", "events/agenda/", "events/map/")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All live pages, public organisations and events; each address names its translations by hreflang,
    and the first of the site's languages for readers of none."""
    root = settings.SITE_URL.rstrip("/")
    groups: dict[Any, dict[str, Any]] = {}
    pages = public_pages().public().filter(depth__gt=1).select_related("locale").order_by("path")
    for page in pages:
        entry = {"url": f"{root}{page_path(page)}", "changed": page.last_published_at}
        groups.setdefault(page.translation_key, {})[page.locale.language_code] = entry
    codes = site_languages()
    for organisation in public_organisations():
        groups[organisation.uuid] = {
            code: {"url": f"{root}/{code}/partners/{organisation.slug}/", "changed": None} for code in codes
        }
    for name in (*EVENT_PAGES, "help/"):
        groups[name] = {code: {"url": f"{root}/{code}/{name}", "changed": None} for code in codes}
    for uuid in public_facts().filter(retired_at=None).order_by("pk").values_list("uuid", flat=True):
        groups[uuid] = {code: {"url": f"{root}/{code}/facts/{uuid}/", "changed": None} for code in codes}
    for slug, changed in public_events().order_by("pk").values_list("slug", "changed_at"):
        groups[f"events/{slug}/"] = {
            code: {"url": f"{root}/{code}/events/{slug}/", "changed": changed} for code in codes
        }
    entries = [
        {**entry, "others": [*others, ("x-default", others[0][1])]}
        for group in groups.values()
        for others in [sorted(group.items(), key=lambda item: Language.values.index(item[0]))]
        for _code, entry in others
    ]
    body = render_to_string("home/sitemap.xml", {"entries": entries})
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
