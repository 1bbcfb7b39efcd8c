"""The only door for mail: `queue` writes the row, `deliver_due` sends what waits."""

import datetime
import logging
import math
import smtplib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Min, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac

from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.jobs import scheduler
from coalition.mail import codes
from coalition.mail.models import OutboxMail
from coalition.personal_data.apart import ContactsAway

LEASE = datetime.timedelta(minutes=2)
# A mail is given up after both: servers may be away for days (RFC 5321, 4.5.4.1).
MOST_ATTEMPTS, MOST_WAIT = 12, datetime.timedelta(days=3)
# The longest pause between two tries, in seconds: of a mail that the server puts off, and of any mail while
# the server is away, or of one that is urgent.
PUT_OFF, AWAY, URGENT = 1800, 300, 30
PAUSE = datetime.timedelta(minutes=1)  # of a mail whose address cannot be read
TELL_END = "outbox.tell_end"

type Recipients = Callable[[UUID], str | None]
type Gate = Callable[[UUID, list[str]], bool]


@dataclass(frozen=True)
class Sort:
    """What somebody who writes many mails wants to be asked and told of them, by key: whether one may still
    go when it leaves, and, in the transaction that says so, what became of it (state, and the server's
    refusal)."""

    may_go: Callable[[str], bool]
    ended: Callable[[str, OutboxMail.State, str], None]


logger = logging.getLogger(__name__)
_address_of: list[Recipients] = []
_gate: list[Gate] = []
_sorts: dict[str, Sort] = {}


def register_addresses(address_of: Recipients) -> None:
    """Say how a person's address is found when sending; None drops the mail (the person has left)."""
    _address_of[:] = [address_of]


def register_gate(may_go: Gate) -> None:
    """Say how it is asked, when a mail with `only_while` leaves, whether it still may: `may_go(person,
    only_while)`."""
    _gate[:] = [may_go]


def register_sort(name: str, sort: Sort) -> None:
    """Say who is asked about mails whose keys begin with this name and a colon."""
    _sorts[name] = sort


def queue(
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
    """Write a mail in the caller's transaction, and none for a known `key`. Returns whether there was none:
    of two transactions with the same key at the same moment both may read True, and one mail is written.

    `template` names `mail/<template>.txt` (first line: subject) and `.html` beside it, both rendered in
    `language` when sent. Give `person` (address looked up when sending) or a bare `address`.

    `calendar` is an iTIP message (RFC 5546) for the reader's calendar, `method` the METHOD it holds.

    `only_while`: what the mail is about; when it leaves, the gate is asked whether the person may still be
    told of it, and the mail is dropped if not.

    `urgent`: it leaves before everything that waits and is not.

    `ends_at`: where one POST ends further mails of this sort; mail programs offer it (RFC 2369, RFC 8058).

    `sender`: the name beside the site's address; `reply_to`: the address to which answers go. Neither may
    hold a line break: such a mail could not be sent.

    `code`: what a QR code holds that goes along as a picture; the HTML shows it as `cid:code`.
    """
    moment = now()
    heads = {"ends_at": ends_at, "sender": sender, "reply_to": reply_to, "drawn_code": code}
    if any(len(value.splitlines()) > 1 for value in heads.values()):
        raise ValueError("a head of a mail is one line")
    context = {**context, **{name: value for name, value in heads.items() if value}}
    context = _with_condition(context, only_while)
    if OutboxMail.objects.filter(key=key).exists():
        return False
    mail = OutboxMail(
        key=key,
        template=template,
        language=language,
        person=person,
        address=address,
        context=context,
        calendar=calendar,
        method=method,
        urgent=urgent,
        created_at=moment,
        next_try_at=moment,
    )
    OutboxMail.objects.bulk_create([mail], ignore_conflicts=True)  # somebody may write it at this moment
    return True


@dataclass(frozen=True, kw_only=True)
class PersonalMail:
    """A mail to somebody with an account, with the parameters of `queue`."""

    key: str
    template: str
    language: str
    person: UUID
    context: dict[str, Any]
    only_while: tuple[UUID, ...] = ()


def queue_all(mails: Iterable[PersonalMail]) -> None:
    """Write many mails in the caller's transaction, in one query; known keys are not written again."""
    moment = now()
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(
                key=one.key,
                template=one.template,
                language=one.language,
                person=one.person,
                context=_with_condition(one.context, one.only_while),
                created_at=moment,
                next_try_at=moment,
            )
            for one in mails
        ],
        ignore_conflicts=True,
    )


def _with_condition(context: dict[str, Any], only_while: Iterable[UUID]) -> dict[str, Any]:
    about = [str(one) for one in only_while]
    return {**context, "only_while": about} if about else context


def take_back(*, about: str, ending: str = "") -> None:
    """Send none of the mail that waits under keys that begin and end so: what it would tell is over."""
    waiting = OutboxMail.objects.filter(key__startswith=about, state=OutboxMail.State.WAITING)
    waiting.filter(key__endswith=ending).delete()


def known_keys(keys: Collection[str]) -> set[str]:
    """Return which of these keys a mail has or had. One query."""
    return set(OutboxMail.objects.filter(key__in=keys).values_list("key", flat=True))


def forget_keys(keys: Collection[str]) -> None:
    """Delete the rows of these mails, whatever became of them, in one query: not even that they were written
    may be known. One that is just being sent stays."""
    is_sent_now = Q(state=OutboxMail.State.WAITING, leased_until__isnull=False)
    OutboxMail.objects.filter(~is_sent_now, key__in=keys).delete()


def minutes_waited() -> int | None:
    """Return how long the mail at the end of the queue has waited, in whole minutes rounded up.

    None if no mail waits for its first try: nothing is known then about how long a mail takes. One query.
    """
    waiting = OutboxMail.objects.filter(state=OutboxMail.State.WAITING, attempts=0, urgent=False)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    return None if oldest is None else max(1, math.ceil((now() - oldest).total_seconds() / 60))


def drop_for(people: Iterable[UUID]) -> None:
    """Send these people none of the mail that waits for them: the demo's history writes to nobody."""
    waiting = OutboxMail.objects.filter(person__in=list(people), state=OutboxMail.State.WAITING)
    waiting.update(state=OutboxMail.State.DROPPED, context={}, address="", calendar="", leased_until=None)


def forget(people: Iterable[UUID]) -> None:
    """Delete every row about these people, whose accounts go."""
    OutboxMail.objects.filter(person__in=list(people)).delete()


def deliver_due(*, seconds: float | None = None) -> int:
    """Send every mail whose time has come, one lease at a time; after `seconds`, or where the mail server is
    away, no other one is begun. Returns how many were handled."""
    handled, begun, line = 0, time.monotonic(), _Line()
    try:
        while (mail := _lease()) is not None:
            went_on = _deliver(mail, line)
            handled += 1
            if not went_on or (seconds is not None and time.monotonic() - begun >= seconds):
                break
    finally:
        line.close()
    return handled


class _Line:
    """One connection to the mail server for all mails of a look; after a failure another one is opened."""

    def __init__(self) -> None:
        self._mailer: BaseEmailBackend | None = None

    def send(self, message: EmailMultiAlternatives) -> None:
        if self._mailer is None:
            self._mailer = mailers.default
            self._mailer.open()
        with unless_done(self.close):
            self._mailer.send_messages([message])

    def close(self) -> None:
        mailer, self._mailer = self._mailer, None
        if mailer is not None:
            try:
                mailer.close()
            except OSError as error:  # every mail that it took is sent; the next one opens another
                logger.info("the mail server's connection did not close: %s", type(error).__name__)


def _lease() -> OutboxMail | None:
    moment = now()
    with transaction.atomic():
        waiting = OutboxMail.objects.filter(
            Q(leased_until=None) | Q(leased_until__lt=moment),
            state=OutboxMail.State.WAITING,
            next_try_at__lte=moment,
        ).order_by("-urgent", "next_try_at")
        mail = waiting.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        ).first()
        if mail is None:
            return None
        mail.leased_until = moment + LEASE
        mail.attempts += 1
        mail.save(update_fields=["leased_until", "attempts"])
    return mail


def _put_off(mail: OutboxMail) -> None:
    """Its address is in a database that does not answer: that is no attempt."""
    mail.attempts -= 1
    mail.next_try_at, mail.leased_until = now() + PAUSE, None
    mail.save(update_fields=["attempts", "next_try_at", "leased_until"])


def _deliver(mail: OutboxMail, line: _Line) -> bool:
    """Whether another one can be tried now: not while the mail server is away."""
    try:
        address = mail.address or (_address_of[0](mail.person) if mail.person and _address_of else None)
        goes = bool(address) and _may_go(mail)
        # What it says is read here: from where it is sent, nothing may have it sent again for contacts.
        _ = mail.context, mail.calendar
    except ContactsAway:
        _put_off(mail)
        return True
    if not address or not goes:
        _finish(mail, OutboxMail.State.DROPPED)
        return True
    return _send(mail, address, line)


def _send(mail: OutboxMail, address: str, line: _Line) -> bool:
    try:
        line.send(_compose(mail, address))
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _words in error.recipients.values())
        mail.error = f"refused {code}"
        _finish(mail, OutboxMail.State.FAILED) if code >= 500 else _try_again(mail, PUT_OFF)
    except Exception as error:  # noqa: BLE001  any fault of the mail server must be tried again, never lost
        logger.warning("mail %s could not be sent: %s", mail.template, type(error).__name__)
        mail.error = type(error).__name__
        away = _is_away(error)
        longest = URGENT if mail.urgent else AWAY
        _try_again(mail, longest if away else PUT_OFF)
        return not away
    else:
        _finish(mail, OutboxMail.State.SENT)
    return True


def _is_away(error: Exception) -> bool:
    """Whether the server itself failed, whatever the mail was. smtplib's are errors of the system too."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(
            error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError | smtplib.SMTPAuthenticationError
        )
    return isinstance(error, OSError)


def _try_again(mail: OutboxMail, longest: int) -> None:
    moment = now()
    if mail.attempts >= MOST_ATTEMPTS and moment - mail.created_at >= MOST_WAIT:
        _finish(mail, OutboxMail.State.FAILED)
        return
    mail.next_try_at = moment + datetime.timedelta(seconds=min(longest, 10 * 2 ** min(mail.attempts, 12)))
    mail.leased_until = None
    mail.save(update_fields=["next_try_at", "leased_until", "error"])


def _sort_of(key: str) -> Sort | None:
    return _sorts.get(key.partition(":")[0])


def _may_go(mail: OutboxMail) -> bool:
    sort = _sort_of(mail.key)
    if sort is not None and not sort.may_go(mail.key):
        return False
    about = mail.context.get("only_while")
    return not about or mail.person is None or not _gate or _gate[0](mail.person, about)


def _finish(mail: OutboxMail, state: OutboxMail.State) -> None:
    mail.state = state
    mail.sent_at = now() if state == OutboxMail.State.SENT else None
    mail.leased_until, mail.context, mail.address, mail.calendar = None, {}, "", ""
    try:
        with transaction.atomic():
            _keep_end(mail)
            tell_end(mail.key, {"state": state, "error": mail.error})
    except ContactsAway:  # whoever is told needed them: it hears later, and what was sent stays sent
        with transaction.atomic():
            _keep_end(mail)
            _tell_end_later(mail.key, {"state": state, "error": mail.error})


def _keep_end(mail: OutboxMail) -> None:
    mail.save(update_fields=["state", "sent_at", "leased_until", "context", "address", "calendar", "error"])


def _tell_end_later(key: str, end: dict[str, str]) -> None:
    scheduler.schedule(kind=TELL_END, key=key, due_at=now() + PAUSE, payload=end)


def tell_end_when_they_are_back(key: str, end: dict[str, str]) -> None:
    """The same, however long the contacts' database is away: due work gives up after some tries."""
    try:
        with transaction.atomic():
            tell_end(key, end)
    except ContactsAway:
        _tell_end_later(key, end)


def tell_end(key: str, end: dict[str, str]) -> None:
    """Tell whoever wrote the mail what became of it (`Sort.ended`)."""
    if (sort := _sort_of(key)) is not None:
        sort.ended(key, OutboxMail.State(end["state"]), end["error"])


def _compose(mail: OutboxMail, address: str) -> EmailMultiAlternatives:
    context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **mail.context}
    with translation.override(mail.language):
        subject, _, body = render_to_string(f"mail/{mail.template}.txt", context).strip().partition("\n")
        html = render_to_string(f"mail/{mail.template}.html", {**context, "subject": subject})
    message = EmailMultiAlternatives(subject=subject.strip(), body=body.strip() + "\n", to=[address])
    message.attach_alternative(html, "text/html")
    _put_heads(message, mail)
    if code := mail.context.get("drawn_code"):
        message.attach(codes.part_with(code))
    if mail.calendar:
        _put_in_calendar(message, mail.calendar, mail.method)
    return message


def mark_of(key: str) -> str:
    """What stands before the @ of the Message-ID that mails of this key have."""
    return salted_hmac("coalition.outbox", key, algorithm="sha256").hexdigest()[:40]


def came_back(mail: OutboxMail, code: str) -> None:
    """A mail that was sent did not arrive, as a mail server said later: `code` is its status (RFC 3463)."""
    with transaction.atomic():
        mail.state, mail.error = OutboxMail.State.FAILED, f"came back {code}"
        mail.save(update_fields=["state", "error"])
        if (sort := _sort_of(mail.key)) is not None:
            sort.ended(mail.key, mail.state, mail.error)


def _put_heads(message: EmailMultiAlternatives, mail: OutboxMail) -> None:
    """A key has one Message-ID: should a mail leave twice, because a worker died between the server's word
    and ours, mailboxes know it for the same."""
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message.extra_headers["Message-ID"] = f"<{mark_of(mail.key)}@{own.rpartition('@')[2]}>"
    if sender := mail.context.get("sender"):
        message.from_email = str(Address(display_name=sender, addr_spec=own))
    if reply_to := mail.context.get("reply_to"):
        message.reply_to = [reply_to]
    if ends_at := mail.context.get("ends_at"):
        message.extra_headers |= {
            "List-Unsubscribe": f"<{ends_at}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }


def _put_in_calendar(message: EmailMultiAlternatives, calendar: str, method: str) -> None:
    """Add the calendar twice, as large mail services do.

    Gmail, Outlook and Apple Mail act on the last alternative, whose `method` must be that of the calendar
    (RFC 6047, 2.4). The file is for programs that show the words only: it opens in any calendar. They
    believe an organiser who sends the mail.
    """
    organiser = Address(display_name=settings.SITE_NAME, addr_spec=settings.CALENDAR_ADDRESS)
    message.from_email = str(organiser)
    message.attach_alternative(calendar, f'text/calendar; method="{method}"')
    message.attach("invite.ics", calendar.encode(), "application/ics")
