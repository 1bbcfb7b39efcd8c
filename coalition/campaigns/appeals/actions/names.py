"""Whoever leads an appeal stops showing a name that is none: an insult, a phone number, an advertisement."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.actions.manage import lock_appeal
from coalition.campaigns.appeals.models import Appeal, Support
from coalition.campaigns.appeals.permissions import may_lead_appeals, require_that
from coalition.campaigns.appeals.records import record_appeal_action
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access


def hide_name(*, access: Access, appeal: Appeal, support: UUID) -> Support:
    """Show this name to nobody any more; the support counts as before, and its owner reads that the name is
    not shown. Hiding twice is one. The audit log keeps that it was done, not whose name it was.

    Raises NotAllowed without the right; Refused if the name is not shown any more.
    """
    return _set_hidden(access, appeal, support, is_hidden=True)


def show_name_again(*, access: Access, appeal: Appeal, support: UUID) -> Support:
    """Take that back. Raises as `hide_name` does."""
    return _set_hidden(access, appeal, support, is_hidden=False)


def _set_hidden(access: Access, appeal: Appeal, support: UUID, *, is_hidden: bool) -> Support:
    with transaction.atomic():
        locked = lock_appeal(access, appeal)
        require_that(may_lead_appeals(access), _("Coordinators decide which names are shown."))
        rows = Support.objects.select_for_update().filter(appeal=locked, uuid=support, is_listed=True)
        row = rows.first()
        if row is None:
            raise Refused(_("This person shows no name any more."))
        if row.is_name_hidden != is_hidden:
            row.is_name_hidden = is_hidden
            row.save(update_fields=["is_name_hidden"])
            record_appeal_action(
                access, locked, "appeal.name_hidden" if is_hidden else "appeal.name_shown_again"
            )
    return row
