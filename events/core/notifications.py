"""Notifications to representatives of co-hosts: requests, and changes to what they host.

An organisation consented to the event as it was. When its texts, time or place change, it stays
named and is notified at once: its representatives can leave with one click.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from coalition import live_push
from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.notifications.kinds import SubjectDescription
from coalition.workspaces.permissions import Access
from events.core.enums import Consent
from events.core.models import Event, EventText
from events.core.queries import (
    events_for,
    hosting_requests_of,
    hostings_of,
    invitable_seats,
    open_invitations,
    text_in,
)


def notify_hosting_asked(event: Event, organisation: Organisation, *, by: Access) -> None:
    """Notify the representatives of an organisation that is asked. In the caller's transaction."""
    _notify_representatives("hosting_asked", event, [organisation], by)


def notify_hosts_of_change(event: Event, *, by: Access) -> None:
    """Notify the representatives of the other hosts, not of the one that made the change.

    In the caller's transaction, after the event is saved. Only for announced events: planned ones are
    in the member area.
    """
    if event.is_told:
        _notify_representatives("hosted_changed", event, other_hosts(event, by.organisation), by)


def other_hosts(event: Event, organisation: Organisation) -> list[Organisation]:
    """Return the consenting co-hosts without this organisation."""
    hosts = event.co_hosts.filter(state=Consent.CONSENTED).select_related("organisation")
    return [one.organisation for one in hosts if one.organisation_id != organisation.pk]


def representatives(organisation: Organisation) -> list[User]:
    rows = active_memberships().filter(organisation=organisation, role=MembershipRole.REPRESENTATIVE)
    return [row.person for row in rows.select_related("person").order_by("pk")]


def _notify_representatives(
    kind: str, event: Event, organisations: Iterable[Organisation], by: Access
) -> None:
    """Notify each person once per change. Mails name no event or organisation; the member area does."""
    for organisation in organisations:
        told = notify(
            people=representatives(organisation),
            kind=kind,
            workspace=event.workspace,
            actor=by.user,
            organisation=by.organisation,
            subject_kind="event",
            subject=event.uuid,
            needs_drafts=False,
            once=f"{kind}:{event.uuid}:{event.changed_at:%Y%m%d%H%M%S%f}:{organisation.pk}",
            about=str(organisation.uuid),
        )
        for row in told:
            live_push.push_counter(user_id=row.person_id, what="waiting")


# --- notifications ---
# Notifications to workspace members when an event is announced, moved or cancelled.


NOTIFICATION_BY_ACTIVITY = {
    "event_announced": "event_announced",
    "event_moved": "event_moved",
    "event_date_moved": "event_moved",
    "event_date_left_out": "event_moved",
    "event_cancelled": "event_cancelled",
}


def notify_members_of_activity(
    event: Event, activity: str, *, actor: User, organisation: Organisation
) -> None:
    """Notify everyone with a seat who may see the event, if the activity is one that notifies.

    Representatives of another host are notified as such (`hosts_hear`). Invited people get a new
    invitation by mail, so this reaches only their inbox.
    """
    kind = NOTIFICATION_BY_ACTIVITY.get(activity)
    if kind is None or not event.is_told:
        return
    hosts = {one.pk for host in other_hosts(event, organisation) for one in representatives(host)}
    people = {seat.person for seat in invitable_seats(event) if seat.person_id not in hosts}
    invited = {one.person_id for one in open_invitations(event)} if kind != "event_announced" else set()
    for mailed in (False, True):
        notify(
            people=[person for person in people if (person.pk in invited) == mailed],
            kind=kind,
            workspace=event.workspace,
            actor=actor,
            organisation=organisation,
            subject_kind="event",
            subject=event.uuid,
            needs_drafts=False,
            mailed=mailed,
        )


# --- notifications as their readers see them ---


def events_to_hear_of(user: User) -> QuerySet[Event]:
    """What the person sees, and what their organisation is asked to host or hosts."""
    asked = hosting_requests_of(user).order_by().filter(event=OuterRef("pk"))
    hosted = hostings_of(user).order_by().filter(event=OuterRef("pk"))
    seen = events_for(user).order_by().values("pk")
    return Event.objects.filter(Q(pk__in=seen) | Exists(asked) | Exists(hosted))


def describe_events(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    """Titles and addresses. One query, and one for the texts."""
    texts = EventText.objects.defer("text", "component")
    rows = Event.objects.filter(uuid__in=uuids).prefetch_related(Prefetch("texts", queryset=texts))
    language = get_language() or ""
    return {
        row.uuid: SubjectDescription(text_in(row, language).title, row.get_absolute_url()) for row in rows
    }
