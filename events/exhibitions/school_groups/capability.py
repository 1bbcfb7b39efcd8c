"""What school groups bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.applicants.retention import DAYS_UNPROVED
from coalition.core.retention import RetentionRule
from events.core.afterwards import ThankedGroup
from events.core.capability import EventCapability
from events.exhibitions.school_groups import actions
from events.exhibitions.school_groups.notifications import groups_to_thank, notify_groups_of_change
from events.exhibitions.school_groups.presenters import groups_action, groups_area

SCHOOL_GROUPS = EventCapability(
    name="school_groups",
    urls="events.exhibitions.school_groups.urls",
    audit_actions={
        "event.groups_opened": _("School groups can register"),
        "event.groups_terms": _("School groups can register again, or the terms changed"),
        "event.groups_stopped": _("School groups cannot register any more"),
        "event.group_asked": _("A school group registered"),
        "event.group_withdrawn": _("A school group withdrew"),
        "event.group_answered": _("A school group answered by hand"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_groups",
            forget=actions.forget_groups,
            of="events.SchoolGroup: schools, who comes with them, what the group needs",
            until=f"unproved {DAYS_UNPROVED} days; {actions.DAYS_KEPT} days after event and visit",
        ),
    ),
    areas={80: groups_area},
    on_event_change=(notify_groups_of_change,),
    public_actions={30: groups_action},
    thanked_groups={
        "groups": ThankedGroup(40, _("School groups that had a place"), groups_to_thank, over_days=True)
    },
)
