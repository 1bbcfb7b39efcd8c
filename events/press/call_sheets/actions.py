"""Call sheets: contacts to call about an event or a text, and the outcomes."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.contacts.actions import single_line
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.models import Publication
from events.core.models import Event
from events.press.enums import CallOutcome
from events.press.models import Call, CallSheet
from events.press.permissions import may_call
from events.press.queries import is_tellable, open_contacts

MAX_CALLS = 500  # on one sheet


def make_call_sheet(
    *,
    access: Access,
    contacts: Iterable[UUID],
    event: Event | None = None,
    publication: Publication | None = None,
) -> CallSheet:
    """Create a call sheet of contacts that the person may use. Raises NotAllowed, and Refused if no
    contact remains or the press may not be informed of it."""
    require_that(may_manage_contacts(access))
    pk = event.pk if event is not None else None
    if not is_tellable(pk, publication.pk if publication is not None else None):
        raise Refused(_("The press can be told only of what is public."))
    rows = open_contacts(access).filter(uuid__in=list(contacts)).order_by("pk")
    chosen = list(rows.values_list("uuid", flat=True))
    if not chosen:
        raise Refused(_("Choose at least one contact."))
    if len(chosen) > MAX_CALLS:
        raise Refused(_("Choose at most %(most)s contacts."), most=MAX_CALLS)
    with transaction.atomic():
        sheet = CallSheet.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            event=event,
            publication=publication,
            made_by=access.user,
            made_at=now(),
        )
        Call.objects.bulk_create([Call(sheet=sheet, contact=uuid) for uuid in chosen])
    return sheet


def record_press_call(
    *, access: Access, call: Call, outcome: CallOutcome, note: str, again_at: datetime.datetime | None
) -> Call:
    """Record the outcome of a call. Raises NotAllowed, and Refused if the time of the next call is
    missing."""
    if outcome == CallOutcome.AGAIN and again_at is None:
        raise Refused(_("Say when to call again."))
    with transaction.atomic():
        locked = Call.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=call.pk)
        require_that(may_call(access, locked.sheet))
        locked.outcome, locked.note = outcome, single_line(note)
        locked.again_at = again_at if outcome == CallOutcome.AGAIN else None
        is_open = outcome == CallOutcome.OPEN
        locked.called_by, locked.called_at = (None, None) if is_open else (access.user, now())
        locked.save()
    return locked


def discard_call_sheet(*, access: Access, sheet: CallSheet) -> None:
    """Delete a call sheet with its notes. Raises NotAllowed."""
    require_that(may_call(access, sheet))
    sheet.delete()
