"""What follows changes of an event: audit entries, listeners, mails.

An organisation consented to the event as it was. When its texts, time or place change, it stays
named and is notified at once: its representatives can leave with one click.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from coalition import live_push
from coalition.accounts.models import MembershipRole, Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.audit import log
from coalition.core.clock import now
from coalition.workspaces.actions import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.notifications.kinds import SubjectDescription
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from events.core import queries
from events.core.enums import Consent
from events.core.models import Event, EventText


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

    Representatives of another host are notified as such (`notify_hosts_of_change`). Invited people get a new
    invitation by mail, so this reaches only their inbox.
    """
    kind = NOTIFICATION_BY_ACTIVITY.get(activity)
    if kind is None or not event.is_told:
        return
    hosts = {one.pk for host in other_hosts(event, organisation) for one in representatives(host)}
    people = {seat.person for seat in queries.invitable_seats(event) if seat.person_id not in hosts}
    invited = (
        {one.person_id for one in queries.open_invitations(event)} if kind != "event_announced" else set()
    )
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


def events_to_hear_of(user: User) -> QuerySet[Event]:
    """What the person sees, and what their organisation is asked to host or hosts."""
    asked = queries.hosting_requests_of(user).order_by().filter(event=OuterRef("pk"))
    hosted = queries.hostings_of(user).order_by().filter(event=OuterRef("pk"))
    seen = queries.events_for(user).order_by().values("pk")
    return Event.objects.filter(Q(pk__in=seen) | Exists(asked) | Exists(hosted))


def describe_events(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    """Titles and addresses. One query, and one for the texts."""
    texts = EventText.objects.defer("text", "component")
    rows = Event.objects.filter(uuid__in=uuids).prefetch_related(Prefetch("texts", queryset=texts))
    language = get_language() or ""
    return {
        row.uuid: SubjectDescription(queries.text_in(row, language).title, row.get_absolute_url())
        for row in rows
    }


type ChangeListener = Callable[[Event], None]


@dataclass(frozen=True)
class Representative:
    """A representative of an organisation, with or without a seat in the workspace."""

    user: User
    organisation: Organisation

    @property
    def role(self) -> str:
        return MembershipRole.REPRESENTATIVE.value


type ChangeAuthor = Access | Representative

# Co-hosting requests and answers are for organisers; the event's page lists the hosts.
PLANNER_ONLY_ACTIVITIES = frozenset(
    {"co_host_asked", "co_host_declined", "co_host_taken_back", "co_host_left"}
)
_listeners: list[ChangeListener] = []


def on_change(listener: ChangeListener) -> None:
    """Register a listener for changes of events: `listener(event)`, inside the transaction.

    The event is saved, with its SEQUENCE and time of change. It may be planned, announced or
    cancelled; check it. Register in `AppConfig.ready()`.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def save_event_change(
    event: Event, author: ChangeAuthor, action: str, *, kind: str = "", shifts: bool = False, **detail: Any
) -> None:
    """Finish a change of an event: save it, write the audit entry, notify, call listeners.

    In the caller's transaction, with the event's row locked. `shifts`: time, place or state changed,
    so calendars that have the event must update it (SEQUENCE). `kind`: the workspace activity.
    """
    event.changed_at = now()
    if shifts and may_be_in_calendars(event):
        event.sequence += 1
    event.save()
    record_event_action(event, author, action, **detail)
    if kind:
        record_event_activity(event, author, kind, **detail)
    call_change_listeners(event)


def may_be_in_calendars(event: Event) -> bool:
    """Whether calendars may contain it: it is announced, or people have invitations or shifts."""
    if event.is_told or event.invitations.filter(withdrawn_at=None).exists():
        return True
    return event.volunteers.exclude(state="unproved").exists()


def call_change_listeners(event: Event) -> None:
    """Call all listeners of `on_change`. Also for changes that no person made."""
    for listener in _listeners:
        listener(event)


def record_event_action(event: Event, author: ChangeAuthor, action: str, **detail: Any) -> None:
    """Write the audit entry, in the caller's transaction."""
    record_action(author, action, "event", event.uuid, event.workspace, **detail)


def record_action(
    author: ChangeAuthor, action: str, target_kind: str, target: UUID, workspace: Workspace, /, **detail: Any
) -> None:
    """Write the audit entry about an object of this kind, in the caller's transaction."""
    log.record_audit(
        action,
        actor=author.user,
        organisation=author.organisation.uuid,
        role=author.role,
        target_kind=target_kind,
        target=target,
        workspace=workspace.uuid,
        **detail,
    )


def record_guest_action(event: Event, action: str, *, actor: User | None = None, **detail: Any) -> None:
    """Write the audit entry of an action that needs no seat, in the caller's transaction. `actor`: the
    account of the person who acted, if they have one."""
    log.record_audit(
        action,
        actor=actor,
        target_kind="event",
        target=event.uuid,
        workspace=event.workspace.uuid,
        **detail,
    )


def record_event_activity(event: Event, author: ChangeAuthor, kind: str, **detail: Any) -> None:
    """Notify those who may see the event of what happened to it, in the caller's transaction."""
    activity.record_activity(
        kind,
        workspace=event.workspace,
        actor=author.user,
        organisation=author.organisation,
        subject_kind="event",
        subject=event.uuid,
        needs_drafts=not event.is_told or kind in PLANNER_ONLY_ACTIVITIES,
        restricted_to=event.restricted_to.all() if event.restricted else None,
        title=queries.text_in(event).title,
        **detail,
    )
    notify_members_of_activity(event, kind, actor=author.user, organisation=author.organisation)
