"""The capabilities of events, in the order of their layers: lowest first."""

from events.calendar.capability import CALENDAR
from events.cohosts.capability import COHOSTS
from events.conflicts.capability import CONFLICTS
from events.core.capability import EVENT, EventCapability, register_event_capability
from events.exhibitions.capability import GUEST_BOOK, LOANS, SCHOOL_GROUPS, SCREENINGS, VISITORS, WORKS
from events.feeds.capability import FEEDS
from events.invitations.capability import INVITATIONS
from events.partner_calendars.capability import PARTNER_CALENDARS
from events.planning.capability import PLANNING
from events.press.capability import (
    ADVISORY,
    CALL_SHEETS,
    CHECK_IN,
    COVERAGE,
    ENQUIRIES,
    KIT,
    MAILINGS,
    PRESS,
    PRESS_REGISTRATION,
    SPOKESPERSONS,
    TALKING_POINTS,
)
from events.production.capability import CHECKLIST, DEBRIEF, FALLBACK_VENUE, RUNNING_ORDER, SAFETY, SPEAKERS
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
