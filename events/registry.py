"""The capabilities of events, in the order of their layers: lowest first."""

from events.calendar.capability import CALENDAR
from events.cohosts.capability import COHOSTS
from events.conflicts.capability import CONFLICTS
from events.core.capability import EVENT, EventCapability, register_event_capability
from events.exhibitions.guest_book.capability import GUEST_BOOK
from events.exhibitions.school_groups.capability import SCHOOL_GROUPS
from events.exhibitions.visitors.capability import VISITORS
from events.exhibitions.works.capability import WORKS
from events.exhibitions.works.loans.capability import LOANS
from events.exhibitions.works.screenings.capability import SCREENINGS
from events.feeds.capability import FEEDS
from events.invitations.capability import INVITATIONS
from events.partner_calendars.capability import PARTNER_CALENDARS
from events.planning.capability import PLANNING
from events.press.advisory.capability import ADVISORY
from events.press.call_sheets.capability import CALL_SHEETS
from events.press.capability import PRESS
from events.press.coverage.capability import COVERAGE
from events.press.enquiries.capability import ENQUIRIES
from events.press.enquiries.talking_points.capability import TALKING_POINTS
from events.press.kit.capability import KIT
from events.press.mailings.capability import MAILINGS
from events.press.registration.capability import PRESS_REGISTRATION
from events.press.registration.check_in.capability import CHECK_IN
from events.press.spokespersons.capability import SPOKESPERSONS
from events.production.checklist.capability import CHECKLIST
from events.production.debrief.capability import DEBRIEF
from events.production.fallback_venue.capability import FALLBACK_VENUE
from events.production.running_order.capability import RUNNING_ORDER
from events.production.safety.capability import SAFETY
from events.production.speakers.capability import SPEAKERS
from events.public.capability import PUBLIC_EVENTS
from events.questions.capability import QUESTIONS
from events.volunteers.capability import VOLUNTEERS

CAPABILITIES: tuple[EventCapability, ...] = (
    EVENT,
    PARTNER_CALENDARS,
    CONFLICTS,
    PRESS,
    CALL_SHEETS,
    MAILINGS,
    SPOKESPERSONS,
    ENQUIRIES,
    TALKING_POINTS,
    COVERAGE,
    PRESS_REGISTRATION,
    CHECK_IN,
    KIT,
    ADVISORY,
    CALENDAR,
    COHOSTS,
    INVITATIONS,
    VOLUNTEERS,
    QUESTIONS,
    WORKS,
    LOANS,
    SCREENINGS,
    GUEST_BOOK,
    SCHOOL_GROUPS,
    VISITORS,
    CHECKLIST,
    FALLBACK_VENUE,
    RUNNING_ORDER,
    SAFETY,
    SPEAKERS,
    DEBRIEF,
    FEEDS,
    PUBLIC_EVENTS,
    PLANNING,
)


def register_events() -> None:
    """Hand each of them over. Called once, from `AppConfig.ready()`."""
    for capability in CAPABILITIES:
        register_event_capability(capability)
