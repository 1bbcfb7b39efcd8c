"""Mail to the press: prepared, looked at, sent in batches through the outbox, stopped, ended by its readers.

Only what is public leaves: that is asked when it is prepared, when it is sent, and of every single mail when
it goes. None is lost or written twice: a letter has one key in the outbox.
"""

import base64
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Listing
from coalition.accounts.models import User
from coalition.accounts.queries import press_officers_of
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.jobs import scheduler
from coalition.workspaces.rules import Access
from documents.models import Contact, Publication
from events.core.models import Event
from events.press.contacts.queries import open_contacts, stopped
from events.press.enums import LetterState, MailOutState
from events.press.messages import language_for, languages_of
from events.press.models import Letter, MailOut
from events.press.permissions import is_press_officer, may_tend_mail_out, may_write_to_press, require_that
from events.press.queries import is_tellable

SEND = "events.mail_out"
KEY = "press"  # keys in the outbox: press:<mail-out>:<letter>
AT_ONCE = 200  # mails written in one transaction
MOST = 3_000  # contacts of one mail-out


def prepare(
    *,
    access: Access,
    contacts: Iterable[UUID],
    event: Event | None = None,
    publication: Publication | None = None,
) -> MailOut:
    """Choose who is told of an event or a text; nothing leaves yet. Of the contacts those count that the
    person may use, that have an address and that did not end our mails; each address once.

    Raises NotAllowed, and Refused if nobody is left, or if it may not be told.
    """
    require_that(may_write_to_press(access))
    _check(access, event, publication)
    chosen = _recipients(access, contacts)
    if not chosen:
        raise Refused(_("Choose at least one contact that has an e-mail address and takes mail from us."))
    if len(chosen) > MOST:
        raise Refused(_("Choose at most %(most)s contacts."), most=MOST)
    with transaction.atomic():
        mail_out = MailOut.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            event=event,
            publication=publication,
            made_by=access.user,
            made_at=now(),
            answers_to=_who_answers(access),
        )
        there = languages_of(mail_out.about)
        Letter.objects.bulk_create([_letter(mail_out, contact, there) for contact in chosen], batch_size=500)
        _record(access, mail_out, "press.prepared", letters=len(chosen))
    return mail_out


def send(*, access: Access, mail_out: MailOut) -> MailOut:
    """Let it leave, as soon as a worker is free. Twice is once. Raises NotAllowed, and Refused if it may not
    be told any more."""
    with transaction.atomic():
        locked = _locked(access, mail_out)
        if locked.state != MailOutState.PLANNED:
            return locked
        _check(access, locked.event, locked.publication)
        locked.state, locked.sent_at = MailOutState.SENDING, now()
        locked.save(update_fields=["state", "sent_at"])
        count = locked.letters.filter(state=LetterState.CHOSEN).update(state=LetterState.WAITING)
        scheduler.schedule(kind=SEND, key=str(locked.uuid), due_at=now())
        _record(access, locked, "press.sent", letters=count)
    return locked


def discard(*, access: Access, mail_out: MailOut) -> None:
    """Delete one that was not sent. Raises NotAllowed, and Refused for one that was."""
    with transaction.atomic():
        locked = _locked(access, mail_out)
        if locked.state != MailOutState.PLANNED:
            raise Refused(_("It is sent already, and stays in the list."))
        locked.delete()


def stop(*, access: Access, mail_out: MailOut) -> MailOut:
    """Keep back what has not left yet; what left cannot be taken back. Raises NotAllowed."""
    with transaction.atomic():
        locked = _locked(access, mail_out)
        if locked.state == MailOutState.SENDING:
            locked.state = MailOutState.STOPPED
            locked.save(update_fields=["state"])
            _record(access, locked, "press.stopped")
    return locked


def token_of(letter: Letter) -> str:
    """The secret of the link that ends further mail, derived with the site's key: only its hash is kept."""
    digest = salted_hmac("events.press", str(letter.uuid), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def key_of(letter: Letter) -> str:
    return f"{KEY}:{letter.mail_out.uuid}:{letter.uuid}"


def _check(access: Access, event: Event | None, publication: Publication | None) -> None:
    pk = event.pk if event is not None else None
    public = is_tellable(pk, publication.pk if publication is not None else None)
    place = event.workspace_id if event else publication.draft.workspace_id if publication else None
    if not public or place != access.workspace.pk:
        raise Refused(
            _(
                "The press can be told of events that are announced to everyone and not over, and of texts"
                " that are public. This is not one of them now."
            )
        )
    if access.organisation.listing != Listing.PUBLIC:
        raise Refused(
            _(
                "A mail to the press says which organisation sends it, and the name of yours is withheld."
                " Ask an organisation that may be named."
            )
        )


def _recipients(access: Access, contacts: Iterable[UUID]) -> list[Contact]:
    rows = open_contacts(access).filter(uuid__in=list(contacts)).exclude(address_print="").order_by("pk")
    own = access.organisation.uuid
    found = sorted(rows, key=lambda one: (one.organisation != own, one.pk))
    ended = stopped(one.address_print for one in found)
    once = {one.address_print: one for one in reversed(found) if one.address_print not in ended}
    return sorted(once.values(), key=lambda one: one.pk)


def _letter(mail_out: MailOut, contact: Contact, there: list[str]) -> Letter:
    letter = Letter(
        mail_out=mail_out,
        contact=contact.uuid,
        owner=contact.organisation,
        language=language_for(contact.languages, there),
        wished=contact.language,
        address_print=contact.address_print,
    )
    letter.token_hash = hash_token(token_of(letter))
    return letter


def _who_answers(access: Access) -> User:
    """The press officer: whoever sends, if it is they, else another one of the organisation."""
    if is_press_officer(access):
        return access.user
    office = press_officers_of(access.organisation).select_related("person").order_by("pk").first()
    return office.person if office is not None else access.user


def _locked(access: Access, mail_out: MailOut) -> MailOut:
    rows = MailOut.objects.select_for_update(of=("self",))
    locked = rows.select_related("event", "publication__draft", "workspace", "organisation").get(
        pk=mail_out.pk
    )
    require_that(may_tend_mail_out(access, locked))
    return locked


def _record(access: Access, mail_out: MailOut, action: str, **detail: Any) -> None:
    log.record(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="mail_out",
        target=mail_out.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )
