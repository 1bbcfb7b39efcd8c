"""Enquiry presenters of the press desk for one reader."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for, display_name_for
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.naming import person_name
from coalition.workspaces.notifications.kinds import SubjectDescription
from coalition.workspaces.permissions import Access
from documents.contacts.enums import Beat
from events.core.forms.times import ZONES
from events.press.enquiries.enums import EnquiryState
from events.press.enquiries.models import Enquiry
from events.press.enquiries.queries import unanswered_enquiries_for, waiting_enquiries
from events.press.spokespersons.availability import busy_times_by_spokesperson
from events.press.spokespersons.presenters import SpokespersonRow, spokesperson_rows
from events.press.spokespersons.queries import may_see_identity, spokespersons_in

SOON = datetime.timedelta(hours=4)  # before the deadline
MOST_ON_DASHBOARD = 20
SHAPES = {
    EnquiryState.OPEN: "unopened",
    EnquiryState.TAKEN: "changes",
    EnquiryState.ANSWERED: "approved",
    EnquiryState.REFUSED: "objects",
}


@dataclass(frozen=True)
class EnquiryRow:
    """Enquiry row for a reader with access to all of it."""

    row: Enquiry
    mark: OrganisationMark
    own: bool
    about: str
    until: str
    interview: str
    late: bool
    soon: bool
    shape: str
    state: str
    by: str
    speaker: str
    ended: str


@dataclass(frozen=True)
class SpeakerMatch:
    """Spokesperson suggested for an enquiry, with the reasons."""

    speaker: SpokespersonRow
    speaks: bool
    knows: bool
    near: bool
    within_hours: bool
    chosen: bool

    @property
    def points(self) -> int:
        return 4 * self.speaks + 2 * self.knows + self.near + self.within_hours - 4 * bool(self.speaker.taken)


def moment_in(zone: str, moment: datetime.datetime) -> str:
    """Return “Tuesday 3 March 2026, 11:00, Kazakhstan (Almaty, Astana, UTC+5)”."""
    local = moment.astimezone(ZoneInfo(zone))
    told = {
        "day": day_in_words(local.date()),
        "time": formats.time_format(local, "H:i"),
        "zone": dict(ZONES).get(zone, zone.replace("_", " ")),
    }
    return _("%(day)s, %(time)s, %(zone)s") % told


def enquiry_row(one: Enquiry, access: Access, viewer: Viewer) -> EnquiryRow:
    """Return a row without database queries: related rows must be loaded."""
    state, moment = EnquiryState(one.state), now()
    by = ""
    if one.taken_for is not None:
        by = display_name_for(viewer, one.taken_for)
        if one.taken_by is not None:
            by = f"{person_name(viewer, one.taken_by, one.taken_for)}, {by}"
    speaker = ""
    chosen = one.spokesperson
    if chosen is not None and chosen.removed_at is None and may_see_identity(access, viewer, chosen):
        speaker = chosen.name
    open_still = not state.is_over
    return EnquiryRow(
        row=one,
        mark=display_mark_for(viewer, one.organisation),
        own=one.organisation_id == access.organisation.pk,
        about=", ".join(
            filter(None, [str(one.get_language_display()), str(Beat(one.topic).label) if one.topic else ""])
        ),
        until=moment_in(one.zone, one.deadline),
        interview=moment_in(one.zone, one.interview_at) if one.interview_at else "",
        late=open_still and one.deadline < moment,
        soon=open_still and moment <= one.deadline < moment + SOON,
        shape=SHAPES[state],
        state=str(state.label),
        by=by,
        speaker=speaker,
        ended=moment_in(one.zone, one.ended_at) if one.ended_at else "",
    )


def matching_speakers(
    enquiry: Enquiry, access: Access, viewer: Viewer
) -> tuple[list[SpeakerMatch], list[SpokespersonRow]]:
    """Return spokespersons who could answer, best match first; and those known only through their
    organisation, if they speak the language. Each has its conflicts at the time of the interview,
    or of the deadline."""
    at = enquiry.interview_at or enquiry.deadline
    rows = list(spokespersons_in(access))
    known = [row for row in rows if may_see_identity(access, viewer, row)]
    taken = busy_times_by_spokesperson(access.user, known, at, at, but_for=enquiry.uuid)
    found = [
        SpeakerMatch(
            speaker=speaker,
            speaks=enquiry.language in speaker.row.languages,
            knows=bool(enquiry.topic) and enquiry.topic in speaker.row.topics,
            near=bool(enquiry.region) and enquiry.region in speaker.row.regions,
            within_hours=speaker.row.speaks_at(at),
            chosen=speaker.row.pk == enquiry.spokesperson_id,
        )
        for speaker in spokesperson_rows(known, access, viewer, taken)
    ]
    hidden = [row for row in rows if row not in known and enquiry.language in row.languages]
    order = sorted(found, key=lambda one: (not one.chosen, -one.points, one.speaker.name.casefold()))
    return order, spokesperson_rows(hidden, access, viewer)


@only_if(unanswered_enquiries_for)
def enquiries_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """What journalists wait for: what the person took, and what nobody of their organisation has taken. One
    query."""
    moment = now()
    for row in waiting_enquiries(user)[:MOST_ON_DASHBOARD]:
        yield WaitingItem(
            icon="talk",
            title=row.outlet,
            detail=str(row.get_topic_display()) if row.topic else _("An enquiry of the press"),
            url=reverse("events:press_enquiry", args=[row.workspace.uuid, row.uuid]),
            action=_("Answer") if row.deadline >= moment else _("Overdue"),
            due=row.deadline,
            urgent=row.deadline < moment + SOON,
        )


def describe_enquiries(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    """Outlets and addresses, for notifications. One query."""
    rows = Enquiry.objects.filter(uuid__in=uuids).select_related("workspace")
    return {
        row.uuid: SubjectDescription(
            row.outlet, reverse("events:press_enquiry", args=[row.workspace.uuid, row.uuid])
        )
        for row in rows
    }
