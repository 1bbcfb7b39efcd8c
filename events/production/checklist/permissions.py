"""Permission to mark a task as done."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right
from events.core.models import Event
from events.core.permissions import is_admitted, may_change
from events.production.checklist.models import EventTask


def may_tick(access: Access, event: Event, task: EventTask) -> bool:
    """Whether the user may mark a task as done: organisers, the person it is assigned to, or
    without one anyone of the responsible organisation."""
    if may_change(access, event):
        return True
    if not is_admitted(access, event) or not has_active_right(access, Right.SEE_DRAFTS):
        return False
    if task.person_id is not None:
        return task.person_id == access.user.pk
    return task.organisation_id == access.organisation.pk
