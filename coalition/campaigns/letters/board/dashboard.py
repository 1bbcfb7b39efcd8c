"""What of the boards of letter actions waits on the desk's first page."""

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.letters.board.queries import overdue_letters
from coalition.campaigns.letters.models import LetterAction
from coalition.roles import Right
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.queries import workspaces_for


@only_if(overdue_letters)
def answers_overdue(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """One line an action whose official letters were not answered in time, for those who record answers."""
    rows = overdue_letters(user).filter(
        action__workspace__in=workspaces_for(user, Right.EDIT), action__workspace__archived_at=None
    )
    numbers: Counter[LetterAction] = Counter(
        one.action for one in rows.select_related("action__publication").order_by("action")
    )
    for action, number in numbers.items():
        words = ngettext(
            "%(count)s official letter was not answered in time.",
            "%(count)s official letters were not answered in time.",
            number,
        )
        yield WaitingItem(
            icon="mail",
            title=_("Answers are overdue: %(title)s")
            % {"title": title_of(action.publication) or action.slug},
            detail=words % {"count": number},
            url=reverse("campaigns:letter_board_letters", args=[action.uuid]),
            action=_("Record"),
        )
