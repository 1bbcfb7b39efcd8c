"""Press desk: removal of contacts and their erasure, call sheets, and media advisories as drafts."""

import datetime
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy as _lazy, override

from coalition.accounts.models import Language
from coalition.accounts.queries import press_officers_of
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from documents.contacts.actions import archive_contact, forget_contact, restore_contact, single_line
from documents.drafts.actions.manage import create_draft
from documents.drafts.actions.texts import TextContent
from documents.drafts.live.backend import edit_text, replace_content
from documents.drafts.models import TextKind
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.models import Contact, Draft, Publication
from events.core import audit as core_audit
from events.core.models import Event
from events.core.permissions import lock_event, may_change, refuse_cancelled
from events.core.queries import registration_of
from events.core.summary import public_speakers_of
from events.press.messages import build_press_message
from events.press.models import Call, CallOutcome, CallSheet, PressDeskRow
from events.press.permissions import may_call
from events.press.queries import is_tellable, open_contacts

FORGET_CONTACT = "events.forget_contact"
UNDO_PERIOD = datetime.timedelta(hours=1)


def mark_contact_removed(*, access: Access, contact: Contact) -> Contact:
    """Remove a contact; it can be restored within an hour, then it is erased. Raises NotAllowed."""
    with transaction.atomic():
        away = archive_contact(access=access, contact=contact)
        scheduler.schedule(kind=FORGET_CONTACT, key=str(away.uuid), due_at=now() + UNDO_PERIOD)
    return away


def undo_contact_removal(*, access: Access, contact: Contact) -> Contact:
    """Restore a contact. Raises NotAllowed, and Refused if it is too late."""
    with transaction.atomic():
        back = restore_contact(access=access, contact=contact)
        scheduler.cancel(kind=FORGET_CONTACT, key=str(back.uuid))
    return back


def forget_removed_contact(key: str, _payload: dict[str, Any]) -> None:
    """Job: erase a contact's personal data, unless it was restored."""
    forget_contact(UUID(key))


def lock_desk_row[R: PressDeskRow](
    access: Access, row: R, allowed: Callable[[Access, R], bool], gone: Promise, refusal: str | Promise = ""
) -> R:
    """Lock the row in the caller's transaction. Raises Refused with `gone` if it was deleted; NotAllowed."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    locked = rows.select_related("organisation", "workspace").filter(pk=row.pk).first()
    if locked is None:
        raise Refused(gone)
    require_that(allowed(access, locked), refusal)
    return locked


def record_press_action(access: Access, action: str, *, kind: str, target: UUID, **detail: Any) -> None:
    """Write the audit entry of a member's action, in the caller's transaction. No names in `detail`."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind=kind,
        target=target,
        workspace=access.workspace.uuid,
        **detail,
    )


def make_advisory(*, access: Access, event: Event) -> Draft:
    """Create the advisory as a draft, restricted as the event is, and link it as the event's text.

    It contains public facts only: no address for confirmed guests, no speaker without consent. Raises
    NotAllowed; Refused if the event is cancelled or over, or if it already has a text.
    """
    with transaction.atomic():
        locked = lock_event(event)
        require_that(may_change(access, locked), _lazy("Editors and coordinators make the advisory."))
        refuse_cancelled(locked)
        if locked.lasts_until is not None and locked.lasts_until < now():
            raise Refused(_lazy("The event is over."))
        if locked.draft_id is not None:
            raise Refused(_lazy("A text belongs to the event already: change that one."))
        words = {code: build_advisory_texts(locked, code) for code in Language.values}
        draft = create_draft(
            access=access,
            title=words[Language.KK]["title"],
            kind=TextKind.ADVISORY,
            restricted_to=list(locked.restricted_to.all()) if locked.restricted else (),
        )
        for text in draft.texts.all():
            change = partial(replace_content, words=words[text.language])
            edit_text(text=text, author=access.user, organisation=access.organisation, change=change)
        locked.draft = draft
        core_audit.save_event_change(locked, access, "event.advisory_made", draft=str(draft.uuid))
    return draft


def build_advisory_texts(event: Event, language: str) -> TextContent:
    """Return title, lead and body in one language."""
    with override(language):
        message = build_press_message(event, language)
        lead = ". ".join(part for part in (message.when, message.where) if part)
        lines = [
            message.text,
            _("When: %(when)s") % {"when": message.when},
            _("Where: %(where)s") % {"where": message.where} if message.where else "",
            _("The address is told to those who are confirmed.") if event.address_for_confirmed else "",
        ]
        if speakers := public_speakers_of(event):
            names = [f"{one.name}, {one.role}" if one.role else one.name for one in speakers]
            lines.append(_("Who speaks: %(names)s") % {"names": "; ".join(names)})
        lines += _press_lines(event)
        title = _("Invitation to the press: %(title)s") % {"title": message.title}
    parts = [part.strip() for line in lines for part in line.split("\n") if part.strip()]
    nodes = [{"type": "paragraph", "content": [{"type": "text", "text": part}]} for part in parts]
    return {"title": title, "lead": f"{lead}.", "body": {"type": "doc", "content": nodes}}


def _press_lines(event: Event) -> list[str]:
    """Return how to register, and the press contact."""
    lines = []
    takes = registration_of(event)
    if takes is not None and takes.stopped_at is None and event.is_public and event.slug:
        link = absolute_url(reverse("press_registration", args=[event.slug]))
        lines.append(_("Press registration: %(address)s") % {"address": link})
    office = press_officers_of(event.organisation).select_related("person").order_by("pk").first()
    if office is not None:
        contact = {"name": office.person.name, "address": office.person.email}
        lines.append(_("Contact for the press: %(name)s, %(address)s") % contact)
    return lines


MAX_CALLS = 500  # on one sheet


def make_call_sheet(
    *,
    access: Access,
    contacts: Iterable[UUID],
    event: Event | None = None,
    publication: Publication | None = None,
) -> CallSheet:
    """Create a call sheet of contacts that the person may use. Raises NotAllowed, Refused."""
    require_that(may_manage_contacts(access))
    sheet = CallSheet.of(access, event=event, publication=publication, made_by=access.user, made_at=now())
    if not is_tellable(sheet):
        raise Refused(_lazy("The press can be told only of what is public."))
    rows = open_contacts(access).filter(uuid__in=list(contacts)).order_by("pk")
    chosen = list(rows.values_list("uuid", flat=True))
    if not chosen:
        raise Refused(_lazy("Choose at least one contact."))
    if len(chosen) > MAX_CALLS:
        raise Refused(_lazy("Choose at most %(most)s contacts."), most=MAX_CALLS)
    with transaction.atomic():
        sheet.save()
        Call.objects.bulk_create([Call(sheet=sheet, contact=uuid) for uuid in chosen])
    return sheet


def record_press_call(
    *, access: Access, call: Call, outcome: str, note: str, again_at: datetime.datetime | None
) -> Call:
    """Record the outcome of a call. Raises NotAllowed."""
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
