"""The dates of a draft, comments, final text and joining, and their timeline."""

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language, Listing
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.approval import topics
from documents.approval.actions.inherit import insert_approved_block, reopen_inherited_approvals
from documents.approval.actions.open_round import close_round, renew_round, set_phases, submit_for_approval
from documents.approval.forms import RenewRoundForm, SubmitForApprovalForm
from documents.approval.models import ApprovalRound
from documents.approval.permissions import to_round
from documents.approval.presenters import (
    calls_awaiting_confirmation,
    has_only_approved_versions,
    inherited_sources,
    matrix_table,
    sheet_preview,
    speaker_name,
    split_bars,
)
from documents.approval.queries.approved_texts import (
    approved_versions_for,
    possible_typo_fixes,
    typo_fixes_in,
)
from documents.approval.queries.boards import Board, board_of, publishing_obstacles
from documents.approval.queries.inherited import inherited_approvals_in
from documents.approval.queries.rounds import open_round_of, rounds_in, rounds_with_next_step
from documents.approval.views.calls import attestation_rows, missing_attestations
from documents.approval.views.decide import to_asked
from documents.canonical.text import render_text
from documents.checklist.actions import NotAcknowledged
from documents.checklist.check import Checked, check_draft
from documents.checklist.presenters import checklist_context
from documents.drafts.access import access_to_drafts, to_draft, to_text
from documents.drafts.actions.manage import name_version
from documents.drafts.deciders import DeadlinePassed
from documents.drafts.enums import ApprovalRule, Handling, RoundState, Voice
from documents.drafts.forms import DeadlineField
from documents.drafts.models import Draft, Version
from documents.drafts.permissions import (
    may_attest,
    may_edit_text,
    may_submit_for_approval,
    may_suggest_in,
    require_that,
)
from documents.drafts.presenters import version_document
from documents.drafts.queries import texts_to_submit
from documents.drafts.token_links import sheet_address_of
from documents.legal_review.queries import legal_states
from documents.publication.queries import signatory_names_of_draft


class PhasesForm(forms.Form):
    """Three optional moments."""

    comments_until = DeadlineField(required=False)
    final_from = DeadlineField(required=False)
    joining_until = DeadlineField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "comments_until": gettext_lazy("Comments until"),
            "final_from": gettext_lazy("Final text from"),
            "joining_until": gettext_lazy("Joining until"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["final_from"].help_text = gettext_lazy(
            "From then on only coordinators change its words. Open editors close at that moment."
        )


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
    said = [(title, note, at) for title, note, at in moments if at is not None]
    passed = [at <= now() for _title, _note, at in said]
    now_at = next((index for index, over in enumerate(passed) if not over), len(said))
    return [
        {
            "title": title,
            "note": note % {"when": moment_with_time_zone(at)},
            "state": "done" if index < now_at else "now" if index == now_at else "",
            "url": round_.get_absolute_url() if round_ is not None and at == joining else "",
        }
        for index, (title, note, at) in enumerate(said)
    ]


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_phases(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Set the dates: for coordinators."""
    access, found = to_draft(request, draft)
    require_that(may_submit_for_approval(access, found), _("Coordinators say the dates of a text."))
    names = ("comments_until", "final_from", "joining_until")
    initial: dict[str, datetime.datetime | None] = {name: getattr(found, name) for name in names}
    form = PhasesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_phases(access=access, draft=found, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. Everyone who works on the text sees the dates."))
            return redirect(reverse("documents:draft", args=[found.uuid]))
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "form": form,
        "steps": timeline(found, open_round_of(found)),
    }
    return form_page(request, "documents/approvals/phases.html", context)


# --- rounds ---
# Approval rounds for a draft's authors: list, opening, matrix, renewing, closing.


ON_A_PAGE = 30


@member_required
@require_safe
def rounds(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the rounds of the workspace, newest first."""
    access = access_to_drafts(request, workspace)
    found = rounds_in(request.user, access.workspace)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"access": access, "workspace": access.workspace, "page": page, "rounds": page.object_list}
    return render(request, "documents/approvals/list.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit_draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Put versions of a draft to organisations; name versions where the text has none yet.

    Redirects to the open round, if there is one.
    """
    access, found = to_draft(request, draft)
    require_that(may_submit_for_approval(access, found), _("Coordinators put texts to approval."))
    running = open_round_of(found)
    if running is not None:
        return redirect(running)  # newer versions are put there
    checked = check_draft(found, request.user)
    form = SubmitForApprovalForm(
        request.POST or None,
        draft=found,
        viewer=get_viewer(request),
        to_look_at=bool(checked.shoulds),
    )
    if request.method == "POST" and form.is_valid():
        try:
            round_ = _submit_from_form(access, found, form)
        except Refused as refusal:
            form.add_error(_field_for_refusal(refusal), refusal.message)
        else:
            messages.success(request, _submitted_message(round_))
            return redirect(round_)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "form": form,
        "only_approved": has_only_approved_versions(form.texts.values()),
        **_submission_obstacles(found, checked),
    }
    return form_page(request, "documents/approvals/put.html", context)


def _submitted_message(round_: ApprovalRound) -> str:
    if inherited_approvals_in(round_).exists():
        return _(
            "Put to approval. Who approved all of these words already is not asked again; it has been told, "
            "as those who decide."
        )
    return _("Put to approval. Those who decide have been told by mail.")


def _submission_obstacles(draft: Draft, checked: Checked) -> dict[str, Any]:
    """Return the obstacles to opening a round: checklist findings, and texts a lawyer must
    clear."""
    unclear = [state for state in legal_states(draft) if not state.is_free]
    return {"unclear": unclear, **checklist_context(checked)}


def _submit_from_form(access: Access, draft: Draft, form: SubmitForApprovalForm) -> ApprovalRound:
    sent = form.cleaned_data
    with transaction.atomic():  # versions are named only if the round opens
        return submit_for_approval(
            access=access,
            draft=draft,
            versions=_versions_from_form(access, form),
            organisations=list(sent["organisations"]),
            deadline=sent["deadline"],
            rule=ApprovalRule(sent["rule"]),
            voice=Voice(sent["voice"]),
            speaker=sent["speaker"],
            message=sent["message"],
            listings={one.uuid: Listing.WITHHELD for one in sent["withheld"]},
            acknowledged=sent.get("acknowledged", False),
        )


def _field_for_refusal(refusal: Refused) -> str | None:
    """Return the field beside which the error is displayed."""
    if isinstance(refusal, NotAcknowledged):
        return "acknowledged"
    return "deadline" if isinstance(refusal, DeadlinePassed) else None


def _versions_from_form(access: Access, form: SubmitForApprovalForm) -> list[Version]:
    name = form.cleaned_data.get("version_name") or _("Put to approval")
    return [
        form.versions.get(language) or name_version(access=access, text=form.texts[language], name=name)
        for language in form.cleaned_data["languages"]
    ]


@member_required
@require_safe
def round_page(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Display the approval matrix, with what is missing in words first."""
    return _round_page(request, round_uuid)


def _round_page(request: HttpRequest, round_uuid: UUID, sent: RenewRoundForm | None = None) -> HttpResponse:
    """`sent`: a coordinator's invalid form for renewing, with its errors."""
    round_ = get_object_or_404(rounds_with_next_step(request.user), uuid=round_uuid)
    access = access_to_drafts(request, round_.draft.workspace.uuid)
    viewer = get_viewer(request)
    board, moment = board_of(round_, viewer), now()
    leads = may_submit_for_approval(access, round_.draft)
    newer = newer_versions(board, sent) if leads and round_.state == RoundState.OPEN else []
    context = {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "handling": Handling(round_.draft.handling),
        "matrix": board.matrix,
        "is_open": round_.state == RoundState.OPEN,
        "is_late": round_.deadline <= moment,
        "now": moment,
        "deadline": moment_with_time_zone(round_.deadline),
        "obstacles": publishing_obstacles(board),
        **_matrix_context(board, viewer),
        **_typo_fix_context(board, leads=leads and round_.state == RoundState.OPEN),
        "made_of": inherited_sources(board, request.user),
        "steps": timeline(round_.draft, round_),
        "topic": f"{topics.KIND}:{round_.uuid}",
        "speaker": speaker_name(board),
        "attested": attestation_rows(board, viewer),
        "unattested": missing_attestations(board) if may_attest(access, round_.draft) else [],
        "bars": split_bars(board),
        "sheet": sheet_preview(board),
        "leads": leads,
        "to_confirm": calls_awaiting_confirmation(access, viewer, round_),
        "decides": round_.decides,  # type: ignore[attr-defined]  # annotated
        "newer": newer,
        **_checklist_context(request, round_, newer),
        "form": sent or RenewRoundForm(initial={"deadline": round_.deadline}),
        "publication": round_.publication_uuid,  # type: ignore[attr-defined]  # annotated
    }
    return form_page(request, "documents/approvals/round.html", context)


def _matrix_context(board: Board, viewer: Viewer) -> dict[str, Any]:
    """Return the table; for a correction also signatories of the public text that are not asked
    here."""
    open_ = board.round.state == RoundState.OPEN
    names = signatory_names_of_draft(board.round.draft) if open_ else []
    asked = {one.organisation_id for one in board.asked}
    return {
        "table": matrix_table(board, viewer, under=frozenset(name.organisation_id for name in names)),
        "not_asked": [
            display_name_for(viewer, name.organisation, listing=name.listing)
            for name in names
            if name.organisation_id not in asked
        ],
    }


def _typo_fix_context(board: Board, *, leads: bool) -> dict[str, Any]:
    if not leads:
        return {}
    known = typo_fixes_in(board.round)
    could = [
        {"language": language, "language_name": Language(language).label, "mended": mended}
        for language, mended in possible_typo_fixes(board, known)
    ]
    return {"slips": known, "could_be_slips": could}


def _checklist_context(
    request: HttpRequest, round_: ApprovalRound, newer: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the checklist's findings in the languages with newer versions; empty without any."""
    if not newer:
        return {}
    return checklist_context(
        check_draft(round_.draft, request.user).of([one["language"] for one in newer], whole=False)
    )


def newer_versions(board: Board, sent: RenewRoundForm | None = None) -> list[dict[str, Any]]:
    """Return languages whose text changed since they were put, with the version to put, if named.

    Every one is `chosen`, or those in the submitted form.
    """
    return [
        {
            "language": text.language,
            "name": Language(text.language).label,
            "number": text.ready_number,
            "version_name": text.ready_name,
            "put": text.version,
            "chosen": sent is None or text.language in sent.languages,
        }
        for text in board.texts
        if text.version.hash != text.version.text.content_hash
    ]


@member_required
@require_POST
def renew_versions(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Put the newer versions, naming them where the text has none, and move the deadline."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft))
    form = RenewRoundForm(request.POST)
    if not form.is_valid():
        return _round_page(request, round_uuid, form)
    deadline = form.cleaned_data["deadline"]
    unchanged = deadline is None or abs((deadline - round_.deadline).total_seconds()) < 60
    try:
        with transaction.atomic():
            versions = _name_versions(access, round_, form.languages)
            renew_round(
                access=access,
                round_=round_,
                versions=versions,
                deadline=None if unchanged else deadline,
                acknowledged=form.cleaned_data["acknowledged"],
            )
    except Refused as refusal:
        form.add_error(_field_for_refusal(refusal), refusal.message)
        return _round_page(request, round_uuid, form)
    messages.success(request, _("Put. Only the languages whose words changed are open again."))
    return redirect(round_)


def _name_versions(access: Access, round_: ApprovalRound, languages: list[str]) -> list[Version]:
    return [
        version or name_version(access=access, text=text, name=_("Put to approval again"))
        for text, version in texts_to_submit(round_.draft, languages)
    ]


@member_required
@require_POST
def close_open_round(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Close the round without publishing."""
    access, round_ = to_round(request, round_uuid)
    with flash_result(request, _("The round is closed. What was decided stays on record.")):
        close_round(access=access, round_=round_)
    return redirect(round_)


# --- approved texts ---
# Approved texts for the editor: what may be included in a text, and inserting it.


MOST_LOOKED_AT, MOST_SHOWN, PREVIEW = 300, 40, 240  # versions, versions, characters


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def approved_versions_json(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """`{"versions": [{id, title, words, who, url}]}`, newest first; `?q=`: words of the title,
    `?version=`: this one alone. A POST inserts `version` before the block at `place`, with
    `suggests` as a suggestion."""
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
        wanted = _parse_uuid(request.GET["version"])
        rows = rows.filter(uuid=wanted) if wanted is not None else rows.none()
    else:
        require_that(may_edit_text(access, text.draft) or may_suggest_in(access, text.draft))
    return JsonResponse(
        {"versions": _matching_versions(list(rows[:MOST_LOOKED_AT]), request.GET.get("q", ""))}
    )


def _matching_versions(versions: list[Version], query: str) -> list[dict[str, Any]]:
    """Filter by title in Python: SQLite folds case for ASCII only."""
    wanted = query[:100].casefold().split()
    found: list[dict[str, Any]] = []
    for version in versions:
        title = version_document(version)["title"]
        if all(word in title.casefold() for word in wanted):
            found.append(_version_json(version, title))
        if len(found) == MOST_SHOWN:
            break
    return found


def _version_json(version: Any, title: str) -> dict[str, Any]:
    words = " ".join(render_text(version_document(version), width=None, with_title=False).split())
    who = ngettext(
        "Approved by %(count)d organisation", "Approved by %(count)d organisations", version.approved_by
    )
    return {
        "id": str(version.uuid),
        "title": title,
        "words": words if len(words) <= PREVIEW else words[:PREVIEW].rsplit(" ", 1)[0] + "…",
        "who": who % {"count": version.approved_by},
        "url": version.get_absolute_url() if version.readable else sheet_address_of(version.publication_uuid),
    }


def _parse_uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


# --- inherited ---
# Deciding anew, with one click, on inherited approvals.


@member_required
@require_POST
def reopen_inherited(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Discard inherited approvals of these versions with one click."""
    asked, _others = to_asked(request, round_uuid, organisation)
    with flash_result(request, _("Open again: read the words and decide.")):
        reopen_inherited_approvals(
            round_=asked.round, organisation=asked.organisation, person=get_person(request)
        )
    return redirect("documents:decide_for", round_uuid, organisation)
