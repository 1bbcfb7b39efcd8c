"""Permissions on partners' calendars: predicates on the access to the workspace."""

from coalition.accounts.permissions import represents
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import has_active_right
from events.partner_calendars.models import PartnerCalendar


def may_add_calendars(access: Access) -> bool:
    """Whether the person may import calendars and review their events: planners."""
    return has_active_right(access, Right.PLAN)


def acts_for_owner(access: Access, calendar: PartnerCalendar) -> bool:
    """Whether the person acts for the calendar's organisation, and plans for it or represents it."""
    if access.organisation.pk != calendar.organisation_id or access.workspace.archived_at is not None:
        return False
    return access.may(Right.PLAN) or represents(access.user, calendar.organisation)


def may_manage_calendar(access: Access, calendar: PartnerCalendar) -> bool:
    """Whether the person may read it again or remove it: planners, and the partner itself."""
    return may_add_calendars(access) or acts_for_owner(access, calendar)


def may_hide_event_texts(access: Access, calendar: PartnerCalendar) -> bool:
    """Whether the person may hide its texts: planners, and the partner itself."""
    return may_manage_calendar(access, calendar)


def may_share_event_texts(access: Access, calendar: PartnerCalendar) -> bool:
    """Whether the person may include texts: only the partner."""
    return acts_for_owner(access, calendar)
