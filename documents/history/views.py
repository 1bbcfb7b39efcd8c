"""Views of a text's history: tab, page, one state, a comparison of two, authors of words."""

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
from documents.canonical.compare import compare_documents
from documents.canonical.compare_html import render_comparison
from documents.canonical.form import Document
from documents.canonical.serialise import CanonicalError, short_hash
from documents.drafts.access import to_text, to_version
from documents.drafts.actions.manage import name_version
from documents.drafts.enums import Handling
from documents.drafts.forms import VersionForm
from documents.drafts.models import DraftText, Version
from documents.drafts.permissions import may_edit_text, may_name_version
from documents.drafts.presenters import document_for_display, language_tabs, render_document, version_document
from documents.drafts.queries import versions_for
from documents.history.actions import restore_from_version as actions_restore
from documents.history.actions import restore_point
from documents.history.blame import current_origins, document_of_point
from documents.history.models import HistoryPoint
from documents.history.presenters import (
    authored_passages,
    build_history_rows,
    group_by_day,
    history_moment,
    named_version,
    point_title,
    points_and_versions,
    restore_impact,
)
from documents.history.queries import point_of

PANEL_ROWS = 8
ON_A_PAGE = 50
NOW = "now"  # in a URL: the current text, besides the UUIDs of points and versions


def history_panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Return the context of the tab: the newest points and versions on one timeline."""
    found = points_and_versions(text, _versions(request, text))
    return {
        "count": len(found),
        "rows": build_history_rows(get_viewer(request), text, found[:PANEL_ROWS]),
        "more": len(found) > PANEL_ROWS,
        "now": NOW,
    }


@member_required
@require_safe
def text_history(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """List the whole history by days."""
    access, text = to_text(request, draft, language)
    page = Paginator(points_and_versions(text, _versions(request, text)), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    days = group_by_day(build_history_rows(get_viewer(request), text, list(page.object_list)))
    return _history_page(request, "documents/history/page.html", access, text, days=days, page=page)


@member_required
@require_safe
def history_point(request: HttpRequest, draft: UUID, language: str, point: UUID) -> HttpResponse:
    """Render the words of one point."""
    access, text = to_text(request, draft, language)
    found = _point_or_404(text, point)
    [row] = build_history_rows(get_viewer(request), text, [found])
    try:
        document = document_of_point(text, found)
    except CanonicalError as error:
        shown: dict[str, Any] = {"document": None, "why": error.message}
    else:
        shown = {"document": document, "words": render_document(document, access.workspace)}
    if shown["document"] and found.closed_at is not None and may_edit_text(access, text.draft):
        found.text = text
        shown["going_back"] = restore_impact(get_viewer(request), found)
    return _history_page(request, "documents/history/point.html", access, text, row=row, **shown)


@member_required
@require_POST
def restore_passage(request: HttpRequest, draft: UUID, language: str, point: UUID) -> HttpResponse:
    """Restore the words of a point in the text, as an ordinary edit."""
    access, text = to_text(request, draft, language)
    found = _point_or_404(text, point)
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
def compare_states(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Compare two states word by word:
    `?before=<point or version>&after=<point, version or "now">`."""
    access, text = to_text(request, draft, language)
    known = {str(one.uuid): one for one in points_and_versions(text, _versions(request, text))}
    chosen = request.GET.get("before") or next(iter(known), NOW), request.GET.get("after") or NOW
    try:
        before, after = (_live_document(text, known, key) for key in chosen)
        comparison = compare_documents(before, after)
    except CanonicalError as error:
        shown: dict[str, Any] = {"comparison": None, "why": error.message}
    else:
        shown = {"comparison": comparison, "words": render_comparison(comparison)}
    choices = [(key, history_moment(one), _state_label(one)) for key, one in known.items()]
    return _history_page(
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
def authorship(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Render the current text, each word with the organisation that wrote it."""
    access, text = to_text(request, draft, language)
    state = current_origins(text)
    passages, shares = authored_passages(get_viewer(request), state) if state is not None else ([], [])
    return _history_page(
        request, "documents/history/who.html", access, text, passages=passages, shares=shares
    )


def _history_page(
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


def _point_or_404(text: DraftText, uuid: UUID) -> HistoryPoint:
    found = point_of(text, uuid)
    if found is None:
        raise Http404
    return found


def _live_document(text: DraftText, known: dict[str, HistoryPoint | Version], key: str) -> Document:
    if key == NOW:
        return document_for_display(text)
    if key not in known:
        raise Http404
    one = known[key]
    return version_document(one) if isinstance(one, Version) else document_of_point(text, one)


def _state_label(one: HistoryPoint | Version) -> str:
    if isinstance(one, Version):
        return _("Version %(number)d: %(name)s") % {"number": one.number, "name": one.name}
    return point_title(one)


# --- versions ---
# Named versions: list, detail, comparison, naming and restoring.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def text_versions(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """List the versions of a text; POST names the current words."""
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
def show_version(request: HttpRequest, version: UUID) -> HttpResponse:
    """Render the words of one version, with its hash and the person who named it."""
    access, found = to_version(request, version)
    text = found.text
    document = version_document(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": text.draft,
        "text": text,
        "version": found,
        "named": named_version(get_viewer(request), found),
        "document": document,
        "words": render_document(document, access.workspace),
        "handling": Handling(text.draft.handling),
        "now": NOW,
    }
    if may_edit_text(access, text.draft) and found.hash != text.content_hash:
        context["going_back"] = restore_impact(get_viewer(request), found)
    return render(request, "documents/editor/version.html", context)


@member_required
@require_POST
def restore_version(request: HttpRequest, version: UUID) -> HttpResponse:
    """Restore the version's words in the text, as an ordinary edit."""
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
def compare_versions(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Compare two states of a text, `?before=<version>&after=<version or "now">`, word by word."""
    access, text = to_text(request, draft, language)
    rows = list(versions_for(request.user, access.workspace).filter(text=text))
    known = {str(one.uuid): one for one in rows}
    before = _chosen_version(known, request.GET.get("before"), rows[0] if rows else None)
    after = _chosen_version(known, request.GET.get("after"), None)
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


def _chosen_version(known: dict[str, Version], wanted: str | None, default: Version | None) -> Version | None:
    if not wanted:
        return default
    if wanted == NOW:
        return None
    if wanted not in known:
        raise Http404
    return known[wanted]


def _comparison(text: DraftText, before: Version | None, after: Version | None) -> dict[str, object]:
    """Return the comparison as HTML, or the reason why there is none.
    None means the current text."""
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
    return version_document(version) if version is not None else document_for_display(text)
