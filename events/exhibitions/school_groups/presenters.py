"""School groups as the desk reads them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.workspaces.permissions import Access
from events.core.area import Area
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import may_change
from events.exhibitions.school_groups.actions import why_closed
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.queries import group_numbers, is_open_then

SHAPES = {  # of components/state.html
    GroupState.UNPROVED: "unopened",
    GroupState.ASKED: "unopened",
    GroupState.CONFIRMED: "approved",
    GroupState.DECLINED: "abstains",
    GroupState.WITHDRAWN: "objects",
}


@dataclass(frozen=True)
class GroupRow:
    """One group. `closed_then`: the hours changed, and it is not open during the visit any more."""

    group: SchoolGroup
    when: str
    shape: str
    word: str
    language: str
    closed_then: bool
    can_confirm: bool
    can_decline: bool


def group_rows(visits: GroupVisits, groups: list[SchoolGroup]) -> list[GroupRow]:
    return [_row(visits, one) for one in groups]


def closed_words(why: str) -> str:
    """Why no group can register now, as a sentence; "" while it is open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled: no groups come."),
        "over": _("The event is over."),
        "closed": _("School groups cannot register now."),
    }[why]


def groups_area(event: Event, access: Access) -> Area | None:
    """The line of an exhibition for who may change it."""
    if event.kind != EventKind.EXHIBITION or event.run_from is None or not may_change(access, event):
        return None
    visits, asked, coming = group_numbers(event)
    address = reverse("events:groups", args=[event.uuid])
    if visits is None:
        return Area(_("School groups"), _("not open yet"), address, "book")
    words = ngettext("%(count)d group to come", "%(count)d groups to come", coming) % {"count": coming}
    if asked:
        words = ngettext("%(count)d waits for an answer", "%(count)d wait for an answer", asked)
        words %= {"count": asked}
    return Area(_("School groups"), words, address, "book", warns=bool(asked) and not why_closed(visits))


def _row(visits: GroupVisits, group: SchoolGroup) -> GroupRow:
    state = GroupState(group.state)
    can = visits.event.cancelled_at is None and state != GroupState.WITHDRAWN
    return GroupRow(
        group=group,
        when=visit_words(group, visits.event, get_language() or ""),
        shape=SHAPES[state],
        word=str(state.label),
        language=str(group.get_language_display()),
        closed_then=state.holds and not is_open_then(visits, group),
        can_confirm=can and state != GroupState.CONFIRMED,
        can_decline=can and state != GroupState.DECLINED,
    )
