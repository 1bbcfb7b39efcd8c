"""What the regional plan brings to the first page: late promises, and those of the week."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.regional_plan.models import Commitment
from coalition.campaigns.regional_plan.queries import SOON, commitment_states, commitments_for
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import own_seats, workspaces_for


def commitments_due(user: User) -> QuerySet[Commitment]:
    """Promises in plans that are due within a week or late, where the person has a seat."""
    seats = own_seats(user).values("workspace")
    until = localdate(now()) + SOON
    return commitments_for(user).filter(workspace__in=seats, due_on__lte=until)


@only_if(commitments_due)
def promises_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """One line a workspace: for those who plan of all organisations, for others of their own."""
    found: dict[Workspace, list[Commitment]] = defaultdict(list)
    for row in commitments_due(user).filter(workspace__archived_at=None):
        found[row.workspace].append(row)
    leads = set(workspaces_for(user, Right.PLAN).values_list("pk", flat=True)) if found else set()
    own = set(own_seats(user).values_list("workspace", "organisation")) if found else set()
    for workspace, due in found.items():
        leading = workspace.pk in leads
        mine = [row for row in due if leading or (workspace.pk, row.organisation_id) in own]
        states = commitment_states(workspace, mine)
        late = sum(state.is_overdue for state in states)
        soon = sum(state.is_due_soon for state in states)
        if not late and not soon:
            continue
        yield WaitingItem(
            icon="flag",
            title=_("Who does what: %(title)s") % {"title": workspace.title},
            detail=_due_words(late, soon),
            url=reverse("campaigns:regional_plan", args=[workspace.uuid]),
            action=_("Open the plan"),
            urgent=bool(late),
        )


def _due_words(late: int, soon: int) -> str:
    words = []
    if late:
        words.append(
            ngettext("%(count)d promise is late.", "%(count)d promises are late.", late) % {"count": late}
        )
    if soon:
        words.append(
            ngettext(
                "%(count)d promise is due within a week.", "%(count)d promises are due within a week.", soon
            )
            % {"count": soon}
        )
    return " ".join(words)
