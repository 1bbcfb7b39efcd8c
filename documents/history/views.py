"""The history of a text: its tab beside the text, its page, one state of it, two compared, who wrote what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.canonical.compare import compare as compare_documents
from documents.canonical.compare_html import render_comparison
from documents.canonical.form import Document
from documents.canonical.serialise import CanonicalError, short_hash
from documents.drafts.access import to_text, to_version
from documents.drafts.actions.manage import name_version
from documents.drafts.enums import Handling
from documents.drafts.forms import VersionForm
from documents.drafts.models import DraftText, Version
from documents.drafts.permissions import may_edit_text, may_name_version
from documents.drafts.presenters import language_tabs
from documents.drafts.queries import versions_for
from documents.drafts.rendering import document_as_it_stands, document_of, show
from documents.history.actions import restore as actions_restore
from documents.history.actions import restore_point
from documents.history.blame import document_of_point, origins_now
from documents.history.models import HistoryPoint
from documents.history.presenters import (
    days_of,
    going_back,
    moment_of,
    named_version,
    rows_of,
    stamps,
    title_of,
    written_words,
)
from documents.history.queries import point_of

FEW = 8
ON_A_PAGE = 50
NOW = "now"  # in an address: the text as it stands, beside the UUIDs of points and versions


def panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Context of the tab: the newest points and versions in one line of time."""
    found = stamps(text, _versions(request, text))
    return {
        "count": len(found),
        "rows": rows_of(get_viewer(request), text, found[:FEW]),
        "more": len(found) > FEW,
        "now": NOW,
    }


@member_required
@require_safe
def history(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Everything, by days."""
    access, text = to_text(request, draft, language)
    page = Paginator(stamps(text, _versions(request, text)), ON_A_PAGE).get_page(request.GET.get("page"))
    days = days_of(rows_of(get_viewer(request), text, list(page.object_list)))
    return _page(request, "documents/history/page.html", access, text, days=days, page=page)


@member_required
@require_safe
def point(request: HttpRequest, draft: UUID, language: str, point: UUID) -> HttpResponse:
    """The words of one point, as they stood."""
    access, text = to_text(request, draft, language)
    found = _point(text, point)
    [row] = rows_of(get_viewer(request), text, [found])
    try:
        document = document_of_point(text, found)
    except CanonicalError as error:
        shown: dict[str, Any] = {"document": None, "why": error.message}
    else:
        shown = {"document": document, "words": show(document, access.workspace)}
    if shown["document"] and found.closed_at is not None and may_edit_text(access, text.draft):
        found.text = text
        shown["going_back"] = going_back(get_viewer(request), found)
    return _page(request, "documents/history/point.html", access, text, row=row, **shown)


@member_required
@require_POST
def restore_passage(request: HttpRequest, draft: UUID, language: str, point: UUID) -> HttpResponse:
    """Write the words of a point into the text again, as an ordinary edit."""
    access, text = to_text(request, draft, language)
    found = _point(text, point)
    if found.closed_at is None:
        return redirect(text)
    found.text = text
    try:
        restore_point(access=access, point=found, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:history_point", text.draft.uuid, text.language, found.uuid)
    messages.success(request, _("The text says again what it said then."))
    return redirect(text)


@member_required
@require_safe
def changes(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Two states, `?before=<point or version>&after=<point, version or "now">`, word by word."""
    access, text = to_text(request, draft, language)
    known = {str(one.uuid): one for one in stamps(text, _versions(request, text))}
    chosen = request.GET.get("before") or next(iter(known), NOW), request.GET.get("after") or NOW
    try:
        before, after = (_live_document(text, known, key) for key in chosen)
        comparison = compare_documents(before, after)
    except CanonicalError as error:
        shown: dict[str, Any] = {"comparison": None, "why": error.message}
    else:
        shown = {"comparison": comparison, "words": render_comparison(comparison)}
    choices = [(key, moment_of(one), _label(one)) for key, one in known.items()]
    return _page(
        request,
        "documents/history/changes.html",
        access,
        text,
        choices=choices,
        before=chosen[0],
        after=chosen[1],
        **shown,
    )


@member_required
@require_safe
def who(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """The text as it stands, each word with the organisation that wrote it."""
    access, text = to_text(request, draft, language)
    state = origins_now(text)
    passages, shares = written_words(get_viewer(request), state) if state is not None else ([], [])
    return _page(request, "documents/history/who.html", access, text, passages=passages, shares=shares)


def _page(
    request: HttpRequest, template: str, access: Access, text: DraftText, **context: Any
) -> HttpResponse:
    context |= {
        "access": access,
        "workspace": access.workspace,
        "draft": text.draft,
        "text": text,
        "handling": Handling(text.draft.handling),
        "tabs": language_tabs(text),
        "now": NOW,
    }
    return render(request, template, context)


def _versions(request: HttpRequest, text: DraftText) -> list[Version]:
    return list(versions_for(request.user, text.draft.workspace).filter(text=text).defer("canonical"))


def _point(text: DraftText, uuid: UUID) -> HistoryPoint:
    found = point_of(text, uuid)
    if found is None:
        raise Http404
    return found


def _live_document(text: DraftText, known: dict[str, HistoryPoint | Version], key: str) -> Document:
    if key == NOW:
        return document_as_it_stands(text)
    if key not in known:
        raise Http404
    one = known[key]
    return document_of(one) if isinstance(one, Version) else document_of_point(text, one)


def _label(one: HistoryPoint | Version) -> str:
    if isinstance(one, Version):
        return _("Version %(number)d: %(name)s") % {"number": one.number, "name": one.name}
    return title_of(one)


# --- versions ---
# Named versions: the list, one of them, two compared, naming and going back.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """The versions of a text; a POST names what stands there now."""
    access, text = to_text(request, draft, language)
    viewer = get_viewer(request)
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = name_version(access=access, text=text, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Version %(number)d is kept.") % {"number": version.number})
            return redirect(version)
    rows = [
        named_version(viewer, one) for one in versions_for(request.user, access.workspace).filter(text=text)
    ]
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": text.draft,
        "text": text,
        "handling": Handling(text.draft.handling),
        "tabs": language_tabs(text),
        "rows": rows,
        "form": form,
        "may_name": may_name_version(access, text.draft),
        "now": NOW,
    }
    return form_page(request, "documents/editor/versions.html", context)


@member_required
@require_safe
def version(request: HttpRequest, version: UUID) -> HttpResponse:
    """The words of one version, with its hash and who named it."""
    access, found = to_version(request, version)
    text = found.text
    document = document_of(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": text.draft,
        "text": text,
        "version": found,
        "named": named_version(get_viewer(request), found),
        "document": document,
        "words": show(document, access.workspace),
        "handling": Handling(text.draft.handling),
        "now": NOW,
    }
    if may_edit_text(access, text.draft) and found.hash != text.content_hash:
        context["going_back"] = going_back(get_viewer(request), found)
    return render(request, "documents/editor/version.html", context)


@member_required
@require_POST
def restore_version(request: HttpRequest, version: UUID) -> HttpResponse:
    """Write the version's words into the text again, as an ordinary edit."""
    access, found = to_version(request, version)
    try:
        actions_restore(access=access, version=found, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    messages.success(
        request, _("The text says what version %(number)d says again.") % {"number": found.number}
    )
    return redirect(found.text)


@member_required
@require_safe
def compare(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Two states of a text, `?before=<version>&after=<version or "now">`, word by word."""
    access, text = to_text(request, draft, language)
    rows = list(versions_for(request.user, access.workspace).filter(text=text))
    known = {str(one.uuid): one for one in rows}
    before = _chosen(known, request.GET.get("before"), rows[0] if rows else None)
    after = _chosen(known, request.GET.get("after"), None)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": text.draft,
        "text": text,
        "handling": Handling(text.draft.handling),
        "tabs": language_tabs(text),
        "choices": rows,
        "before": before,
        "after": after,
        "now": NOW,
        **_comparison(text, before, after),
    }
    return render(request, "documents/editor/compare.html", context)


def _chosen(known: dict[str, Version], wanted: str | None, default: Version | None) -> Version | None:
    if not wanted:
        return default
    if wanted == NOW:
        return None
    if wanted not in known:
        raise Http404
    return known[wanted]


def _comparison(text: DraftText, before: Version | None, after: Version | None) -> dict[str, object]:
    """The comparison as HTML, or in words why there is none. None stands for the text as it is now."""
    try:
        comparison = compare_documents(_version_document(text, before), _version_document(text, after))
    except CanonicalError as error:
        return {"comparison": None, "why": error.message}
    return {
        "comparison": comparison,
        "words": render_comparison(comparison),
        "hash_before": short_hash(before.hash) if before else "",
        "hash_after": short_hash(after.hash) if after else "",
    }


def _version_document(text: DraftText, version: Version | None) -> Document:
    return document_of(version) if version is not None else document_as_it_stands(text)
