"""Rounds for a draft's authors: dates, opening, matrix, renewing, closing; approved texts for the editor."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.models import Listing
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.approval import presenters
from documents.approval.actions.inherit import insert_approved_block, reopen_inherited_approvals
from documents.approval.actions.open_round import close_round, renew_round, set_phases, submit_for_approval
from documents.approval.actions.typo_fixes import CONFIRMATIONS_NEEDED
from documents.approval.audit import KIND
from documents.approval.forms import RenewRoundForm, SubmitForApprovalForm
from documents.approval.models import ApprovalRound, Asked
from documents.approval.permissions import to_round
from documents.approval.queries.approved_texts import (
    approved_versions_for,
    possible_typo_fixes,
    typo_fixes_in,
)
from documents.approval.queries.boards import Board, board_of, publishing_obstacles
from documents.approval.queries.inherited import inherited_approvals_in
from documents.approval.queries.rounds import open_round_of, rounds_in, rounds_with_next_step
from documents.approval.views.calls import attestation_rows, round_context, unattested_translations
from documents.approval.views.decide import decision_action
from documents.canonical.characters import render_text
from documents.checklist.check import NotAcknowledged, check_draft, checklist_context
from documents.drafts.access import access_to_drafts, sheet_address_of, to_text
from documents.drafts.actions.manage import name_version
from documents.drafts.forms import DeadlineField
from documents.drafts.generic_views import DraftFormView, document_action
from documents.drafts.models import ApprovalRule, Draft, RoundState, Voice
from documents.drafts.permissions import (
    may_attest,
    may_edit_text,
    may_submit_for_approval,
    may_suggest_in,
    require_that,
)
from documents.drafts.queries import DeadlinePassed, texts_to_submit
from documents.legal_review.queries import legal_states


class PhasesForm(forms.Form):
    """Three optional moments."""

    comments_until = DeadlineField(label=gettext_lazy("Comments until"), required=False)
    final_from = DeadlineField(
        label=gettext_lazy("Final text from"),
        required=False,
        help_text=gettext_lazy(
            "From then on only coordinators change its words. Open editors close at that moment."
        ),
    )
    joining_until = DeadlineField(label=gettext_lazy("Joining until"), required=False)


def timeline(draft: Draft, round_: ApprovalRound | None = None) -> list[dict[str, str]]:
    """Return steps of components/timeline.html; none without dates."""
    joining = round_.deadline if round_ is not None else draft.joining_until
    moments = [
        (_("Comments"), _("until %(when)s"), draft.comments_until),
        (_("Final text"), _("from %(when)s"), draft.final_from),
        (_("Joining"), _("until %(when)s"), joining),
    ]
    if draft.comments_until is None and draft.final_from is None:
        return []  # a deadline alone is already displayed beside it
    steps = [(title, note, at) for title, note, at in moments if at is not None]
    moment = now()
    current = next((index for index, (_title, _note, at) in enumerate(steps) if at > moment), len(steps))
    return [
        {
            "title": title,
            "note": note % {"when": moment_with_time_zone(at)},
            "state": "done" if index < current else "now" if index == current else "",
            "url": round_.get_absolute_url() if round_ is not None and at == joining else "",
        }
        for index, (title, note, at) in enumerate(steps)
    ]


class PhasesView(DraftFormView):
    """Set the dates: for coordinators."""

    form_class = PhasesForm
    template_name = "documents/approval/phases.html"
    success_message = gettext_lazy("Saved. Everyone who works on the text sees the dates.")

    def load(self) -> None:
        super().load()
        require_that(
            may_submit_for_approval(self.access, self.draft), _("Coordinators say the dates of a text.")
        )

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.draft, name) for name in PhasesForm.base_fields}

    def save(self, form: PhasesForm) -> None:
        set_phases(access=self.access, draft=self.draft, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = timeline(self.draft, open_round_of(self.draft))
        return super().get_context_data(**kwargs) | {"steps": steps}


ON_A_PAGE = 30


@member_required
@require_safe
def rounds(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the rounds of the workspace, newest first."""
    access = access_to_drafts(request, workspace)
    found = rounds_in(request.user, access.workspace)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"access": access, "workspace": access.workspace, "page": page, "rounds": page.object_list}
    return render(request, "documents/approval/list.html", context)


class SubmitView(DraftFormView):
    """Put versions of a draft to organisations; name versions where the text has none yet. Redirects to the
    open round, if there is one: newer versions are put there."""

    form_class = SubmitForApprovalForm
    template_name = "documents/approval/put.html"

    def load(self) -> None:
        super().load()
        require_that(
            may_submit_for_approval(self.access, self.draft), _("Coordinators put texts to approval.")
        )
        self.open_round = open_round_of(self.draft)
        self.checked = check_draft(self.draft, self.request.user) if self.open_round is None else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "draft": self.draft,
            "viewer": get_viewer(self.request),
            "to_look_at": bool(self.checked and self.checked.shoulds),
        }

    def save(self, form: SubmitForApprovalForm) -> HttpResponse:
        data = form.cleaned_data
        name = data.get("version_name") or _("Put to approval")
        with transaction.atomic():  # versions are named only if the round opens
            round_ = submit_for_approval(
                access=self.access,
                draft=self.draft,
                versions=[
                    form.versions.get(one)
                    or name_version(access=self.access, text=form.texts[one], name=name)
                    for one in data["languages"]
                ],
                organisations=list(data["organisations"]),
                deadline=data["deadline"],
                rule=ApprovalRule(data["rule"]),
                voice=Voice(data["voice"]),
                speaker=data["speaker"],
                message=data["message"],
                listings={one.uuid: Listing.WITHHELD for one in data["withheld"]},
                acknowledged=data.get("acknowledged", False),
            )
        message = _("Put to approval. Those who decide have been told by mail.")
        if inherited_approvals_in(round_).exists():
            message = _(
                "Put to approval. Who approved all of these words already is not asked again; it has been "
                "told, as those who decide."
            )
        messages.success(self.request, message)
        return redirect(round_)

    def refused_field(self, form: SubmitForApprovalForm, refusal: Refused) -> str | None:
        return _field_for_refusal(refusal)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.open_round is not None:
            return redirect(self.open_round)
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.checked is None:
            return context
        return context | {
            "only_approved": presenters.has_only_approved_versions(context["form"].texts.values()),
            "unclear": [state for state in legal_states(self.draft) if not state.is_free],
            **checklist_context(self.checked.findings),
        }


def _field_for_refusal(refusal: Refused) -> str | None:
    """Return the field beside which the error is displayed."""
    if isinstance(refusal, NotAcknowledged):
        return "acknowledged"
    return "deadline" if isinstance(refusal, DeadlinePassed) else None


@member_required
@require_safe
def round_page(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Display the approval matrix, with what is missing in words first."""
    return _round_page(request, round_uuid)


def _round_page(
    request: HttpRequest, round_uuid: UUID, renew_form: RenewRoundForm | None = None
) -> HttpResponse:
    """`renew_form`: a coordinator's invalid form for renewing, with its errors."""
    round_ = get_object_or_404(rounds_with_next_step(request.user), uuid=round_uuid)
    access = access_to_drafts(request, round_.draft.workspace.uuid)
    viewer = get_viewer(request)
    board, moment = board_of(round_, viewer), now()
    is_open = round_.state == RoundState.OPEN
    leads = may_submit_for_approval(access, round_.draft)
    newer = newer_versions(board, renew_form) if leads and is_open else []
    # for a correction also signatories of the public text that are not asked here
    names = round_.draft.publications.standing_names() if is_open else []
    asked = {one.organisation_id for one in board.asked}
    context = {
        **round_context(access, round_),
        "matrix": board.matrix,
        "is_open": is_open,
        "is_late": round_.deadline <= moment,
        "now": moment,
        "obstacles": publishing_obstacles(board),
        "table": presenters.matrix_table(board, viewer, signatories={name.organisation_id for name in names}),
        "not_asked": [
            display_name_for(viewer, name.organisation, listing=name.listing)
            for name in names
            if name.organisation_id not in asked
        ],
        "made_of": presenters.inherited_sources(board, request.user),
        "steps": timeline(round_.draft, round_),
        "topic": f"{KIND}:{round_.uuid}",
        "attested": attestation_rows(board, viewer),
        "unattested": unattested_translations(board) if may_attest(access, round_.draft) else [],
        "bars": presenters.split_bars(board),
        "sheet": presenters.sheet_preview(board),
        "leads": leads,
        "to_confirm": presenters.calls_awaiting_confirmation(access, viewer, round_),
        "decides": round_.decides,  # type: ignore[attr-defined]  # annotated
        "newer": newer,
        "form": renew_form or RenewRoundForm(initial={"deadline": round_.deadline}),
        "publication": round_.publication_uuid,  # type: ignore[attr-defined]  # annotated
    }
    if leads and is_open:
        context["typo_fixes"] = typo_fixes = typo_fixes_in(round_)
        context["confirmations_needed"] = CONFIRMATIONS_NEEDED
        context["possible_typo_fixes"] = possible_typo_fixes(board, [slip for slip, _word in typo_fixes])
    if newer:
        checked = check_draft(round_.draft, request.user)
        checked = checked.of([one["text"].language for one in newer], whole=False)
        context |= checklist_context(checked.findings)
    return form_page(request, "documents/approval/round.html", context)


def newer_versions(board: Board, form: RenewRoundForm | None = None) -> list[dict[str, Any]]:
    """Return the texts that changed since they were put; `chosen`: all, or those of the submitted form."""
    return [
        {"text": text, "chosen": form is None or text.language in form.languages}
        for text in board.texts
        if text.version.hash != text.version.text.content_hash
    ]


@document_action(
    to_round, success=gettext_lazy("Put. Only the languages whose words changed are open again.")
)
def renew_versions(request: HttpRequest, access: Access, round_: ApprovalRound) -> HttpResponse | None:
    """Put the newer versions, naming them where the text has none, and move the deadline."""
    require_that(may_submit_for_approval(access, round_.draft))
    form = RenewRoundForm(request.POST)
    if not form.is_valid():
        return _round_page(request, round_.uuid, form)
    deadline = form.cleaned_data["deadline"]
    unchanged = deadline is None or abs((deadline - round_.deadline).total_seconds()) < 60
    try:
        with transaction.atomic():
            renew_round(
                access=access,
                round_=round_,
                versions=[
                    version or name_version(access=access, text=text, name=_("Put to approval again"))
                    for text, version in texts_to_submit(round_.draft, form.languages)
                ],
                deadline=None if unchanged else deadline,
                acknowledged=form.cleaned_data["acknowledged"],
            )
    except Refused as refusal:
        form.add_error(_field_for_refusal(refusal), refusal.message)
        return _round_page(request, round_.uuid, form)
    return None


@document_action(to_round, success=gettext_lazy("The round is closed. What was decided stays on record."))
def close_open_round(request: HttpRequest, access: Access, round_: ApprovalRound) -> None:
    """Close the round without publishing."""
    close_round(access=access, round_=round_)


MOST_LOOKED_AT, MOST_SHOWN, PREVIEW = 300, 40, 240  # versions, versions, characters


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def approved_versions_json(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """`{"versions": [{id, title, words, who, url}]}`, newest first; `?q=`: words of the title, `?version=`:
    this one alone. A POST inserts `version` before the block at `place`, with `suggests` as a suggestion."""
    access, text = to_text(request, draft, language)
    if request.method == "POST":
        version, place = request.POST.get("version", ""), request.POST.get("place", "")
        try:
            insert_approved_block(
                access=access,
                text=text,
                version=UUID(version),
                place=int(place[:6]),
                suggests="suggests" in request.POST,
            )
        except ValueError:
            return HttpResponse(status=400)
        except Refused as refusal:
            return JsonResponse({"why": refusal.message}, status=422)
        return HttpResponse(status=204)
    rows = approved_versions_for(request.user, text.draft, text.language)
    if "version" in request.GET:
        wanted = parse_uuid(request.GET["version"])
        rows = rows.filter(uuid=wanted) if wanted is not None else rows.none()
    else:
        require_that(may_edit_text(access, text.draft) or may_suggest_in(access, text.draft))
    # filtered by title in Python: SQLite folds case for ASCII only
    query = request.GET.get("q", "")[:100].casefold().split()
    titled = ((row, row.document["title"]) for row in rows[:MOST_LOOKED_AT])
    found = [row for row, title in titled if all(word in title.casefold() for word in query)]
    return JsonResponse({"versions": [_version_json(version) for version in found[:MOST_SHOWN]]})


def _version_json(version: Any) -> dict[str, Any]:
    document = version.document
    words = " ".join(render_text(document, width=None, with_title=False).split())
    who = ngettext(
        "Approved by %(count)d organisation", "Approved by %(count)d organisations", version.approved_by
    )
    return {
        "id": str(version.uuid),
        "title": document["title"],
        "words": words if len(words) <= PREVIEW else words[:PREVIEW].rsplit(" ", 1)[0] + "…",
        "who": who % {"count": version.approved_by},
        "url": version.get_absolute_url() if version.readable else sheet_address_of(version.publication_uuid),
    }


@decision_action(success=gettext_lazy("Open again: read the words and decide."))
def reopen_inherited(request: HttpRequest, asked: Asked) -> None:
    """Discard inherited approvals of these versions with one click."""
    reopen_inherited_approvals(
        round_=asked.round, organisation=asked.organisation, person=get_person(request)
    )
