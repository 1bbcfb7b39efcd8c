"""Hiding a line from the public at once, for a reason, and showing it again after a review."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.campaigns.helplines import notifications
from coalition.campaigns.helplines.enums import HELPLINE_KIND
from coalition.campaigns.helplines.models import Helpline
from coalition.campaigns.helplines.permissions import reinstating_organisation, suspending_organisation
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed


def suspend_helpline(*, person: User, helpline: Helpline, reason: str) -> None:
    """Hide a line from the public now; the organisation that answers for it is told why.

    `reason`: at most 300 characters. A second time nothing happens. Raises NotAllowed for who does not
    represent another organisation; Refused without a reason and for a line out of use.
    """
    words = reason.strip()
    if not words:
        raise Refused(_("Say why the line must be hidden: the organisation that answers for it reads this."))
    with transaction.atomic():
        locked = Helpline.objects.select_for_update().get(pk=helpline.pk)
        organisation = suspending_organisation(person, locked)
        if organisation is None:
            raise NotAllowed(_("Representatives of another organisation hide a line."))
        if locked.retired_at is not None:
            raise Refused(_("This line is out of use."))
        if locked.suspended_at is not None:
            return
        locked.suspended_at, locked.suspended_by, locked.suspended_for = now(), person, organisation
        locked.suspended_reason = words[: Helpline._meta.get_field("suspended_reason").max_length]
        locked.save(update_fields=SUSPENSION_FIELDS)
        _record("helpline.suspended", person, organisation, locked)
        notifications.notify_of_suspension(locked)


def reinstate_helpline(*, person: User, helpline: Helpline, seen: UUID) -> None:
    """Show a hidden line again with the published words, which the person reviewed as the entry `seen`.

    Raises NotAllowed for who may not review words of its organisation; Refused if other words are published
    by now. For a line that is not hidden nothing happens.
    """
    with transaction.atomic():
        locked = Helpline.objects.select_for_update().get(pk=helpline.pk)
        organisation = reinstating_organisation(person, locked)
        if organisation is None:
            raise NotAllowed(_("Representatives of another organisation show a line again."))
        published = locked.published_entry()
        if published is None or published.uuid != seen:
            raise Refused(_("Other words are published since you opened this page. Compare them once more."))
        if locked.suspended_at is not None:
            lift_suspension(locked)
            _record("helpline.reinstated", person, organisation, locked)


def lift_suspension(helpline: Helpline) -> None:
    """Empty what is written about the suspension of a locked line. Review comes first: see the callers."""
    helpline.suspended_at = helpline.suspended_by = helpline.suspended_for = None
    helpline.suspended_reason = ""
    helpline.save(update_fields=SUSPENSION_FIELDS)


SUSPENSION_FIELDS = ("suspended_at", "suspended_by", "suspended_for", "suspended_reason")


def _record(action: str, person: User, organisation: Organisation, helpline: Helpline) -> None:
    log.record_audit(
        action,
        actor=person,
        organisation=organisation.uuid,
        target_kind=HELPLINE_KIND,
        target=helpline.uuid,
    )
