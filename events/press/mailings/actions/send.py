"""The letters of a mail-out: written to the outbox in batches, asked once more when they leave, and what
became of each."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from coalition.accounts.queries import is_frozen
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.mail.models import OutboxMail
from documents.contacts.actions import one_line
from documents.models import Contact
from documents.publication.embargo.queries import contacts_with
from events.press.contacts.queries import stopped
from events.press.enums import LetterState, MailOutState
from events.press.mailings.actions.mailing import AT_ONCE, KEY, SEND, key_of, token_of
from events.press.messages import Told, fallback_words, languages_of, told
from events.press.models import Letter, MailOut
from events.press.queries import is_tellable, letters_with

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
        outbox.queue(
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
    return absolute(reverse("press_mail_end", args=[token_of(letter)]))


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


SORT = outbox.Sort(may_go=may_go, ended=ended)
__all__ = ["KEY", "SEND", "SORT", "write_due"]
