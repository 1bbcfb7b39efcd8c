"""Send mail through the outbox: `queue` writes a row, `deliver_due` sends what is due."""

import datetime
import logging
import math
import smtplib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from itertools import batched
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Min, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac

from coalition.core.clock import now
from coalition.core.errors import undo_on_failure
from coalition.core.retention import BATCH_ROWS, anonymise_cutoff, delete_in_batches, register_retention_rule
from coalition.jobs import scheduler
from coalition.jobs.models import retry_pause, take_lease
from coalition.mail import qr_codes
from coalition.mail.models import OutboxMail
from coalition.personal_data.store import ContactsAway

LEASE = datetime.timedelta(minutes=2)
# A mail is given up after both: servers may be away for days (RFC 5321, 4.5.4.1).
MOST_ATTEMPTS, MOST_WAIT = 12, datetime.timedelta(days=3)
# The pause after the first failure, in seconds, and the longest pause: of a mail that the server defers, of
# any mail while the server does not answer, of an urgent mail.
FIRST, PUT_OFF, AWAY, URGENT = 20, 1800, 300, 30
PAUSE = datetime.timedelta(minutes=1)  # of a mail whose address cannot be read
END_CALLBACK_WORK = "outbox.tell_end"

type AddressLookup = Callable[[UUID], str | None]
type Gate = Callable[[UUID, list[str]], bool]


@dataclass(frozen=True)
class MailCategory:
    """Callbacks of a sender of many mails. `may_go(key)`: whether the mail may still be sent, called
    right before. `ended(key, state, error)`: the final state and the server's refusal, called in the
    transaction that saves them."""

    may_go: Callable[[str], bool]
    ended: Callable[[str, OutboxMail.State, str], None]


logger = logging.getLogger(__name__)
_address_lookups: list[AddressLookup] = []
_gates: list[Gate] = []
_categories: dict[str, MailCategory] = {}


def register_addresses(address_of: AddressLookup) -> None:
    """Register how a person's address is found when sending; None drops the mail (the person has left)."""
    _address_lookups[:] = [address_of]


def register_gate(may_go: Gate) -> None:
    """Register `may_go(person, only_while)`, called before sending: whether the mail may still be sent."""
    _gates[:] = [may_go]


def register_mail_category(name: str, category: MailCategory) -> None:
    """Register the callbacks of mails whose keys begin with this name and a colon."""
    _categories[name] = category


def queue_mail(
    *,
    key: str,
    template: str,
    language: str,
    context: dict[str, Any],
    person: UUID | None = None,
    address: str = "",
    calendar: str = "",
    method: str = "",
    only_while: Iterable[UUID] = (),
    urgent: bool = False,
    ends_at: str = "",
    sender: str = "",
    reply_to: str = "",
    code: str = "",
) -> bool:
    """Write a mail in the caller's transaction, unless `key` exists. Return whether the key was new: of two
    simultaneous transactions with the same key both may get True, and one mail is written.

    `template` names `mail/<template>.txt` (first line: subject) and `.html` beside it, both rendered in
    `language` when sent. Give `person` (address looked up when sending) or a bare `address`.

    `calendar` is an iTIP message (RFC 5546) for the reader's calendar, `method` the METHOD it holds.

    `only_while`: UUIDs of what the mail is about; before sending, `register_gate`'s callback says whether the
    person may still read about it, and the mail is dropped if not.

    `urgent`: it is sent before all waiting mail that is not urgent.

    `ends_at`: URL that unsubscribes by one POST; mail programs offer it (RFC 2369, RFC 8058).

    `sender`: display name of the From address; `reply_to`: the Reply-To address. A line break in one
    of them raises ValueError.

    `code`: content of a QR code that is attached as a picture; the HTML shows it as `cid:code`.
    """
    heads = {"ends_at": ends_at, "sender": sender, "reply_to": reply_to, "drawn_code": code}
    if any(len(value.splitlines()) > 1 for value in heads.values()):
        raise ValueError("a mail header must be one line")
    if OutboxMail.objects.filter(key=key).exists():
        return False
    mail = new_mail(
        key=key,
        template=template,
        language=language,
        person=person,
        address=address,
        context={**context, **{name: value for name, value in heads.items() if value}},
        only_while=only_while,
        calendar=calendar,
        method=method,
        urgent=urgent,
    )
    OutboxMail.objects.bulk_create([mail], ignore_conflicts=True)  # another transaction may write it now
    return True


def queue_mails(mails: Iterable[OutboxMail]) -> None:
    """Write many mails (`new_mail`) in the caller's transaction, in one query; skip keys that exist."""
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True)


def new_mail(*, context: dict[str, Any], only_while: Iterable[UUID], **fields: Any) -> OutboxMail:
    """Return an unsaved mail. Parameters as of `queue_mail`."""
    about = [str(one) for one in only_while]
    context = {**context, "only_while": about} if about else context
    moment = now()
    return OutboxMail(context=context, created_at=moment, next_try_at=moment, **fields)


def delete_waiting_mail(*, about: str, ending: str = "") -> None:
    """Delete waiting mail whose key begins with `about` and ends with `ending`: it is obsolete."""
    waiting = OutboxMail.objects.filter(key__startswith=about, state=OutboxMail.State.WAITING)
    waiting.filter(key__endswith=ending).delete()


def existing_mail_keys(keys: Collection[str]) -> set[str]:
    """Return which of these keys exist, in one query."""
    return set(OutboxMail.objects.filter(key__in=keys).values_list("key", flat=True))


def delete_mail_by_keys(keys: Collection[str]) -> None:
    """Delete the rows with these keys, in any state, in one query, so that no trace of the mail is
    left. Mail being sent at the moment is not deleted."""
    is_sent_now = Q(state=OutboxMail.State.WAITING, leased_until__isnull=False)
    OutboxMail.objects.filter(~is_sent_now, key__in=keys).delete()


def oldest_wait_minutes() -> int | None:
    """Return how long the oldest mail that was not tried yet has waited, in minutes rounded up. One query.

    None if no mail waits for its first try.
    """
    waiting = OutboxMail.objects.filter(state=OutboxMail.State.WAITING, attempts=0, urgent=False)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    return None if oldest is None else max(1, math.ceil((now() - oldest).total_seconds() / 60))


def drop_waiting_mail(people: Iterable[UUID]) -> None:
    """Drop the waiting mail of these people. The sample data of the demo must not mail anybody."""
    waiting = OutboxMail.objects.filter(person__in=list(people), state=OutboxMail.State.WAITING)
    waiting.update(state=OutboxMail.State.DROPPED, context={}, address="", calendar="", leased_until=None)


def delete_mail_of(people: Iterable[UUID]) -> None:
    """Delete all rows of these people, whose accounts are being deleted."""
    OutboxMail.objects.filter(person__in=list(people)).delete()


def deliver_due(*, seconds: float | None = None) -> int:
    """Send all mail that is due, one lease at a time. Start no other mail after `seconds`, or when the mail
    server does not answer. Return how many mails were handled."""
    handled, begun, line = 0, time.monotonic(), _MailConnection()
    try:
        while (mail := _lease()) is not None:
            went_on = _deliver(mail, line)
            handled += 1
            if not went_on or (seconds is not None and time.monotonic() - begun >= seconds):
                break
    finally:
        line.close()
    return handled


class _MailConnection:
    """A connection to the mail server for many mails, reopened after a failure."""

    def __init__(self) -> None:
        self._mailer: BaseEmailBackend | None = None

    def send(self, message: EmailMultiAlternatives) -> None:
        if self._mailer is None:
            self._mailer = mailers.default
            self._mailer.open()
        with undo_on_failure(self.close):
            self._mailer.send_messages([message])

    def close(self) -> None:
        mailer, self._mailer = self._mailer, None
        if mailer is not None:
            try:
                mailer.close()
            except OSError as error:  # what it accepted is sent; the next mail opens a new connection
                logger.info("the mail server's connection did not close: %s", type(error).__name__)


def _lease() -> OutboxMail | None:
    moment = now()
    due = OutboxMail.objects.filter(state=OutboxMail.State.WAITING, next_try_at__lte=moment)
    return take_lease(due.order_by("-urgent", "next_try_at"), at=moment, until=moment + LEASE)


def _deliver(mail: OutboxMail, line: _MailConnection) -> bool:
    """Send a mail, or drop it. Return False if the mail server does not answer, so that sending stops."""
    try:
        address = mail.address or (
            _address_lookups[0](mail.person) if mail.person and _address_lookups else None
        )
        goes = bool(address) and _may_send(mail)
        # Decrypt the content here: an unreachable contacts database must not repeat a mail that was sent.
        _ = mail.context, mail.calendar
    except ContactsAway:  # postpone it; this is not an attempt
        mail.attempts -= 1
        mail.next_try_at, mail.leased_until = now() + PAUSE, None
        mail.save(update_fields=["attempts", "next_try_at", "leased_until"])
        return True
    if not address or not goes:
        _finish(mail, OutboxMail.State.DROPPED)
        return True
    return _send(mail, address, line)


def _send(mail: OutboxMail, address: str, line: _MailConnection) -> bool:
    try:
        line.send(_compose(mail, address))
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _words in error.recipients.values())
        mail.error = f"refused {code}"
        _finish(mail, OutboxMail.State.FAILED) if code >= 500 else _schedule_retry(mail, PUT_OFF)
    except Exception as error:  # noqa: BLE001  any failure of the mail server must be retried
        logger.warning("mail %s could not be sent: %s", mail.template, type(error).__name__)
        mail.error = type(error).__name__
        if _is_server_down(error):
            _schedule_retry(mail, URGENT if mail.urgent else AWAY)
            return False
        _schedule_retry(mail, PUT_OFF)
    else:
        _finish(mail, OutboxMail.State.SENT)
    return True


def _is_server_down(error: Exception) -> bool:
    """Whether the server failed, and not this mail. Errors of smtplib are subclasses of OSError."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(
            error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError | smtplib.SMTPAuthenticationError
        )
    return isinstance(error, OSError)


def _schedule_retry(mail: OutboxMail, longest: int) -> None:
    moment = now()
    if mail.attempts >= MOST_ATTEMPTS and moment - mail.created_at >= MOST_WAIT:
        _finish(mail, OutboxMail.State.FAILED)
        return
    mail.next_try_at = moment + retry_pause(mail.attempts, first=FIRST, longest=longest)
    mail.leased_until = None
    mail.save(update_fields=["next_try_at", "leased_until", "error"])


def _category_of(key: str) -> MailCategory | None:
    return _categories.get(key.partition(":")[0])


def _may_send(mail: OutboxMail) -> bool:
    category = _category_of(mail.key)
    if category is not None and not category.may_go(mail.key):
        return False
    about = mail.context.get("only_while")
    return not about or mail.person is None or not _gates or _gates[0](mail.person, about)


def _finish(mail: OutboxMail, state: OutboxMail.State) -> None:
    mail.state = state
    mail.sent_at = now() if state == OutboxMail.State.SENT else None
    mail.leased_until, mail.context, mail.address, mail.calendar = None, {}, "", ""
    try:
        with transaction.atomic():
            _save_end(mail)
            run_end_callback(mail.key, {"state": state, "error": mail.error})
    except ContactsAway:  # `ended` needs that database: call it later, and save the state now
        with transaction.atomic():
            _save_end(mail)
            _schedule_end_callback(mail.key, {"state": state, "error": mail.error})


def _save_end(mail: OutboxMail) -> None:
    mail.save(update_fields=["state", "sent_at", "leased_until", "context", "address", "calendar", "error"])


def _schedule_end_callback(key: str, end: dict[str, str]) -> None:
    scheduler.schedule(kind=END_CALLBACK_WORK, key=key, due_at=now() + PAUSE, payload=end)


def run_end_callback_work(key: str, end: dict[str, str]) -> None:
    """Handle due work `END_CALLBACK_WORK`. Reschedule it while the contacts' database is unavailable."""
    try:
        with transaction.atomic():
            run_end_callback(key, end)
    except ContactsAway:
        _schedule_end_callback(key, end)


def run_end_callback(key: str, end: dict[str, str]) -> None:
    """Call the `MailCategory.ended` of the mail's key."""
    if (category := _category_of(key)) is not None:
        category.ended(key, OutboxMail.State(end["state"]), end["error"])


def _compose(mail: OutboxMail, address: str) -> EmailMultiAlternatives:
    context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **mail.context}
    with translation.override(mail.language):
        subject, _, body = render_to_string(f"mail/{mail.template}.txt", context).strip().partition("\n")
        html = render_to_string(f"mail/{mail.template}.html", {**context, "subject": subject})
    message = EmailMultiAlternatives(subject=subject.strip(), body=body.strip() + "\n", to=[address])
    message.attach_alternative(html, "text/html")
    _set_headers(message, mail)
    if code := mail.context.get("drawn_code"):
        message.attach(qr_codes.qr_code_part(code))
    if mail.calendar:
        _attach_calendar(message, mail.calendar, mail.method)
    return message


def message_mark(key: str) -> str:
    """Return the part before the @ of the Message-ID of this key."""
    return salted_hmac("coalition.outbox", key, algorithm="sha256").hexdigest()[:40]


def mark_bounced(mail: OutboxMail, code: str) -> None:
    """Mark a sent mail as failed after a bounce. `code` is the status of the bounce (RFC 3463)."""
    with transaction.atomic():
        mail.state, mail.error = OutboxMail.State.FAILED, f"came back {code}"
        mail.save(update_fields=["state", "error"])
        run_end_callback(mail.key, {"state": mail.state, "error": mail.error})


def _set_headers(message: EmailMultiAlternatives, mail: OutboxMail) -> None:
    """Set the headers. A key has one Message-ID, so that mailboxes recognise a duplicate, which is sent if a
    worker dies after the server accepted the mail and before that is saved."""
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message.extra_headers["Message-ID"] = f"<{message_mark(mail.key)}@{own.rpartition('@')[2]}>"
    if sender := mail.context.get("sender"):
        message.from_email = str(Address(display_name=sender, addr_spec=own))
    if reply_to := mail.context.get("reply_to"):
        message.reply_to = [reply_to]
    if ends_at := mail.context.get("ends_at"):
        message.extra_headers |= {
            "List-Unsubscribe": f"<{ends_at}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }


def _attach_calendar(message: EmailMultiAlternatives, calendar: str, method: str) -> None:
    """Add the calendar twice, as large mail services do.

    Gmail, Outlook and Apple Mail act on the last alternative, whose `method` must be that of the calendar
    (RFC 6047, 2.4). The attached file is for programs that show plain text only: any calendar opens it. They
    accept the event only if its organiser is the sender of the mail.
    """
    organiser = Address(display_name=settings.SITE_NAME, addr_spec=settings.CALENDAR_ADDRESS)
    message.from_email = str(organiser)
    message.attach_alternative(calendar, f'text/calendar; method="{method}"')
    message.attach("invite.ics", calendar.encode(), "application/ics")


NEWS_KEY_PREFIX = "news:"  # keys of mails that may be queued again years later and must not be sent twice


def register_mail_retention() -> None:
    """Register the retention rules; once, when the models are loaded."""
    register_retention_rule(
        "outbox.forget_sent",
        delete_old_mail,
        of="outbox.OutboxMail: to whom which kind of mail went; address and words go when it leaves",
        until="AUDIT_PERSON_MONTHS; news by mail as long as it is subscribed, so that nobody gets it twice",
    )


def delete_old_mail() -> int:
    """Delete mail sent or given up long ago. Returns the number of rows."""
    over = OutboxMail.objects.exclude(state=OutboxMail.State.WAITING).exclude(key__startswith=NEWS_KEY_PREFIX)
    return delete_in_batches(over.filter(created_at__lt=anonymise_cutoff()))


def delete_named_mail(begins: str, *, still: Callable[[], set[str]]) -> int:
    """Delete finished mail with keys `<begins><name>:…` whose name is not in `still`. Returns how many.

    `still` is called after reading the keys: otherwise a new name could have a key and not be in the set."""
    left = OutboxMail.objects.filter(key__startswith=begins).exclude(state=OutboxMail.State.WAITING)
    names = {pk: key.removeprefix(begins).partition(":")[0] for pk, key in left.values_list("pk", "key")}
    known = still()
    gone = [pk for pk, name in names.items() if name not in known]
    return sum(
        delete_in_batches(OutboxMail.objects.filter(pk__in=some)) for some in batched(gone, BATCH_ROWS)
    )


def absolute_url(path: str) -> str:
    """Return the absolute URL of a path of this site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
