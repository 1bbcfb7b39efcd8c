"""What the press desk shows of enquiries, in words for one reader."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for, display_name_for
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.contacts.enums import Beat
from events.core.forms.times import ZONES
from events.press.enquiries.enums import EnquiryState
from events.press.enquiries.models import Enquiry
from events.press.spokespersons.availability import times_taken
from events.press.spokespersons.presenters import SpeakerRow, speaker_rows
from events.press.spokespersons.queries import knows_who, spokespersons_in

SOON = datetime.timedelta(hours=4)
SHAPES = {
    EnquiryState.OPEN: "unopened",
    EnquiryState.TAKEN: "changes",
    EnquiryState.ANSWERED: "approved",
    EnquiryState.REFUSED: "objects",
}


@dataclass(frozen=True)
class EnquiryRow:
    """One enquiry for one reader who may know everything of it."""

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
class Fitting:
    """A spokesperson beside an enquiry: what speaks for them."""

    speaker: SpeakerRow
    speaks: bool
    knows: bool
    near: bool
    within_hours: bool
    chosen: bool

    @property
    def points(self) -> int:
        return 4 * self.speaks + 2 * self.knows + self.near + self.within_hours - 4 * bool(self.speaker.taken)


def moment_in(zone: str, moment: datetime.datetime) -> str:
    """“Tuesday 3 March 2026, 11:00, Kazakhstan (Almaty, Astana, UTC+5)”."""
    local = moment.astimezone(ZoneInfo(zone))
    told = {
        "day": day_in_words(local.date()),
        "time": formats.time_format(local, "H:i"),
        "zone": dict(ZONES).get(zone, zone.replace("_", " ")),
    }
    return _("%(day)s, %(time)s, %(zone)s") % told


def enquiry_row(one: Enquiry, access: Access, viewer: Viewer) -> EnquiryRow:
    """A row, without a question to the database: everything related is read."""
    state, moment = EnquiryState(one.state), now()
    by = ""
    if one.taken_for is not None:
        by = display_name_for(viewer, one.taken_for)
        if one.taken_by is not None:
            by = f"{person_name(viewer, one.taken_by, one.taken_for)}, {by}"
    speaker = ""
    chosen = one.spokesperson
    if chosen is not None and chosen.removed_at is None and knows_who(access, viewer, chosen):
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


def fitting_speakers(
    enquiry: Enquiry, access: Access, viewer: Viewer
) -> tuple[list[Fitting], list[SpeakerRow]]:
    """Who could answer, who fits best first; and those of whom one asks their organisation, as far as they
    speak the language. What is in their way at the interview, or at the deadline, is told with each."""
    at = enquiry.interview_at or enquiry.deadline
    rows = list(spokespersons_in(access))
    known = [row for row in rows if knows_who(access, viewer, row)]
    taken = times_taken(access.user, known, at, at, but_for=enquiry)
    found = [
        Fitting(
            speaker=speaker,
            speaks=enquiry.language in speaker.row.languages,
            knows=bool(enquiry.topic) and enquiry.topic in speaker.row.topics,
            near=bool(enquiry.region) and enquiry.region in speaker.row.regions,
            within_hours=speaker.row.speaks_at(at),
            chosen=speaker.row.pk == enquiry.spokesperson_id,
        )
        for speaker in speaker_rows(known, access, viewer, taken)
    ]
    hidden = [row for row in rows if row not in known and enquiry.language in row.languages]
    order = sorted(found, key=lambda one: (not one.chosen, -one.points, one.speaker.name.casefold()))
    return order, speaker_rows(hidden, access, viewer)
