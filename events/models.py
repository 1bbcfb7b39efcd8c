"""All models of events, for Django and for importing from one place."""

from events.conflicts.models import Sitting
from events.core.models import (
    AudienceTime,
    CoHost,
    Event,
    EventGroupPermission,
    EventInvitation,
    EventSpeaker,
    EventText,
    EventUserPermission,
    Occurrence,
    OpeningHours,
    PressGuest,
    PressRegistration,
    PrintedCode,
    PrivateFeed,
    SpecialDay,
)
from events.exhibitions.guest_book.models import GuestBook, GuestEntry
from events.exhibitions.school_groups.models import GroupVisits, SchoolGroup
from events.exhibitions.visitors.models import CountLink, VisitorTick
from events.exhibitions.works.models import ConditionPhoto, ConditionReport, Exhibition, Loan, Screening, Work
from events.feeds.queries import FeedVersion
from events.partner_calendars.models import PartnerCalendar, PartnerEvent, PartnerTime
from events.press.coverage.models import Coverage, CoverageLink
from events.press.enquiries.models import Briefing, Enquiry, EnquiryNote, GuideLine
from events.press.kit.models import EventKit, KitItem, KitOpened
from events.press.models import Call, CallSheet, Letter, MailOut, SheetTaken
from events.press.registration.models import PressTick
from events.press.spokespersons.models import Spokesperson
from events.production.models import (
    Debrief,
    EventTask,
    FallbackVenue,
    RunningItem,
    RunningOrder,
    SafetyPerson,
    SafetyPlan,
)
from events.questions.models import Asker, Question, QuestionPeriod
from events.volunteers.models import Shift, ShiftAssignment, ShiftLink, ShiftLinkUse, ShiftPlan, Volunteer
