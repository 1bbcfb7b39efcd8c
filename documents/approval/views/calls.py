"""Views of a round's call sheet, calls to one organisation, and call-backs for another."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language, MembershipRole
from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, OrganisationMark, Viewer, display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.typed_field import typed_field
from coalition.http.responses import flash_result, form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from coalition.workspaces.views.secretariat import workspace_secretariat_required
from documents.approval.actions.decide import attest, withdraw_attestation
from documents.approval.actions.phone import (
    confirm_call,
    decline_silence,
    delete_asking_group,
    note_call,
    record_call,
    remaining_call_approval,
    save_asking_group,
    save_asking_table,
    send_code,
)
from documents.approval.attestations import reliable_languages
from documents.approval.forms import AskingGroupForm, AskingTableForm, CallForm
from documents.approval.matrix import Cell
from documents.approval.models import ApprovalRound, PhoneCall, RoundText
from documents.approval.permissions import may_confirm_call, to_round
from documents.approval.presenters import cell_context
from documents.approval.queries.boards import Board, board_of, publishing_obstacles
from documents.approval.queries.one_time_links import (
    Reachable,
    calls_of,
    calls_to_confirm,
    hash_prefixes_to_read_out,
    hashes_in_round,
    open_codes,
    people_to_call,
)
from documents.approval.queries.rounds import (
    allows_no_objection,
    asking_groups,
    asking_table,
    languages_in_round,
)
from documents.approval.views.decide import to_asked
from documents.canonical.serialise import short_hash
from documents.drafts.enums import CallOutcome, CellState, Handling, RoundState
from documents.drafts.permissions import may_attest, may_submit_for_approval, require_that
from documents.drafts.presenters import render_document


@dataclass(frozen=True)
class CallSheetRow:
    """One organisation on the call sheet."""

    organisation: Organisation
    mark: OrganisationMark
    cells: list[dict[str, Any]]
    people: list[dict[str, str]]
    calls: list[dict[str, Any]]
    decided: bool
    reached: bool


def _records_approval(request: HttpRequest) -> bool:
    """Whether the button pressed records a decision for an organisation."""
    return request.method == "POST" and request.POST.get("act") == "approved"


@member_required
@require_safe
def round_call_sheet(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """List the people to call, with numbers, and which were reached. Printable."""
    access, round_ = _round_to_lead(request, round_uuid)
    board = board_of(round_, get_viewer(request))
    rows = _call_sheet_rows(get_viewer(request), board)
    open_rows = [row for row in rows if not row.decided]
    context = {
        **_round_context(access, round_),
        "open_rows": open_rows,
        "decided_rows": [row for row in rows if row.decided],
        "reached": sum(row.reached for row in open_rows),
        "deadline": moment_with_time_zone(round_.deadline),
        "is_open": round_.state == RoundState.OPEN,
        "can_publish": not publishing_obstacles(board),
    }
    return render(request, "documents/ways/call_sheet.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(enabled=_records_approval)
def call_organisation(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Call one organisation: send the code, record the answer, or record that nobody answered."""
    access, round_ = _round_to_lead(request, round_uuid)
    viewer = get_viewer(request)
    board = board_of(round_, viewer)
    asked = next((row for row in board.asked if row.organisation.uuid == organisation), None)
    if asked is None:
        raise Http404
    people = [one for one in people_to_call(round_) if one.organisation.pk == asked.organisation_id]
    form = CallForm(
        request.POST or None,
        people=[(one.person, _hash_to_read_out(one)) for one in people if one.person.pk != access.user.pk],
        put=languages_in_round(round_),
        relies=reliable_languages(board.matrix.data),
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = _perform_call_action(access, round_, asked.organisation, form, request.POST.get("act", ""))
        except Refused as refusal:
            form.add_error("code" if form.cleaned_data["code"] else None, refusal.message)
        else:
            messages.success(request, done)
            return redirect(_next_call_url(request.POST.get("act", ""), board, asked.organisation))
    own = next(one for one in board.matrix.data.asked if one.pk == asked.organisation_id)
    context = {
        **_round_context(access, round_),
        "form": form,
        "mark": display_mark_for(viewer, asked.organisation),
        "cells": [cell_context(cell) for cell in board.matrix.row(own)],
        "words": hash_prefixes_to_read_out(hashes_in_round(round_)),
        "codes": open_codes(round_, now()).filter(organisation=asked.organisation),
        "may_call": bool(typed_field(form.fields, "person", forms.ChoiceField).choices),
    }
    return form_page(request, "documents/ways/call.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def confirm_phone_call(request: HttpRequest, round_uuid: UUID, call: UUID) -> HttpResponse:
    """Call back for another organisation, and confirm its approvals by phone."""
    access, round_ = to_round(request, round_uuid)
    found = get_object_or_404(calls_to_confirm(round_), uuid=call)
    found.round = round_
    require_that(
        may_confirm_call(access, found),
        _("Somebody of an organisation that has nothing to do with this call confirms it."),
    )
    if request.method == "POST":
        with flash_result(request, _("Confirmed: the approval counts from now on.")):
            confirm_call(access=access, call=found)
        return redirect(round_)
    viewer, waits = get_viewer(request), remaining_call_approval(found)
    said = [code for code in found.words if code in {*waits.languages, *waits.relies}]
    context = {
        **_round_context(access, round_),
        "call": found,
        "organisation": display_name_for(viewer, found.organisation),
        "person": person_name(viewer, found.person, found.organisation) if found.person else "",
        "languages": ", ".join(str(Language(code).label) for code in said),
        "words": [{"language": Language(code).label, "hash": short_hash(found.words[code])} for code in said],
    }
    return render(request, "documents/ways/confirm_call.html", context)


def _round_to_lead(request: HttpRequest, round_uuid: UUID) -> tuple[Access, ApprovalRound]:
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft), _("Coordinators call."))
    return access, round_


def _perform_call_action(
    access: Access, round_: ApprovalRound, organisation: Organisation, form: CallForm, act: str
) -> str:
    """Perform the action of the button and return a message. Raises Refused."""
    about: dict[str, Any] = {
        "access": access,
        "round_": round_,
        "organisation": organisation,
        "person": form.called,
    }
    if act == "code":
        send_code(**about)
        return _("The code is on its way to them. Ask them to read it to you.")
    if act == "approved":
        made = record_call(**about, spoken=form.spoken, code=form.cleaned_data["code"])
        return _recorded_message(made)
    note_call(**about, reached=act == "reached", note=form.cleaned_data["note"])
    return _("Written down.")


def _recorded_message(made: PhoneCall) -> str:
    """Return what the matrix says after this call: the message must not claim what does not
    count."""
    said = {*made.languages, *made.relies}
    row = board_of(made.round, PUBLIC).matrix.row_of(made.organisation_id)
    cells = [cell for cell in row if cell.text.language in said]
    if all(cell.counts for cell in cells):
        return _("Recorded: it counts. The organisation has been told, and can object.")
    if all(cell.counts or cell.state == CellState.LATER for cell in cells):
        return _("Recorded. It counts in 24 hours if nobody objects, or once it is confirmed by a call back.")
    return _("Recorded. It does not count as it stands: look at the round.")


def _next_call_url(act: str, board: Board, organisation: Organisation) -> str:
    """Return the next URL: after the code this page, after an approval the next undecided
    organisation."""
    to_call = organisation if act == "code" else None
    if act == "approved":
        rows = zip(board.asked, board.matrix.data.asked, strict=True)
        waiting = [row.organisation for row, one in rows if one in board.matrix.undecided]
        to_call = next((one for one in waiting if one.pk != organisation.pk), None)
    if to_call is None:
        return reverse("documents:call_sheet", args=[board.round.uuid])
    return reverse("documents:call", args=[board.round.uuid, to_call.uuid])


def _round_context(access: Access, round_: ApprovalRound) -> dict[str, Any]:
    return {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "handling": Handling(round_.draft.handling),
    }


def _call_sheet_rows(viewer: Viewer, board: Board) -> list[CallSheetRow]:
    people: dict[int, list[Reachable]] = {}
    for one in people_to_call(board.round):
        people.setdefault(one.organisation.pk, []).append(one)
    calls: dict[int, list[PhoneCall]] = {}
    for made in calls_of(board.round):
        calls.setdefault(made.organisation_id, []).append(made)
    return [
        _call_sheet_row(viewer, asked.organisation, cells, people.get(asked.organisation_id, []), calls)
        for asked, one in zip(board.asked, board.matrix.data.asked, strict=True)
        if not one.left
        for cells in (board.matrix.row(one),)
    ]


def _call_sheet_row(
    viewer: Viewer,
    organisation: Organisation,
    cells: list[Cell],
    people: list[Reachable],
    calls: dict[int, list[PhoneCall]],
) -> CallSheetRow:
    made = calls.get(organisation.pk, [])
    return CallSheetRow(
        organisation=organisation,
        mark=display_mark_for(viewer, organisation),
        cells=[cell_context(cell) for cell in cells],
        people=[
            {
                "name": person_name(viewer, one.person, organisation),
                "role": str(MembershipRole(one.role).label),
                "phone": one.person.phone,
            }
            for one in people
        ],
        calls=[_call_context(viewer, one) for one in made],
        decided=all(cell.is_decided for cell in cells),
        reached=any(one.outcome != CallOutcome.NOT_REACHED for one in made),
    )


def _call_context(viewer: Viewer, made: PhoneCall) -> dict[str, Any]:
    person = person_name(viewer, made.person, made.organisation) if made.person else _("Someone who has left")
    return {
        "at": made.at,
        "person": person,
        "outcome": CallOutcome(made.outcome).label,
        "by": person_name(viewer, made.caller, made.caller_for) if made.caller else "",
        "note": made.note,
        "confirmed": display_name_for(viewer, made.confirmed_for) if made.confirmed_for else "",
    }


def _hash_to_read_out(one: Reachable) -> str:
    parts = [one.person.name, str(MembershipRole(one.role).label), one.person.phone or _("no number")]
    return " · ".join(parts)


# --- approvers ---
# The secretariat's table of organisations to ask, its groups; an organisation's tacit-consent
# refusal.


@workspace_secretariat_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_asking_table(request: HttpRequest) -> HttpResponse:
    """Edit the table: kind of text, group, hours, rule; list the groups."""
    form = AskingTableForm(
        request.POST or None,
        rows=asking_table(),
        initial={"allows_no_objection": allows_no_objection()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_asking_table(
                by=get_person(request),
                rows=form.table_rows,
                allows_no_objection=form.cleaned_data["allows_no_objection"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. Forms are filled from it, and can be changed for one text."))
            return redirect("secretariat:asking")
    viewer = get_viewer(request)
    groups = [
        {"group": one, "names": sorted(display_name_for(viewer, row) for row in one.organisations.all())}
        for one in asking_groups()
    ]
    context = {"form": form, "groups": groups, "nav_current": "asking"}
    return form_page(request, "documents/approvals/asking.html", context)


@workspace_secretariat_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_asking_group(request: HttpRequest, group: UUID | None = None) -> HttpResponse:
    """Create or change a group."""
    found = get_object_or_404(asking_groups(), uuid=group) if group else None
    initial = {"name": found.name, "organisations": found.organisations.all()} if found else {}
    form = AskingGroupForm(request.POST or None, viewer=get_viewer(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_asking_group(
                by=get_person(request),
                name=form.cleaned_data["name"],
                organisations=list(form.cleaned_data["organisations"]),
                group=found,
            )
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("secretariat:asking")
    context = {"form": form, "group": found, "nav_current": "asking"}
    return form_page(request, "documents/approvals/asking_group.html", context)


@workspace_secretariat_required
@require_POST
def remove_asking_group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Remove a group."""
    delete_asking_group(by=get_person(request), group=get_object_or_404(asking_groups(), uuid=group))
    messages.success(request, _("The group is gone. Its kinds of text ask every organisation again."))
    return redirect("secretariat:asking")


@member_required
@require_POST
def decline_tacit_consent(request: HttpRequest, round_uuid: UUID, organisation: UUID) -> HttpResponse:
    """Refuse tacit consent for the organisation, in this round and later ones."""
    asked, _others = to_asked(request, round_uuid, organisation)
    decline_silence(organisation=asked.organisation, person=get_person(request))
    messages.success(request, _("Recorded: the silence of your organisation is never counted."))
    return redirect("documents:decide_for", round_uuid, organisation)


# --- attestations ---
# Attesting a translation: both texts side by side, one click; attestations of a matrix.


def attestation_rows(board: Board, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the attestations of the current versions."""
    return [
        {
            "uuid": row.uuid,
            "organisation_pk": row.organisation_id,
            "translation": Language(row.translation.language).label,
            "source": Language(row.source.language).label,
            "by": person_name(viewer, row.reviewer, row.organisation) if row.reviewer else "",
            "organisation": display_name_for(viewer, row.organisation),
            "at": row.at,
        }
        for row in board.attestations
    ]


def missing_attestations(board: Board) -> list[dict[str, str]]:
    """Return the current translations without attestation, with the page to attest them."""
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


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def attest_page(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """Display both texts side by side with their hashes, and the button to attest them."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_attest(access, round_.draft), _("Who comments here may answer for a translation."))
    board = board_of(round_, get_viewer(request))
    texts = {text.language: text for text in board.texts}
    source = request.GET.get("source") or _default_source_language(round_, language, texts)
    if language not in texts or source not in texts or source == language:
        raise Http404
    if request.method == "POST":
        with flash_result(request, _("Recorded: you answer for this translation.")):
            attest(
                access=access,
                round_=round_,
                translation=(language, request.POST.get("translation", "")),
                source=(source, request.POST.get("source", "")),
            )
            return redirect(round_)
    return render(
        request,
        "documents/approvals/attest.html",
        _attestation_context(access, round_, texts, language, source),
    )


def _default_source_language(round_: ApprovalRound, language: str, texts: Mapping[str, RoundText]) -> str:
    """Return the language written first, or another one of the round."""
    first = round_.draft.first_language
    others = [code for code in texts if code != language]
    return first if first in others else next(iter(others), "")


def _attestation_context(
    access: Access, round_: ApprovalRound, texts: Mapping[str, RoundText], language: str, source: str
) -> dict[str, Any]:
    return {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "is_open": round_.state == RoundState.OPEN,
        "sides": [_text_side(access, texts[code], code) for code in (source, language)],
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


def _text_side(access: Access, text: RoundText, code: str) -> dict[str, Any]:
    version = text.version
    document = json.loads(version.canonical)
    return {
        "document": document,
        "code": code,
        "name": Language(code).label,
        "number": version.number,
        "hash": short_hash(version.hash),
        "words": render_document(document, access.workspace, id_prefix=f"{code}-", heading_shift=2),
    }


@member_required
@require_POST
@reauthentication_required
def withdraw_attestation_page(request: HttpRequest, round_uuid: UUID, attestation: UUID) -> HttpResponse:
    """Withdraw an attestation."""
    access, round_ = to_round(request, round_uuid)
    rows = {row.uuid: row for row in board_of(round_, get_viewer(request)).attestations}
    if attestation not in rows:
        raise Http404
    with flash_result(request, _("Taken back. What relied on it is open again.")):
        withdraw_attestation(access=access, round_=round_, attestation=rows[attestation])
    return redirect(round_)
