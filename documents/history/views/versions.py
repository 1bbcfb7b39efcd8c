"""Named versions: the list, one of them, two compared, naming and going back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import access as door
from documents.canonical.compare import compare as compare_documents
from documents.canonical.compare_html import render_comparison
from documents.canonical.errors import CanonicalError
from documents.canonical.form import Document
from documents.canonical.serialise import short_hash
from documents.drafts.access import to_text, to_version
from documents.drafts.actions.name_version import name_version
from documents.drafts.enums import Handling
from documents.drafts.forms import VersionForm
from documents.drafts.models.draft import DraftText, Version
from documents.drafts.permissions import may_edit_text, may_name_version
from documents.drafts.queries.drafts import versions_for
from documents.drafts.rendering import document_as_it_stands, show
from documents.editor.views.overview import language_tabs, named
from documents.history.actions.restore import document_of
from documents.history.actions.restore import restore as restore_version
from documents.history.presenters.restore import going_back

NOW = "now"  # in an address: the text as it stands, beside the UUIDs of versions


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """The versions of a text; a POST names what stands there now."""
    access, text = to_text(request, draft, language)
    viewer = door.viewer(request)
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = name_version(access=access, text=text, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Version %(number)d is kept.") % {"number": version.number})
            return redirect(version)
    rows = [named(viewer, one) for one in versions_for(request.user, access.workspace).filter(text=text)]
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


@door.members_only
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
        "named": named(door.viewer(request), found),
        "document": document,
        "words": show(document, access.workspace),
        "handling": Handling(text.draft.handling),
        "now": NOW,
    }
    if may_edit_text(access, text.draft) and found.hash != text.content_hash:
        context["going_back"] = going_back(door.viewer(request), found)
    return render(request, "documents/editor/version.html", context)


@door.members_only
@require_POST
def restore(request: HttpRequest, version: UUID) -> HttpResponse:
    """Write the version's words into the text again, as an ordinary edit."""
    access, found = to_version(request, version)
    try:
        restore_version(access=access, version=found, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    messages.success(
        request, _("The text says what version %(number)d says again.") % {"number": found.number}
    )
    return redirect(found.text)


@door.members_only
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
        comparison = compare_documents(_document(text, before), _document(text, after))
    except CanonicalError as error:
        return {"comparison": None, "why": error.message}
    return {
        "comparison": comparison,
        "words": render_comparison(comparison),
        "hash_before": short_hash(before.hash) if before else "",
        "hash_after": short_hash(after.hash) if after else "",
    }


def _document(text: DraftText, version: Version | None) -> Document:
    return document_of(version) if version is not None else document_as_it_stands(text)
