"""What facts bring to the dashboard: those that wait for a check."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.workspaces.dashboard import WaitingItem
from coalition.workspaces.dashboard_prefilter import counted_source
from documents.facts.queries import facts_to_check


@counted_source(facts_to_check)
def facts_awaiting_check(count: int) -> Iterable[WaitingItem]:
    """Yield one row, however many facts wait for a check that the person may make."""
    yield WaitingItem(
        icon="fact",
        title=_("Facts to check: %(count)s") % {"count": count},
        detail=_("Does the source still say so? Is the year right?"),
        url=f"{reverse('documents:facts')}?due=1",
        action=_("Look at them"),
    )
