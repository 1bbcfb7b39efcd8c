"""A planned publication on the desk: its moment, who reads it until then, lifting early, the call list."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.jobs.moments import with_place
from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.approval.forms import PublishForm
from documents.approval.queries.boards import board_of
from documents.canonical.serialise import short_hash
from documents.contacts.actions import add_contact
from documents.drafts.access import reading, to_round
from documents.drafts.enums import PublicationState
from documents.drafts.permissions import may_offer_embargo, may_put_to_approval, require_that
from documents.publication.actions.publish import NotReady, obstacles, publish
from documents.publication.certificate import missing_words
from documents.publication.embargo.actions.access import offer, record_agreement
from documents.publication.embargo.actions.end import revoke, revoke_outlet
from documents.publication.embargo.actions.feed import end_feed, send_feed
from documents.publication.embargo.actions.schedule import put_off, schedule
from documents.publication.embargo.forms import OfferForm, ScheduleForm
from documents.publication.embargo.presenters import lateness_words, rows_of
from documents.publication.embargo.queries import (
    accesses_of,
    contacts_to_write_to,
    contacts_with,
    planned_for,
)
from documents.publication.models.publication import Publication
from documents.publication.queries.publications import AHEAD, newest_public_of, publications_for
from documents.publication.views.desk import publish_page

PAGE = "documents/embargo/desk.html"


@door.members_only
@require_POST
@reauthentication_required
def schedule_round(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Choose the moment at which a round's text becomes public, or another one. What was chosen comes back
    if it is refused."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_put_to_approval(access, round_.draft), _("Coordinators publish."))
    form = ScheduleForm(request.POST)
    if form.is_valid():
        try:
            planned = schedule(access=access, round_=round_, at=form.cleaned_data["at"])
        except Refused as refusal:
            form.add_error("at", refusal.message)
        else:
            messages.success(request, _("Scheduled. Nothing is public before this moment."))
            return redirect("documents:embargo", planned.uuid)
    board = board_of(round_, door.viewer(request))
    corrects = newest_public_of(round_.draft) is not None
    return publish_page(
        request,
        access,
        board,
        form=PublishForm(corrects=corrects),
        reasons=obstacles(board),
        schedule_form=form,
    )


@door.members_only
@require_safe
def embargo(request: HttpRequest, publication: UUID) -> HttpResponse:
    """What is planned, and who of the media reads it until then."""
    access, found = _to_planned(request, publication)
    return form_page(request, PAGE, _context(request, access, found))


@door.members_only
@require_POST
def offer_it(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Ask somebody of an outlet whether they agree; a new contact is kept."""
    access, found = _to_planned(request, publication)
    _require_press(access, found)
    form = OfferForm(request.POST, contacts=contacts_to_write_to(access.organisation.uuid))
    if form.is_valid():
        try:
            contact = form.chosen or add_contact(access=access, person=form.person())
            offer(access=access, publication=found, contact=contact)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Asked. The mail tells the moment and nothing of the text."))
            return redirect("documents:embargo", found.uuid)
    return form_page(request, PAGE, _context(request, access, found, form))


@door.members_only
@require_POST
def agreed(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """Write down that somebody agreed in a call."""
    access, found = _to_planned(request, publication)
    _require_press(access, found)
    row = get_object_or_404(accesses_of(found), uuid=access_uuid)
    with telling(request, _("Recorded. A link to the text goes out by mail.")):
        record_agreement(access=access, embargo=row)
    return redirect("documents:embargo", found.uuid)


@door.members_only
@require_POST
def take_back(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """End an access at once."""
    access, found = _to_planned(request, publication)
    _require_press(access, found)
    revoke(access=access, embargo=get_object_or_404(accesses_of(found), uuid=access_uuid))
    messages.success(request, _("Taken back: the link opens nothing any more."))
    return redirect("documents:embargo", found.uuid)


@door.members_only
@require_POST
def take_back_outlet(request: HttpRequest, publication: UUID, outlet: UUID) -> HttpResponse:
    """End every access of an outlet at once, also one that another organisation brought."""
    access, found = _to_planned(request, publication)
    if not revoke_outlet(access=access, publication=found, outlet=outlet):
        raise Http404
    messages.success(request, _("Taken back: the outlet's links open nothing any more."))
    return redirect("documents:embargo", found.uuid)


@door.members_only
@require_POST
def send_calendar(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """Mail somebody of an outlet the address of their calendar; the one before ends."""
    access, found = _to_press(request, publication)
    row = get_object_or_404(accesses_of(found).select_related("publication__draft"), uuid=access_uuid)
    with telling(request, _("Sent: the address of their calendar goes to their mailbox.")):
        send_feed(access=access, embargo=row)
    return _back_to(found)


@door.members_only
@require_POST
def end_calendar(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """End the calendar address of somebody of an outlet at once."""
    access, found = _to_press(request, publication)
    row = get_object_or_404(accesses_of(found), uuid=access_uuid)
    contact = contacts_with([row.contact]).get(row.contact)
    if contact is None:
        raise Http404
    end_feed(access=access, contact=contact)
    messages.success(request, _("Ended. Programs that ask at this address find nothing any more."))
    return _back_to(found)


@door.members_only
@require_POST
@reauthentication_required
def put_it_off(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Take the moment back."""
    access, found = _to_planned(request, publication)
    try:
        put_off(access=access, publication=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("Put off: nothing becomes public by itself, and nobody reads it by a link.")
        )
    return redirect("documents:embargo", found.uuid)


@door.members_only
@require_POST
@reauthentication_required
def lift(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Lift the embargo now: the text is public at once, and the call list is shown."""
    access, found = _to_planned(request, publication)
    require_that(may_put_to_approval(access, found.draft), _("Coordinators publish."))
    try:
        publish(access=access, round_=found.round)
    except NotReady as refusal:
        return form_page(request, PAGE, _context(request, access, found) | {"obstacles": refusal.reasons})
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:embargo", found.uuid)
    messages.success(request, _("It is public, in all its languages. Who agreed is told by mail now."))
    return redirect("documents:calls", found.uuid)


@door.members_only
@require_safe
def calls(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Who agreed to the embargo of what is public now: the call list."""
    found = get_object_or_404(publications_for(request.user), uuid=publication)
    access = reading(request, found.draft.workspace.uuid)
    _require_press(access, found)
    rows, others = rows_of(found, access, agreed=True)
    context = {
        "access": access,
        "workspace": access.workspace,
        "publication": found,
        "rows": [row for row in rows if row.has_agreed and row.is_open],
        "others": others,
    }
    return render(request, "documents/embargo/calls.html", context)


def _to_planned(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    found = get_object_or_404(planned_for(request.user), uuid=uuid)
    access = reading(request, found.draft.workspace.uuid)
    found.draft.workspace = access.workspace
    return access, found


def _to_press(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    """What is planned, or public since, for who serves the media."""
    found = planned_for(request.user).filter(uuid=uuid).first()
    if found is None:
        found = get_object_or_404(publications_for(request.user), uuid=uuid)
    access = reading(request, found.draft.workspace.uuid)
    found.draft.workspace = access.workspace
    _require_press(access, found)
    return access, found


def _back_to(publication: Publication) -> HttpResponse:
    is_ahead = publication.state in AHEAD
    return redirect("documents:embargo" if is_ahead else "documents:calls", publication.uuid)


def _require_press(access: Access, publication: Publication) -> None:
    require_that(
        may_offer_embargo(access, publication.draft),
        _("Coordinators and the press officer of an organisation offer a text to the media."),
    )


def _context(
    request: HttpRequest, access: Access, publication: Publication, form: OfferForm | None = None
) -> dict[str, Any]:
    serves = may_offer_embargo(access, publication.draft)
    leads = may_put_to_approval(access, publication.draft)
    board = board_of(publication.round, door.viewer(request))
    texts = list(publication.texts.select_related("version"))
    found = {
        "access": access,
        "workspace": access.workspace,
        "publication": publication,
        "draft": publication.draft,
        "is_scheduled": publication.state == PublicationState.SCHEDULED,
        "moment": with_place(publication.scheduled_at) if publication.scheduled_at else "",
        "lateness": lateness_words(publication),
        "texts": [
            {
                "name": text.get_language_display(),
                "number": text.version.number,
                "hash": short_hash(text.hash),
            }
            for text in texts
        ],
        "missing": missing_words(publication),
        "obstacles": obstacles(board),
        "leads": leads,
        "serves": serves,
        "schedule_form": ScheduleForm(initial={"at": publication.scheduled_at}) if leads else None,
    }
    if serves:
        found["rows"], found["others"] = rows_of(publication, access)
    if serves and publication.state == PublicationState.SCHEDULED:
        found["form"] = form or OfferForm(contacts=contacts_to_write_to(access.organisation.uuid))
    return found
