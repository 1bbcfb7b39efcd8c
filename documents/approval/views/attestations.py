"""Answering for a translation: both texts side by side, one press; what a matrix says of it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer, display_name_for
from coalition.http.responses import telling
from coalition.workspaces import access as door
from coalition.workspaces.people import name_of
from coalition.workspaces.rules import Access
from documents.approval.actions.attest import attest, take_back
from documents.approval.models.rounds import ApprovalRound, RoundText
from documents.approval.queries.boards import Board, board_of
from documents.canonical.serialise import short_hash
from documents.drafts.access import to_round
from documents.drafts.enums import RoundState
from documents.drafts.permissions import may_attest, require_that
from documents.drafts.rendering import show


def attested(board: Board, viewer: Viewer) -> list[dict[str, Any]]:
    """Who answers for which translation, as it is put now."""
    return [
        {
            "uuid": row.uuid,
            "organisation_pk": row.organisation_id,
            "translation": Language(row.translation.language).label,
            "source": Language(row.source.language).label,
            "by": name_of(viewer, row.reviewer, row.organisation) if row.reviewer else "",
            "organisation": display_name_for(viewer, row.organisation),
            "at": row.at,
        }
        for row in board.attestations
    ]


def unattested(board: Board) -> list[dict[str, str]]:
    """Translations that nobody answers for as they are put now, with the page on which one may."""
    if board.round.state != RoundState.OPEN:
        return []
    answered = {row.translation.language for row in board.attestations}
    return [
        {
            "name": Language(text.language).label,
            "url": reverse("documents:attest", args=[board.round.uuid, text.language]),
        }
        for text in board.texts
        if len(board.texts) > 1
        and text.language not in answered
        and text.language != board.round.draft.first_language
        and text.version.hash == text.version.text.content_hash
    ]


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def attest_page(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """Both texts side by side with their hashes, and the press by which somebody answers."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_attest(access, round_.draft), _("Who comments here may answer for a translation."))
    board = board_of(round_, door.viewer(request))
    texts = {text.language: text for text in board.texts}
    source = request.GET.get("source") or _source(round_, language, texts)
    if language not in texts or source not in texts or source == language:
        raise Http404
    if request.method == "POST":
        with telling(request, _("Recorded: you answer for this translation.")):
            attest(
                access=access,
                round_=round_,
                translation=(language, request.POST.get("translation", "")),
                source=(source, request.POST.get("source", "")),
            )
            return redirect(round_)
    return render(
        request, "documents/approvals/attest.html", _context(access, round_, texts, language, source)
    )


def _source(round_: ApprovalRound, language: str, texts: Mapping[str, RoundText]) -> str:
    """The language written first, or another one that is put."""
    first = round_.draft.first_language
    others = [code for code in texts if code != language]
    return first if first in others else next(iter(others), "")


def _context(
    access: Access, round_: ApprovalRound, texts: Mapping[str, RoundText], language: str, source: str
) -> dict[str, Any]:
    return {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "is_open": round_.state == RoundState.OPEN,
        "sides": [_side(access, texts[code], code) for code in (source, language)],
        "translation": texts[language].version,
        "original": texts[source].version,
        "organisation": display_name_for(
            Viewer(own=frozenset({access.organisation.pk})), access.organisation
        ),
        "other_sources": [
            {
                "name": Language(code).label,
                "url": reverse("documents:attest", args=[round_.uuid, language]) + f"?source={code}",
            }
            for code in texts
            if code not in {language, source}
        ],
    }


def _side(access: Access, text: RoundText, code: str) -> dict[str, Any]:
    version = text.version
    document = json.loads(version.canonical)
    return {
        "document": document,
        "code": code,
        "name": Language(code).label,
        "number": version.number,
        "hash": short_hash(version.hash),
        "words": show(document, access.workspace, id_prefix=f"{code}-", heading_shift=2),
    }


@door.members_only
@require_POST
@reauthentication_required
def take_back_page(request: HttpRequest, round_uuid: UUID, attestation: UUID) -> HttpResponse:
    """Answer no longer for a translation."""
    access, round_ = to_round(request, round_uuid)
    rows = {row.uuid: row for row in board_of(round_, door.viewer(request)).attestations}
    if attestation not in rows:
        raise Http404
    with telling(request, _("Taken back. What relied on it is open again.")):
        take_back(access=access, round_=round_, attestation=rows[attestation])
    return redirect(round_)
