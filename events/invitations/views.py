"""Views of invitations and answers: list, invite, withdraw."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext, override
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.applicants.views import private_response
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from coalition.workspaces.queries import seats_in
from coalition.workspaces.sentence_params import person_circle
from documents.drafts.permissions import require_that
from events.core.enums import Answer, EventState
from events.core.generic_views import EventFormView
from events.core.models import Event, EventInvitation
from events.core.permissions import get_event_or_404, get_own_event_or_404, may_change
from events.core.public_pages import event_context
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


class InvitedPeopleView(EventFormView):
    """List the invited people with their answers; planners invite more here."""

    form_class = InviteForm
    template_name = "events/invitations/people.html"
    allowed = staticmethod(lambda _access, _event: True)
    success_name = "events:people"

    def load(self) -> None:
        super().load()
        self.changes = may_change(self.access, self.event)
        self.may_invite = self.changes and self.event.state != EventState.CANCELLED
        if self.request.method == "POST":
            require_that(
                self.may_invite, _("Editors and coordinators invite people to events that take place.")
            )

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class) if self.may_invite else None

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"event": self.event, "viewer": get_viewer(self.request)}
        return super().get_form_kwargs() | more

    def get_initial(self) -> dict[str, Any]:
        return {"language": self.access.user.language}

    def save(self, form: InviteForm) -> None:
        given = {name: form.cleaned_data[name] for name in ("people", "guests", "audience")}
        count = len(invite_people(access=self.access, event=self.event, **given))
        words = ngettext(
            "%(counter)s invitation is on its way.", "%(counter)s invitations are on their way.", count
        )
        words = words % {"counter": count} if count else _("They are all invited already.")
        messages.success(self.request, words)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = _invitation_rows(self.event, get_viewer(self.request), with_addresses=self.changes)
        given = Counter(row["invitation"].answer for row in rows)
        counts = [(SHAPES[one], str(one.label), given[one]) for one in Answer if given[one]]
        more = {"rows": rows, "counts": counts, "may_withdraw": self.changes}
        return super().get_context_data(**kwargs) | more


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
    return render(request, "events/invitations/take_back.html", event_context(access, found) | {"row": shown})


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


def _invitation_rows(
    event: Event, viewer: Viewer, *, with_addresses: bool, rows: Iterable[EventInvitation] | None = None
) -> list[dict[str, Any]]:
    """Return the invited, named as the viewer may see them; guests only `with_addresses`."""
    seats, left = seats_of_invited(event), _("No longer in this workspace")
    here = {seat.person_id for seat in seats_in(event.workspace)}
    found = []
    for one in open_invitations(event) if rows is None else rows:
        seat, circle = seats.get(one.person_id or 0), None
        if one.person is not None and seat is not None:
            circle = person_circle(viewer, one.person, seat.organisation)
            name = circle.name
            about = display_name_for(viewer, seat.organisation) if one.person_id in here else left
        elif one.person is not None:
            name, about = left, ""
        elif with_addresses:
            name = one.guest_name or one.guest_address
            about = one.guest_address if one.guest_name else _("Guest")
        else:
            name, about = _("A guest"), ""
        row = {"invitation": one, "name": name, "about": about, "circle": circle}
        row["shape"], row["changed"] = SHAPES[Answer(one.answer)], was_answered_before_change(one, event)
        found.append(row)
    return found


def was_answered_before_change(invitation: EventInvitation, event: Event) -> bool:
    """Whether time, place or state changed after the answer."""
    answered = invitation.answered_sequence
    return answered is not None and answered < event.sequence


# Answering by link, without an account. The GET displays buttons, the POST acts, as mail scanners open links.
# The link alone identifies the person; an invalid one answers like one that never existed.


@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Render the event, the three answers, and the current one. Raises Http404."""
    found = invitation_of_token(token)
    if found is None:
        raise Http404
    with override(found.language):  # the language of the mail with the link
        return private_response(_answer_response(request, found, token), language=found.language)


def _answer_response(request: HttpRequest, found: EventInvitation, token: str) -> HttpResponse:
    form, refusal = InvitationAnswerForm(request.POST if request.method == "POST" else None), ""
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
        "changed": was_answered_before_change(found, found.event),
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "events/invitations/answer.html", context, status=status)
