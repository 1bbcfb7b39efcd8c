"""What shifts of volunteers bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.applicants.flow import DAYS_UNPROVED
from coalition.core.retention import RetentionRule
from events.core.afterwards import ThankedGroup
from events.core.capability import EventCapability
from events.volunteers import notifications
from events.volunteers.actions.shifts import reschedule_shifts
from events.volunteers.notifications import DAYS_KEPT, forget_volunteers, volunteers_to_thank
from events.volunteers.presenters import shifts_area

VOLUNTEERS = EventCapability(
    name="volunteers",
    urls="events.volunteers.urls",
    audit_actions={
        "event.shifts_around_set": _("Safety brief or person to call of the shifts set"),
        "event.shifts_added": _("Shifts added to an event"),
        "event.shift_changed": _("Shift changed"),
        "event.shift_taken_out": _("Shift taken out"),
        "event.shift_brought_back": _("Shift brought back"),
        "event.shift_link_made": _("Link for volunteers made"),
        "event.shift_link_taken_back": _("Link for volunteers taken back"),
        "event.volunteer_proved": _("A volunteer confirmed their address"),
        "event.shift_taken": _("A volunteer took a shift"),
        "event.shift_withdrawn": _("A volunteer withdrew from a shift"),
        "event.shift_offered": _("A volunteer offered a shift to others"),
        "event.shift_offer_ended": _("Offer of a shift taken back"),
        "event.shift_swapped": _("A shift taken over by another volunteer"),
        "event.shift_came": _("Coming of a volunteer noted"),
        "event.shift_taken_off": _("A volunteer taken off a shift"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_volunteers",
            forget=forget_volunteers,
            of="events.Volunteer, ShiftPlan: who helps, whom they call",
            until=f"unproved {DAYS_UNPROVED} days; {DAYS_KEPT} days after event and last shift",
        ),
    ),
    due_work={notifications.REMIND_OF_SHIFT: notifications.remind_of_shift},
    areas={50: shifts_area},
    on_event_change=(reschedule_shifts,),
    thanked_groups={
        "volunteers": ThankedGroup(30, _("Volunteers who came"), volunteers_to_thank, over_days=True)
    },
)
