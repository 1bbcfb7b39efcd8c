"""What of counting waits on a person's first page."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.core.double_count import READ_BACK
from coalition.campaigns.in_person.counting.models import Tally
from coalition.campaigns.in_person.counting.notifications import address_of
from coalition.campaigns.in_person.counting.queries import current_counts, tallies_to_count, waiting_tallies
from coalition.campaigns.in_person.counting.titles import tally_title
from coalition.workspaces.dashboard import WaitingItem, only_if


@only_if(waiting_tallies)
def counts_to_give(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """What waits for the person's count: urgent while a second person is waited for, and where two differ."""
    for tally, _needs_two in tallies_to_count(user):
        yield _item(tally, viewer)


def _item(tally: Tally, viewer: Viewer) -> WaitingItem:
    counts = current_counts(tally)
    title, url = tally_title(tally), address_of(tally.uuid)
    if not counts:
        detail = _("It is closed and not counted.")
        return WaitingItem(icon="people", title=title, detail=detail, url=url, action=_("Count it"))
    if len(counts) > 1:
        detail = _("Your count and that of the other person differ.")
        return WaitingItem(
            icon="again", title=title, detail=detail, url=url, action=_("Settle it"), urgent=True
        )
    return WaitingItem(
        icon="people",
        title=title,
        detail=_("%(organisation)s counted. It counts once a second person agrees.")
        % {"organisation": display_name_for(viewer, counts[0].organisation)},
        url=url,
        action=_("Count it"),
        due=counts[0].at + READ_BACK,
        urgent=True,
    )
