"""News about a page under consent goes by no mail, also if the page comes under it while mails are queued."""

import pytest
from django.core import mail
from django.utils.timezone import localdate

from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from home.models import NewsByMail, NewsPage
from home.news_mail import send_news_due
from tests.consent.builders import consent_asked, put_under_consent
from tests.home.conftest import news_page
from tests.home.consent.canaries import key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(site) -> NewsPage:
    page = news_page("Marigoldpage")
    NewsByMail.objects.create(
        address="a@b.example", language="en", state="confirmed", day=localdate(now()), written_at=now()
    )
    send_news_due(str(page.pk), {})
    assert OutboxMail.objects.filter(key__endswith=f":{page.pk}", state="waiting").count() == 1
    return page


def states(page: NewsPage) -> list[str]:
    deliver_due()
    return list(OutboxMail.objects.filter(key__endswith=f":{page.pk}").values_list("state", flat=True))


def test_mail_about_a_public_page_is_sent(queued):
    assert states(queued) == [OutboxMail.State.SENT]
    assert "Marigoldpage" in mail.outbox[0].subject + mail.outbox[0].body


def test_queued_mail_asks_again_when_it_is_sent(queued):
    put_under_consent(consent_asked(), "page", key_of(queued), places=["site"])  # no mail was deleted
    assert states(queued) == [OutboxMail.State.DROPPED]
    assert not [one for one in mail.outbox if "Marigoldpage" in one.subject + str(one.body)]


def test_queued_mail_about_a_page_that_is_gone_or_not_public_is_dropped(queued):
    NewsPage.objects.update(live=False)
    assert states(queued) == [OutboxMail.State.DROPPED]
