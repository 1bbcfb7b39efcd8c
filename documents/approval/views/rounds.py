"""Rounds of approval for those who work on the draft: the list, putting, the matrix, renewing, closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language, Listing
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.jobs.moments import with_place
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.approval import topics
from documents.approval.actions.close_round import close_round
from documents.approval.actions.open_round import DeadlinePassed, put_to_approval, renew
from documents.approval.forms.rounds import PutForm, RenewForm
from documents.approval.models.rounds import ApprovalRound
from documents.approval.presenters.inherited import says_approved_words, sources_in
from documents.approval.presenters.matrix import bars, sheet_preview, speaker_name, table
from documents.approval.presenters.offline import to_confirm
from documents.approval.queries.boards import Board, board_of
from documents.approval.queries.inherited import carried_in
from documents.approval.queries.rounds import open_round_of, rounds_in, rounds_with_what_follows
from documents.approval.queries.typo_fixes import could_be_slips, slips_of
from documents.approval.views.attestations import attested, unattested
from documents.approval.views.phases import timeline
from documents.checklist.actions import NotAcknowledged
from documents.checklist.check import Checked, check_draft
from documents.checklist.presenters import list_context
from documents.drafts.access import reading, to_draft, to_round
from documents.drafts.actions.manage import name_version
from documents.drafts.enums import Handling, RoundState, Rule, Voice
from documents.drafts.models import Draft, Version
from documents.drafts.permissions import may_attest, may_put_to_approval, require_that
from documents.drafts.queries import texts_to_put
from documents.legal_review.queries import legal_states
from documents.publication.actions.publish import obstacles
from documents.publication.queries.publications import names_under_public

ON_A_PAGE = 30


@door.members_only
@require_safe
def rounds(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Rounds of the workspace, newest first."""
    access = reading(request, workspace)
    found = rounds_in(request.user, access.workspace)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"access": access, "workspace": access.workspace, "page": page, "rounds": page.object_list}
    return render(request, "documents/approvals/list.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def put(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Put versions of a draft to organisations; names versions where the text has none yet.

    Leads to the round that is open, if there is one.
    """
    access, found = to_draft(request, draft)
    require_that(may_put_to_approval(access, found), _("Coordinators put texts to approval."))
    running = open_round_of(found)
    if running is not None:
        return redirect(running)  # newer versions are put there
    checked = check_draft(found, request.user)
    form = PutForm(
        request.POST or None,
        draft=found,
        viewer=door.viewer(request),
        to_look_at=bool(checked.shoulds),
    )
    if request.method == "POST" and form.is_valid():
        try:
            round_ = _put(access, found, form)
        except Refused as refusal:
            form.add_error(_field_of(refusal), refusal.message)
        else:
            messages.success(request, _put_words(round_))
            return redirect(round_)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "form": form,
        "only_approved": says_approved_words(form.texts.values()),
        **_before(found, checked),
    }
    return form_page(request, "documents/approvals/put.html", context)


def _put_words(round_: ApprovalRound) -> str:
    if carried_in(round_).exists():
        return _(
            "Put to approval. Who approved all of these words already is not asked again; it has been told, "
            "as those who decide."
        )
    return _("Put to approval. Those who decide have been told by mail.")


def _before(draft: Draft, checked: Checked) -> dict[str, Any]:
    """What stands in the way before a draft can be put: the checklist, and what a lawyer has to clear."""
    unclear = [state for state in legal_states(draft) if not state.is_free]
    return {"unclear": unclear, **list_context(checked)}


def _put(access: Access, draft: Draft, form: PutForm) -> ApprovalRound:
    sent = form.cleaned_data
    with transaction.atomic():  # versions are named only if they are put
        return put_to_approval(
            access=access,
            draft=draft,
            versions=_versions(access, form),
            organisations=list(sent["organisations"]),
            deadline=sent["deadline"],
            rule=Rule(sent["rule"]),
            voice=Voice(sent["voice"]),
            speaker=sent["speaker"],
            message=sent["message"],
            listings={one.uuid: Listing.WITHHELD for one in sent["withheld"]},
            acknowledged=sent.get("acknowledged", False),
        )


def _field_of(refusal: Refused) -> str | None:
    """The field beside which the words of the refusal stand."""
    if isinstance(refusal, NotAcknowledged):
        return "acknowledged"
    return "deadline" if isinstance(refusal, DeadlinePassed) else None


def _versions(access: Access, form: PutForm) -> list[Version]:
    name = form.cleaned_data.get("version_name") or _("Put to approval")
    return [
        form.versions.get(language) or name_version(access=access, text=form.texts[language], name=name)
        for language in form.cleaned_data["languages"]
    ]


@door.members_only
@require_safe
def round_page(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """The approval matrix: what is missing first, in words."""
    return _round_page(request, round_uuid)


def _round_page(request: HttpRequest, round_uuid: UUID, sent: RenewForm | None = None) -> HttpResponse:
    """`sent`: what a coordinator wanted to renew and could not, with what is wrong."""
    round_ = get_object_or_404(rounds_with_what_follows(request.user), uuid=round_uuid)
    access = reading(request, round_.draft.workspace.uuid)
    viewer = door.viewer(request)
    board, moment = board_of(round_, viewer), now()
    leads = may_put_to_approval(access, round_.draft)
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
        "deadline": with_place(round_.deadline),
        "obstacles": obstacles(board),
        **_matrix(board, viewer),
        **_slips(board, leads=leads and round_.state == RoundState.OPEN),
        "made_of": sources_in(board, request.user),
        "steps": timeline(round_.draft, round_),
        "topic": f"{topics.KIND}:{round_.uuid}",
        "speaker": speaker_name(board),
        "attested": attested(board, viewer),
        "unattested": unattested(board) if may_attest(access, round_.draft) else [],
        "bars": bars(board),
        "sheet": sheet_preview(board),
        "leads": leads,
        "to_confirm": to_confirm(access, viewer, round_),
        "decides": round_.decides,  # type: ignore[attr-defined]  # annotated
        "newer": newer,
        **_checklist(request, round_, newer),
        "form": sent or RenewForm(initial={"deadline": round_.deadline}),
        "publication": round_.publication_uuid,  # type: ignore[attr-defined]  # annotated
    }
    return form_page(request, "documents/approvals/round.html", context)


def _matrix(board: Board, viewer: Viewer) -> dict[str, Any]:
    """The table; while a text is corrected, also who stands under what is public, and is not asked here."""
    open_ = board.round.state == RoundState.OPEN
    names = names_under_public(board.round.draft) if open_ else []
    asked = {one.organisation_id for one in board.asked}
    return {
        "table": table(board, viewer, under=frozenset(name.organisation_id for name in names)),
        "not_asked": [
            display_name_for(viewer, name.organisation, listing=name.listing)
            for name in names
            if name.organisation_id not in asked
        ],
    }


def _slips(board: Board, *, leads: bool) -> dict[str, Any]:
    if not leads:
        return {}
    known = slips_of(board.round)
    could = [
        {"language": language, "language_name": Language(language).label, "mended": mended}
        for language, mended in could_be_slips(board, known)
    ]
    return {"slips": known, "could_be_slips": could}


def _checklist(request: HttpRequest, round_: ApprovalRound, newer: list[dict[str, Any]]) -> dict[str, Any]:
    """What the checklist finds in the languages that could be put anew; none, nothing."""
    if not newer:
        return {}
    return list_context(
        check_draft(round_.draft, request.user).of([one["language"] for one in newer], whole=False)
    )


def newer_versions(board: Board, sent: RenewForm | None = None) -> list[dict[str, Any]]:
    """Languages whose words changed since they were put, with the version to put, if one is named.

    Every one is `chosen`, or those that were in the form that was sent.
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


@door.members_only
@require_POST
def renew_versions(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Put the newer versions in place, naming them where the text has none, and move the deadline."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_put_to_approval(access, round_.draft))
    form = RenewForm(request.POST)
    if not form.is_valid():
        return _round_page(request, round_uuid, form)
    deadline = form.cleaned_data["deadline"]
    unchanged = deadline is None or abs((deadline - round_.deadline).total_seconds()) < 60
    try:
        with transaction.atomic():
            versions = _named_now(access, round_, form.languages)
            renew(
                access=access,
                round_=round_,
                versions=versions,
                deadline=None if unchanged else deadline,
                acknowledged=form.cleaned_data["acknowledged"],
            )
    except Refused as refusal:
        form.add_error(_field_of(refusal), refusal.message)
        return _round_page(request, round_uuid, form)
    messages.success(request, _("Put. Only the languages whose words changed are open again."))
    return redirect(round_)


def _named_now(access: Access, round_: ApprovalRound, languages: list[str]) -> list[Version]:
    return [
        version or name_version(access=access, text=text, name=_("Put to approval again"))
        for text, version in texts_to_put(round_.draft, languages)
    ]


@door.members_only
@require_POST
def close(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Close the round without publishing."""
    access, round_ = to_round(request, round_uuid)
    with telling(request, _("The round is closed. What was decided stays on record.")):
        close_round(access=access, round_=round_)
    return redirect(round_)
