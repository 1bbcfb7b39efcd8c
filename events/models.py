from events.models.afterwards import Afterwards
from events.models.coverage import Coverage, CoverageLink
from events.models.enquiries import Enquiry, EnquiryNote
from events.models.event import Event, EventGroupPermission, EventText, EventUserPermission
from events.models.guest_book import GuestBook, GuestEntry
from events.models.hours import AudienceTime, Occurrence, OpeningHours, SpecialDay
from events.models.intake import PartnerCalendar, PartnerEvent, PartnerTime, Sitting
from events.models.kit import EventKit, KitItem, KitOpened
from events.models.loans import ConditionPhoto, ConditionReport, Loan
from events.models.message_guide import Briefing, GuideLine
from events.models.people import CoHost, EventInvitation, PrivateFeed
from events.models.press_desk import Call, CallSheet, Letter, MailOut, SheetTaken
from events.models.press_registration import PressGuest, PressRegistration
from events.models.press_tick import PressTick
from events.models.printed_code import PrintedCode
from events.models.questions import Asker, Question, QuestionPeriod
from events.models.running_order import RunningItem, RunningOrder
from events.models.safety import SafetyPerson, SafetyPlan
from events.models.school_groups import GroupVisits, SchoolGroup
from events.models.screening import Screening
from events.models.second_place import SecondPlace
from events.models.shifts import Shift, ShiftLink, ShiftLinkUse, ShiftPlan, ShiftTurn, Volunteer
from events.models.speakers import EventSpeaker
from events.models.spokespersons import Spokesperson
from events.models.task import EventTask
from events.models.version import FeedVersion
from events.models.visitors import CountLink, VisitorTick
from events.models.works import Exhibition, Work

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
