"""Reading the versions and deciding for an organisation, also without a seat in the workspace."""

import json
from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.models import User
from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.unread import mark_subjects_read
from documents.approval.actions.decide import abstain, approve, ask_changes, note_reading, object_to
from documents.approval.actions.offline import object_by_link, object_to_decisions
from documents.approval.actions.typo_fixes import confirm_typo_fix, propose_typo_fix, reopen_after_typo_fix
from documents.approval.attestations import reliable_languages
from documents.approval.forms import AbstainOrObjectForm, RequestChangesForm
from documents.approval.matrix import Cell
from documents.approval.models import Approval, ApprovalRound, Asked, RoundText, Slip
from documents.approval.permissions import to_round
from documents.approval.presenters import cell_context, inherited_for, offline_ways_context
from documents.approval.queries.approved_texts import typo_fixes_in
from documents.approval.queries.boards import Board, board_of
from documents.approval.queries.one_time_links import objection_link_of, offline_decisions_for
from documents.approval.queries.rounds import asked_of, languages_in_round, rounds_for
from documents.canonical.compare import compare_documents
from documents.canonical.compare_html import render_comparison
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import short_hash
from documents.drafts.enums import ApprovalRule, CellState, DecisionKind, Handling, RoundState
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.presenters import version_document
from documents.drafts.token_links import NoSuchLink, token_page
from documents.files.queries import pictures_in
from documents.files.views import send_picture


def to_asked(request: HttpRequest, round_uuid: UUID, organisation: UUID | None) -> tuple[Asked, list[Asked]]:
    """Return the organisation for which the person decides, and all they could choose; else 404."""
    found = list(asked_of(request.user).filter(round__uuid=round_uuid))
    if organisation is not None:
        chosen = [asked for asked in found if asked.organisation.uuid == organisation]
    else:
        chosen = found
    if not chosen:
        raise Http404
    return chosen[0], found


@member_required
@require_safe
def decide_for_organisation(
    request: HttpRequest, round_uuid: UUID, organisation: UUID | None = None
) -> HttpResponse:
    """Display the texts as they will be public, one language per tab, and the possible
    decisions."""
    asked, all_asked = to_asked(request, round_uuid, organisation)
    round_ = asked.round
    mark_subjects_read(request, round_.uuid)
    languages = languages_in_round(round_)
    language = request.GET.get("language", languages[0])
    if language not in languages:
        raise Http404
    if round_.state == RoundState.OPEN and request.method == "GET":
        note_reading(
            round_=round_, organisation=asked.organisation, language=language, person=get_person(request)
        )
    return decision_page(request, asked, all_asked, language)


def decision_page(
    request: HttpRequest,
    asked: Asked,
    all_asked: list[Asked],
    language: str,
    *,
    typed: str = "",
    refusal: str = "",
    aside: AbstainOrObjectForm | None = None,
) -> HttpResponse:
    """Render the decision page. `typed`: a reason that was not recorded, with `refusal` as the
    error of a request for changes; `aside`: the invalid form of an abstention or objection."""
    board = board_of(asked.round, get_viewer(request))
    text = next(text for text in board.texts if text.language == language)
    words = f"{language}:{text.version.hash}"
    form = RequestChangesForm(initial={"words": words})
    if refusal:
        form = RequestChangesForm({"words": words, "reason": typed})
        form.errors.clear()  # the only error, displayed here
        form.add_error("reason", refusal)
    context = {
        "aside": aside or AbstainOrObjectForm(auto_id="aside_%s", initial={"kind": DecisionKind.ABSTAINS}),
        **_decider_context(request, asked, all_asked),
        **_submitted_texts_context(board, asked, text),
        "slips": _typo_fix_rows(board, asked, get_person(request)),
        "carried": inherited_for(board, asked),
        **offline_ways_context(request, board, asked),
        "language": language,
        "reason_form": form,
        "typed": typed,
        "sees_matrix": rounds_for(request.user).filter(pk=asked.round.pk).exists(),
    }
    status = 422 if refusal or aside is not None else 200
    return render(request, "documents/approvals/decide.html", context, status=status)


def _decider_context(request: HttpRequest, asked: Asked, all_asked: list[Asked]) -> dict[str, Any]:
    """Return the round and the organisation for which the person decides."""
    viewer, round_ = get_viewer(request), asked.round
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
        "is_late": round_.deadline <= now(),
        "joining_over": round_.rule == ApprovalRule.JOINED and round_.deadline <= now(),
        "deadline": moment_with_time_zone(round_.deadline),
    }


def _submitted_texts_context(board: Board, asked: Asked, text: RoundText) -> dict[str, Any]:
    """Return each language under approval, the organisation's decision on it, and one text."""
    own = next(one for one in board.matrix.data.asked if one.pk == asked.organisation_id)
    cells = {cell.text.language: cell for cell in board.matrix.row(own)}
    address = reverse("documents:decide_for", args=[board.round.uuid, asked.organisation.uuid])
    answered = reliable_languages(board.matrix.data)
    opened = [
        _open_decision_context(
            one,
            cells[one.language],
            is_shown=one.language == text.language,
            answered=one.language in answered,
        )
        for one in board.texts
        if not cells[one.language].counts and cells[one.language].text.is_current
    ]
    return {
        "tabs": [
            {
                "label": Language(one.language).label,
                "url": f"{address}?language={one.language}",
                "current": one.language == text.language,
            }
            for one in board.texts
        ],
        "rows": [cell_context(cell) for cell in cells.values()],
        "cell": cells[text.language],
        "text": text,
        "hash": short_hash(text.version.hash),
        "shown": _render_with_pictures(board, json.loads(text.version.canonical)),
        "changes": _changes_since_decision(text, cells[text.language]),
        "relying": [one for one in opened if one["may_rely"]],
        "all_words": [f"{one.language}:{one.version.hash}" for one in board.texts],
        "open_words": opened,
    }


def _typo_fix_rows(board: Board, asked: Asked, person: User) -> list[dict[str, Any]]:
    """Return typo fixes in the current versions: to confirm, or kept for this organisation."""
    own = asked.organisation_id
    kept = {
        (cell.decision.language, cell.decision.hash)
        for cell in board.matrix.cells.values()
        if cell.organisation.pk == own and cell.decision is not None and cell.decision.slip
    }
    return [
        {
            "slip": one.slip,
            "mended": one.mended,
            "kept": (one.slip.after.language, one.slip.after.hash) in kept,
            "may_confirm": not one.counts
            and own not in {one.slip.organisation_id, *one.confirmed_by}
            and person.pk not in one.people,
        }
        for one in typo_fixes_in(board.round)
        if not one.counts or (one.slip.after.language, one.slip.after.hash) in kept
    ]


def _open_decision_context(text: RoundText, cell: Cell, *, is_shown: bool, answered: bool) -> dict[str, Any]:
    """Return a text to decide on: approval if the person reads the language, else reliance on an
    attestation."""
    was_read = is_shown or cell.state in {CellState.READ, CellState.REOPENED}
    return {
        "value": f"{text.language}:{text.version.hash}",
        "label": Language(text.language).label,
        "number": text.version.number,
        "hash": short_hash(text.version.hash),
        "may_rely": answered,
        "relies": answered and not was_read,
    }


def _changes_since_decision(text: RoundText, cell: Cell) -> dict[str, Any] | None:
    """Return what changed in the text since the organisation decided on it, if it did before."""
    if cell.decision is None or cell.decision.hash == text.version.hash:
        return None
    before = text.version.text.versions.filter(hash=cell.decision.hash).order_by("-number").first()
    if before is None:
        return None
    comparison = compare_documents(version_document(before), version_document(text.version))
    return {"number": before.number, "words": render_comparison(comparison, context=1)}


def _render_with_pictures(board: Board, document: Any) -> SafeString:
    """Return the document as HTML; picture URLs check who decides."""
    draft = board.round.draft
    files = {str(file.uuid): file for file in pictures_in(draft.workspace, document["pictures"])}

    def picture_url(identity: str, sha256: str) -> PictureSource | None:
        file = files.get(identity)
        if file is None or file.sha256 != sha256:
            return None
        address = reverse("documents:round_picture", args=[board.round.uuid, file.uuid])
        return {"src": address, "width": file.width or 0, "height": file.height or 0}

    return render_html(cast("Document", document), picture_url=picture_url, heading_shift=1, with_title=True)


@member_required
@require_safe
def decision_picture(request: HttpRequest, round_uuid: UUID, file: UUID) -> HttpResponseBase:
    """Serve a picture of a text under approval to its deciders."""
    asked, _others = to_asked(request, round_uuid, None)
    used = _picture_hashes(asked.round)
    if str(file) not in used:
        raise Http404
    found = get_object_or_404(pictures_in(asked.round.draft.workspace, [str(file)]))
    if found.sha256 != used[str(file)]:
        raise Http404
    return send_picture(request, found)


def _picture_hashes(round_: ApprovalRound) -> dict[str, str]:
    used: dict[str, str] = {}
    for text in round_.texts.select_related("version"):
        for identity, one in json.loads(text.version.canonical)["pictures"].items():
            used[identity] = one["sha256"]
    return used


# --- decide actions ---
# POST views of the decision page: approving, asking for changes, abstaining, objecting.


@member_required
@require_POST
@reauthentication_required
def approve_words(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Approve the displayed versions: the form contains their hashes."""
    asked, _others = to_asked(request, round_uuid, organisation)
    hashes = dict(_split_language_and_hash(words) for words in request.POST.getlist("words"))
    relies = dict(_split_language_and_hash(words) for words in request.POST.getlist("relies"))
    try:
        done = approve(
            round_=asked.round,
            organisation=asked.organisation,
            hashes=hashes,
            relies={language: digest for language, digest in relies.items() if language not in hashes},
            person=get_person(request),
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _recorded_message(done))
    return redirect("documents:decide_for", round_uuid, organisation)


@member_required
@require_POST
@reauthentication_required
def request_changes(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Ask for changes in one language, with a reason. Redisplays the input if it is not
    recorded."""
    asked, all_asked = to_asked(request, round_uuid, organisation)
    form = RequestChangesForm(request.POST)
    language, digest = _split_language_and_hash(request.POST.get("words", ""))
    if language not in languages_in_round(asked.round):
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
                person=get_person(request),
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Recorded. The coordinators have been told what you ask for."))
            return redirect("documents:decide_for", round_uuid, organisation)
    typed = request.POST.get("reason", "")
    return decision_page(request, asked, all_asked, language, typed=typed, refusal=refusal)


def _split_language_and_hash(value: str) -> tuple[str, str]:
    language, _colon, digest = value.partition(":")
    return language, digest


def _recorded_message(done: list[Approval]) -> str:
    approved = [one.language for one in done if one.decision == DecisionKind.APPROVED]
    relied = [one.language for one in done if one.decision == DecisionKind.RELIES]
    said = []
    if approved:
        said.append(_("Recorded: approved in %(languages)s.") % {"languages": _language_names(approved)})
    if relied:
        said.append(
            _("Recorded: relies on the attested translation in %(languages)s.")
            % {"languages": _language_names(relied)}
        )
    return " ".join(said)


def _language_names(languages: list[str]) -> str:
    return ", ".join(Language(language).label for language in languages)


@member_required
@require_POST
@reauthentication_required
def abstain_or_object(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Abstain or object in all displayed languages. Redisplays the input if it is not recorded."""
    asked, all_asked = to_asked(request, round_uuid, organisation)
    form = AbstainOrObjectForm(request.POST, auto_id="aside_%s")
    refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if form.is_valid():
        act = object_to if form.cleaned_data["kind"] == DecisionKind.OBJECTS else abstain
        try:
            act(
                round_=asked.round,
                organisation=asked.organisation,
                hashes=dict(_split_language_and_hash(words) for words in request.POST.getlist("words")),
                reason=form.cleaned_data["reason"],
                person=get_person(request),
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Recorded. Your organisation will not stand under this text."))
            return redirect("documents:decide_for", round_uuid, organisation)
    form.errors.clear()  # the only error, displayed beside the input
    form.add_error("reason", refusal)
    shown = [code for code, _hash in map(_split_language_and_hash, request.POST.getlist("words"))]
    put = languages_in_round(asked.round)
    language = next((code for code in put if code in shown), put[0])
    typed = request.POST.get("reason", "")
    return decision_page(request, asked, all_asked, language, typed=typed, aside=form)


# --- typo fixes ---
# Typo fixes in the browser: proposing, confirming, reopening.


@member_required
@require_POST
def propose_fix(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """Propose, as a coordinator, that the change is only a typo fix."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft))
    with flash_result(request, _("Proposed. It counts when two other organisations have confirmed it.")):
        propose_typo_fix(access=access, round_=round_, language=language)
    return redirect(round_)


@member_required
@require_POST
@reauthentication_required
def confirm_fix(request: HttpRequest, round_uuid: UUID, organisation: UUID, slip: UUID) -> HttpResponse:
    """Confirm it as a representative of another organisation."""
    asked, found = _to_typo_fix(request, round_uuid, organisation, slip)
    with flash_result(request, _("Recorded: your organisation takes it for a slip of the pen.")):
        confirm_typo_fix(slip=found, organisation=asked.organisation, person=get_person(request))
    return redirect("documents:decide_for", round_uuid, organisation)


@member_required
@require_POST
def reopen_decision(request: HttpRequest, round_uuid: UUID, organisation: UUID, slip: UUID) -> HttpResponse:
    """Reopen with one click: the decision on the previous version does not count for this one."""
    asked, found = _to_typo_fix(request, round_uuid, organisation, slip)
    with flash_result(request, _("Open again: read the words and decide.")):
        reopen_after_typo_fix(slip=found, organisation=asked.organisation, person=get_person(request))
    return redirect("documents:decide_for", round_uuid, organisation)


def _to_typo_fix(
    request: HttpRequest, round_uuid: UUID, organisation: UUID, slip: UUID
) -> tuple[Asked, Slip]:
    asked, _others = to_asked(request, round_uuid, organisation)
    rows = Slip.objects.filter(round=asked.round).select_related("round__draft__workspace")
    return asked, get_object_or_404(rows, uuid=slip)


# --- objections ---
# Objecting to a decision recorded by link or phone: by the link sent, or signed in.


def _language_of(token: str) -> str | None:
    found = objection_link_of(token)
    return found.person.language if found else None


@token_page(_language_of)
@require_http_methods(["GET", "HEAD", "POST"])
def object_by_mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """Display what was recorded, without any of the text, and one button."""
    link = objection_link_of(token)
    if link is None:
        raise NoSuchLink
    if request.method == "POST":
        try:
            object_by_link(token=token)
        except Refused as refusal:
            return render(
                request, "documents/ways/objection.html", {"link": link, "why": refusal.message}, status=422
            )
        return redirect("objection_done")
    approvals = list(offline_decisions_for(link.round, link.organisation))
    context = {"link": link, "approvals": approvals, "first": approvals[0] if approvals else None}
    return render(request, "documents/ways/objection.html", context)


@require_safe
def objection_done(request: HttpRequest) -> HttpResponse:
    """Confirm the objection."""
    return render(request, "documents/ways/objected.html")


@member_required
@require_POST
def object_signed_in(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Object in the member area to everything decided by link or phone for the organisation."""
    asked = get_object_or_404(asked_of(request.user), round__uuid=round_uuid, organisation__uuid=organisation)
    with flash_result(request, _("Taken off the record. The coordinators have been told.")):
        object_to_decisions(round_=asked.round, organisation=asked.organisation, person=get_person(request))
    return redirect("documents:decide_for", round_uuid, organisation)
