"""Who may do what with partners' calendars: named predicates on the access to the workspace."""

from coalition.accounts.permissions import represents
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import works_here
from events.partner_calendars.models import PartnerCalendar


def may_bring_in(access: Access) -> bool:
    """Bring calendars in and review their events: who plans events here."""
    return works_here(access, Right.PLAN)


def is_own(access: Access, calendar: PartnerCalendar) -> bool:
    """The person acts for the organisation whose calendar it is, and plans for it or represents it."""
    if access.organisation.pk != calendar.organisation_id or access.workspace.archived_at is not None:
        return False
    return access.may(Right.PLAN) or represents(access.user, calendar.organisation)


def may_tend(access: Access, calendar: PartnerCalendar) -> bool:
    """Read it again, take it away: who plans, and the partner itself."""
    return may_bring_in(access) or is_own(access, calendar)


def may_keep_words_back(access: Access, calendar: PartnerCalendar) -> bool:
    """Say that others learn only when: who plans, and the partner itself."""
    return may_tend(access, calendar)


def may_give_words(access: Access, calendar: PartnerCalendar) -> bool:
    """Say that others learn what, too: the partner alone."""
    return is_own(access, calendar)
