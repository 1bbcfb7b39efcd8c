"""Views of a workspace's drafts and a draft's settings."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.dashboard import LanguageState
from coalition.workspaces.naming import person_name
from documents.drafts.access import access_to_drafts, to_draft
from documents.drafts.actions.manage import archive_draft, change_draft, create_draft, unarchive_draft
from documents.drafts.deciders import LockedSetting
from documents.drafts.enums import Handling, TextKind
from documents.drafts.forms import DraftForm
from documents.drafts.models import Draft
from documents.drafts.permissions import (
    may_create,
    may_edit_draft_settings,
    may_edit_text,
    may_restrict,
    may_see_guests,
    require_that,
)
from documents.drafts.presenters import language_states, last_changed
from documents.drafts.queries import drafts_for, with_texts
from documents.text_templates.choices import template_preview, text_kind_choices

ON_A_PAGE = 30


@dataclass(frozen=True)
class DraftRow:
    """One draft in the list."""

    draft: Draft
    changed_by: str
    languages: tuple[LanguageState, ...]
    handling: Handling


@member_required
@require_safe
def drafts(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List drafts in work; with `?archived=1` the archived ones."""
    access = access_to_drafts(request, workspace)
    viewer = get_viewer(request)
    archived = request.GET.get("archived") == "1"
    found = drafts_for(request.user, access.workspace).filter(archived_at__isnull=not archived)
    page = Paginator(with_texts(found).order_by("-changed_at"), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for draft in page.object_list:
        text = last_changed(draft)
        by = person_name(viewer, text.changed_by, text.changed_for) if text and text.changed_by else ""
        rows.append(DraftRow(draft, by, language_states(draft), Handling(draft.handling)))
    return render(
        request,
        "documents/drafts/list.html",
        {
            "access": access,
            "workspace": access.workspace,
            "rows": rows,
            "page": page,
            "archived": archived,
            "may_create": may_create(access),
        },
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Create a draft. `?kind=` and `?language=` choose the template; htmx requests it alone."""
    access = access_to_drafts(request, workspace)
    require_that(may_create(access), _("Contributors, editors and coordinators start drafts here."))
    kind = request.POST.get("kind") or request.GET.get("kind", TextKind.STATEMENT)
    preview = template_preview(kind, request.GET.get("language", get_language() or ""))
    if request.headers.get("HX-Target") == "template":
        context = {"workspace": access.workspace, "preview": preview}
        return render(request, "documents/drafts/_template.html", context)
    initial = {
        "first_language": Language.KK,
        "handling": Handling.WORKSPACE,
        "kind": preview.kind,
        "from_template": True,
    }
    form = DraftForm(request.POST or None, access=access, viewer=get_viewer(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft = create_draft(access=access, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("documents:text", draft.uuid, draft.first_language)
    context = {
        "access": access,
        "workspace": access.workspace,
        "form": form,
        "kinds": text_kind_choices(preview.kind),
        "preview": preview,
    }
    return form_page(request, "documents/drafts/create.html", context)


@member_required
@require_safe
def draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Redirect to the person's language if that text is written, else to the one written first."""
    _access, found = to_draft(request, draft)
    written = set(found.texts.filter(revision__gt=0).values_list("language", flat=True))
    own = get_person(request).language
    return redirect("documents:text", found.uuid, own if own in written else found.first_language)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft_settings(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Edit title, kind, handling mark and readers of a draft."""
    access, found = to_draft(request, draft)
    require_that(may_edit_text(access, found), _("Who edits this draft can change this."))
    form = DraftForm(
        request.POST or None,
        access=access,
        viewer=get_viewer(request),
        may_restrict=may_restrict(access, found),
        draft=found,
        initial={
            "title": found.title,
            "kind": found.kind,
            "handling": found.handling,
            "restricted_to": found.restricted_to.all(),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_draft(access=access, draft=found, **form.cleaned_data)
        except LockedSetting as refusal:
            form.add_error(refusal.field, refusal.message)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "form": form,
        "may_tend": may_edit_draft_settings(access, found),
        "may_see_guests": may_see_guests(access, found),
    }
    return form_page(request, "documents/drafts/settings.html", context)


@member_required
@require_POST
def archive(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Archive a draft, with an undo."""
    access, found = to_draft(request, draft)
    archive_draft(access=access, draft=found)
    visits.offer_undo(
        request,
        text=_("The draft is in the archive."),
        url=reverse("documents:bring_back", args=[found.uuid]),
    )
    return redirect("documents:drafts", access.workspace.uuid)


@member_required
@require_POST
def unarchive(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Restore a draft from the archive."""
    access, found = to_draft(request, draft)
    unarchive_draft(access=access, draft=found)
    messages.success(request, _("The draft is in work again."))
    return redirect(found)


# --- request values ---
# Parsing of untrusted request values; never raises.


def parse_uuid(words: str) -> UUID | None:
    """Return the UUID, or None for anything else."""
    try:
        return UUID(words)
    except ValueError:
        return None


def parse_json_list(words: str) -> list[Any] | None:
    """Return the JSON list, or None for anything else."""
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None
