"""What people of a workspace were told and what it tells of them: kept for a while only."""

from coalition.core.clock import now
from coalition.core.retention import delete, empty, long_ago, rule
from coalition.workspaces.domain.inbox import READ_KEPT, UNREAD_KEPT, forget_old
from coalition.workspaces.models import Activity, Presence
from coalition.workspaces.queries import GONE_AFTER


def register() -> None:
    """Say how long; once, when the models are there."""
    rule(
        "notifications.forget",
        forget_old,
        of="workspaces.Notification; workspaces.PushSubscription: browsers that may be woken",
        until=f"read {READ_KEPT.days} days, unread {UNREAD_KEPT.days}; {UNREAD_KEPT.days} days unused",
    )
    rule(
        "workspaces.forget_actors",
        forget_actors,
        of="workspaces.Activity: who did what in a workspace",
        until="AUDIT_PERSON_MONTHS; then the organisation",
    )
    rule(
        "workspaces.forget_presence",
        forget_presence,
        of="workspaces.Presence: who has a workspace open",
        until=f"{GONE_AFTER.total_seconds():.0f} seconds after the last sign, deleted daily",
    )


def forget_actors() -> int:
    """What happened long ago names an organisation and nobody. Returns how many rows."""
    return empty(Activity.objects.filter(at__lt=long_ago(), actor__isnull=False), actor=None)


def forget_presence() -> int:
    """Delete who was here in workspaces that nobody opened since. Returns how many rows."""
    return delete(Presence.objects.filter(seen_at__lt=now() - GONE_AFTER))
