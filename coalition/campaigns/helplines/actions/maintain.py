"""Maintaining a published line: “I called, everything is as written”, out of use, and back."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.campaigns.helplines.actions.entries import lock_for_edit
from coalition.campaigns.helplines.enums import HELPLINE_KIND
from coalition.campaigns.helplines.health import HIDE_AFTER_DAYS
from coalition.campaigns.helplines.models import Helpline, HelplineCheck
from coalition.campaigns.helplines.queries import today
from coalition.core.clock import now
from coalition.core.errors import Refused


def check_helpline(*, person: User, helpline: Helpline, seen: UUID) -> HelplineCheck:
    """Say that the person called today and found everything as the entry `seen` tells it.

    A second time on one day changes nothing. Raises NotAllowed; Refused if another entry is published by
    now, or none.
    """
    with transaction.atomic():
        locked = lock_for_edit(person, helpline)
        published = locked.published_entry()
        if published is None or locked.retired_at is not None:
            raise Refused(_("Only a line that is published and in use is checked."))
        if published.uuid != seen:
            raise Refused(_("Other words are published since you opened this page. Compare them once more."))
        check, is_new = HelplineCheck.objects.get_or_create(
            helpline=locked,
            day=today(),
            defaults={"person": person, "organisation": locked.organisation},
        )
        if is_new:
            locked.checked_on = check.day
            locked.save(update_fields=["checked_on"])
            _record("helpline.checked", person, locked)
    return check


def undo_check(*, person: User, helpline: Helpline) -> None:
    """Take back today's check; the one before counts again. Without one nothing happens.

    Raises NotAllowed.
    """
    with transaction.atomic():
        locked = lock_for_edit(person, helpline)
        deleted, _rows = locked.checks.filter(day=today()).delete()
        if deleted:
            before = locked.checks.first()
            locked.checked_on = before.day if before is not None else None
            locked.save(update_fields=["checked_on"])
            _record("helpline.check_undone", person, locked)


def retire_helpline(*, person: User, helpline: Helpline) -> None:
    """Take a line out of use: the public sees it no more. A second time nothing happens.

    Raises NotAllowed.
    """
    with transaction.atomic():
        locked = lock_for_edit(person, helpline)
        if locked.retired_at is None:
            locked.retired_at = now()
            locked.save(update_fields=["retired_at"])
            _record("helpline.retired", person, locked)


def bring_back_helpline(*, person: User, helpline: Helpline) -> None:
    """Take a line into use again, as it was published. Its last check counts as old as it is by now.

    After more than `HIDE_AFTER_DAYS` out of use the public sees it once another organisation has reviewed it.

    Raises NotAllowed.
    """
    with transaction.atomic():
        locked = lock_for_edit(person, helpline)
        if locked.retired_at is not None:
            days_out_of_use = (today() - timezone.localdate(locked.retired_at)).days
            if days_out_of_use > HIDE_AFTER_DAYS and locked.suspended_at is None:
                locked.suspended_at = now()
            locked.retired_at = None
            locked.save(update_fields=["retired_at", "suspended_at"])
            _record("helpline.brought_back", person, locked)


def _record(action: str, person: User, helpline: Helpline) -> None:
    log.record_audit(
        action,
        actor=person,
        organisation=helpline.organisation.uuid,
        target_kind=HELPLINE_KIND,
        target=helpline.uuid,
    )
