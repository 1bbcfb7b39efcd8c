"""Querysets of press enquiries."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.enums import OfficeKind
from coalition.accounts.models import User
from coalition.accounts.queries import active_offices
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import active_seats, participants
from documents.drafts.queries import READING_ROLES
from events.core.permissions import PLANNING_ROLES
from events.press.enquiries.enums import EnquiryState
from events.press.enquiries.models import Enquiry, EnquiryNote

CLOSED_STATES = [one for one in EnquiryState if one.is_over]
MOST_OVER = 100  # closed ones, the newest


@dataclass(frozen=True)
class EnquiryFilter:
    """Search filters: `state` of EnquiryState or "over"; `words` in outlet, name or question."""

    words: str = ""
    state: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.state)


def enquiries_for(access: Access) -> QuerySet[Enquiry]:
    """Return the enquiries that the person may read in full: those of their organisation, and those
    shared in this workspace."""
    shared = Q(shared=True, organisation__in=participants(access.workspace))
    rows = Enquiry.objects.filter(Q(organisation=access.organisation) | shared, workspace=access.workspace)
    return rows.select_related(
        "organisation", "workspace", "taken_by", "taken_for", "ended_by", "came_to",
        "spokesperson__person", "spokesperson__organisation",
    )  # fmt: skip


def filter_enquiries(access: Access, wanted: EnquiryFilter) -> list[Enquiry]:
    """Return the enquiries that match: overdue first, then by deadline; closed ones only on
    request, newest first. Words are matched after decryption."""
    rows = enquiries_for(access)
    if wanted.state == "over":
        found = list(rows.filter(state__in=CLOSED_STATES).order_by("-ended_at", "-id")[:MOST_OVER])
    elif wanted.state in EnquiryState.values:
        found = list(rows.filter(state=wanted.state))
    else:
        found = list(rows.exclude(state__in=CLOSED_STATES))
    words = wanted.words.casefold()
    if not words:
        return found
    return [one for one in found if words in f"{one.outlet}\n{one.name}\n{one.question}".casefold()]


def enquiries_known_to_others(access: Access) -> list[Enquiry]:
    """Return open enquiries that other organisations do not share; only outlet, language and topic
    are read."""
    rows = Enquiry.objects.filter(
        workspace=access.workspace, shared=False, organisation__in=participants(access.workspace)
    )
    rows = rows.exclude(organisation=access.organisation).exclude(state__in=CLOSED_STATES)
    return list(rows.only("pk", "outlet", "language", "topic"))


def notes_of(enquiry: Enquiry) -> QuerySet[EnquiryNote]:
    return enquiry.notes.select_related("by", "on_behalf_of").order_by("id")


def press_seats(user: User) -> QuerySet[Seat]:
    """Return the seats by which the person works at a press desk."""
    office = active_offices(user).filter(kind=OfficeKind.PRESS_OFFICER, organisation=OuterRef("organisation"))
    serves = Q(Exists(office), role__in=READING_ROLES)
    return active_seats(user).filter(Q(role__in=PLANNING_ROLES) | serves, workspace__archived_at=None)


def visible_enquiries(user: User) -> QuerySet[Enquiry]:
    """Return the enquiries that the person may open anywhere, for any of their organisations."""
    seats = press_seats(user).filter(workspace=OuterRef("workspace"))
    own = Exists(seats.filter(organisation=OuterRef("organisation")))
    return Enquiry.objects.filter(own | (Q(shared=True) & Exists(seats)))


def unanswered_enquiries_for(user: User) -> QuerySet[Enquiry]:
    """Return open enquiries in workspaces where the user has a seat, at the press desk or not."""
    seated = active_seats(user).values("workspace")
    return Enquiry.objects.filter(workspace__in=seated).exclude(state__in=CLOSED_STATES)


def waiting_enquiries(user: User) -> QuerySet[Enquiry]:
    """Return enquiries assigned to the user, and unassigned ones of their organisation."""
    seats = press_seats(user).filter(workspace=OuterRef("workspace"), organisation=OuterRef("organisation"))
    mine = Q(taken_by=user, state=EnquiryState.TAKEN)
    nobodys = Q(Exists(seats), state=EnquiryState.OPEN)
    rows = visible_enquiries(user).filter(mine | nobodys)
    return rows.select_related("workspace").order_by("deadline")


def interviews_between(
    spokespersons: list[int], after: datetime.datetime, before: datetime.datetime, but_for: UUID | None
) -> Iterator[tuple[int, datetime.datetime]]:
    """Interviews of these spokespersons by their keys, but for that of one enquiry: who, and when."""
    rows = Enquiry.objects.filter(
        spokesperson__in=spokespersons,
        state=EnquiryState.TAKEN,
        interview_at__gt=after,
        interview_at__lt=before,
    )
    if but_for is not None:
        rows = rows.exclude(uuid=but_for)
    for spokesperson, moment in rows.values_list("spokesperson_id", "interview_at"):
        if moment is not None:
            yield spokesperson, moment
