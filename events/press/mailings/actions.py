"""Mail to the press: prepared, looked at, sent in batches through the outbox, stopped, ended by its readers.

Only what is public leaves: that is asked when it is prepared, when it is sent, and of every single mail when
it goes. None is lost or written twice: a letter has one key in the outbox.
"""

import base64
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Listing
from coalition.accounts.models import User
from coalition.accounts.queries import is_frozen, press_officers_of
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.mail.models import OutboxMail
from coalition.workspaces.permissions import Access
from documents.contacts.actions import one_line
from documents.drafts.permissions import is_press_officer, require_that
from documents.models import Contact, PressStop, Publication
from documents.publication.embargo.queries import contacts_with
from events.core.models import Event
from events.press.contacts.queries import open_contacts, stopped
from events.press.enums import LetterState, MailOutState
from events.press.messages import Told, fallback_words, language_for, languages_of, told
from events.press.models import Letter, MailOut
from events.press.permissions import may_tend_mail_out, may_write_to_press
from events.press.queries import is_tellable, letters_with

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
        _record_mailing(access, mail_out, "press.prepared", letters=len(chosen))
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
        _record_mailing(access, locked, "press.sent", letters=count)
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
            _record_mailing(access, locked, "press.stopped")
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


def _record_mailing(access: Access, mail_out: MailOut, action: str, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="mail_out",
        target=mail_out.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )


# --- send ---
# The letters of a mail-out: written to the outbox in batches, asked once more when they leave, and what
# became of each.


TEMPLATES = {True: "events/press_event", False: "events/press_text"}
_ENDS = {
    OutboxMail.State.SENT: LetterState.SENT,
    OutboxMail.State.FAILED: LetterState.REFUSED,
    OutboxMail.State.DROPPED: LetterState.KEPT_BACK,
}


def write_due(key: str, _payload: dict[str, Any]) -> None:
    """Due work: write the letters that wait to the outbox, some hundred in a transaction. Run again after a
    worker died, it writes none twice."""
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
            some = list(waiting[:AT_ONCE])
            _write(mail_out, some)
            if len(some) < AT_ONCE:
                _perhaps_done(mail_out)
                return
        last = some[-1].pk


def _write(mail_out: MailOut, letters: list[Letter]) -> None:
    words = all_told(mail_out) if letters else {}
    contacts = contacts_with(one.contact for one in letters)
    for letter in letters:
        letter.mail_out = mail_out
        contact = contacts.get(letter.contact)
        if contact is None or not takes(contact, letter) or letter.language not in words:
            letter.state = LetterState.KEPT_BACK
            letter.save(update_fields=["state"])
            continue
        outbox.queue_mail(
            key=key_of(letter),
            template=TEMPLATES[mail_out.event_id is not None],
            language=letter.language,
            address=contact.address,
            context=context_of(mail_out, words[letter.language], letter),
            ends_at=end_link(letter),
            sender=sender_of(mail_out, letter.language),
            reply_to=mail_out.answers_to.email if mail_out.answers_to else "",
        )


def all_told(mail_out: MailOut) -> dict[str, Told]:
    """What is said, by language."""
    return {code: told(mail_out.about, code) for code in languages_of(mail_out.about)}


def context_of(mail_out: MailOut, words: Told, letter: Letter | None = None) -> dict[str, Any]:
    """What the mail holds; without a letter as it is shown before it is sent."""
    answers = mail_out.answers_to
    return {
        **words.as_context(),
        "button_url": words.url,
        "organisation": mail_out.organisation.name_in(words.language),
        "answers_to": one_line(answers.name) if answers else "",
        "fallback": fallback_words(letter.wished, letter.language) if letter is not None else "",
        "end_url": end_link(letter) if letter is not None else "…",
    }


def sender_of(mail_out: MailOut, language: str) -> str:
    """Who sends, as the mailbox shows it: the organisation and the coalition."""
    return one_line(f"{mail_out.organisation.name_in(language)}, {settings.SITE_NAME}")


def end_link(letter: Letter) -> str:
    """The address that ends further mail with one POST (RFC 8058), and shows a button to who opens it."""
    return absolute_url(reverse("press_mail_end", args=[token_of(letter)]))


def takes(contact: Contact, letter: Letter) -> bool:
    """Whether the contact is there, has the address that was chosen and did not end our mails."""
    same = contact.removed_at is None and contact.address_print == letter.address_print
    return same and not stopped([letter.address_print])


def may_go(key: str) -> bool:
    """Whether a letter may still leave: asked at the last moment."""
    letter = letters_with([key.rpartition(":")[2]]).first()
    if letter is None or letter.state != LetterState.WAITING:
        return False
    mail_out, organisation = letter.mail_out, letter.mail_out.organisation
    if mail_out.state != MailOutState.SENDING or organisation.left_at or is_frozen(organisation):
        return False
    contact = contacts_with([letter.contact]).get(letter.contact)
    public = is_tellable(mail_out.event_id, mail_out.publication_id)
    return public and contact is not None and takes(contact, letter)


def ended(key: str, state: OutboxMail.State, error: str) -> None:
    """Keep what became of a letter, in the transaction that finishes its mail."""
    letter = letters_with([key.rpartition(":")[2]]).first()
    if letter is None:
        return
    letter.state = _ENDS[state]
    if letter.state == LetterState.KEPT_BACK and stopped([letter.address_print]):
        letter.state = LetterState.ENDED
    letter.error = error[:40] if letter.state == LetterState.REFUSED else ""
    letter.save(update_fields=["state", "error"])
    _perhaps_done(letter.mail_out)


def _perhaps_done(mail_out: MailOut) -> None:
    if not mail_out.letters.filter(state=LetterState.WAITING).exists():
        MailOut.objects.filter(pk=mail_out.pk, state=MailOutState.SENDING).update(state=MailOutState.DONE)


SORT = outbox.MailCategory(may_go=may_go, ended=ended)


# --- unsubscribe ---
# The reader of a mail to the press ends further ones with one press, or takes that back.


def end_mails(letter: Letter) -> None:
    """No more mail of this sort goes to the address, whoever of the coalition knows it. Twice is once."""
    with transaction.atomic():
        PressStop.objects.get_or_create(address_print=letter.address_print, defaults={"at": now()})
        if letter.ended_at is None:
            letter.ended_at = now()
            letter.save(update_fields=["ended_at"])
            _record_unsubscribe(letter, "press.ended")


def begin_again(letter: Letter) -> None:
    """The address takes mail again."""
    with transaction.atomic():
        PressStop.objects.filter(address_print=letter.address_print).delete()
        if letter.ended_at is not None:
            letter.ended_at = None
            letter.save(update_fields=["ended_at"])
            _record_unsubscribe(letter, "press.begun_again")


def _record_unsubscribe(letter: Letter, action: str) -> None:
    log.record_audit(
        action, actor=None, organisation=letter.owner, target_kind="contact", target=letter.contact
    )
