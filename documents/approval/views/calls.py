"""Calls of a round; whom the coalition asks; attestations of translations."""

from collections import defaultdict
from itertools import chain
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import Language, Membership, Organisation
from coalition.accounts.naming import PUBLIC, Viewer, display_mark_for, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.core.localized_text import typed_field
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from coalition.workspaces.views.people import workspace_secretariat_required
from documents.approval.actions import phone
from documents.approval.actions.decide import attest, withdraw_attestation
from documents.approval.forms import AskingGroupForm, AskingTableForm, CallForm
from documents.approval.matrix import reliable_languages
from documents.approval.models import ApprovalRound, Asked, PhoneCall, RoundText
from documents.approval.permissions import may_confirm_call, to_round
from documents.approval.presenters import cell_context
from documents.approval.queries import one_time_links as link_queries
from documents.approval.queries.boards import Board, board_of, publishing_obstacles
from documents.approval.queries.rounds import (
    allows_no_objection,
    asking_groups,
    asking_table,
    languages_in_round,
)
from documents.approval.views.decide import decision_action
from documents.drafts.generic_views import DraftFormView, document_action
from documents.drafts.models import CallOutcome, CellState, RoundState
from documents.drafts.permissions import may_attest, may_submit_for_approval, require_that
from documents.drafts.presenters import draft_context, render_document


def round_to_lead(request: HttpRequest, round_uuid: UUID) -> tuple[Access, ApprovalRound]:
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft), _("Coordinators call."))
    return access, round_


def round_context(access: Access, round_: ApprovalRound) -> dict[str, Any]:
    return draft_context(access, round_.draft) | {"round": round_}


@member_required
@require_safe
def round_call_sheet(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """List the people to call, with numbers, and which were reached. Printable."""
    access, round_ = round_to_lead(request, round_uuid)
    board = board_of(round_, get_viewer(request))
    rows = _call_sheet_rows(get_viewer(request), board)
    open_rows = [row for row in rows if not row["decided"]]
    context = {
        **round_context(access, round_),
        "open_rows": open_rows,
        "decided_rows": [row for row in rows if row["decided"]],
        "reached": sum(row["reached"] for row in open_rows),
        "is_open": round_.state == RoundState.OPEN,
        "can_publish": not publishing_obstacles(board),
    }
    return render(request, "documents/approval/offline/call_sheet.html", context)


def _call_sheet_rows(viewer: Viewer, board: Board) -> list[dict[str, Any]]:
    people: dict[int, list[Membership]] = defaultdict(list)
    for member in link_queries.people_to_call(board.round):
        people[member.organisation_id].append(member)
    calls: dict[int, list[PhoneCall]] = defaultdict(list)
    for call in link_queries.calls_of(board.round):
        calls[call.organisation_id].append(call)
    rows = []
    for asked, in_matrix in zip(board.asked, board.matrix.data.asked, strict=True):
        if in_matrix.left:
            continue
        organisation, cells = asked.organisation, board.matrix.row(in_matrix)
        rows.append(
            {
                "organisation": organisation,
                "mark": display_mark_for(viewer, organisation),
                "cells": [cell_context(cell) for cell in cells],
                "people": [
                    {"member": one, "name": person_name(viewer, one.person, organisation)}
                    for one in people[organisation.pk]
                ],
                "calls": [_call_context(viewer, call) for call in calls[organisation.pk]],
                "decided": all(cell.is_decided for cell in cells),
                "reached": any(call.outcome != CallOutcome.NOT_REACHED for call in calls[organisation.pk]),
            }
        )
    return rows


def _call_context(viewer: Viewer, call: PhoneCall) -> dict[str, Any]:
    person = person_name(viewer, call.person, call.organisation) if call.person else _("Someone who has left")
    return {
        "call": call,
        "person": person,
        "by": person_name(viewer, call.caller, call.caller_for) if call.caller else "",
        "confirmed": display_name_for(viewer, call.confirmed_for) if call.confirmed_for else "",
    }


# to record a decision for an organisation
@method_decorator(
    reauthentication_required(enabled=lambda request: request.POST.get("act") == "approved"), name="post"
)
class CallView(DraftFormView):
    """Call one organisation: send the code, record the answer, or record that nobody answered."""

    form_class = CallForm
    template_name = "documents/approval/offline/call.html"
    round: ApprovalRound
    organisation: Organisation

    def load(self) -> None:
        self.access, self.round = round_to_lead(self.request, self.kwargs["round_uuid"])
        self.draft = self.round.draft
        self.board = board_of(self.round, get_viewer(self.request))
        wanted = self.kwargs["organisation"]
        asked = next((row for row in self.board.asked if row.organisation.uuid == wanted), None)
        if asked is None:
            raise Http404
        self.organisation = asked.organisation

    def get_form_kwargs(self) -> dict[str, Any]:
        people = link_queries.people_to_call(self.round).filter(organisation=self.organisation)
        return super().get_form_kwargs() | {
            "people": list(people.exclude(person=self.access.user)),
            "languages": languages_in_round(self.round),
            "relies": reliable_languages(self.board.matrix.data),
        }

    def save(self, form: CallForm) -> HttpResponse:
        act, data = self.request.POST.get("act", ""), form.cleaned_data
        about: dict[str, Any] = {
            "access": self.access,
            "round_": self.round,
            "organisation": self.organisation,
            "person": form.called,
        }
        if act == "code":
            phone.send_code(**about)
            message = _("The code is on its way to them. Ask them to read it to you.")
        elif act == "approved":
            approved = {"languages": data["languages"], "relies": data.get("relies", [])}
            message = _recorded_message(phone.record_call(**about, **approved, code=data["code"]))
        else:
            phone.note_call(**about, reached=act == "reached", note=data["note"])
            message = _("Written down.")
        messages.success(self.request, message)
        return redirect(self._next_url(act))

    def _next_url(self, act: str) -> str:
        """Return the next URL: after the code this page, after an approval the next undecided
        organisation."""
        to_call = self.organisation if act == "code" else None
        if act == "approved":
            undecided = {one.pk for one in self.board.matrix.undecided} - {self.organisation.pk}
            waiting = (row.organisation for row in self.board.asked if row.organisation_id in undecided)
            to_call = next(waiting, None)
        if to_call is None:
            return reverse("documents:call_sheet", args=[self.round.uuid])
        return reverse("documents:call", args=[self.round.uuid, to_call.uuid])

    def refused_field(self, form: CallForm, refusal: Refused) -> str | None:
        return "code" if form.cleaned_data["code"] else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | round_context(self.access, self.round)
        people = typed_field(context["form"].fields, "person", forms.ChoiceField)
        return context | {
            "mark": display_mark_for(get_viewer(self.request), self.organisation),
            "cells": [cell_context(cell) for cell in self.board.matrix.row_of(self.organisation.pk)],
            "words": link_queries.hash_prefixes_to_read_out(link_queries.hashes_in_round(self.round)),
            "codes": link_queries.open_codes(self.round).filter(organisation=self.organisation),
            "may_call": bool(people.choices),
        }


def _recorded_message(call: PhoneCall) -> str:
    """Return what the matrix says after this call: the message must not claim what does not count."""
    languages = {*call.languages, *call.relies}
    row = board_of(call.round, PUBLIC).matrix.row_of(call.organisation_id)
    cells = [cell for cell in row if cell.text.language in languages]
    if all(cell.counts for cell in cells):
        return _("Recorded: it counts. The organisation has been told, and can object.")
    if all(cell.counts or cell.state == CellState.LATER for cell in cells):
        return _("Recorded. It counts in 24 hours if nobody objects, or once it is confirmed by a call back.")
    return _("Recorded. It does not count as it stands: look at the round.")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def confirm_phone_call(request: HttpRequest, round_uuid: UUID, call: UUID) -> HttpResponse:
    """Call back for another organisation, and confirm its approvals by phone."""
    access, round_ = to_round(request, round_uuid)
    found = get_object_or_404(link_queries.calls_to_confirm(round_), uuid=call)
    found.round = round_
    require_that(
        may_confirm_call(access, found),
        _("Somebody of an organisation that has nothing to do with this call confirms it."),
    )
    if request.method == "POST":
        with flash_result(request, _("Confirmed: the approval counts from now on.")):
            phone.confirm_call(access=access, call=found)
        return redirect(round_)
    viewer, remaining = get_viewer(request), {*chain(*phone.remaining_call_approval(found))}
    hashes = {Language(code).label: digest for code, digest in found.words.items() if code in remaining}
    context = {
        **round_context(access, round_),
        "call": found,
        "organisation": display_name_for(viewer, found.organisation),
        "person": person_name(viewer, found.person, found.organisation) if found.person else "",
        "hashes": hashes,
    }
    return render(request, "documents/approval/offline/confirm_call.html", context)


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
            phone.save_asking_table(
                by=get_person(request),
                rows=form.rows,
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
    return form_page(request, "documents/approval/asking.html", context)


@workspace_secretariat_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_asking_group(request: HttpRequest, group: UUID | None = None) -> HttpResponse:
    """Create or change a group."""
    found = get_object_or_404(asking_groups(), uuid=group) if group else None
    initial = {"name": found.name, "organisations": found.organisations.all()} if found else {}
    form = AskingGroupForm(request.POST or None, viewer=get_viewer(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            phone.save_asking_group(
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
    return form_page(request, "documents/approval/asking_group.html", context)


@workspace_secretariat_required
@require_POST
def remove_asking_group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Remove a group."""
    phone.delete_asking_group(by=get_person(request), group=get_object_or_404(asking_groups(), uuid=group))
    messages.success(request, _("The group is gone. Its kinds of text ask every organisation again."))
    return redirect("secretariat:asking")


@decision_action(success=gettext_lazy("Recorded: the silence of your organisation is never counted."))
def decline_tacit_consent(request: HttpRequest, asked: Asked) -> None:
    """Refuse tacit consent for the organisation, in this round and later ones."""
    phone.decline_silence(organisation=asked.organisation, person=get_person(request))


def attestation_rows(board: Board, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the attestations of the current versions."""
    return [
        {
            "attestation": row,
            "by": person_name(viewer, row.reviewer, row.organisation) if row.reviewer else "",
            "organisation": display_name_for(viewer, row.organisation),
        }
        for row in board.attestations
    ]


def unattested_translations(board: Board) -> list[RoundText]:
    """Return the current translations without attestation in an open round."""
    attested = {row.translation.language for row in board.attestations} | {board.round.draft.first_language}
    if board.round.state != RoundState.OPEN or len(board.texts) < 2:
        return []
    texts = [text for text in board.texts if text.language not in attested]
    return [text for text in texts if text.version.hash == text.version.text.content_hash]


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def attest_page(request: HttpRequest, round_uuid: UUID, language: str) -> HttpResponse:
    """Display both texts side by side with their hashes, and the button to attest them."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_attest(access, round_.draft), _("Who comments here may answer for a translation."))
    board = board_of(round_, get_viewer(request))
    versions = {text.language: text.version for text in board.texts}
    others, first = [code for code in versions if code != language], round_.draft.first_language
    # the language written first, or another one of the round
    source = request.GET.get("source", "") or (first if first in others else next(iter(others), ""))
    if language not in versions or source not in others:
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
    sides = []
    for code in (source, language):
        document = versions[code].document
        html = render_document(document, access.workspace, id_prefix=f"{code}-", heading_shift=2)
        sides.append({"version": versions[code], "document": document, "words": html})
    own = Viewer(own=frozenset({access.organisation.pk}))
    context = {
        **round_context(access, round_),
        "is_open": round_.state == RoundState.OPEN,
        "sides": sides,
        "translation": versions[language],
        "original": versions[source],
        "organisation": display_name_for(own, access.organisation),
        "other_sources": [code for code in others if code != source],
    }
    return render(request, "documents/approval/attest.html", context)


@document_action(
    to_round,
    success=gettext_lazy("Taken back. What relied on it is open again."),
    reauthenticate=True,
)
def withdraw_attestation_page(
    request: HttpRequest, access: Access, round_: ApprovalRound, attestation: UUID
) -> None:
    """Withdraw an attestation."""
    rows = {row.uuid: row for row in board_of(round_, get_viewer(request)).attestations}
    if attestation not in rows:
        raise Http404
    withdraw_attestation(access=access, round_=round_, attestation=rows[attestation])
