"""Bringing a partner's calendar into a workspace, by address or by file; it is read right after."""

from typing import IO, Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.jobs.scheduler import schedule
from coalition.workspaces.queries import participants
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.enums import Source
from events.partner_calendars.models import PartnerCalendar
from events.partner_calendars.permissions import may_bring_in
from events.partner_calendars.queries import calendars_for
from events.partner_calendars.reader.parser import LARGEST

MOST_CALENDARS: Final = 50  # in one workspace
READ = "events.read_partner_calendar"  # due work; its key is the calendar's UUID


def bring_in_address(
    *,
    access: Access,
    organisation: Organisation,
    name: str,
    address: str,
    zone: str,
    region: str,
    busy_only: bool,
) -> PartnerCalendar:
    """Bring in a calendar that stands at an address and is read again every hour.

    `webcal://` means https. Raises NotAllowed, or Refused in words; whether the address answers is
    told on the calendar's page.
    """
    address = address.strip()
    for scheme in ("webcal://", "webcals://"):
        if address.lower().startswith(scheme):
            address = "https://" + address[len(scheme) :]
    if not address.lower().startswith("https://"):
        raise Refused(_("Give an address that begins with https."))
    calendar = PartnerCalendar(source=Source.ADDRESS, address=address, name=name.strip(), zone=zone)
    calendar.region, calendar.busy_only = region, busy_only
    return _bring_in(access, organisation, calendar)


def bring_in_file(
    *,
    access: Access,
    organisation: Organisation,
    name: str,
    content: IO[bytes],
    zone: str,
    region: str,
    busy_only: bool,
) -> PartnerCalendar:
    """Bring in a calendar file. Its bytes are kept only until they are read. Raises as above."""
    require_that(may_bring_in(access))
    taken = content.read(LARGEST + 1)
    if len(taken) > LARGEST:
        raise Refused(
            _("The file is larger than %(limit)s MB. Ask for a smaller part of the calendar."),
            limit=LARGEST // 1024**2,
        )
    if not taken:
        raise Refused(_("The file is empty."))
    calendar = PartnerCalendar(source=Source.FILE, name=name.strip(), zone=zone)
    calendar.region, calendar.busy_only = region, busy_only
    storage, kept = storages["default"], file_of(calendar)
    storage.save(kept, ContentFile(taken))  # bytes first: files do not roll back
    with unless_done(lambda: storage.delete(kept)):
        return _bring_in(access, organisation, calendar)


def file_of(calendar: PartnerCalendar) -> str:
    """Where the bytes of a file lie in the private storage until they are read."""
    return f"partner-calendars/{calendar.uuid}.ics"


def _bring_in(access: Access, organisation: Organisation, calendar: PartnerCalendar) -> PartnerCalendar:
    with transaction.atomic():
        require_that(may_bring_in(access))
        if not participants(access.workspace).filter(pk=organisation.pk).exists():
            raise Refused(_("Choose an organisation that takes part in this workspace."))
        if calendars_for(access.user, access.workspace).count() >= MOST_CALENDARS:
            raise Refused(
                _("This workspace has %(limit)s calendars of partners. Take one away first."),
                limit=MOST_CALENDARS,
            )
        calendar.workspace, calendar.organisation = access.workspace, organisation
        calendar.brought_by, calendar.created_at = access.user, now()
        calendar.save()
        record(access, calendar, "brought_in", source=calendar.source, busy_only=calendar.busy_only)
        schedule(kind=READ, key=str(calendar.uuid), due_at=now())
    return calendar


def record(access: Access, calendar: PartnerCalendar, action: str, **detail: object) -> None:
    """The audit entry, in the caller's transaction. Never the address: it may be a secret."""
    log.record(
        f"partner_calendar.{action}",
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="partner_calendar",
        target=calendar.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )
