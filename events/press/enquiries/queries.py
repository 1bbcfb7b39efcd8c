"""Enquiries of the press: the only place where they come from."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.enums import OfficeKind
from coalition.accounts.models import User
from coalition.accounts.queries import active_offices
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import active_seats, participants
from documents.drafts.queries import READING_ROLES
from events.press.enquiries.enums import EnquiryState
from events.press.enquiries.models import Enquiry, EnquiryNote

OVER = [one for one in EnquiryState if one.is_over]
PLANNING_ROLES = [role for role in SeatRole if Right.PLAN in RIGHTS[role]]
MOST_OVER = 100  # of those that are over, the newest


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: `state` of EnquiryState or "over"; `words` of outlet, name or question."""

    words: str = ""
    state: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.state)


def enquiries_for(access: Access) -> QuerySet[Enquiry]:
    """Those of which the person may know everything: their organisation's own, and what others share here."""
    shared = Q(shared=True, organisation__in=participants(access.workspace))
    rows = Enquiry.objects.filter(Q(organisation=access.organisation) | shared, workspace=access.workspace)
    return rows.select_related(
        "organisation", "workspace", "taken_by", "taken_for", "ended_by", "came_to",
        "spokesperson__person", "spokesperson__organisation",
    )  # fmt: skip


def narrowed(access: Access, wanted: Wanted) -> list[Enquiry]:
    """Those that are looked for, what is nearest due first, what is overdue before it; what is over comes
    newest first, and only where it is asked for. Words are sealed: they are looked for after unsealing."""
    rows = enquiries_for(access)
    if wanted.state == "over":
        found = list(rows.filter(state__in=OVER).order_by("-ended_at", "-id")[:MOST_OVER])
    elif wanted.state in EnquiryState.values:
        found = list(rows.filter(state=wanted.state))
    else:
        found = list(rows.exclude(state__in=OVER))
    words = wanted.words.casefold()
    if not words:
        return found
    return [one for one in found if words in f"{one.outlet}\n{one.name}\n{one.question}".casefold()]


def known_to_others(access: Access) -> list[Enquiry]:
    """Open ones that other organisations keep to themselves: outlet, language and topic are all that is read
    of them."""
    rows = Enquiry.objects.filter(
        workspace=access.workspace, shared=False, organisation__in=participants(access.workspace)
    )
    rows = rows.exclude(organisation=access.organisation).exclude(state__in=OVER)
    return list(rows.only("pk", "outlet", "language", "topic"))


def notes_of(enquiry: Enquiry) -> QuerySet[EnquiryNote]:
    return enquiry.notes.select_related("by", "on_behalf_of").order_by("id")


def press_seats(user: User) -> QuerySet[Seat]:
    """Seats by which the person works at a press desk."""
    office = active_offices(user).filter(kind=OfficeKind.PRESS_OFFICER, organisation=OuterRef("organisation"))
    serves = Q(Exists(office), role__in=READING_ROLES)
    return active_seats(user).filter(Q(role__in=PLANNING_ROLES) | serves, workspace__archived_at=None)


def visible_enquiries(user: User) -> QuerySet[Enquiry]:
    """What the person may open anywhere, in the name of whichever organisation."""
    seats = press_seats(user).filter(workspace=OuterRef("workspace"))
    own = Exists(seats.filter(organisation=OuterRef("organisation")))
    return Enquiry.objects.filter(own | (Q(shared=True) & Exists(seats)))


def may_wait_for(user: User) -> QuerySet[Enquiry]:
    """What is not answered where the person has a seat, whether they work at the press desk there or not."""
    seated = active_seats(user).values("workspace")
    return Enquiry.objects.filter(workspace__in=seated).exclude(state__in=OVER)


def waiting_enquiries(user: User) -> QuerySet[Enquiry]:
    """What the person took and did not answer, and what their organisation took in and nobody has taken."""
    seats = press_seats(user).filter(workspace=OuterRef("workspace"), organisation=OuterRef("organisation"))
    mine = Q(taken_by=user, state=EnquiryState.TAKEN)
    nobodys = Q(Exists(seats), state=EnquiryState.OPEN)
    rows = visible_enquiries(user).filter(mine | nobodys)
    return rows.select_related("workspace").order_by("deadline")
