"""Who is invited: the only place where invitations come from."""

from django.db.models import F, QuerySet

from coalition.accounts.models import User
from coalition.accounts.queries import may_enter
from coalition.core.tokens import hash_token
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import seats_in
from documents.drafts.queries.drafts import READING_ROLES
from events.core.models.event import Event
from events.core.models.participants import EventInvitation
from events.core.queries.events import events_for


def open_invitations(event: Event) -> QuerySet[EventInvitation]:
    """Who is invited now, in the order in which they were."""
    return event.invitations.filter(withdrawn_at=None).select_related("person")


def untold_invitations(event: Event) -> QuerySet[EventInvitation]:
    """Those to whom the event's last change of time, place or state has not been told."""
    return open_invitations(event).filter(sent_sequence__lt=F("event__sequence"))


def invitation_of_token(token: str) -> EventInvitation | None:
    """The invitation to which a link belongs; None if there is none, or if it counts no more."""
    rows = EventInvitation.objects.filter(token_hash=hash_token(token), withdrawn_at=None)
    found = rows.select_related("person", "event__workspace", "event__organisation").first()
    return found if found is not None and still_counts(found) else None


def invitation_of(user: object, event: Event) -> EventInvitation | None:
    """The person's own invitation to an event."""
    if not isinstance(user, User):
        return None
    return open_invitations(event).filter(person=user).first()


def still_counts(invitation: EventInvitation) -> bool:
    """Whether the invited person may still know of the event: members as long as they may see it."""
    person = invitation.person
    if person is None:
        return True
    return may_enter(person) and events_for(person).filter(pk=invitation.event_id).exists()


def may_be_invited(event: Event) -> QuerySet[Seat]:
    """Seats in the event's workspace of people who may see the event, by name."""
    rows = seats_in(event.workspace)
    if not event.is_told:
        rows = rows.filter(role__in=READING_ROLES)
    if event.restricted:
        rows = rows.filter(organisation__in=event.restricted_to.all())
    return rows.order_by("person__name", "id")


def seats_of_invited(event: Event) -> dict[int, Seat]:
    """By person, on whose behalf they are or were in the event's workspace: also of those who left.

    Their organisation says whether they may be named, and it does not cease to when their seat ends.
    """
    seats = Seat.objects.filter(workspace=event.workspace).select_related("organisation")
    found = {seat.person_id: seat for seat in seats.order_by("started_at", "id")}
    return found | {seat.person_id: seat for seat in seats_in(event.workspace)}
