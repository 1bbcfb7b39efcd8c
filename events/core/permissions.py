"""Who may do what with events: named predicates, composed.

Each takes the person's access to the workspace and an event that the person may see: `queries` has
decided that before. What is refused here is answered with words, not with 404.
"""

from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import represents
from coalition.roles import Right
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that, works_here
from events.core.enums import Visibility
from events.core.models.event import Event
from events.production.checklist.models import EventTask

__all__ = [
    "is_admitted",
    "may_announce",
    "may_answer_for",
    "may_cancel",
    "may_change",
    "may_plan",
    "may_restrict",
    "may_tick",
    "require_that",
]


def is_admitted(access: Access, event: Event) -> bool:
    """Whether the event is of this workspace and open to the organisation in whose name the person acts."""
    if event.workspace_id != access.workspace.pk:
        return False
    return not event.restricted or event.restricted_to.filter(pk=access.organisation.pk).exists()


def may_plan(access: Access) -> bool:
    """Plan events, bring in partners' calendars, enter sittings."""
    return works_here(access, Right.PLAN)


def may_change(access: Access, event: Event) -> bool:
    """Change what is told of an event, its hours and its co-hosts; invite people to it."""
    return may_plan(access) and is_admitted(access, event)


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


def may_announce(access: Access, event: Event, visibility: Visibility) -> bool:
    """Tell of it: who plans. To everyone: who publishes, as with texts, since it cannot be taken back."""
    if visibility == Visibility.PUBLIC and not works_here(access, Right.PUBLISH):
        return False
    return may_change(access, event)


def may_cancel(access: Access, event: Event) -> bool:
    """Also move it."""
    return may_change(access, event)


def may_restrict(access: Access, event: Event) -> bool:
    """Say for which organisations an event is: who coordinates, and who planned it."""
    own = event.created_by_id == access.user.pk and event.organisation_id == access.organisation.pk
    return (works_here(access, Right.MANAGE) or own) and may_change(access, event)


def may_answer_for(user: User, organisation: Organisation) -> bool:
    """Consent to co-hosting, or take consent back: representatives of the organisation asked."""
    return represents(user, organisation)
