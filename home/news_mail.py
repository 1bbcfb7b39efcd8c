"""News by mail: subscription, the link in mails, forms.

No tracking: a mail contains our words and addresses, and no picture.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, override

from coalition.applicants.flow import Flow, applicant_mail_key, delete_unproved, request_proof
from coalition.applicants.forms import MailAddressField, owner_prints
from coalition.consent.site import is_page_under_consent
from coalition.core.clock import now
from coalition.core.throttling import refuse_flood
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from home.models import NewsByMail, NewsPage, Topic
from home.models.record import SubscriptionState

SEND_NEWS_WORK = "home.news_by_mail"
MAILS_A_TRANSACTION = 500  # mails written in one transaction


class NewsFlow(Flow[NewsByMail]):
    """Subscriptions. Links mailed before December 2026 have a random token, stored with the row."""

    def token(self, applicant: NewsByMail) -> str:
        return applicant.token or super().token(applicant)


NEWS = NewsFlow(
    purpose="home.news_by_mail",
    model=NewsByMail,
    own_page="news_by_mail_own",
    mail_template="home/news_confirm",
    mail_context=lambda subscription: {"known": subscription.state == SubscriptionState.CONFIRMED},
    prints=owner_prints,
)


def request_news(*, address: str, language: str, topics: Iterable[str]) -> None:
    """Mail the link that confirms, or, to a subscriber, the link that changes and ends it.

    The response is the same for everyone. Raises TooManyRequests above the hourly limit of the site.
    """
    refuse_flood(NewsByMail.objects.all())
    rows = NewsByMail.objects.select_for_update().filter(language=language)
    try:
        with transaction.atomic():
            subscription = NEWS.find_by_address(address, rows)
            if subscription is None:
                subscription = NEWS.new(address=address, language=language, written_at=now())
            if subscription.state == SubscriptionState.UNCONFIRMED:
                NEWS.fill(subscription, address=address, language=language, topics=list(topics))
                subscription.save()
            request_proof(NEWS, subscription)
    except IntegrityError:
        return  # the same address twice at once: the other request sends the mail


def confirm_news(*, subscription: NewsByMail) -> None:
    """Confirm the address: from now on it gets the news. Idempotent."""
    NewsByMail.objects.filter(pk=subscription.pk).update(state=SubscriptionState.CONFIRMED)


def change_topics(*, subscription: NewsByMail, topics: Iterable[str]) -> None:
    """Restrict the news to these topics; none chosen: all news."""
    NewsByMail.objects.filter(pk=subscription.pk).update(topics=list(topics))


def end_news(*, subscription: NewsByMail) -> None:
    """Delete the address and its queued mails."""
    with transaction.atomic():
        for template in ("home/news", NEWS.mail_template):
            outbox.delete_waiting_mail(about=applicant_mail_key(template, subscription.uuid, ""))
        NewsByMail.objects.filter(pk=subscription.pk).delete()


def delete_unconfirmed_addresses() -> int:
    """Delete unconfirmed addresses. Return the number."""
    return delete_unproved(NewsByMail, state=SubscriptionState.UNCONFIRMED)


def _may_still_go(key: str) -> bool:
    """Whether a queued mail may be sent: its page is live and under no consent in any language."""
    page = NewsPage.objects.live().filter(pk=int(key.rpartition(":")[2])).select_related("locale").first()
    return page is not None and not is_page_under_consent(page)


def register_news_mail() -> None:
    """Register from `AppConfig.ready()`: each mail asks again right before it is sent."""
    category = outbox.MailCategory(may_go=_may_still_go, ended=lambda _key, _state, _error: None)
    outbox.register_mail_category(
        applicant_mail_key("home/news", UUID(int=0), "").partition(":")[0], category
    )


def drop_news_mail(page: NewsPage) -> None:
    """Delete queued mails about this page, which is no longer public."""
    scheduler.cancel(kind=SEND_NEWS_WORK, key=str(page.pk))
    outbox.delete_waiting_mail(about="news:", ending=f":{page.pk}")


def send_news_due(key: str, _payload: dict[str, Any]) -> None:
    """Queue the mails about a live page, a few hundred in a transaction. Nobody gets two."""
    last = 0
    while True:
        with transaction.atomic():
            page = NewsPage.objects.live().select_for_update(of=("self",)).filter(pk=int(key)).first()
            if page is None or is_page_under_consent(page):
                return
            about = {str(topic.translation_key) for topic in page.topics.all()}
            confirmed = NewsByMail.objects.filter(
                state=SubscriptionState.CONFIRMED, language=page.locale.language_code, pk__gt=last
            )
            some = list(confirmed.order_by("pk")[:MAILS_A_TRANSACTION])
            for subscription in some:
                if not subscription.topics or about & set(subscription.topics):
                    _queue_news_mail(subscription, page)
        if len(some) < MAILS_A_TRANSACTION:
            return
        last = some[-1].pk


def _queue_news_mail(subscription: NewsByMail, page: NewsPage) -> None:
    with override(subscription.language):
        ends_at = absolute_url(reverse("news_by_mail_end", args=[NEWS.token(subscription)]))
    outbox.queue_mail(
        key=applicant_mail_key("home/news", subscription.uuid, page.pk),
        template="home/news",
        language=subscription.language,
        address=subscription.address,
        context={
            "title": page.title,
            "kind": page.kind_label,
            "lead": page.lead,
            "button_url": absolute_url(page.get_url()),
            "own_url": NEWS.link(subscription),
        },
        ends_at=ends_at,  # one POST (RFC 8058)
    )


class TopicsForm(forms.Form):
    """Choose topics of news, or all."""

    def __init__(self, *args: Any, topics: Iterable[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices := [(str(topic.translation_key), topic.name) for topic in topics]:
            self.fields["topics"] = forms.MultipleChoiceField(
                label=_("About what"),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Choose nothing and you get all news."),
            )


class NewsByMailForm(TopicsForm):
    """Subscribe to news by mail."""

    address = MailAddressField(label=_("Your e-mail address"))
