"""News by mail: nobody gets a mail without having confirmed it, and whoever ends it gets none any more."""

import datetime
import re

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import Locale

from coalition.applicants.flow import DAYS_UNPROVED
from coalition.core import clock
from coalition.core.clock import freeze_clock_at
from coalition.core.throttling import fingerprint, hash_token
from coalition.jobs import scheduler
from coalition.mail.outbox import deliver_due
from documents.drafts.actions.manage import name_version
from documents.publication.actions import publish_approved
from home import news_mail
from home.models import NewsByMail, Topic
from tests.documents.approval.builders import stage
from tests.filled import filled

pytestmark = pytest.mark.django_db
READER = "reader@tests.example"


@pytest.fixture
def topic(site):
    english = Locale.objects.get(language_code="en")
    return Topic.objects.create(name="Court", slug="court", locale=english)


@pytest.fixture
def asked(site, client):
    """`asked("en", topics=[…])`: somebody asked; returns the address in the mail."""

    def make(language: str = "en", address: str = READER, **given: object) -> str:
        answer = client.post(f"/{language}/news-by-mail/", {"address": address, **given})
        assert answer.url == f"/{language}/news-by-mail/sent/"
        deliver_due()
        return re.search(r"https?://[^/]+(\S+)", mail.outbox[-1].body).group(1)

    return make


@pytest.fixture
def reader(asked, client):
    """`reader(topics=[…])`: a confirmed reader of the English news; returns the address of their own page."""

    def make(**given: object) -> str:
        own = asked(**given)
        assert client.post(own, {"act": "confirm"}).status_code == 302
        mail.outbox.clear()
        return own

    return make


def sent() -> list:
    scheduler.run_due(worker="test")
    deliver_due()
    return [one for one in mail.outbox if "news-by-mail" in one.body]


def test_only_a_confirmed_address_gets_the_news(asked, client, news):
    own = asked()
    assert client.get(own).status_code == 200  # a mail scanner looks
    mail.outbox.clear()
    news("Before")
    assert sent() == []
    client.post(own, {"act": "confirm"})
    news("After")
    (told,) = sent()
    assert (told.subject, told.to) == ("After", [READER])
    assert "Lead of After" in told.body
    assert "/en/news/after/" in told.body


def test_each_reader_hears_once_of_each_piece_of_news(reader, news):
    reader()
    page = news("Once")
    assert len(sent()) == 1
    page.lead = "Changed"
    page.save_revision().publish()
    assert len(sent()) == 1
    news_mail.send_news_due(str(page.pk), {})
    assert len(sent()) == 1


def test_approved_words_are_told_when_they_are_published_and_not_again_when_corrected(reader):
    reader()
    held = stage(2)
    publication = held.publish("en")
    (told,) = sent()
    assert told.subject == publication.texts.get(language="en").document["title"]
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    held.write("Corrected.", "en")
    version = name_version(access=held.access, text=held.text("en"), name="Corrected")
    round_ = held.put(versions=[version])
    held.approve_all(round_)
    publish_approved(access=held.access, round_=round_, correction_note="One word.")
    assert len(sent()) == 1


def test_other_languages_and_topics_are_not_told(reader, news, topic):
    reader(topics=[str(topic.translation_key)])
    news("In Russian", language="ru")
    news("On something else")
    assert sent() == []
    page = news("On this", topics=[topic])
    assert [topic.pk] == [one.pk for one in page.topics.all()]
    assert [one.subject for one in sent()] == ["On this"]


def test_what_is_taken_back_before_the_mail_leaves_is_told_to_nobody(reader, news):
    reader()
    first = news("Planned")
    first.unpublish()
    second = news("Written")
    scheduler.run_due(worker="test")
    second.unpublish()
    deliver_due()
    assert mail.outbox == []


def test_one_post_of_the_mail_program_ends_it_and_deletes_the_address(reader, news, client):
    reader()
    news("First")
    address = re.search(r"<https?://[^/]+(.+)>", sent()[0].extra_headers["List-Unsubscribe"]).group(1)
    strict = client.__class__(enforce_csrf_checks=True)
    assert "button" in strict.get(address).content.decode()
    assert NewsByMail.objects.exists()
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not NewsByMail.objects.exists()
    mail.outbox.clear()
    news("Second")
    assert sent() == []
    assert strict.get(address).status_code == 404


def test_what_waits_for_who_ended_it_is_not_sent(reader, news, client):
    own = reader()
    news("Waiting")
    scheduler.run_due(worker="test")
    client.post(own, {"act": "end"})
    deliver_due()
    assert mail.outbox == []


def test_asking_again_tells_only_the_owner_of_the_address(reader, asked, client):
    own = reader()
    before = client.post("/en/news-by-mail/", {"address": "other@tests.example"})
    again = client.post("/en/news-by-mail/", {"address": READER.upper()})
    assert (before.status_code, before.url) == (again.status_code, again.url)
    deliver_due()
    (told,) = [one for one in mail.outbox if one.to == [READER]]
    assert "You get it already" in told.body
    assert own in told.body
    assert NewsByMail.objects.get(language="en", state="confirmed").topics == []


def test_an_address_gets_three_links_a_day(asked, client):
    for _turn in range(5):
        client.post("/en/news-by-mail/", {"address": READER})
    deliver_due()
    assert len(mail.outbox) == 3


def test_choice_is_changed_by_the_link(reader, topic, client):
    own = reader()
    assert client.post(own, {"act": "topics", "topics": ["wrong"]}).status_code == 200
    assert NewsByMail.objects.get().topics == []


def test_wrong_words_come_back_with_what_was_typed(site, client):
    answer = client.post("/kk/news-by-mail/", {"address": "no address"})
    assert answer.status_code == 422
    assert 'value="no address"' in answer.content.decode()
    assert not NewsByMail.objects.exists()


def test_addresses_are_not_readable_in_the_database(asked):
    asked()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM home_newsbymail")
        assert READER not in repr(cursor.fetchall())
        cursor.execute("SELECT * FROM outbox_outboxmail")
        assert READER not in repr(cursor.fetchall())


def test_an_address_that_nobody_confirmed_is_forgotten(asked, reader):
    asked(address="never@tests.example")
    reader()
    later = clock.now() + datetime.timedelta(days=DAYS_UNPROVED + 1)
    with freeze_clock_at(later):
        news_mail.delete_unconfirmed_addresses()
    assert [row.address for row in NewsByMail.objects.all()] == [READER]


def test_pages_are_there_in_three_languages(site, client):
    for language in ("kk", "ru", "en"):
        assert 'name="address"' in client.get(f"/{language}/news-by-mail/").content.decode()
        assert client.get(f"/{language}/news-by-mail/sent/").status_code == 200
        assert client.get(f"/{language}/news-by-mail/no-such-token/").status_code == 404
    assert f'href="{reverse("news_by_mail")}"' in client.get("/en/").content.decode()


def test_links_mailed_with_a_random_token_stay(site, client, news):
    """Subscriptions from before the flow: a random token, and another print of the address."""
    row = filled(
        NewsByMail,
        address=READER,
        address_print=fingerprint(READER),
        language="en",
        state="confirmed",
        token="random",
        token_hash=hash_token("random"),
    )
    assert client.get("/en/news-by-mail/random/").status_code == 200
    client.post("/en/news-by-mail/", {"address": READER})
    deliver_due()
    assert "/en/news-by-mail/random/" in mail.outbox[-1].body
    assert NewsByMail.objects.count() == 1
    news("After")
    assert "/en/news-by-mail/random/end/" in sent()[-1].extra_headers["List-Unsubscribe"]
    client.post("/en/news-by-mail/random/end/")
    assert not NewsByMail.objects.filter(pk=row.pk).exists()


def test_another_site_cannot_end_it_by_the_page(reader, client):
    own = reader()
    answer = client.post(own, {"act": "end"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "did not come from our own page" in answer.content.decode()
    assert NewsByMail.objects.exists()
