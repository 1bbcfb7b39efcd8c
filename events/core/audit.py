"""Audit entries and notifications for changes to an event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.core.clock import now
from coalition.workspaces.actions import activity
from coalition.workspaces.permissions import Access
from events.core import notifications
from events.core.models import Event
from events.core.queries import text_in

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
    return event.volunteers.exclude(proved_at=None).exists()


def call_change_listeners(event: Event) -> None:
    """Call all listeners of `on_change`. Also for changes that no person made."""
    for listener in _listeners:
        listener(event)


def record_event_action(event: Event, author: ChangeAuthor, action: str, **detail: Any) -> None:
    """Write the audit entry, in the caller's transaction."""
    log.record_audit(
        action,
        actor=author.user,
        organisation=author.organisation.uuid,
        role=author.role,
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
        title=text_in(event).title,
        **detail,
    )
    notifications.notify_members_of_activity(event, kind, actor=author.user, organisation=author.organisation)
