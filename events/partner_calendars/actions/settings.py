"""What stands around a partner's calendar: busy times only, reading it again, taking it away."""

import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs.scheduler import cancel, schedule
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.enums import Source
from events.partner_calendars.actions.add import READ, record
from events.partner_calendars.models import PartnerCalendar, PartnerEvent
from events.partner_calendars.permissions import may_give_words, may_keep_words_back, may_tend

PAUSE: Final = datetime.timedelta(minutes=1)  # between two readings that somebody asks for


def keep_only_times(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Busy times only: the words of its events are deleted here and never read again."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_keep_words_back(access, locked))
        if not locked.busy_only:
            locked.busy_only, locked.etag, locked.last_modified = True, "", ""
            locked.save(update_fields=["busy_only", "etag", "last_modified"])
            PartnerEvent.objects.filter(calendar=locked).update(title="", place="", facts={})
            record(access, locked, "words_deleted")
    return locked


def give_words(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Words too, from the next reading on; what they say waits for review first.

    Only for the partner itself. Of a file the words are gone: it has to be brought in again.
    """
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(
            may_give_words(access, locked), _("Only the partner itself can show more than its times.")
        )
        if locked.source == Source.FILE:
            raise Refused(_("The words of this file were not kept. Bring the file in again."))
        locked.busy_only, locked.etag, locked.last_modified = False, "", ""
        locked.save(update_fields=["busy_only", "etag", "last_modified"])
        record(access, locked, "words_given")
        schedule(kind=READ, key=str(locked.uuid), due_at=now())
    return locked


def read_again(*, access: Access, calendar: PartnerCalendar) -> None:
    """Read the calendar at its address now. Refused a minute after the last time."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_tend(access, locked))
        if locked.source == Source.FILE:
            raise Refused(_("A file is read once. Bring in the newer file as a calendar of its own."))
        if locked.refreshed_at is not None and locked.refreshed_at + PAUSE > now():
            raise Refused(_("The calendar was read less than a minute ago."))
        schedule(kind=READ, key=str(locked.uuid), due_at=now())


def remove_calendar(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Take a calendar away: nothing of it shows. Within a month `bring_back_calendar` undoes it."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_tend(access, locked))
        if locked.removed_at is None:
            locked.removed_at = now()
            locked.save(update_fields=["removed_at"])
            record(access, locked, "removed")
            cancel(kind=READ, key=str(locked.uuid))
    return locked


def bring_back_calendar(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """The undo of `remove_calendar`."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_tend(access, locked))
        if locked.removed_at is not None:
            locked.removed_at = None
            locked.save(update_fields=["removed_at"])
            record(access, locked, "brought_back")
            schedule(kind=READ, key=str(locked.uuid), due_at=now())
    return locked


def _locked(calendar: PartnerCalendar) -> PartnerCalendar:
    return (
        PartnerCalendar.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=calendar.pk)
    )
