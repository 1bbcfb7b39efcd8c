"""Reading what is put, and deciding for an organisation: also for people without a seat in the workspace."""

import json
from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.partners.enums import Language
from coalition.partners.naming import display_mark_for, display_name_for
from coalition.refused import Refused
from coalition.workspaces import door
from documents.approval_forms import ReasonForm
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import short_hash
from documents.domain.approve import approve, ask_changes, note_reading
from documents.enums import Handling, RoundState
from documents.models import ApprovalRound, Asked, RoundText
from documents.moments import with_place
from documents.queries.approvals import Board, asked_of, board_of, put_languages, rounds_for
from documents.queries.files import pictures_in
from documents.views.download import send
from documents.views.matrix_table import cell_of


def _asked(request: HttpRequest, round_uuid: UUID, organisation: UUID | None) -> tuple[Asked, list[Asked]]:
    """For which organisation the person decides, and every one they could: or 404."""
    found = list(asked_of(request.user).filter(round__uuid=round_uuid))
    if organisation is not None:
        chosen = [asked for asked in found if asked.organisation.uuid == organisation]
    else:
        chosen = found
    if not chosen:
        raise Http404
    return chosen[0], found


@door.members_only
@require_safe
def decide(request: HttpRequest, round_uuid: UUID, organisation: UUID | None = None) -> HttpResponse:
    """The words as they will be public, one language a tab, and what to do about them."""
    asked, all_asked = _asked(request, round_uuid, organisation)
    round_ = asked.round
    languages = put_languages(round_)
    language = request.GET.get("language", languages[0])
    if language not in languages:
        raise Http404
    if round_.state == RoundState.OPEN and request.method == "GET":
        note_reading(
            round_=round_, organisation=asked.organisation, language=language, person=door.person(request)
        )
    return _answer(request, asked, all_asked, language)


def _answer(
    request: HttpRequest,
    asked: Asked,
    all_asked: list[Asked],
    language: str,
    *,
    typed: str = "",
    refusal: str = "",
) -> HttpResponse:
    """The page of the decision. `typed`: a reason that was not recorded, and why (`refusal`)."""
    board = board_of(asked.round, door.viewer(request))
    text = next(text for text in board.texts if text.language == language)
    words = f"{language}:{text.version.hash}"
    form = ReasonForm(initial={"words": words})
    if refusal:
        form = ReasonForm({"words": words, "reason": typed})
        form.errors.clear()  # the one thing that is wrong is said here
        form.add_error("reason", refusal)
    context = {
        **_who(request, asked, all_asked),
        **_words_put(board, asked, text),
        "language": language,
        "reason_form": form,
        "typed": typed,
        "sees_matrix": rounds_for(request.user).filter(pk=asked.round.pk).exists(),
    }
    status = 422 if refusal else 200
    return render(request, "documents/approvals/decide.html", context, status=status)


def _who(request: HttpRequest, asked: Asked, all_asked: list[Asked]) -> dict[str, Any]:
    """The round, and for which organisation the person decides."""
    viewer, round_ = door.viewer(request), asked.round
    return {
        "round": round_,
        "draft": round_.draft,
        "handling": Handling(round_.draft.handling),
        "asked": asked,
        "organisation": {
            "name": display_name_for(viewer, asked.organisation),
            "mark": display_mark_for(viewer, asked.organisation),
        },
        "others": [
            {
                "name": display_name_for(viewer, one.organisation),
                "url": reverse("documents:decide_for", args=[round_.uuid, one.organisation.uuid]),
            }
            for one in all_asked
            if one.pk != asked.pk
        ],
        "is_open": round_.state == RoundState.OPEN and round_.draft.workspace.archived_at is None,
        "is_late": round_.deadline <= timezone.now(),
        "deadline": with_place(round_.deadline),
    }


def _words_put(board: Board, asked: Asked, text: RoundText) -> dict[str, Any]:
    """What is put in each language, how the organisation decided on it, and the words of one."""
    own = next(one for one in board.matrix.data.asked if one.pk == asked.organisation_id)
    cells = {cell.text.language: cell for cell in board.matrix.row(own)}
    address = reverse("documents:decide_for", args=[board.round.uuid, asked.organisation.uuid])
    return {
        "tabs": [
            {
                "label": Language(one.language).label,
                "url": f"{address}?language={one.language}",
                "current": one.language == text.language,
            }
            for one in board.texts
        ],
        "rows": [cell_of(cell) for cell in cells.values()],
        "cell": cells[text.language],
        "text": text,
        "hash": short_hash(text.version.hash),
        "shown": _shown(board, json.loads(text.version.canonical)),
        "open_words": [
            {
                "value": f"{one.language}:{one.version.hash}",
                "label": Language(one.language).label,
                "number": one.version.number,
                "hash": short_hash(one.version.hash),
            }
            for one in board.texts
            if not cells[one.language].counts and cells[one.language].text.is_current
        ],
    }


def _shown(board: Board, document: Any) -> SafeString:
    """The document as HTML; pictures come through an address that asks who decides."""
    draft = board.round.draft
    files = {str(file.uuid): file for file in pictures_in(draft.workspace, document["pictures"])}

    def picture_url(identity: str, sha256: str) -> PictureSource | None:
        file = files.get(identity)
        if file is None or file.sha256 != sha256:
            return None
        address = reverse("documents:round_picture", args=[board.round.uuid, file.uuid])
        return {"src": address, "width": file.width or 0, "height": file.height or 0}

    return render_html(cast("Document", document), picture_url=picture_url, heading_shift=1, with_title=True)


@door.members_only
@require_POST
@reauthentication_required
def approve_words(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Approve the words that were shown: the form carries their hashes."""
    asked, _others = _asked(request, round_uuid, organisation)
    hashes = dict(_words(words) for words in request.POST.getlist("words"))
    try:
        done = approve(
            round_=asked.round,
            organisation=asked.organisation,
            hashes=hashes,
            person=door.person(request),
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        languages = ", ".join(Language(one.language).label for one in done)
        messages.success(request, _("Recorded: approved in %(languages)s.") % {"languages": languages})
    return redirect("documents:decide_for", round_uuid, organisation)


@door.members_only
@require_POST
@reauthentication_required
def ask(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Ask for changes in one language, with a reason. What was typed comes back if it is not recorded."""
    asked, all_asked = _asked(request, round_uuid, organisation)
    form = ReasonForm(request.POST)
    language, digest = _words(request.POST.get("words", ""))
    if language not in put_languages(asked.round):
        raise Http404
    refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if form.is_valid():
        try:
            ask_changes(
                round_=asked.round,
                organisation=asked.organisation,
                language=language,
                digest=digest,
                reason=form.cleaned_data["reason"],
                person=door.person(request),
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Recorded. The coordinators have been told what you ask for."))
            return redirect("documents:decide_for", round_uuid, organisation)
    typed = request.POST.get("reason", "")
    return _answer(request, asked, all_asked, language, typed=typed, refusal=refusal)


def _words(value: str) -> tuple[str, str]:
    language, _colon, digest = value.partition(":")
    return language, digest


@door.members_only
@require_safe
def picture(request: HttpRequest, round_uuid: UUID, file: UUID) -> HttpResponseBase:
    """A picture of a text that is put, for those who decide on it."""
    asked, _others = _asked(request, round_uuid, None)
    used = _pictures_of(asked.round)
    if str(file) not in used:
        raise Http404
    found = get_object_or_404(pictures_in(asked.round.draft.workspace, [str(file)]))
    if found.sha256 != used[str(file)]:
        raise Http404
    return send(request, found, inline=True)


def _pictures_of(round_: ApprovalRound) -> dict[str, str]:
    used: dict[str, str] = {}
    for text in round_.texts.select_related("version"):
        for identity, one in json.loads(text.version.canonical)["pictures"].items():
            used[identity] = one["sha256"]
    return used
