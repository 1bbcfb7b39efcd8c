"""What is kept of something done to an event, and who hears of it."""

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

type Changed = Callable[[Event], None]


@dataclass(frozen=True)
class Representative:
    """Somebody who answers for an organisation, with or without a seat in the workspace."""

    user: User
    organisation: Organisation

    @property
    def role(self) -> str:
        return MembershipRole.REPRESENTATIVE.value


type Author = Access | Representative

# Who was asked to host and what they answered is for those who prepare an event; who hosts is on its page.
AMONG_PLANNERS = frozenset({"co_host_asked", "co_host_declined", "co_host_taken_back", "co_host_left"})
_listeners: list[Changed] = []


def on_change(listener: Changed) -> None:
    """Say what follows whenever an event changed: `listener(event)`, inside the transaction.

    The event is saved, with the SEQUENCE and the moment of the change. It may be planned, told or
    cancelled; ask it. Register in `AppConfig.ready()`.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def changed(
    event: Event, author: Author, action: str, *, kind: str = "", shifts: bool = False, **detail: Any
) -> None:
    """End every change of an event: save it, keep the audit entry, tell others, let what follows follow.

    In the caller's transaction, with the event's row locked. `shifts`: time, place or state changed, so
    that calendars which know of the event must take it anew (SEQUENCE). `kind`: the activity told.
    """
    event.changed_at = now()
    if shifts and is_known(event):
        event.sequence += 1
    event.save()
    record(event, author, action, **detail)
    if kind:
        tell(event, author, kind, **detail)
    follow(event)


def is_known(event: Event) -> bool:
    """Whether calendars may hold it: it is told, people are invited to it, or have shifts at it."""
    if event.is_told or event.invitations.filter(withdrawn_at=None).exists():
        return True
    return event.volunteers.exclude(proved_at=None).exists()


def follow(event: Event) -> None:
    """Call everyone who registered with `on_change`. For changes of which no person is the author too."""
    for listener in _listeners:
        listener(event)


def record(event: Event, author: Author, action: str, **detail: Any) -> None:
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


def tell(event: Event, author: Author, kind: str, **detail: Any) -> None:
    """Tell those who may see the event what happened to it, in the caller's transaction."""
    activity.record_activity(
        kind,
        workspace=event.workspace,
        actor=author.user,
        organisation=author.organisation,
        subject_kind="event",
        subject=event.uuid,
        needs_drafts=not event.is_told or kind in AMONG_PLANNERS,
        restricted_to=event.restricted_to.all() if event.restricted else None,
        title=text_in(event).title,
        **detail,
    )
    notifications.tell(event, kind, actor=author.user, organisation=author.organisation)
