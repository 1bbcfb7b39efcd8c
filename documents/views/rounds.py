"""Rounds of approval for those who work on the draft: the list, putting, the matrix, renewing, closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.answers import form_page
from coalition.partners.enums import Language, Listing
from coalition.refused import Refused
from coalition.workspaces import door
from coalition.workspaces.rules import Access
from documents.approval_forms import PutForm, RenewForm
from documents.domain.name_version import name_version
from documents.domain.publish import obstacles
from documents.domain.put_to_approval import DeadlinePassed, close_round, put_to_approval, renew
from documents.enums import Handling, RoundState
from documents.models import ApprovalRound, Version
from documents.moments import with_place
from documents.queries.approvals import (
    Board,
    board_of,
    open_round_of,
    rounds_for,
    rounds_in,
    rounds_with_what_follows,
)
from documents.queries.drafts import texts_to_put
from documents.rules import may_put_to_approval, require_that
from documents.views.entering import reading, to_draft
from documents.views.matrix_table import bars, sheet_preview, table

ON_A_PAGE = 30


def to_round(request: HttpRequest, uuid: UUID) -> tuple[Access, ApprovalRound]:
    """The round and the person's access, or 404 for whoever may not read the draft."""
    round_ = get_object_or_404(rounds_for(request.user), uuid=uuid)
    return reading(request, round_.draft.workspace.uuid), round_


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
    form = PutForm(request.POST or None, draft=found, viewer=door.viewer(request))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            with transaction.atomic():  # versions are named only if they are put
                round_ = put_to_approval(
                    access=access,
                    draft=found,
                    versions=_versions(access, form),
                    organisations=list(sent["organisations"]),
                    deadline=sent["deadline"],
                    message=sent["message"],
                    listings={one.uuid: Listing.WITHHELD for one in sent["withheld"]},
                )
        except Refused as refusal:
            form.add_error(_field_of(refusal), refusal.message)
        else:
            messages.success(request, _("Put to approval. Those who decide have been told by mail."))
            return redirect(round_)
    context = {"access": access, "workspace": access.workspace, "draft": found, "form": form}
    return form_page(request, "documents/approvals/put.html", context)


def _field_of(refusal: Refused) -> str | None:
    return "deadline" if isinstance(refusal, DeadlinePassed) else None


def _versions(access: Access, form: PutForm) -> list[Version]:
    name = form.cleaned_data.get("version_name") or _("Put to approval")
    return [
        form.versions.get(language)
        or name_version(
            access=access,
            text=form.texts[language],
            name=name,
            seen_revision=form.texts[language].revision,
        )
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
    board = board_of(round_, viewer)
    leads = may_put_to_approval(access, round_.draft)
    context = {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "handling": Handling(round_.draft.handling),
        "matrix": board.matrix,
        "is_open": round_.state == RoundState.OPEN,
        "is_late": round_.deadline <= timezone.now(),
        "deadline": with_place(round_.deadline),
        "obstacles": obstacles(board),
        "table": table(board, viewer),
        "bars": bars(board),
        "sheet": sheet_preview(board),
        "leads": leads,
        "decides": round_.decides,  # type: ignore[attr-defined]  # annotated
        "newer": newer_versions(board, sent) if leads and round_.state == RoundState.OPEN else [],
        "form": sent or RenewForm(initial={"deadline": round_.deadline}),
        "publication": round_.publication_uuid,  # type: ignore[attr-defined]  # annotated
    }
    return form_page(request, "documents/approvals/round.html", context)


def newer_versions(board: Board, sent: RenewForm | None = None) -> list[dict[str, Any]]:
    """Languages whose words changed since they were put, with the version to put, if one is named.

    Every one is `chosen`, or those that were in the form that was sent.
    """
    return [
        {
            "language": text.language,
            "name": Language(text.language).label,
            "number": text.ready_number,  # type: ignore[attr-defined]  # annotated
            "version_name": text.ready_name,  # type: ignore[attr-defined]  # annotated
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
            renew(access=access, round_=round_, versions=versions, deadline=None if unchanged else deadline)
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
    try:
        close_round(access=access, round_=round_)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The round is closed. What was decided stays on record."))
    return redirect(round_)
