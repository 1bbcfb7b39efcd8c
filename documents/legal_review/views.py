"""Legal reviews: requested, recorded."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.naming import Viewer
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.canonical.form import short_hash
from documents.comments.models import LegalReader
from documents.comments.permissions import is_reader
from documents.comments.queries import legal_readers_of, legal_readers_on
from documents.drafts.access import to_draft
from documents.drafts.generic_views import document_action
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import Draft, Verdict
from documents.drafts.permissions import may_edit_draft_settings, may_name_legal_reader, require_that
from documents.drafts.presenters import draft_context
from documents.drafts.queries import texts_of
from documents.legal_review.actions import mark_for_lawyer, record_verdict
from documents.legal_review.models import LONGEST_NOTE, Clearance
from documents.legal_review.queries import legal_states


class VerdictForm(forms.Form):
    """A verdict on the words displayed on the page; `digest` identifies these words."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What has to change, or why"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("You and the coordinators read it, and nobody else."),
    )


VERDICT_SHAPES = {None: "unopened", Verdict.CLEARED: "approved", Verdict.WITH_CHANGES: "changes"}


@member_required
@require_safe
def legal_review_page(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Render the legal state of each language."""
    access, found = to_draft(request, draft)
    return _legal_page(request, access, found)


@member_required
@require_POST
def give_verdict(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Record a verdict on the words displayed on the page."""
    access, found = to_draft(request, draft)
    reader = _own_legal_reader(access, found)
    if reader is None:
        raise Http404
    text = get_object_or_404(texts_of(found), language=language)
    form = VerdictForm(request.POST, prefix=language)
    if not form.is_valid():
        return _legal_page(request, access, found, form)
    try:
        record_verdict(access=access, reader=reader, text=text, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("note", refusal.message)
        return _legal_page(request, access, found, form)
    messages.success(request, gettext("Kept. The coordinators have been told."))
    return redirect("documents:legal", found.uuid)


@document_action(to_draft, back="documents:legal", success=_("Saved."))
def mark_draft_for_lawyer(request: HttpRequest, access: Access, draft: Draft) -> None:
    """Require a lawyer for this draft whatever its words, or withdraw that."""
    require_that(may_edit_draft_settings(access, draft), gettext("Who edits this draft can change this."))
    mark_for_lawyer(access=access, draft=draft, needed=request.POST.get("needed") == "1")


def _own_legal_reader(access: Access, draft: Draft) -> LegalReader | None:
    """Return the legal reader of the draft as whom the person acts."""
    rows = legal_readers_of(access.user).filter(draft=draft)
    return next((row for row in rows if is_reader(access, row)), None)


def _legal_page(
    request: HttpRequest, access: Access, draft: Draft, submitted: VerdictForm | None = None
) -> HttpResponse:
    """`submitted`: the invalid form of one language."""
    update_draft_texts(draft)
    viewer, own = get_viewer(request), _own_legal_reader(access, draft)
    leads = may_name_legal_reader(access, draft)
    rows = []
    for state in legal_states(draft):
        form, text = None, state.text
        if own is not None and text.content_hash:
            form = VerdictForm(prefix=text.language, initial={"digest": text.content_hash})
            if submitted is not None and submitted.prefix == text.language:
                form = submitted
        label = gettext("Not read yet") if state.needed else gettext("Not needed")
        before = [state.before] if state.before else []
        rows.append(
            {
                "state": state,
                "verdicts": [_verdict_context(viewer, row, own, leads=leads) for row in state.verdicts],
                "before": [_verdict_context(viewer, row, own, leads=leads) for row in before],
                "label": state.verdict.label if state.verdict else label,
                "shape": VERDICT_SHAPES.get(state.verdict, "objects"),
                "hash": short_hash(text.content_hash),
                "form": form,
            }
        )
    context: dict[str, Any] = draft_context(access, draft) | {
        "rows": rows,
        "reads": own is not None,
        "may_tend": draft.archived_at is None and may_edit_draft_settings(access, draft),
        "leads": leads,
        "readers": [
            person_name(viewer, row.person, row.organisation)
            for row in (legal_readers_on(draft) if leads else ())
            if row.person is not None
        ],
        "form": submitted,
    }
    return form_page(request, "documents/legal_review/page.html", context)


def _verdict_context(
    viewer: Viewer, row: Clearance, own: LegalReader | None, *, leads: bool
) -> dict[str, Any]:
    """Return one verdict for display; the note only for those who may read it."""
    by = gettext("A lawyer without an account")
    if row.reader is not None:
        by = gettext("Someone who has left")
        if row.person is not None:
            by = person_name(viewer, row.person, row.reader.organisation)
    elif leads:
        by = row.guest_name
    may_read = leads or (own is not None and row.reader_id == own.pk)
    shape = VERDICT_SHAPES.get(Verdict(row.verdict), "objects")
    return {"clearance": row, "by": by, "note": row.note if may_read else "", "shape": shape}
