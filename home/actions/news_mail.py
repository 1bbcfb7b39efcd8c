"""News by mail: asked for, confirmed by a link, changed and ended by the same link; one mail a piece of news.

Nothing is counted or watched: a mail holds the words and addresses of ours, and no picture.
"""

import datetime
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import days_ago, delete_in_batches
from coalition.core.throttling import fingerprint
from coalition.core.tokens import hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from home.models import NewsByMail, NewsPage
from home.queries import readers_of, topic_keys

CONFIRMATION_DAYS = 7  # an unconfirmed address is kept
HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 300  # links of the whole site: more is not people who ask
MOST_OF_AN_ADDRESS = 3  # links a day
SEND_NEWS_WORK = "home.news_by_mail"
MAILS_A_TRANSACTION = 500  # mails written in one transaction


def request_news(*, address: str, language: str, topics: Iterable[str]) -> None:
    """Mail the link that confirms, or, to who has the news already, the link that changes and ends it.

    Whoever asks is told the same. Raises Refused if so many ask that it is no longer people.
    """
    moment, mark = now(), fingerprint(address)
    rows = NewsByMail.objects.all()
    if rows.filter(asked_at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
        raise Refused(_("So many have asked within an hour that we cannot take more. Try again later."))
    day = moment.date().isoformat()
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            row, _fresh = rows.select_for_update().get_or_create(
                address_print=mark,
                language=language,
                defaults={
                    "address": address.strip().lower(),
                    "token": token,
                    "token_hash": hash_token(token),
                    "asked_at": moment,
                },
            )
            if row.confirmed_at is None:
                row.topics, row.asked_at = list(topics), moment
                row.save(update_fields=["topics", "asked_at"])
            for number in range(MOST_OF_AN_ADDRESS):
                if _queue_link_mail(f"{day}:{number}", row, "home/news_confirm"):
                    break
    except IntegrityError:
        return  # the same address twice in one moment: the other one writes the mail


def _queue_link_mail(key: str, row: NewsByMail, template: str) -> bool:
    return outbox.queue_mail(
        key=f"news-link:{row.uuid}:{key}",
        template=template,
        language=row.language,
        address=row.address,
        context={
            "button_url": own_page_url(row),
            "days": CONFIRMATION_DAYS,
            "known": row.confirmed_at is not None,
        },
    )


def own_page_url(row: NewsByMail) -> str:
    """The whole address of the page on which this one is confirmed, changed and ended."""
    with override(row.language):
        return absolute_url(reverse("news_by_mail_own", args=[row.token]))


def unsubscribe_url(row: NewsByMail) -> str:
    """The address that ends it with one POST (RFC 8058)."""
    with override(row.language):
        return absolute_url(reverse("news_by_mail_end", args=[row.token]))


def confirm_news(row: NewsByMail) -> None:
    """The address is its owner's: from now on it gets the news. A second press changes nothing."""
    NewsByMail.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=now())


def change_topics(row: NewsByMail, topics: Iterable[str]) -> None:
    """From now on only news about these topics; none chosen: all news."""
    NewsByMail.objects.filter(pk=row.pk).update(topics=list(topics))


def end_news(row: NewsByMail) -> None:
    """Delete the address, and send none of the mails that wait for it."""
    with transaction.atomic():
        outbox.delete_waiting_mail(about=f"news:{row.uuid}:")
        outbox.delete_waiting_mail(about=f"news-link:{row.uuid}:")
        NewsByMail.objects.filter(pk=row.pk).delete()


def delete_unconfirmed_addresses() -> int:
    """Delete the addresses that nobody confirmed. Returns how many."""
    return delete_in_batches(
        NewsByMail.objects.filter(confirmed_at=None, asked_at__lt=days_ago(CONFIRMATION_DAYS))
    )


def drop_news_mail(page: NewsPage) -> None:
    """Send none of the mails about this page that wait: it is not public any more."""
    scheduler.cancel(kind=SEND_NEWS_WORK, key=str(page.pk))
    outbox.delete_waiting_mail(about="news:", ending=f":{page.pk}")


def send_news_due(key: str, _payload: dict[str, Any]) -> None:
    """Write the mails about a live page, a few hundred in a transaction. Whoever has one gets no second."""
    last = 0
    while True:
        with transaction.atomic():
            page = NewsPage.objects.live().select_for_update(of=("self",)).filter(pk=int(key)).first()
            if page is None:
                return
            about, some = topic_keys(page), list(readers_of(page, after=last)[:MAILS_A_TRANSACTION])
            for row in some:
                if not row.topics or about & set(row.topics):
                    _queue_news_mail(row, page)
        if len(some) < MAILS_A_TRANSACTION:
            return
        last = some[-1].pk


def _queue_news_mail(row: NewsByMail, page: NewsPage) -> None:
    outbox.queue_mail(
        key=f"news:{row.uuid}:{page.pk}",
        template="home/news",
        language=row.language,
        address=row.address,
        context={
            "title": page.title,
            "kind": page.kind_label,
            "lead": page.lead,
            "button_url": absolute_url(page.get_url()),
            "own_url": own_page_url(row),
        },
        ends_at=unsubscribe_url(row),
    )
