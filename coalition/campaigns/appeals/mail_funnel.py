"""Whether mails that ask supporters to confirm arrive: by mail provider, and only where it is a large one.

A row learns its provider when its mail has left, and never the rest of the address. Providers that few people
use are together: their names would tell who somebody is.
"""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from coalition.campaigns.appeals.enums import MailState, SupportState
from coalition.campaigns.appeals.models import Appeal, Support
from coalition.core.throttling import LINKS_A_DAY
from coalition.mail import outbox
from coalition.mail.models import OutboxMail

MAIL_KEY: Final = "campaigns.support.link"  # begins the keys of mails to supporters
LEAST_SHOWN: Final = 10  # mails of a provider; fewer are told together with others
LEAST_JUDGED: Final = 30  # mails before anybody is alarmed
HALF: Final = 0.5  # of the share that confirms elsewhere: less is alarming
RETURNED_SHARE: Final = 0.1  # of mails that came back: more is alarming
OTHERS: Final = ""
# Providers that many people in Kazakhstan use, by domain. What a row keeps is the name, 20 letters at most.
PROVIDERS: Final[dict[str, str]] = {
    "gmail.com": "gmail.com",
    "googlemail.com": "gmail.com",
    "mail.ru": "mail.ru",
    "bk.ru": "mail.ru",
    "inbox.ru": "mail.ru",
    "list.ru": "mail.ru",
    "internet.ru": "mail.ru",
    "mail.kz": "mail.kz",
    "yandex.ru": "yandex",
    "yandex.kz": "yandex",
    "yandex.com": "yandex",
    "ya.ru": "yandex",
    "icloud.com": "icloud.com",
    "me.com": "icloud.com",
    "outlook.com": "outlook.com",
    "hotmail.com": "outlook.com",
    "live.com": "outlook.com",
    "yahoo.com": "yahoo.com",
    "rambler.ru": "rambler.ru",
    "proton.me": "proton.me",
    "protonmail.com": "proton.me",
}


def provider_of(address: str) -> str:
    """Return the large provider of an address, `OTHERS` for every other one."""
    return PROVIDERS.get(address.rpartition("@")[2].strip().lower(), OTHERS)


@dataclass(frozen=True)
class ProviderMails:
    """Mails of one provider: accepted by it, come back, and confirmed by their readers."""

    provider: str
    accepted: int
    returned: int
    confirmed: int
    falls_behind: bool = False

    @property
    def share(self) -> float:
        """Which part of the mails that it took was confirmed."""
        return self.confirmed / self.accepted if self.accepted else 0.0


def mail_funnel(appeal: Appeal) -> list[ProviderMails]:
    """Return the providers with `LEAST_SHOWN` mails or more, the others as one, the largest first. One query.

    Of the rows that are there: those that nobody confirmed are deleted after seven days.
    """
    confirmed = ~Q(state=SupportState.UNCONFIRMED)
    counts = (
        Support.objects.filter(appeal=appeal)
        .exclude(mail_state="")
        .order_by()
        .values("provider")
        .annotate(
            accepted=Count("pk", filter=Q(mail_state=MailState.ACCEPTED)),
            returned=Count("pk", filter=Q(mail_state=MailState.RETURNED)),
            confirmed=Count("pk", filter=confirmed & Q(mail_state=MailState.ACCEPTED)),
        )
    )
    return judged_funnel([ProviderMails(**row) for row in counts])


def judged_funnel(rows: list[ProviderMails]) -> list[ProviderMails]:
    """Put small providers together and say which one falls behind the rest. Pure."""
    shown = [row for row in rows if row.provider != OTHERS and row.accepted + row.returned >= LEAST_SHOWN]
    rest = [row for row in rows if row not in shown]
    together = ProviderMails(
        OTHERS,
        accepted=sum(row.accepted for row in rest),
        returned=sum(row.returned for row in rest),
        confirmed=sum(row.confirmed for row in rest),
    )
    if together.accepted + together.returned >= LEAST_SHOWN:
        shown.append(together)
    judged = [replace(row, falls_behind=_falls_behind(row, shown)) for row in shown]
    return sorted(judged, key=lambda row: (-(row.accepted + row.returned), row.provider))


def _falls_behind(row: ProviderMails, rows: list[ProviderMails]) -> bool:
    mails = row.accepted + row.returned
    if mails < LEAST_JUDGED:
        return False
    if row.returned > RETURNED_SHARE * mails:
        return True
    others = [one for one in rows if one.provider != row.provider]
    accepted = sum(one.accepted for one in others)
    if accepted < LEAST_JUDGED:
        return False
    return row.share < HALF * sum(one.confirmed for one in others) / accepted


def register_mail_funnel() -> None:
    """Have the outbox tell what became of the mails. Called once, from `Capability.connect`."""
    outbox.register_sort(MAIL_KEY, outbox.Sort(may_go=may_mail_go, ended=note_mail_end))


def may_mail_go(key: str) -> bool:
    """Whether a mail of this key leaves: the first few of a day and supporter. Somebody who types another
    person's address again and again must not fill that mailbox, nor see that nothing was queued."""
    return int(key.rpartition(":")[2]) < LINKS_A_DAY


def note_mail_end(key: str, state: OutboxMail.State, _error: str) -> None:
    """Write into the support what became of its mail, and by which provider, in the outbox's transaction.

    `key`: `MAIL_KEY`, a colon, the support's UUID, the day, and the number of the mail on it.
    """
    known = {OutboxMail.State.SENT: MailState.ACCEPTED, OutboxMail.State.FAILED: MailState.RETURNED}
    support = Support.objects.filter(uuid=UUID(key.split(":")[1])).first()
    if support is None or state not in known:
        return
    provider = support.provider or provider_of(support.address)
    Support.objects.filter(pk=support.pk).update(mail_state=known[state], provider=provider)
