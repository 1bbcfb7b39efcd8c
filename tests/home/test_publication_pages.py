"""A page of a publication is a projection of the record: whether it is public, its address and its words."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page

from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.workspaces.models import Notification
from documents.drafts.actions.manage import name_version
from documents.models import Publication
from documents.publication.actions import publish_approved, withdraw_publication
from home.frontend_cache import run_timers
from home.models import NewsIndexPage, NewsPage, SearchItem
from home.publication_pages import sync_pages_with_record
from tests.documents.approval.builders import Stage, stage
from tests.factories import UserFactory
from tests.recording import recorded

pytestmark = pytest.mark.django_db

WORDS = "We ask for a law"
NOTE = "A number was wrong."


@recorded
def withdrawn() -> Stage:
    """A stage whose only publication, in English, was withdrawn."""
    made = stage(2)
    withdraw_publication(access=made.access, publication=made.publish("en"), note=NOTE)
    return made


@pytest.fixture
def made(site) -> Stage:
    """The stage of the withdrawn publication."""
    return withdrawn()


@pytest.fixture
def page(made) -> NewsPage:
    """The page of the withdrawn publication."""
    return NewsPage.objects.get()


def set_live(page: NewsPage, *, live: bool = True) -> None:
    """Change the row as only SQL can."""
    Page.objects.filter(pk=page.pk).update(live=live)


def assert_gone(client, page: NewsPage) -> None:
    """Nobody reads the title, the words or the names anywhere; the address says that they were withdrawn."""
    answer = client.get(f"/en/news/{page.slug}/")
    assert answer.status_code == 410
    assert NOTE in answer.content.decode()
    lists = ("/en/", "/en/news/", "/en/news/rss.xml", "/en/news/atom.xml", "/en/news/feed.json")
    names = Publication.objects.get().names.values_list("organisation__name_en", flat=True)
    for address in (f"/en/news/{page.slug}/", *lists, "/sitemap.xml", "/en/search/?q=harassment"):
        said = client.get(address).content.decode()
        assert WORDS not in said, address
        assert "A law on harassment" not in said, address
        assert page.slug not in said or address == f"/en/news/{page.slug}/", address
        if address not in {"/en/", "/en/search/?q=harassment"}:  # partners are listed there
            assert not [name for name in names if name in said], address
    assert client.get(f"/en/news/{page.slug}/pass-on/").status_code == 404
    assert not SearchItem.objects.filter(key=page.pk).exists()


def edit(client, page: NewsPage, **posted: str):
    fields = {"cover": "", "cover_alt": "", "placement": "index", "comments-TOTAL_FORMS": 0}
    data = {**fields, "comments-INITIAL_FORMS": 0, "action-publish": "1", **posted}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def test_a_withdrawn_page_is_not_published_by_its_form(newsroom, client, page):
    edit(newsroom, page)
    assert not NewsPage.objects.get().live
    assert_gone(client, page)


@pytest.mark.parametrize("superuser", [False, True], ids=["newsroom", "superuser"])
def test_a_withdrawn_page_is_not_published_in_bulk(newsroom, client_of, client, page, superuser):
    browser = client_of(UserFactory(is_superuser=True, is_staff=True)) if superuser else newsroom
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    browser.post(f"{address}?id={page.pk}&next=/cms/", {})
    index = page.get_parent()
    browser.post(f"{address}?id={index.pk}&next=/cms/", {"include_descendants": "on"})
    assert not NewsPage.objects.get().live
    assert_gone(client, page)


def test_a_withdrawn_page_is_not_published_from_a_revision(newsroom, client, page):
    with pytest.raises(PermissionDenied):
        page.save_revision().publish(user=UserFactory(is_superuser=True))
    page.save_revision(clean=False).publish()  # by a program, which no permission stops
    assert not NewsPage.objects.get().live
    assert_gone(client, page)


def test_a_withdrawn_page_does_not_go_live_at_a_moment(client, page):
    past = now() - datetime.timedelta(hours=1)
    revision = page.save_revision(clean=False)
    revision.content = {**revision.content, "go_live_at": past.isoformat()}
    revision.approved_go_live_at = past
    revision.save()
    run_timers()
    call_command("publish_scheduled")
    assert not NewsPage.objects.get().live
    assert_gone(client, page)


def test_a_withdrawn_page_that_sql_set_live_is_gone_all_the_same(client, page):
    set_live(page)
    assert_gone(client, page)


def test_the_newsroom_does_not_read_withdrawn_words(newsroom, page):
    revision = page.latest_revision_id or page.save_revision(clean=False).pk
    place = f"/cms/pages/{page.pk}/"
    addresses = [
        *(f"{place}view_draft/", f"{place}edit/", f"{place}edit/preview/", f"{place}history/"),
        *(f"{place}usage/", f"{place}revisions/{revision}/view/", f"{place}revisions/{revision}/revert/"),
        *(f"{place}revisions/compare/earliest...latest/", f"{place}workflow_history/"),
        *("/cms/pages/search/?q=ask", f"/cms/api/main/pages/{page.pk}/", "/cms/reports/site-history/"),
        *(f"/cms/pages/{page.get_parent().pk}/", "/cms/", "/cms/translations/"),
        f"/cms/translations/{page.translation_key}/",
    ]
    for address in addresses:
        answer = newsroom.get(address)
        said = answer.content.decode()
        assert WORDS not in said, address
        if "site-history" not in address:  # the log names what was published
            assert "A law on harassment" not in said, address
        if address.startswith(place):
            assert answer.status_code == 302, address
    row = NewsPage.objects.get()
    assert (row.lead, row.words, row.search_description) == ("", "", "")


def test_a_language_that_a_correction_lost_stays_away(newsroom, client, site):
    made = stage(2)
    made.publish("kk", "ru")
    leftover = NewsPage.objects.get(locale__language_code="ru")
    made.write("We ask for a better law.", title="A better law")
    version = name_version(access=made.access, text=made.text("kk"), name="Corrected")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_, correction_note="The date was wrong.")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    newsroom.post(f"{address}?id={leftover.pk}&next=/cms/", {})
    assert not NewsPage.objects.get(pk=leftover.pk).live
    set_live(leftover)
    for where in ("/ru/", "/ru/news/", "/ru/news/rss.xml", "/ru/news/feed.json", "/sitemap.xml"):
        assert f"/ru/news/{leftover.slug}/" not in client.get(where).content.decode(), where
    assert client.get(f"/ru/news/{leftover.slug}/").status_code == 404


def test_a_public_page_keeps_the_words_of_the_record(site):
    page = NewsPage.objects.get(publication=stage(2).publish("en"))
    title, words = page.title, page.words
    page.title = page.draft_title = page.lead = page.words = "Other"
    page.save()
    row = NewsPage.objects.get()
    assert (row.title, row.draft_title, row.words) == (title, title, words)
    assert row.lead != "Other"
    row.live = False
    row.save()
    assert NewsPage.objects.get().live


def test_a_copy_of_an_approved_page_is_nobodys_approved_text(site):
    page = NewsPage.objects.get(publication=stage(2).publish("en"))
    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert copy.publication_id is None
    assert NewsPage.objects.get(pk=copy.pk).words == ""


def test_withdrawing_twice_is_fine_and_repairs(client, made, page):
    publication = Publication.objects.get()
    entries, told = AuditEntry.objects.count(), Notification.objects.count()
    withdraw_publication(access=made.access, publication=publication, note="")
    assert (AuditEntry.objects.count(), Notification.objects.count()) == (entries, told)
    set_live(page)
    withdraw_publication(access=made.access, publication=publication, note="Another note.")
    assert not NewsPage.objects.get().live
    assert AuditEntry.objects.count() == entries + 1
    publication.refresh_from_db()
    assert publication.withdrawal_note == NOTE
    assert_gone(client, page)


def test_a_page_that_sql_changed_is_brought_in_line(site, client):
    publication = stage(2).publish("en")
    page = NewsPage.objects.get()
    assert not sync_pages_with_record(publication)
    NewsPage.objects.filter(pk=page.pk).update(lead="Other", words="Other", search_description="Other")
    Page.objects.filter(pk=page.pk).update(title="Other", live=False)
    assert sync_pages_with_record(publication)
    row = NewsPage.objects.get()
    assert row.live
    assert (row.title, row.lead, row.words) == (page.title, page.lead, page.words)
    assert client.get(f"/en/news/{row.slug}/").status_code == 200
    assert not sync_pages_with_record(publication)


def test_the_newsrooms_own_page_takes_no_address_of_a_publication(site, news):
    held = NewsPage.objects.get(publication=stage(2).publish("en"))
    own = news("Own")
    elsewhere = second_index()
    own.slug = held.slug
    own.path = elsewhere.path + "0001"  # where Wagtail itself would let it have the address
    with pytest.raises(ValidationError, match="organisations approved"):
        own.full_clean()
    own.live = False
    with pytest.raises(ValidationError, match="organisations approved"):
        own.minimal_clean()


def second_index() -> NewsIndexPage:
    """Another list of news in English, as the release before let people make one."""
    first = NewsIndexPage.objects.get(locale__language_code="en")
    other = NewsIndexPage(title="More news", slug="more", locale=first.locale, live=False)
    NewsIndexPage.objects.filter(pk=first.pk).update(language=None)
    first.get_parent().add_child(instance=other)
    NewsIndexPage.objects.filter(pk=other.pk).update(language=None)
    NewsIndexPage.objects.filter(pk=first.pk).update(language="en")
    return NewsIndexPage.objects.get(pk=other.pk)


def test_a_page_below_another_list_of_news_takes_nobodys_address(site, client):
    other = second_index()
    own = NewsPage(title="We withdraw everything", slug="a-law-on-harassment", locale=other.locale)
    other.add_child(instance=own)
    own.save_revision().publish()
    publication = stage(2).publish("en")
    page = NewsPage.objects.get(publication=publication)
    assert page.slug == "a-law-on-harassment-2"
    assert "We withdraw everything" not in client.get("/en/news/a-law-on-harassment/").content.decode()
    assert WORDS in client.get(page.get_url()).content.decode()


def test_an_own_page_that_waits_gets_another_address_when_a_publication_takes_its_own(site):
    index = NewsIndexPage.objects.get(language="en")
    moment = now() - datetime.timedelta(minutes=1)
    waiting = [NewsPage(title=f"Own {number}", locale=index.locale, live=False) for number in (1, 2)]
    for page in waiting:
        index.add_child(instance=page)
        page.save_revision(approved_go_live_at=moment)
    made = stage(2)
    made.publish("en")
    approved = NewsPage.objects.get(publication__isnull=False)
    revision = waiting[0].latest_revision
    revision.content = {**revision.content, "slug": approved.slug}
    revision.save(update_fields=["content"])
    run_timers()
    first, second = (NewsPage.objects.get(pk=page.pk) for page in waiting)
    assert (first.live, first.slug) == (True, f"{approved.slug}-2")
    assert (second.live, second.slug) == (True, "own-2")


def test_the_addresses_of_texts_from_before_are_recorded(site):
    publication = stage(1).publish("kk")
    slug = NewsPage.objects.get().slug
    publication.texts.update(slug="")
    NewsPage.objects.get().save()
    assert NewsPage.objects.get().slug == slug  # nothing is recorded that it could follow
    import_module("home.migrations.0005_slugs_of_publications").fill_slugs(apps, None)
    assert publication.texts.get().slug == slug
