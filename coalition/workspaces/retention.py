"""Retention of activities, notifications and presence in workspaces."""

from coalition.core.clock import now
from coalition.core.retention import (
    anonymise_cutoff,
    delete_in_batches,
    empty_in_batches,
    register_retention_rule,
)
from coalition.workspaces.models import Activity, Presence
from coalition.workspaces.notifications.notify import READ_KEPT, UNREAD_KEPT, delete_old_notifications
from coalition.workspaces.queries import GONE_AFTER


def register_workspace_retention() -> None:
    """Say how long; once, when the models are there."""
    register_retention_rule(
        "notifications.forget",
        delete_old_notifications,
        of="workspaces.Notification; workspaces.PushSubscription: browsers that may be woken",
        until=f"read {READ_KEPT.days} days, unread {UNREAD_KEPT.days}; {UNREAD_KEPT.days} days unused",
    )
    register_retention_rule(
        "workspaces.forget_actors",
        anonymise_old_activity,
        of="workspaces.Activity: who did what in a workspace",
        until="AUDIT_PERSON_MONTHS; then the organisation",
    )
    register_retention_rule(
        "workspaces.forget_presence",
        delete_old_presence,
        of="workspaces.Presence: who has a workspace open",
        until=f"{GONE_AFTER.total_seconds():.0f} seconds after the last sign, deleted daily",
    )


def anonymise_old_activity() -> int:
    """Erase people from old activities; the organisation stays. Returns the number of rows."""
    return empty_in_batches(
        Activity.objects.filter(at__lt=anonymise_cutoff(), actor__isnull=False), actor=None
    )


def delete_old_presence() -> int:
    """Delete old presence rows of workspaces not opened since. Returns the number of rows."""
    return delete_in_batches(Presence.objects.filter(seen_at__lt=now() - GONE_AFTER))
