"""Who may tick a task of the checklist."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import works_here
from events.core.models import Event
from events.core.permissions import is_admitted, may_change
from events.production.checklist.models import EventTask


def may_tick(access: Access, event: Event, task: EventTask) -> bool:
    """Say that a task is done: who plans, the person it was given to, or anyone of the organisation that
    answers for it where no person does."""
    if may_change(access, event):
        return True
    if not is_admitted(access, event) or not works_here(access, Right.SEE_DRAFTS):
        return False
    if task.person_id is not None:
        return task.person_id == access.user.pk
    return task.organisation_id == access.organisation.pk
