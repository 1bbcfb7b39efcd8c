"""School group presenters for the member area."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pages import Area, PublicAction
from events.core.permissions import may_change
from events.exhibitions.school_groups.actions import groups_closed_reason
from events.exhibitions.school_groups.enums import GroupState
from events.exhibitions.school_groups.formatting import visit_words
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.school_groups.queries import group_numbers, group_visits_of, is_open_during_visit

SHAPES = {  # shapes of components/state.html
    GroupState.UNPROVED: "unopened",
    GroupState.ASKED: "unopened",
    GroupState.CONFIRMED: "approved",
    GroupState.DECLINED: "abstains",
    GroupState.WITHDRAWN: "objects",
}


@dataclass(frozen=True)
class GroupRow:
    """Group row. `closed_then`: the hours changed and the exhibition is now closed at that time."""

    group: SchoolGroup
    when: str
    shape: str
    word: str
    language: str
    closed_then: bool
    can_confirm: bool
    can_decline: bool


def group_rows(visits: GroupVisits, groups: list[SchoolGroup]) -> list[GroupRow]:
    return [_group_row(visits, one) for one in groups]


def groups_closed_message(why: str) -> str:
    """Return a sentence on why registration is closed; "" while it is open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled: no groups come."),
        "over": _("The event is over."),
        "closed": _("School groups cannot register now."),
    }[why]


def groups_area(event: Event, access: Access) -> Area | None:
    """Return the line on an exhibition's page, for people who may change it."""
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
    return Area(
        _("School groups"), words, address, "book", warns=bool(asked) and not groups_closed_reason(visits)
    )


def _group_row(visits: GroupVisits, group: SchoolGroup) -> GroupRow:
    state = GroupState(group.state)
    can = visits.event.cancelled_at is None and state != GroupState.WITHDRAWN
    return GroupRow(
        group=group,
        when=visit_words(group, visits.event, get_language() or ""),
        shape=SHAPES[state],
        word=str(state.label),
        language=str(group.get_language_display()),
        closed_then=state.holds and not is_open_during_visit(visits, group),
        can_confirm=can and state != GroupState.CONFIRMED,
        can_decline=can and state != GroupState.DECLINED,
    )


def groups_action(event: Event) -> PublicAction | None:
    """The way to come with a school group, while one can."""
    visits = group_visits_of(event) if event.run_from is not None else None
    if visits is None or groups_closed_reason(visits):
        return None
    return PublicAction(_("Come with a school group"), reverse("school_groups", args=[event.slug]), "book")
