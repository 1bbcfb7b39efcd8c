"""Views of a workspace's drafts and a draft's settings."""

import json
from copy import copy
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy as _
from django.views.decorators.http import require_safe

from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.drafts import permissions
from documents.drafts.access import access_to_drafts, to_draft
from documents.drafts.actions.manage import archive_draft, change_draft, create_draft, unarchive_draft
from documents.drafts.forms import DraftForm
from documents.drafts.generic_views import DraftFormView, WorkspaceFormView, document_action
from documents.drafts.models import Draft, Handling, TextKind
from documents.drafts.presenters import language_states, last_changed
from documents.drafts.queries import LockedSetting, drafts_for, with_texts
from documents.text_templates.choices import template_preview, text_kind_choices

ON_A_PAGE = 30


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
        rows.append(
            {
                "draft": draft,
                "changed_by": by,
                "languages": language_states(draft),
                "handling": Handling(draft.handling),
            }
        )
    return render(
        request,
        "documents/drafts/list.html",
        {
            "access": access,
            "workspace": access.workspace,
            "rows": rows,
            "page": page,
            "archived": archived,
            "may_create": permissions.may_create(access),
        },
    )


class CreateDraft(WorkspaceFormView):
    """Create a draft. `?kind=` and `?language=` choose the template; htmx requests it alone."""

    form_class = DraftForm
    template_name = "documents/drafts/create.html"

    def load(self) -> None:
        super().load()
        permissions.require_that(
            permissions.may_create(self.access),
            gettext("Contributors, editors and coordinators start drafts here."),
        )
        kind = self.request.POST.get("kind") or self.request.GET.get("kind", TextKind.STATEMENT)
        self.preview = template_preview(kind, self.request.GET.get("language", get_language() or ""))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Target") == "template":
            context = {"workspace": self.access.workspace, "preview": self.preview}
            return render(request, "documents/drafts/_template.html", context)
        return super().get(request, *args, **kwargs)

    def get_instance(self) -> Draft:
        return Draft(workspace=self.access.workspace, kind=self.preview["kind"])

    def get_initial(self) -> dict[str, Any]:
        return {"from_template": True}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": get_viewer(self.request)}

    def save(self, form: DraftForm) -> HttpResponse:
        draft = create_draft(access=self.access, **form.cleaned_data)
        return redirect("documents:text", draft.uuid, draft.first_language)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = text_kind_choices(self.preview["kind"])
        return super().get_context_data(**kwargs) | {"kinds": kinds, "preview": self.preview}


@member_required
@require_safe
def draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Redirect to the person's language if that text is written, else to the one written first."""
    _access, found = to_draft(request, draft)
    written = set(found.texts.filter(revision__gt=0).values_list("language", flat=True))
    own = get_person(request).language
    return redirect("documents:text", found.uuid, own if own in written else found.first_language)


class DraftSettings(DraftFormView):
    """Edit title, kind, handling mark and readers of a draft."""

    form_class = DraftForm
    template_name = "documents/drafts/settings.html"
    success_message = _("Saved.")

    def load(self) -> None:
        super().load()
        permissions.require_that(
            permissions.may_edit_text(self.access, self.draft),
            gettext("Who edits this draft can change this."),
        )

    def get_instance(self) -> Draft:
        return copy(self.draft)

    def get_initial(self) -> dict[str, Any]:
        return {"restricted_to": self.draft.restricted_to.all()}

    def get_form_kwargs(self) -> dict[str, Any]:
        may = permissions.may_restrict(self.access, self.draft)
        return super().get_form_kwargs() | {"viewer": get_viewer(self.request), "may_restrict": may}

    def refused_field(self, form: DraftForm, refusal: Refused) -> str | None:
        return refusal.field if isinstance(refusal, LockedSetting) else None

    def save(self, form: DraftForm) -> None:
        change_draft(access=self.access, draft=self.draft, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "may_tend": permissions.may_edit_draft_settings(self.access, self.draft),
            "may_see_guests": permissions.may_see_guests(self.access, self.draft),
        }


@document_action(to_draft)
def archive(request: HttpRequest, access: Access, draft: Draft) -> HttpResponse:
    """Archive a draft, with an undo."""
    archive_draft(access=access, draft=draft)
    visits.offer_undo(
        request,
        text=gettext("The draft is in the archive."),
        url=reverse("documents:draft_unarchive", args=[draft.uuid]),
    )
    return redirect("documents:drafts", access.workspace.uuid)


@document_action(to_draft, success=_("The draft is in work again."))
def unarchive(request: HttpRequest, access: Access, draft: Draft) -> None:
    """Restore a draft from the archive."""
    unarchive_draft(access=access, draft=draft)


def parse_json_list(words: str) -> list[Any] | None:
    """Return the JSON list, or None for anything else."""
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None
