"""What partners' calendars bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.capability import RecurringWork
from events.core.capability import EventCapability
from events.partner_calendars import actions

PARTNER_CALENDARS = EventCapability(
    name="partner_calendars",
    urls="events.partner_calendars.urls",
    audit_actions={
        "partner_calendar.brought_in": _("Partner's calendar brought in"),
        "partner_calendar.removed": _("Partner's calendar taken away"),
        "partner_calendar.brought_back": _("Partner's calendar brought back"),
        "partner_calendar.words_deleted": _("Partner's calendar: only times kept"),
        "partner_calendar.words_given": _("Partner's calendar: words shown too"),
        "partner_calendar.shown": _("Events of a partner's calendar shown"),
        "partner_calendar.dismissed": _("Events of a partner's calendar left out"),
        "partner_calendar.decision_taken_back": _("Decision about a partner's events taken back"),
    },
    due_work={actions.READ_CALENDAR: actions.run_reading},
    recurring=(
        RecurringWork(
            "events.refresh_partner_calendars",
            actions.schedule_due_refreshes,
            every=actions.REFRESH_CHECK_INTERVAL,
        ),
    ),
)
