"""School groups for pages and paper."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.workspaces.permissions import Access
from events.core.enums import EventKind
from events.core.models import Event
from events.core.pdf.typeset import typeset
from events.core.permissions import may_change
from events.core.public_pages import Area, PublicAction
from events.exhibitions.school_groups.actions import groups_closed_reason
from events.exhibitions.school_groups.models import (
    HOLDING,
    GroupState,
    GroupVisits,
    SchoolGroup,
    group_numbers,
    is_open_during_visit,
)

SHAPES = {  # shapes of components/state.html
    GroupState.UNPROVED: "unopened",
    GroupState.ASKED: "unopened",
    GroupState.CONFIRMED: "approved",
    GroupState.DECLINED: "abstains",
    GroupState.WITHDRAWN: "objects",
}


def group_rows(visits: GroupVisits, groups: Iterable[SchoolGroup]) -> list[tuple[SchoolGroup, str, bool]]:
    """Return each group, the shape of its state, and whether the hours changed and the exhibition is now
    closed at the time of the visit."""
    return [
        (one, SHAPES[GroupState(one.state)], one.state in HOLDING and not is_open_during_visit(visits, one))
        for one in groups
    ]


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


def groups_action(event: Event) -> PublicAction | None:
    """The way to come with a school group, while one can."""
    visits = getattr(event, "group_visits", None) if event.run_from is not None else None
    if visits is None or groups_closed_reason(visits):
        return None
    return PublicAction(_("Come with a school group"), reverse("school_groups", args=[event.slug]), "book")


def group_list_pdf(*, title: str, event: Event, groups: Iterable[SchoolGroup], language: str) -> bytes:
    """Render A4 pages with one line per group, in the active language."""
    return typeset(
        "group_list.typ",
        {
            "language": language,
            "title": title,
            "heading": _("School groups"),
            "columns": [_("When"), _("School"), _("Pupils"), _("Who comes with them")],
            "empty": _("No group is confirmed."),
            "rows": [
                {
                    "when": group.when[:1].upper() + group.when[1:],
                    "school": group.school,
                    "grade": f"{group.grade} · {group.get_language_display()}",
                    "pupils": str(group.pupils),
                    "contact": f"{group.contact}, {group.phone}",
                    "needs": group.needs,
                }
                for group in groups
            ],
            "foot": _("Names of people: do not leave the list lying about, and destroy it after the event."),
        },
        event=event,
    )
