"""Views of invitations and answers: list, invite, withdraw."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.models import Seat
from coalition.workspaces.naming import PersonCircle, person_circle
from coalition.workspaces.queries import seats_in
from documents.drafts.permissions import require_that
from events.core.enums import Answer, Audience, EventState
from events.core.models import Event, EventInvitation
from events.core.pages import event_context
from events.core.permissions import get_event_or_404, get_own_event_or_404, may_change
from events.core.queries import invitation_of, invitation_of_token, open_invitations, seats_of_invited
from events.core.summary import build_invitation_summary
from events.invitations.actions import answer_invitation, invite_people, withdraw_invitation
from events.invitations.forms import InvitationAnswerForm, InviteForm

SHAPES = {  # of components/state.html: conveyed by icon and word, not by colour alone
    Answer.NONE: "unopened",
    Answer.ACCEPTED: "approved",
    Answer.TENTATIVE: "abstains",
    Answer.DECLINED: "objects",
}


@dataclass(frozen=True)
class InvitationRow:
    """One invited person. `changed`: answered before time, place or state changed."""

    invitation: EventInvitation
    name: str
    about: str
    circle: PersonCircle | None
    comes_as: str
    shape: str
    answer: str
    changed: bool


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def invited_people(request: HttpRequest, event: UUID) -> HttpResponse:
    """List the invited people with their answers; planners invite more here."""
    access, found = get_own_event_or_404(request, event)
    viewer = get_viewer(request)
    changes = may_change(access, found)
    may_invite = changes and found.state != EventState.CANCELLED
    form = None
    if may_invite or request.method == "POST":
        require_that(may_invite, _("Editors and coordinators invite people to events that take place."))
        form = InviteForm(
            request.POST if request.method == "POST" else None,
            event=found,
            viewer=viewer,
            initial={"language": access.user.language},
        )
    if request.method == "POST" and form is not None and form.is_valid():
        who = {name: form.cleaned_data[name] for name in ("people", "guests", "audience")}
        try:
            made = invite_people(access=access, event=found, **who)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _invited_words(len(made)))
            return redirect("events:people", found.uuid)
    rows = _invitation_rows(found, viewer, with_addresses=changes)
    context = {
        **event_context(access, found),
        "rows": rows,
        "counts": _answer_counts(rows),
        "may_withdraw": changes,
        "form": form,
    }
    return form_page(request, "events/people/people.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_invitation_withdrawal(request: HttpRequest, event: UUID, invitation: UUID) -> HttpResponse:
    """Withdraw an invitation after confirmation: the mail goes out at once and cannot be undone."""
    access, found = get_own_event_or_404(request, event)
    require_that(may_change(access, found), _("Editors and coordinators take invitations back."))
    row = get_object_or_404(open_invitations(found), uuid=invitation)
    if request.method == "POST":
        withdraw_invitation(access=access, invitation=row)
        messages.success(request, _("The invitation is taken back. A mail says so."))
        return redirect("events:people", found.uuid)
    (shown,) = _invitation_rows(found, get_viewer(request), with_addresses=True, rows=[row])
    context = {
        **event_context(access, found),
        "row": shown,
    }
    return render(request, "events/people/take_back.html", context)


@member_required
@require_POST
def answer_as_member(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take the person's own answer, given in the member area."""
    _access, found = get_event_or_404(request, event)
    invitation = invitation_of(request.user, found)
    form = InvitationAnswerForm(request.POST)
    if invitation is not None and form.is_valid():
        with flash_result(request, _("Your answer is kept. You can change it until the event.")):
            answer_invitation(invitation=invitation, answer=Answer(form.cleaned_data["answer"]))
    return redirect(found)


def _invited_words(count: int) -> str:
    if not count:
        return _("They are all invited already.")
    words = ngettext(
        "%(counter)s invitation is on its way.", "%(counter)s invitations are on their way.", count
    )
    return words % {"counter": count}


def _invitation_rows(
    event: Event, viewer: Viewer, *, with_addresses: bool, rows: Iterable[EventInvitation] | None = None
) -> list[InvitationRow]:
    """Return the invited, named as the viewer may see them. Guests' names and addresses: only for
    people who may invite."""
    seats = seats_of_invited(event)
    here = {seat.person_id for seat in seats_in(event.workspace)}
    invitations = open_invitations(event) if rows is None else rows
    return [
        _invitation_row(
            event,
            viewer,
            one,
            seats.get(one.person_id or 0),
            with_addresses=with_addresses,
            is_here=one.person_id in here,
        )
        for one in invitations
    ]


def _invitation_row(
    event: Event,
    viewer: Viewer,
    invitation: EventInvitation,
    seat: Seat | None,
    *,
    with_addresses: bool,
    is_here: bool,
) -> InvitationRow:
    circle, left = None, _("No longer in this workspace")
    if invitation.person is not None and seat is not None:
        circle = person_circle(viewer, invitation.person, seat.organisation)
        name = circle.name
        about = display_name_for(viewer, seat.organisation) if is_here else left
    elif invitation.person is not None:
        name, about = left, ""
    elif with_addresses:
        name = invitation.guest_name or invitation.guest_address
        about = invitation.guest_address if invitation.guest_name else _("Guest")
    else:
        name, about = _("A guest"), ""
    return InvitationRow(
        invitation=invitation,
        name=name,
        about=about,
        circle=circle,
        comes_as=str(Audience(invitation.audience).label) if invitation.audience else "",
        shape=SHAPES[Answer(invitation.answer)],
        answer=str(Answer(invitation.answer).label),
        changed=invitation.answered_sequence is not None and invitation.answered_sequence < event.sequence,
    )


def _answer_counts(rows: list[InvitationRow]) -> list[tuple[str, str, int]]:
    """Count the answers: shape, word, number; omit answers that nobody gave."""
    counted = [(one, sum(row.invitation.answer == one for row in rows)) for one in Answer]
    return [(SHAPES[one], str(one.label), count) for one, count in counted if count]


# --- answer ---
# Answering an invitation by link, without an account. The GET displays buttons, the POST acts, as
# mail scanners open links. The link alone identifies the person; an invalid one answers like one
# that never existed.


@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Render the event, the three answers, and the current one. Raises Http404 without an
    invitation."""
    found = invitation_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):  # the language of the mail with the link
        response = _answer_response(request, found, token)
    return private_response(response, language=found.language)


def _answer_response(request: HttpRequest, found: EventInvitation, token: str) -> HttpResponse:
    form = InvitationAnswerForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            answer_invitation(invitation=found, answer=Answer(form.cleaned_data["answer"]))
        except Refused as refused:
            refusal = refused.message
        else:
            return redirect("calendar_answer", token)
    given = Answer(found.answer)
    context = {
        "event": build_invitation_summary(found),
        "name": found.person.name if found.person is not None else found.guest_name,
        "cancelled": found.event.state == EventState.CANCELLED,
        "given": given if given != Answer.NONE else None,
        "given_at": found.answered_at,
        "shape": SHAPES[given],
        "changed": found.answered_sequence is not None and found.answered_sequence < found.event.sequence,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "events/answers/answer.html", context, status=status)
