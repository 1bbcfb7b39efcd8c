"""Mailings to the press: prepare, review, send in batches through the outbox, stop, unsubscribe.

Only public content is sent: this is checked at preparation, at sending, and for each mail just
before it is sent. Each letter has one key in the outbox, so that none is lost or sent twice.
"""

import datetime
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Listing, User
from coalition.accounts.queries import is_frozen, press_officers_of
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import derive_token, hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from documents.contacts.actions import single_line
from documents.drafts.permissions import is_press_officer, require_that
from documents.models import Contact, PressStop, Publication
from documents.publication.queries import contacts_with
from events.core.models import Event
from events.press.actions import record_press_action
from events.press.messages import (
    PressMessage,
    build_press_message,
    fallback_words,
    language_for,
    languages_of,
)
from events.press.models import Letter, LetterState, MailOut, MailOutState
from events.press.permissions import may_manage_mail_out, may_write_to_press
from events.press.queries import is_tellable, letter_of_mail_key, open_contacts, unsubscribed_addresses

SEND_MAIL_OUT = "events.mail_out"
OUTBOX_SORT_KEY = "press"  # keys in the outbox: press:<mail-out>:<letter>
MAIL_BATCH_SIZE = 200  # mails queued in one transaction
MAX_RECIPIENTS = 3_000  # contacts per mailing


def prepare_mail_out(
    *,
    access: Access,
    contacts: Iterable[UUID],
    event: Event | None = None,
    publication: Publication | None = None,
) -> MailOut:
    """Create a mailing about an event or a text without sending it, to contacts that the person may use, have
    an address and did not unsubscribe; each address once.

    Raises NotAllowed; Refused if no recipient remains, or if it is not for the press.
    """
    require_that(may_write_to_press(access))
    mail_out = MailOut.of(access, event=event, publication=publication, made_by=access.user, made_at=now())
    mail_out.answers_to = _press_officer(access)
    _check_mail_out(access, mail_out)
    rows = open_contacts(access).filter(uuid__in=list(contacts)).exclude(address_print="").order_by("pk")
    found = sorted(rows, key=lambda one: (one.organisation != access.organisation.uuid, one.pk))
    ended = unsubscribed_addresses(one.address_print for one in found)
    once = {one.address_print: one for one in reversed(found) if one.address_print not in ended}
    chosen = sorted(once.values(), key=lambda one: one.pk)
    if not chosen:
        raise Refused(_("Choose at least one contact that has an e-mail address and takes mail from us."))
    if len(chosen) > MAX_RECIPIENTS:
        raise Refused(_("Choose at most %(most)s contacts."), most=MAX_RECIPIENTS)
    with transaction.atomic():
        mail_out.save()
        there = languages_of(mail_out.about)
        Letter.objects.bulk_create(
            [_new_letter(mail_out, contact, there) for contact in chosen], batch_size=500
        )
        record_press_action(
            access, "press.prepared", kind="mail_out", target=mail_out.uuid, letters=len(chosen)
        )
    return mail_out


def send_mail_out(*, access: Access, mail_out: MailOut) -> MailOut:
    """Queue the mailing. Idempotent. Raises NotAllowed; Refused if it is not for the press any more."""
    with transaction.atomic():
        locked = _lock_mail_out(access, mail_out)
        if locked.state != MailOutState.PLANNED:
            return locked
        _check_mail_out(access, locked)
        locked.state, locked.sent_at = MailOutState.SENDING, now()
        locked.save(update_fields=["state", "sent_at"])
        count = locked.letters.filter(state=LetterState.CHOSEN).update(state=LetterState.WAITING)
        scheduler.schedule(kind=SEND_MAIL_OUT, key=str(locked.uuid), due_at=now())
        record_press_action(access, "press.sent", kind="mail_out", target=locked.uuid, letters=count)
    return locked


def discard_mail_out(*, access: Access, mail_out: MailOut) -> None:
    """Delete an unsent mailing. Raises NotAllowed, and Refused if it was sent."""
    with transaction.atomic():
        locked = _lock_mail_out(access, mail_out)
        if locked.state != MailOutState.PLANNED:
            raise Refused(_("It is sent already, and stays in the list."))
        locked.delete()


def stop_mail_out(*, access: Access, mail_out: MailOut) -> MailOut:
    """Withdraw the unsent mails; sent ones cannot be recalled. Raises NotAllowed."""
    with transaction.atomic():
        locked = _lock_mail_out(access, mail_out)
        if locked.state == MailOutState.SENDING:
            locked.state = MailOutState.STOPPED
            locked.save(update_fields=["state"])
            record_press_action(access, "press.stopped", kind="mail_out", target=locked.uuid)
    return locked


def unsubscribe_token(letter: Letter) -> str:
    """Return the token of the unsubscribe link; only its hash is stored."""
    return derive_token("events.press", letter.uuid)


def letter_mail_key(letter: Letter) -> str:
    return f"{OUTBOX_SORT_KEY}:{letter.mail_out.uuid}:{letter.uuid}"


def _check_mail_out(access: Access, mail_out: MailOut) -> None:
    about = mail_out.about
    place = about.workspace_id if isinstance(about, Event) else about.draft.workspace_id
    if place != access.workspace.pk or not is_tellable(mail_out):
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


def _new_letter(mail_out: MailOut, contact: Contact, there: list[str]) -> Letter:
    letter = Letter(
        mail_out=mail_out,
        contact=contact.uuid,
        owner=contact.organisation,
        language=language_for(contact.languages, there),
        wished=contact.language,
        address_print=contact.address_print,
    )
    letter.token_hash = hash_token(unsubscribe_token(letter))
    return letter


def _press_officer(access: Access) -> User:
    """Return the sender if they are a press officer, otherwise one of the organisation, else the sender."""
    if is_press_officer(access):
        return access.user
    office = press_officers_of(access.organisation).select_related("person").order_by("pk").first()
    return office.person if office is not None else access.user


def _lock_mail_out(access: Access, mail_out: MailOut) -> MailOut:
    rows = MailOut.objects.select_for_update(of=("self",))
    locked = rows.select_related("event", "publication__draft", "workspace", "organisation").get(
        pk=mail_out.pk
    )
    require_that(may_manage_mail_out(access, locked))
    return locked


# The letters of a mailing: queued in batches, checked again before sending, and their final states.

TEMPLATES = {True: "events/press_event", False: "events/press_text"}
_FINAL_STATES = {
    OutboxMail.State.SENT: LetterState.SENT,
    OutboxMail.State.FAILED: LetterState.REFUSED,
    OutboxMail.State.DROPPED: LetterState.KEPT_BACK,
}


def queue_waiting_letters(key: str, _payload: dict[str, Any]) -> None:
    """Job: queue pending letters in the outbox, in batches. Idempotent after a worker's crash."""
    last = 0
    while True:
        with transaction.atomic():
            rows = MailOut.objects.select_for_update(of=("self",)).filter(
                uuid=key, state=MailOutState.SENDING
            )
            mail_out = rows.select_related("organisation", "answers_to").first()
            if mail_out is None:
                return
            waiting = mail_out.letters.filter(state=LetterState.WAITING, pk__gt=last).order_by("pk")
            some = list(waiting[:MAIL_BATCH_SIZE])
            _queue_letters(mail_out, some)
            if len(some) < MAIL_BATCH_SIZE:
                _finish_if_done(mail_out)
                return
        last = some[-1].pk


def _queue_letters(mail_out: MailOut, letters: list[Letter]) -> None:
    words = press_messages_by_language(mail_out) if letters else {}
    contacts = contacts_with(one.contact for one in letters)
    for letter in letters:
        letter.mail_out = mail_out
        contact = contacts.get(letter.contact)
        if contact is None or not accepts_letter(contact, letter) or letter.language not in words:
            letter.state = LetterState.KEPT_BACK
            letter.save(update_fields=["state"])
            continue
        outbox.queue_mail(
            key=letter_mail_key(letter),
            template=TEMPLATES[mail_out.event_id is not None],
            language=letter.language,
            address=contact.address,
            context=letter_context(mail_out, words[letter.language], letter),
            ends_at=unsubscribe_url(letter),
            sender=sender_of(mail_out, letter.language),
            reply_to=mail_out.answers_to.email if mail_out.answers_to else "",
        )


def press_messages_by_language(mail_out: MailOut) -> dict[str, PressMessage]:
    """Return the message by language."""
    return {code: build_press_message(mail_out.about, code) for code in languages_of(mail_out.about)}


def letter_context(mail_out: MailOut, words: PressMessage, letter: Letter | None = None) -> dict[str, Any]:
    """Return the mail's template context; without a letter for the preview."""
    answers = mail_out.answers_to
    return {
        **asdict(words),
        "button_url": words.url,
        "organisation": mail_out.organisation.name_in(words.language),
        "answers_to": single_line(answers.name) if answers else "",
        "fallback": fallback_words(letter.wished, letter.language) if letter is not None else "",
        "end_url": unsubscribe_url(letter) if letter is not None else "…",
    }


def sender_of(mail_out: MailOut, language: str) -> str:
    """Return the sender's display name: the organisation and the coalition."""
    return single_line(f"{mail_out.organisation.name_in(language)}, {settings.SITE_NAME}")


def unsubscribe_url(letter: Letter) -> str:
    """Return the unsubscribe URL: one-click by POST (RFC 8058), a page with a button by GET."""
    return absolute_url(reverse("press_mail_end", args=[unsubscribe_token(letter)]))


def accepts_letter(contact: Contact, letter: Letter) -> bool:
    """Whether the contact exists, still has the chosen address and has not unsubscribed."""
    same = contact.removed_at is None and contact.address_print == letter.address_print
    return same and not unsubscribed_addresses([letter.address_print])


def may_send_letter(key: str) -> bool:
    """Whether a letter may still be sent: checked just before sending."""
    letter = letter_of_mail_key(key)
    if letter is None or letter.state != LetterState.WAITING:
        return False
    mail_out, organisation = letter.mail_out, letter.mail_out.organisation
    if mail_out.state != MailOutState.SENDING or organisation.left_at or is_frozen(organisation):
        return False
    contact = contacts_with([letter.contact]).get(letter.contact)
    return is_tellable(mail_out) and contact is not None and accepts_letter(contact, letter)


def record_letter_result(key: str, state: OutboxMail.State, error: str) -> None:
    """Store the final state of a letter, in the transaction that finishes its mail."""
    letter = letter_of_mail_key(key)
    if letter is None:
        return
    letter.state = _FINAL_STATES[state]
    if letter.state == LetterState.KEPT_BACK and unsubscribed_addresses([letter.address_print]):
        letter.state = LetterState.ENDED
    letter.error = error[:40] if letter.state == LetterState.REFUSED else ""
    letter.save(update_fields=["state", "error"])
    _finish_if_done(letter.mail_out)


def _finish_if_done(mail_out: MailOut) -> None:
    if not mail_out.letters.filter(state=LetterState.WAITING).exists():
        MailOut.objects.filter(pk=mail_out.pk, state=MailOutState.SENDING).update(state=MailOutState.DONE)


SORT = outbox.MailCategory(may_go=may_send_letter, ended=record_letter_result)


def unsubscribe_address(letter: Letter) -> None:
    """Unsubscribe the address from mailings to the press by every organisation. Idempotent."""
    with transaction.atomic():
        PressStop.objects.get_or_create(address_print=letter.address_print, defaults={"at": now()})
        if letter.ended_at is None:
            _set_ended(letter, now(), "press.ended")


def resubscribe_address(letter: Letter) -> None:
    """Subscribe the address again."""
    with transaction.atomic():
        PressStop.objects.filter(address_print=letter.address_print).delete()
        if letter.ended_at is not None:
            _set_ended(letter, None, "press.begun_again")


def _set_ended(letter: Letter, ended_at: datetime.datetime | None, action: str) -> None:
    letter.ended_at = ended_at
    letter.save(update_fields=["ended_at"])
    log.record_audit(
        action, actor=None, organisation=letter.owner, target_kind="contact", target=letter.contact
    )
