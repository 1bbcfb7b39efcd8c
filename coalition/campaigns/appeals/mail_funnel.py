"""Whether mails that ask supporters to confirm arrive: by mail provider, and only where it is a large one.

An unconfirmed support knows its provider and what became of its mail. When it is confirmed, or deleted after
a week, both become a row of counts that leads to nobody (`SupportMailCount`). Providers that few people use
are together: their names would tell who somebody is.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.db import connection, transaction
from django.db.models import Count, Sum

from coalition.campaigns.appeals.enums import MailState, SupportState
from coalition.campaigns.appeals.flow import PROVED
from coalition.campaigns.appeals.models import Appeal, Support, SupportMailCount, SupportSignal
from coalition.mail import outbox
from coalition.mail.models import OutboxMail

CONFIRM_MAILS: Final = "support-confirm"  # begins the keys of mails that ask to confirm (`queue_mail`)
COUNTED_MAILS: Final = "support-counted"  # of those that say that the mailbox is counted already
ADDED_UP: Final = (MailState.ACCEPTED, MailState.RETURNED)
BATCH_SIZE: Final = 2000  # rows of counts in one transaction
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
    """Return the providers with `LEAST_SHOWN` mails or more, the others as one, the largest first. Two
    queries."""
    past = SupportMailCount.objects.filter(appeal=appeal).order_by()
    kinds = past.values_list("provider", "mail_state", "is_confirmed").annotate(sum=Sum("count"))
    waiting = Support.objects.filter(
        appeal=appeal, state=SupportState.UNCONFIRMED, mail_state__in=ADDED_UP
    ).order_by()
    now_waiting = waiting.values_list("provider", "mail_state").annotate(count=Count("pk"))
    accepted, returned, confirmed = Counter[str](), Counter[str](), Counter[str]()
    for provider, state, is_confirmed, count in [
        *kinds,
        *((provider, state, False, count) for provider, state, count in now_waiting),
    ]:
        (accepted if state == MailState.ACCEPTED else returned)[provider] += count
        confirmed[provider] += count if is_confirmed and state == MailState.ACCEPTED else 0
    names = {*accepted, *returned}
    return judged_funnel(
        [ProviderMails(one, accepted[one], returned[one], confirmed[one]) for one in sorted(names)]
    )


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


def add_mail_counts(supports: Iterable[Support], *, is_confirmed: bool) -> None:
    """Keep, as counts, what became of these supports' mails. The caller empties or deletes the rows, in the
    same transaction."""
    counts = Counter((row.appeal_id, row.provider, row.mail_state) for row in supports)
    SupportMailCount.objects.bulk_create(
        SupportMailCount(
            appeal_id=appeal, provider=provider, mail_state=state, is_confirmed=is_confirmed, count=count
        )
        for (appeal, provider, state), count in counts.items()
        if state in ADDED_UP
    )


def add_up_mail_counts() -> int:
    """Make one row of the counts that are alike. Returns how many went. Two workers may do it at once."""
    skips = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = list(SupportMailCount.objects.select_for_update(skip_locked=skips).order_by("pk")[:BATCH_SIZE])
        sums: Counter[tuple[int, str, str, bool]] = Counter()
        for row in rows:
            sums[row.appeal_id, row.provider, row.mail_state, row.is_confirmed] += row.count
        if len(sums) == len(rows):
            return 0
        SupportMailCount.objects.filter(pk__in=[row.pk for row in rows]).delete()
        SupportMailCount.objects.bulk_create(
            SupportMailCount(
                appeal_id=appeal, provider=provider, mail_state=state, is_confirmed=is_confirmed, count=count
            )
            for (appeal, provider, state, is_confirmed), count in sums.items()
        )
    return len(rows) - len(sums)


def forget_mails_of(supports: Iterable[Support]) -> None:
    """Delete the outbox's rows of mails that asked these to confirm: a row holds the moment."""
    outbox.delete_mail_by_keys([f"{CONFIRM_MAILS}:{row.uuid}:{row.uuid}" for row in supports])


def detach_askings(supports: Iterable[Support]) -> None:
    """Prepare unconfirmed rows for their deletion, in the caller's transaction: their mails go, their signals
    stay without them, so that a burst is still seen."""
    rows = list(supports)
    forget_mails_of(rows)
    SupportSignal.objects.filter(support__in=[row.pk for row in rows]).update(support=None)


def delete_askings(supports: Iterable[Support]) -> None:
    """Delete unconfirmed rows and their mails, in the caller's transaction."""
    rows = list(supports)
    detach_askings(rows)
    keys = [row.pk for row in rows]
    Support.objects.filter(pk__in=keys, state=SupportState.UNCONFIRMED).delete()


def register_mail_funnel() -> None:
    """Have the outbox tell what became of the mails. Called once, from `Capability.connect`."""
    sort = outbox.MailCategory(may_go=may_mail_go, ended=note_mail_end)
    outbox.register_mail_category(CONFIRM_MAILS, sort)
    outbox.register_mail_category(COUNTED_MAILS, sort)


def may_mail_go(key: str) -> bool:
    """Whether a mail of this key leaves: not one too many to its mailbox, which was queued so that nobody
    sees a difference, nor one about a support that is gone meanwhile."""
    name, about, asking = key.split(":")
    if not Support.objects.filter(uuid=asking).exclude(mail_state=MailState.LIMITED).exists():
        return False
    return name == CONFIRM_MAILS or Support.objects.filter(uuid=about, state__in=PROVED).exists()


def note_mail_end(key: str, state: OutboxMail.State, _error: str) -> None:
    """Write into the support what became of its mail, in the outbox's transaction.

    `key`: `CONFIRM_MAILS` or `COUNTED_MAILS`, the UUID of the support whose link it holds, and that of the
    asking. Nothing is left of an asking whose mail did not leave or went to somebody who is counted already,
    nor a row of the outbox, which holds the moment, of who has confirmed.
    """
    name, _about, asking = key.split(":")
    known = {OutboxMail.State.SENT: MailState.ACCEPTED, OutboxMail.State.FAILED: MailState.RETURNED}
    row = Support.objects.select_for_update().filter(uuid=asking, state=SupportState.UNCONFIRMED).first()
    if row is not None and name == CONFIRM_MAILS and state in known:
        Support.objects.filter(pk=row.pk).update(mail_state=known[state])
        return
    if row is not None:
        delete_askings([row])
    outbox.delete_mail_by_keys([key])
