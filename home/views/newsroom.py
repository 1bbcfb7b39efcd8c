"""Views of the newsroom: translations, disabled views of Wagtail's admin.

No setting disables them (measured): `POST /cms/login/` with a password would sign in a person
without the second factor, the group views list every workspace, and the API unpublishes, deletes
and copies pages without calling the hooks that protect approved words (home/wagtail_hooks.py). Its
lists of pictures and documents check no permission on them, and we do not use dynamic image URLs.
"""

import uuid
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, override
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from coalition.accounts.models import Language
from coalition.consent.closed import is_closed_page
from coalition.core.errors import Refused
from home.sections import displayed_facts, displayed_helplines as helplines_on
from home.translations import WORDS, LanguageState, create_translation, families, family

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
    rows = [Page.objects.get(pk=one.pk).specific if one.pk is not None else None for one in sides]
    pages = [
        row.get_latest_revision_as_object() if row is not None and not is_closed_page(row) else None
        for row in rows
    ]  # public or not
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
    """Render the blocks of a StreamField as on the public page."""
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
        raise Http404  # a copy shows all words, so it requires edit permission on the source
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


def redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect Wagtail's login to the site's sign-in. A password posted here is never read."""
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': '/cms/'})}")


def redirect_to_password_reset(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Redirect Wagtail's password reset to that of the accounts."""
    return HttpResponseRedirect(reverse("account_reset_password"))


def hidden_cms_page(request: HttpRequest, rest: str = "", pk: int = 0) -> HttpResponse:
    """Answer 404 for everyone."""
    raise Http404
