"""Views of a text's history: tab, page, one state, a comparison of two, authors of words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.canonical.compare import compare_documents, render_comparison
from documents.canonical.form import CanonicalError, Document
from documents.drafts.access import to_text, to_version
from documents.drafts.actions.manage import name_version
from documents.drafts.forms import VersionForm
from documents.drafts.generic_views import document_action
from documents.drafts.models import DraftText, Version
from documents.drafts.permissions import may_edit_text, may_name_version
from documents.drafts.presenters import document_for_display, draft_context, language_tabs, render_document
from documents.drafts.queries import versions_for
from documents.history import presenters
from documents.history.actions import restore_state
from documents.history.blame import current_origins, document_of_point
from documents.history.models import HistoryPoint

PANEL_ROWS = 8
ON_A_PAGE = 50
NOW = "now"  # in a URL: the current text, besides the UUIDs of points and versions


def history_panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Return the context of the tab: the newest points and versions on one timeline."""
    found = presenters.points_and_versions(text, _versions(request, text))
    return {
        "count": len(found),
        "rows": presenters.build_history_rows(get_viewer(request), text, found[:PANEL_ROWS]),
        "more": len(found) > PANEL_ROWS,
        "now": NOW,
    }


@member_required
@require_safe
def text_history(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """List the whole history by days."""
    access, text = to_text(request, draft, language)
    page = Paginator(presenters.points_and_versions(text, _versions(request, text)), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = presenters.build_history_rows(get_viewer(request), text, list(page.object_list))
    return _history_page(request, "documents/history/page.html", access, text, rows=rows, page=page)


def _to_point(request: HttpRequest, draft: UUID, language: str, point: UUID) -> tuple[Access, HistoryPoint]:
    """Return a point with its words and its text, which the person may read."""
    access, text = to_text(request, draft, language)
    found = get_object_or_404(text.points, uuid=point)
    found.text = text
    return access, found


@member_required
@require_safe
def history_point(request: HttpRequest, draft: UUID, language: str, point: UUID) -> HttpResponse:
    """Render the words of one point."""
    access, found = _to_point(request, draft, language, point)
    text = found.text
    [row] = presenters.build_history_rows(get_viewer(request), text, [found])
    try:
        document = document_of_point(text, found)
    except CanonicalError as error:
        shown: dict[str, Any] = {"document": None, "why": error.message}
    else:
        shown = {"document": document, "words": render_document(document, access.workspace)}
    if shown["document"] and found.closed_at is not None and may_edit_text(access, text.draft):
        shown["going_back"] = presenters.restore_impact(get_viewer(request), found)
    return _history_page(request, "documents/history/point.html", access, text, row=row, **shown)


@document_action(_to_point, back="documents:history_point")
def restore_passage(request: HttpRequest, access: Access, point: HistoryPoint) -> HttpResponse:
    """Restore the words of a point in the text, as an ordinary edit."""
    if point.closed_at is not None:
        restore_state(access=access, state=point, seen=request.POST.get("seen", ""))
        messages.success(request, _("The text says again what it said then."))
    return redirect(point.text)


@member_required
@require_safe
def compare_states(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Compare two states word by word: `?before=<point or version>&after=<point, version or "now">`."""
    access, text = to_text(request, draft, language)
    known = {str(one.uuid): one for one in presenters.points_and_versions(text, _versions(request, text))}
    before, after, shown = _comparison(request, text, known)
    shown["choices"] = [
        (key, presenters.history_moment(one), presenters.state_title(one)) for key, one in known.items()
    ]
    page = "documents/history/changes.html"
    return _history_page(request, page, access, text, before=before, after=after, **shown)


@member_required
@require_safe
def authorship(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Render the current text, each word with the organisation that wrote it."""
    access, text = to_text(request, draft, language)
    state = current_origins(text)
    passages, shares = (
        presenters.authored_passages(get_viewer(request), state) if state is not None else ([], [])
    )
    return _history_page(
        request, "documents/history/who.html", access, text, passages=passages, shares=shares
    )


def _history_page(
    request: HttpRequest, template: str, access: Access, text: DraftText, **context: Any
) -> HttpResponse:
    own = {"text": text, "tabs": language_tabs(text), "now": NOW}
    return form_page(request, template, draft_context(access, text.draft) | own | context)


def _versions(request: HttpRequest, text: DraftText) -> list[Version]:
    return list(versions_for(request.user, text.draft.workspace).filter(text=text).defer("canonical"))


def _comparison(
    request: HttpRequest, text: DraftText, known: Mapping[str, HistoryPoint | Version]
) -> tuple[str, str, dict[str, Any]]:
    """Return the keys of the two states that the URL names, the newest known and the current text if it
    names none, and their comparison as HTML, or the reason why there is none."""

    def document(key: str) -> Document:
        if key == NOW:
            return document_for_display(text)
        if key not in known:
            raise Http404
        state = known[key]
        return state.document if isinstance(state, Version) else document_of_point(text, state)

    before, after = request.GET.get("before") or next(iter(known), NOW), request.GET.get("after") or NOW
    try:
        comparison = compare_documents(document(before), document(after))
    except CanonicalError as error:
        return before, after, {"comparison": None, "why": error.message}
    return before, after, {"comparison": comparison, "words": render_comparison(comparison)}


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
    versions = versions_for(request.user, access.workspace).filter(text=text)
    return _history_page(
        request,
        "documents/editor/versions.html",
        access,
        text,
        rows=[presenters.named_version(viewer, one) for one in versions],
        form=form,
        may_name=may_name_version(access, text.draft),
    )


@member_required
@require_safe
def show_version(request: HttpRequest, version: UUID) -> HttpResponse:
    """Render the words of one version, with its hash and the person who named it."""
    access, found = to_version(request, version)
    text = found.text
    document = found.document
    context = draft_context(access, text.draft) | {
        "text": text,
        "version": found,
        "named": presenters.named_version(get_viewer(request), found),
        "document": document,
        "words": render_document(document, access.workspace),
        "now": NOW,
    }
    if may_edit_text(access, text.draft) and found.hash != text.content_hash:
        context["going_back"] = presenters.restore_impact(get_viewer(request), found)
    return render(request, "documents/editor/version.html", context)


@document_action(to_version)
def restore_version(request: HttpRequest, access: Access, version: Version) -> HttpResponse:
    """Restore the version's words in the text, as an ordinary edit."""
    restore_state(access=access, state=version, seen=request.POST.get("seen", ""))
    words = _("The text says what version %(number)d says again.") % {"number": version.number}
    messages.success(request, words)
    return redirect(version.text)


@member_required
@require_safe
def compare_versions(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Compare two states of a text, `?before=<version>&after=<version or "now">`, word by word."""
    access, text = to_text(request, draft, language)
    rows = list(versions_for(request.user, access.workspace).filter(text=text))
    known: dict[str, HistoryPoint | Version] = {str(one.uuid): one for one in rows}
    before, after, shown = _comparison(request, text, known)
    page = "documents/editor/compare.html"
    return _history_page(
        request, page, access, text, choices=rows, before=known.get(before), after=known.get(after), **shown
    )
