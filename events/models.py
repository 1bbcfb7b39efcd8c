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
from events.exhibitions.works.loans.models import ConditionPhoto, ConditionReport, Loan
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.screenings.models import Screening
from events.feeds.models import FeedVersion
from events.partner_calendars.models import PartnerCalendar, PartnerEvent, PartnerTime
from events.press.coverage.models import Coverage, CoverageLink
from events.press.enquiries.models import Enquiry, EnquiryNote
from events.press.enquiries.talking_points.models import Briefing, GuideLine
from events.press.kit.models import EventKit, KitItem, KitOpened
from events.press.models import Call, CallSheet, Letter, MailOut, SheetTaken
from events.press.registration.check_in.models import PressTick
from events.press.spokespersons.models import Spokesperson
from events.production.checklist.models import EventTask
from events.production.debrief.models import Afterwards
from events.production.fallback_venue.models import SecondPlace
from events.production.running_order.models import RunningItem, RunningOrder
from events.production.safety.models import SafetyPerson, SafetyPlan
from events.questions.models import Asker, Question, QuestionPeriod
from events.volunteers.models import Shift, ShiftLink, ShiftLinkUse, ShiftPlan, ShiftTurn, Volunteer

__all__ = [
    "Afterwards",
    "Asker",
    "AudienceTime",
    "Briefing",
    "Call",
    "CallSheet",
    "CoHost",
    "ConditionPhoto",
    "ConditionReport",
    "CountLink",
    "Coverage",
    "CoverageLink",
    "Enquiry",
    "EnquiryNote",
    "Event",
    "EventGroupPermission",
    "EventInvitation",
    "EventKit",
    "EventSpeaker",
    "EventTask",
    "EventText",
    "EventUserPermission",
    "Exhibition",
    "FeedVersion",
    "GroupVisits",
    "GuestBook",
    "GuestEntry",
    "GuideLine",
    "KitItem",
    "KitOpened",
    "Letter",
    "Loan",
    "MailOut",
    "Occurrence",
    "OpeningHours",
    "PartnerCalendar",
    "PartnerEvent",
    "PartnerTime",
    "PressGuest",
    "PressRegistration",
    "PressTick",
    "PrintedCode",
    "PrivateFeed",
    "Question",
    "QuestionPeriod",
    "RunningItem",
    "RunningOrder",
    "SafetyPerson",
    "SafetyPlan",
    "SchoolGroup",
    "Screening",
    "SecondPlace",
    "SheetTaken",
    "Shift",
    "ShiftLink",
    "ShiftLinkUse",
    "ShiftPlan",
    "ShiftTurn",
    "Sitting",
    "SpecialDay",
    "Spokesperson",
    "VisitorTick",
    "Volunteer",
    "Work",
]
