"""The legal read of a draft: what needs a lawyer and why, what lawyers said, and saying it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.naming import Viewer
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.canonical.serialise import short_hash
from documents.comments.models import LegalReader
from documents.comments.permissions import is_reader
from documents.comments.queries import legal_readers_of, legal_readers_on
from documents.drafts.access import to_draft
from documents.drafts.enums import Handling, Verdict
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import Draft
from documents.drafts.permissions import may_edit_draft_settings, may_name_legal_reader, require_that
from documents.drafts.queries import texts_of
from documents.legal_review.actions import mark_for_lawyer, record_verdict
from documents.legal_review.forms import VerdictForm
from documents.legal_review.models import Clearance
from documents.legal_review.needs import LegalReason
from documents.legal_review.queries import LegalState, legal_states

VERDICT_SHAPES = {None: "unopened", Verdict.CLEARED: "approved", Verdict.WITH_CHANGES: "changes"}
LEGAL_TEMPLATE = "documents/legal/page.html"


@dataclass(frozen=True)
class VerdictRow:
    """One verdict for display; the note only for those who may read it."""

    row: Clearance
    by: str
    note: str
    shape: str


@dataclass(frozen=True)
class LegalRow:
    """One language."""

    state: LegalState
    reasons: tuple[LegalReason, ...]
    said: list[VerdictRow]
    before: VerdictRow | None
    label: str
    shape: str
    hash: str
    form: VerdictForm | None


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
    sent = form.cleaned_data
    try:
        record_verdict(
            access=access,
            reader=reader,
            text=text,
            digest=sent["digest"],
            verdict=Verdict(sent["verdict"]),
            note=sent["note"],
        )
    except Refused as refusal:
        form.add_error("note", refusal.message)
        return _legal_page(request, access, found, form)
    messages.success(request, _("Kept. The coordinators have been told."))
    return redirect("documents:legal", found.uuid)


@member_required
@require_POST
def mark_draft_for_lawyer(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Require a lawyer for this draft whatever its words, or withdraw that."""
    access, found = to_draft(request, draft)
    require_that(may_edit_draft_settings(access, found), _("Who edits this draft can change this."))
    mark_for_lawyer(access=access, draft=found, needed=request.POST.get("needed") == "1")
    messages.success(request, _("Saved."))
    return redirect("documents:legal", found.uuid)


def _own_legal_reader(access: Access, draft: Draft) -> LegalReader | None:
    """Return the legal reader of the draft as whom the person acts."""
    rows = legal_readers_of(access.user).filter(draft=draft)
    return next((row for row in rows if is_reader(access, row)), None)


def _legal_reader_names(viewer: Viewer, draft: Draft) -> list[str]:
    """Return the names of the members who are its legal readers."""
    rows = legal_readers_on(draft)
    return [person_name(viewer, row.person, row.organisation) for row in rows if row.person is not None]


def _legal_page(
    request: HttpRequest, access: Access, draft: Draft, sent: VerdictForm | None = None
) -> HttpResponse:
    update_draft_texts(draft)
    viewer, own = get_viewer(request), _own_legal_reader(access, draft)
    leads = may_name_legal_reader(access, draft)
    rows = [_legal_row(viewer, state, own, sent, leads=leads) for state in legal_states(draft)]
    context: dict[str, Any] = {
        "access": access,
        "workspace": access.workspace,
        "draft": draft,
        "handling": Handling(draft.handling),
        "rows": rows,
        "reads": own is not None,
        "may_tend": draft.archived_at is None and may_edit_draft_settings(access, draft),
        "leads": leads,
        "readers": _legal_reader_names(viewer, draft) if leads else [],
        "form": sent,
    }
    return form_page(request, LEGAL_TEMPLATE, context)


def _legal_row(
    viewer: Viewer, state: LegalState, own: LegalReader | None, sent: VerdictForm | None, *, leads: bool
) -> LegalRow:
    form = None
    if own is not None and state.text.content_hash:
        form = VerdictForm(prefix=state.text.language, initial={"digest": state.text.content_hash})
        if sent is not None and sent.prefix == state.text.language:
            form = sent
    return LegalRow(
        state=state,
        reasons=state.reasons,
        said=[_verdict_row(viewer, row, own, leads=leads) for row in state.verdicts],
        before=_verdict_row(viewer, state.before, own, leads=leads) if state.before else None,
        label=_verdict_label(state),
        shape=VERDICT_SHAPES.get(state.verdict, "objects"),
        hash=short_hash(state.text.content_hash),
        form=form,
    )


def _verdict_label(state: LegalState) -> str:
    if state.verdict is not None:
        return str(state.verdict.label)
    return _("Not read yet") if state.needed else _("Not needed")


def _verdict_row(viewer: Viewer, row: Clearance, own: LegalReader | None, *, leads: bool) -> VerdictRow:
    by = _("A lawyer without an account")
    if row.reader is not None:
        by = _("Someone who has left")
        if row.person is not None:
            by = person_name(viewer, row.person, row.reader.organisation)
    elif leads:
        by = row.guest_name
    told = leads or (own is not None and row.reader_id == own.pk)
    return VerdictRow(row, by, row.note if told else "", VERDICT_SHAPES.get(Verdict(row.verdict), "objects"))
