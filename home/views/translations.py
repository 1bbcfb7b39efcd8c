"""Views of the newsroom's translations: the report, two languages side by side, creating a translation."""

import uuid
from itertools import zip_longest
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from home.actions.translate import create_translation
from home.public_facts import displayed_facts
from home.public_helplines import displayed_helplines as helplines_on
from home.translations import WORDS, InLanguage, LanguageState, families, family

ON_A_PAGE = 50


def _readable(request: HttpRequest) -> QuerySet[Page]:
    """Return the pages that the user may explore in the admin, as in Wagtail's own lists."""
    pages: QuerySet[Page] = page_permission_policy.explorable_instances(request.user)
    return pages


def _frame(title: str, **more: Any) -> dict[str, Any]:
    """Return the context of Wagtail's base template."""
    return {"page_title": title, "header_title": title, "header_icon": "site", **more}


@require_safe
def translations(request: HttpRequest) -> HttpResponse:
    """Show all pages with their state in each language."""
    state, language = request.GET.get("state", ""), request.GET.get("language", "")
    state = state if state in LanguageState.values else ""
    language = language if language in Language.values else ""
    listed = Paginator(families(state=state, language=language, readable=_readable(request)), ON_A_PAGE)
    context = {
        "listed": listed.get_page(request.GET.get("page")),
        "states": LanguageState.choices,
        "languages": Language.choices,
        "state": state,
        "language": language,
    }
    return TemplateResponse(
        request, "home/cms/translations.html", _frame(_("Languages of the pages"), **context)
    )


@require_safe
def side_by_side(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show a page in two languages, field by field, with changes of the source marked."""
    found = family(key, readable=_readable(request))
    if found is None:
        raise Http404
    first = next(code for code, one in found.languages.items() if one.is_source)
    left = _chosen_language(request, "left", first)
    right = _chosen_language(request, "right", next(code for code in Language.values if code != left))
    sides = [found.languages[left], found.languages[right]]
    pages = [_latest_revision_page(one) for one in sides]
    context = {
        "family": found,
        "sides": [{"one": one, "page": page} for one, page in zip(sides, pages, strict=True)],
        "rows": _rows(pages, sides[0].changed + sides[1].changed),
        "languages": Language.choices,
        "left": left,
        "right": right,
    }
    return TemplateResponse(request, "home/cms/side_by_side.html", _frame(found.title, **context))


def _chosen_language(request: HttpRequest, name: str, otherwise: str) -> str:
    code = request.GET.get(name, "")
    return code if code in Language.values else otherwise


def _latest_revision_page(one: InLanguage) -> Page | None:
    """Return the page with its newest revision, public or not."""
    if one.pk is None:
        return None
    page = Page.objects.get(pk=one.pk).specific
    return page.get_latest_revision_as_object()


def _rows(pages: list[Page | None], changed: list[str]) -> list[dict[str, Any]]:
    """Return the fields of both pages in rows; a StreamField has one row a block."""
    model = next((type(page) for page in pages if page is not None), None)
    fields = {one.name: one for one in model._meta.get_fields()} if model else {}
    rows = []
    for name in (name for name in WORDS if name in fields):
        values = [getattr(page, name, "") if page is not None else "" for page in pages]
        heading = str(getattr(fields[name], "verbose_name", name))
        in_blocks = any(isinstance(value, StreamValue) for value in values)
        cells = zip_longest(*map(_rendered_blocks, pages, values)) if in_blocks else iter([tuple(values)])
        rows += [
            {"heading": heading, "cells": pair, "in_blocks": in_blocks, "changed": name in changed}
            for pair in cells
            if any(pair)
        ]
    return rows


def _rendered_blocks(page: Page | None, value: Any) -> list[SafeString]:
    """Render the blocks of a StreamField as the public page shows them."""
    if page is None:
        return []
    context = {"page": page, "shown_facts": displayed_facts(page), "shown_helplines": helplines_on(page)}
    with override(page.locale.language_code):
        return [block.render(context) for block in value or []]


@require_POST
def translation_create(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Create the page in this language as a draft, and redirect to its form."""
    if language not in Language.values:
        raise Http404
    page = get_object_or_404(_readable(request), pk=pk, depth__gt=1)
    if not page.specific.permissions_for_user(request.user).can_edit():
        raise Http404  # a copy shows all words: only for those who may edit the source
    try:
        copy = create_translation(page, language=language, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("newsroom_side_by_side", page.translation_key)
    messages.success(
        request,
        _("A draft in this language is made: %(language)s. Write over the words and publish it.")
        % {"language": Language(language).label},
    )
    return redirect(reverse("wagtailadmin_pages:edit", args=[copy.pk]))
