"""Read the versions and decide for an organisation, with or without a seat; typo fixes; objections."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.models import Language, User
from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.approval.actions import decide as actions
from documents.approval.actions.offline import object_by_link, object_to_decisions
from documents.approval.actions.typo_fixes import confirm_typo_fix, propose_typo_fix, reopen_after_typo_fix
from documents.approval.forms import AbstainOrObjectForm, RequestChangesForm
from documents.approval.matrix import Cell, reliable_languages
from documents.approval.models import Approval, ApprovalRound, Asked, RoundText, Slip
from documents.approval.permissions import to_round
from documents.approval.presenters import cell_context, inherited_for, offline_ways_context
from documents.approval.queries.approved_texts import typo_fixes_in
from documents.approval.queries.boards import Board, board_of
from documents.approval.queries.one_time_links import objection_link_of, offline_decisions_for
from documents.approval.queries.rounds import asked_of, languages_in_round, rounds_for
from documents.canonical.compare import compare_documents, render_comparison
from documents.canonical.form import Document
from documents.drafts.access import NoSuchLink, token_page
from documents.drafts.generic_views import document_action
from documents.drafts.models import ApprovalRule, CellState, DecisionKind, Handling, RoundState
from documents.drafts.presenters import reading_tabs, render_document
from documents.files.models import StoredFile
from documents.files.queries import pictures_in
from documents.files.views import send_picture


def get_asked_or_404(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> Asked:
    """Return the organisation for which the person decides."""
    return get_object_or_404(asked_of(request.user), round__uuid=round_uuid, organisation__uuid=organisation)


decision_action = partial(document_action, get_asked_or_404, back="documents:decide_for")


@member_required
@require_safe
def decide_for_organisation(
    request: HttpRequest, round_uuid: UUID, organisation: UUID | None = None
) -> HttpResponse:
    """Display the texts as they will be public, one language per tab, and the possible decisions."""
    rows = asked_of(request.user).filter(round__uuid=round_uuid)
    asked = (rows.filter(organisation__uuid=organisation) if organisation is not None else rows).first()
    if asked is None:
        raise Http404
    round_ = asked.round
    mark_subjects_read(request, round_.uuid)
    languages = languages_in_round(round_)
    language = request.GET.get("language", languages[0])
    if language not in languages:
        raise Http404
    if round_.state == RoundState.OPEN and request.method == "GET":
        actions.note_reading(
            round_=round_, organisation=asked.organisation, language=language, person=get_person(request)
        )
    return decision_page(request, asked, language)


def decision_page(
    request: HttpRequest,
    asked: Asked,
    language: str,
    *,
    typed: str = "",
    refusal: str = "",
    aside: AbstainOrObjectForm | None = None,
) -> HttpResponse:
    """Render the decision page. `typed`: a reason that was not recorded, with `refusal` as the
    error of a request for changes; `aside`: the invalid form of an abstention or objection."""
    viewer, round_ = get_viewer(request), asked.round
    board = board_of(round_, viewer)
    text = next(text for text in board.texts if text.language == language)
    words = f"{language}:{text.version.hash}"
    form = RequestChangesForm(initial={"words": words})
    if refusal:
        form = RequestChangesForm({"words": words, "reason": typed})
        form.errors.clear()  # the only error, displayed here
        form.add_error("reason", refusal)
    others = asked_of(request.user).filter(round=round_).exclude(pk=asked.pk)
    context = {
        "round": round_,
        "draft": round_.draft,
        "handling": Handling(round_.draft.handling),
        "asked": asked,
        "mark": display_mark_for(viewer, asked.organisation),
        "others": [(one.organisation, display_name_for(viewer, one.organisation)) for one in others],
        "is_open": round_.state == RoundState.OPEN and round_.draft.workspace.archived_at is None,
        "is_late": round_.deadline <= now(),
        "joining_over": round_.rule == ApprovalRule.JOINED and round_.deadline <= now(),
        "aside": aside or AbstainOrObjectForm(auto_id="aside_%s", initial={"kind": DecisionKind.ABSTAINS}),
        **_submitted_texts_context(board, asked, text),
        "slips": _typo_fix_rows(board, asked, get_person(request)),
        "carried": inherited_for(board, asked),
        **offline_ways_context(request, board, asked),
        "language": language,
        "reason_form": form,
        "typed": typed,
        "sees_matrix": rounds_for(request.user).filter(pk=round_.pk).exists(),
    }
    status = 422 if refusal or aside is not None else 200
    return render(request, "documents/approval/decide.html", context, status=status)


def _submitted_texts_context(board: Board, asked: Asked, text: RoundText) -> dict[str, Any]:
    """Return each language under approval, the organisation's decision on it, and one text."""
    cells = {cell.text.language: cell for cell in board.matrix.row_of(asked.organisation_id)}
    address = reverse("documents:decide_for", args=[board.round.uuid, asked.organisation.uuid])
    attested, document = reliable_languages(board.matrix.data), text.version.document
    undecided = []
    for one in board.texts:
        cell = cells[one.language]
        if cell.counts or not cell.text.is_current:
            continue
        was_read = one == text or cell.state in {CellState.READ, CellState.REOPENED}
        # if it has read the language, it approves, else it relies
        may_rely = one.language in attested
        undecided.append({"text": one, "may_rely": may_rely, "relies": may_rely and not was_read})
    return {
        "tabs": reading_tabs((one.language for one in board.texts), text.language, address),
        "rows": [cell_context(cell) for cell in cells.values()],
        "cell": cells[text.language],
        "text": text,
        "shown": render_document(
            document,
            board.round.draft.workspace,
            pictures=pictures_in_version(board.round, document),
            address=lambda file: reverse("documents:round_picture", args=[board.round.uuid, file.uuid]),
            with_title=True,
        ),
        "changes": _changes_since_decision(text, cells[text.language]),
        "relying": [one for one in undecided if one["may_rely"]],
        "texts": board.texts,
        "open_words": undecided,
    }


def _typo_fix_rows(board: Board, asked: Asked, person: User) -> list[dict[str, Any]]:
    """Return typo fixes in the current versions: to confirm, or kept for this organisation."""
    own, rows = asked.organisation_id, []
    decisions = [cell.decision for cell in board.matrix.row_of(own) if cell.decision is not None]
    kept = {(one.language, one.hash) for one in decisions if one.slip}
    for slip, word in typo_fixes_in(board.round):
        is_kept = (slip.after.language, slip.after.hash) in kept
        if slip.counts_from is not None and not is_kept:
            continue
        confirmations = slip.confirmations.all()
        may_confirm = (
            slip.counts_from is None
            and own not in {slip.organisation_id, *(one.organisation_id for one in confirmations)}
            and person.pk not in {slip.proposed_by_id, *(one.person_id for one in confirmations)}
        )
        rows.append({"slip": slip, "word": word, "kept": is_kept, "may_confirm": may_confirm})
    return rows


def _changes_since_decision(text: RoundText, cell: Cell) -> dict[str, Any] | None:
    """Return what changed in the text since the organisation decided on it, if it did before."""
    if cell.decision is None or cell.decision.hash == text.version.hash:
        return None
    before = text.version.text.versions.filter(hash=cell.decision.hash).order_by("-number").first()
    if before is None:
        return None
    comparison = compare_documents(before.document, text.version.document)
    return {"number": before.number, "words": render_comparison(comparison, context=1)}


def pictures_in_version(
    round_: ApprovalRound, document: Document, *, excluded_marks: Collection[str] = ()
) -> list[StoredFile]:
    """Return the pictures of a version that are as they were approved, without those with such a mark."""
    wanted = document["pictures"]
    rows = pictures_in(round_.draft.workspace, wanted).exclude(handling__in=excluded_marks)
    return [one for one in rows if one.sha256 == wanted[str(one.uuid)]["sha256"]]


def send_round_picture(
    request: HttpRequest,
    round_: ApprovalRound,
    file: UUID,
    *,
    excluded_marks: Collection[str] = (),
    to_members: bool = False,
) -> HttpResponseBase:
    """Serve a picture of the current versions. Raises Http404 for any other."""
    for text in round_.texts.select_related("version"):
        document = text.version.document
        for one in pictures_in_version(round_, document, excluded_marks=excluded_marks):
            if one.uuid == file:
                return send_picture(request, one, language=document["language"], to_members=to_members)
    raise Http404


@member_required
@require_safe
def decision_picture(request: HttpRequest, round_uuid: UUID, file: UUID) -> HttpResponseBase:
    """Serve a picture of a text under approval to its deciders."""
    asked = asked_of(request.user).filter(round__uuid=round_uuid).first()
    if asked is None:
        raise Http404
    return send_round_picture(request, asked.round, file, to_members=True)


@decision_action(reauthenticate=True)
def approve_words(request: HttpRequest, asked: Asked) -> None:
    """Approve the displayed versions: the form contains their hashes."""
    hashes = _posted_hashes(request, "words")
    relies = _posted_hashes(request, "relies")
    done = actions.approve(
        round_=asked.round,
        organisation=asked.organisation,
        hashes=hashes,
        relies={code: digest for code, digest in relies.items() if code not in hashes},
        person=get_person(request),
    )
    messages.success(request, _recorded_message(done))


@decision_action(reauthenticate=True)
def request_changes(request: HttpRequest, asked: Asked) -> HttpResponse | None:
    """Ask for changes in one language, with a reason. Redisplays the input if it is not recorded."""
    form = RequestChangesForm(request.POST)
    language, _colon, digest = request.POST.get("words", "").partition(":")
    if language not in languages_in_round(asked.round):
        raise Http404
    refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if form.is_valid():
        try:
            actions.ask_changes(
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
            return None
    return decision_page(request, asked, language, typed=request.POST.get("reason", ""), refusal=refusal)


def _posted_hashes(request: HttpRequest, field: str) -> dict[str, str]:
    """Return posted hashes by language, from values such as `kk:3f5a…`."""
    pairs = (value.partition(":") for value in request.POST.getlist(field))
    return {language: digest for language, _colon, digest in pairs}


def _recorded_message(done: list[Approval]) -> str:
    sentences = {
        DecisionKind.APPROVED: _("Recorded: approved in %(languages)s."),
        DecisionKind.RELIES: _("Recorded: relies on the attested translation in %(languages)s."),
    }
    languages = {
        kind: ", ".join(Language(one.language).label for one in done if one.decision == kind)
        for kind in sentences
    }
    return " ".join(sentences[kind] % {"languages": names} for kind, names in languages.items() if names)


@decision_action(reauthenticate=True)
def abstain_or_object(request: HttpRequest, asked: Asked) -> HttpResponse | None:
    """Abstain or object in all displayed languages. Redisplays the input if it is not recorded."""
    form = AbstainOrObjectForm(request.POST, auto_id="aside_%s")
    hashes = _posted_hashes(request, "words")
    refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
    if form.is_valid():
        try:
            actions.abstain_or_object(
                round_=asked.round,
                organisation=asked.organisation,
                kind=DecisionKind(form.cleaned_data["kind"]),
                hashes=hashes,
                reason=form.cleaned_data["reason"],
                person=get_person(request),
            )
        except Refused as refused:
            refusal = refused.message
        else:
            messages.success(request, _("Recorded. Your organisation will not stand under this text."))
            return None
    form.errors.clear()  # the only error, displayed beside the input
    form.add_error("reason", refusal)
    languages = languages_in_round(asked.round)
    language = next((code for code in languages if code in hashes), languages[0])
    return decision_page(request, asked, language, typed=request.POST.get("reason", ""), aside=form)


@document_action(
    to_round, success=gettext_lazy("Proposed. It counts when two other organisations have confirmed it.")
)
def propose_fix(request: HttpRequest, access: Access, round_: ApprovalRound, language: str) -> None:
    """Propose, as a coordinator, that the change is only a typo fix."""
    propose_typo_fix(access=access, round_=round_, language=language)


@decision_action(
    success=gettext_lazy("Recorded: your organisation takes it for a slip of the pen."), reauthenticate=True
)
def confirm_fix(request: HttpRequest, asked: Asked, slip: UUID) -> None:
    """Confirm it as a representative of another organisation."""
    confirm_typo_fix(
        slip=_typo_fix_or_404(asked, slip), organisation=asked.organisation, person=get_person(request)
    )


@decision_action(success=gettext_lazy("Open again: read the words and decide."))
def reopen_decision(request: HttpRequest, asked: Asked, slip: UUID) -> None:
    """Reopen with one click: the decision on the previous version does not count for this one."""
    reopen_after_typo_fix(
        slip=_typo_fix_or_404(asked, slip), organisation=asked.organisation, person=get_person(request)
    )


def _typo_fix_or_404(asked: Asked, slip: UUID) -> Slip:
    rows = Slip.objects.filter(round=asked.round).select_related("round__draft__workspace")
    return get_object_or_404(rows, uuid=slip)


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
    template = "documents/approval/offline/objection.html"
    if request.method == "POST":
        try:
            object_by_link(token=token)
        except Refused as refusal:
            return render(request, template, {"link": link, "why": refusal.message}, status=422)
        return redirect("objection_done")
    approvals = list(offline_decisions_for(link.round, link.organisation))
    context = {"link": link, "approvals": approvals, "first": approvals[0] if approvals else None}
    return render(request, template, context)


@require_safe
def objection_done(request: HttpRequest) -> HttpResponse:
    """Confirm the objection."""
    return render(request, "documents/approval/offline/objected.html")


@decision_action(success=gettext_lazy("Taken off the record. The coordinators have been told."))
def object_signed_in(request: HttpRequest, asked: Asked) -> None:
    """Object in the member area to everything decided by link or phone for the organisation."""
    object_to_decisions(round_=asked.round, organisation=asked.organisation, person=get_person(request))
