"""What a page says before somebody goes back to an earlier state: which open suggestions go with it."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import organisations_with
from documents.drafts.models.draft import Version
from documents.history.actions.restore import digest_of, suggestions_lost
from documents.history.models import HistoryPoint


@dataclass(frozen=True)
class GoingBack:
    """How many go, of which organisation how many; `seen` is sent along, so that no others go unseen."""

    count: int
    of: list[tuple[str, int]]
    seen: str


def going_back(viewer: Viewer, state: Version | HistoryPoint) -> GoingBack:
    """What going back to this state takes away. The state's text is loaded."""
    lost = suggestions_lost(state)
    known = organisations_with({one.organisation for one in lost if one.organisation is not None})
    names = Counter(
        display_name_for(viewer, known[one.organisation])
        if one.organisation in known
        else _("Someone who has left")
        for one in lost
    )
    return GoingBack(len(lost), names.most_common(), digest_of(lost))
