"""The newsroom's own pages go public and come down at their minute; a publication's page never by a timer."""

import datetime
from types import ModuleType

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core import mail
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.admin.views.generic import mixins
from wagtail.models import Revision

from coalition.core.clock import freeze_clock_at, now
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from coalition.mail.outbox import deliver_due
from home.frontend_cache import END_WORK, GO_LIVE_WORK, register_wagtail_clock, run_timers
from home.models import HomePage, NewsIndexPage, NewsPage, StandardPage
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def planned(site):
    """`planned(HOUR)`: news that waits for its moment."""

    def make(after: datetime.timedelta, **given: object) -> NewsPage:
        index = NewsIndexPage.objects.get(locale__language_code="en")
        page = NewsPage(title="To come", locale=index.locale, live=False, go_live_at=now() + after, **given)
        index.add_child(instance=page)
        page.save_revision().publish()
        return NewsPage.objects.get(pk=page.pk)

    return make


def row(page):
    return type(page).objects.get(pk=page.pk)


def test_it_waits_and_goes_public_at_its_minute(planned, client):
    page = planned(HOUR)
    address = f"/en/news/{page.slug}/"
    scheduler.run_due(worker="test")
    assert not row(page).live
    assert client.get(address).status_code == 404
    with time_machine.travel(page.go_live_at - datetime.timedelta(seconds=1), tick=False):
        scheduler.run_due(worker="test")
        assert not row(page).live
    with time_machine.travel(page.go_live_at, tick=False):
        scheduler.run_due(worker="test")
        shown = row(page)
        assert (shown.live, shown.published_on) == (True, page.go_live_at)
        assert client.get(address).status_code == 200
        assert not DueWork.objects.filter(kind=GO_LIVE_WORK, done_at=None).exists()


def test_what_waits_is_told_to_nobody(planned, site):
    page = planned(HOUR)
    kinds = set(DueWork.objects.filter(key__startswith=str(page.pk)).values_list("kind", flat=True))
    assert kinds == {GO_LIVE_WORK}
    deliver_due()
    assert mail.outbox == []


def test_the_projects_clock_decides_and_not_the_hosts(planned):
    """The host's clock is an hour behind the database's; Wagtail would put it off again."""
    page = planned(HOUR)
    with freeze_clock_at(page.go_live_at):
        run_timers()
    assert row(page).live


@pytest.mark.parametrize("by_form", [False, True], ids=["by a program", "in the form"])
def test_a_host_that_is_ahead_makes_nothing_public_early(planned, news, newsroom, by_form):
    """The host's clock is two hours ahead of the database's; Wagtail would take the moment for come."""
    with freeze_clock_at(now() - 2 * HOUR):
        if by_form:
            page = news("Own")
            page.unpublish()
            moment = timezone.localtime(now() + HOUR).strftime("%Y-%m-%d %H:%M")
            answer = newsroom.post(
                reverse("wagtailadmin_pages:edit", args=[page.pk]), {**posted(page), "go_live_at": moment}
            )
            assert answer.status_code == 302
        else:
            page = planned(HOUR)
        run_timers()
    assert not row(page).live
    assert row(page).scheduled_revision is not None
    run_timers()
    assert row(page).live


def _messages(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_on_a_host_that_is_ahead_the_form_says_that_the_page_waits(newsroom, news):
    """What Wagtail says after the form was sent, and what the button of the form says."""
    page = news("Own")
    page.unpublish()
    with freeze_clock_at(now() - 2 * HOUR):
        moment = timezone.localtime(now() + HOUR).strftime("%Y-%m-%d %H:%M")
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        answer = newsroom.post(edit, {**posted(page), "go_live_at": moment})
        assert "has been scheduled" in _messages(answer)
        assert "Schedule to publish" in newsroom.get(edit).content.decode()
        create = reverse("wagtailadmin_pages:add", args=["home", "newspage", page.get_parent().pk])
        sent = {**posted(page), "title": "New", "slug": "new", "go_live_at": moment}
        assert "created and scheduled" in _messages(newsroom.post(create, sent))


def test_whoever_edits_is_seen_though_the_hosts_clock_is_off(newsroom, news):
    page = news("Own")
    with freeze_clock_at(now() - 2 * HOUR):
        fields_of(newsroom, page)
        fields_of(newsroom, page)
        sessions = EditingSession.objects.available()
        assert [session.is_idle for session in sessions] == [False, False]
        address = ["wagtailcore", "page", page.pk, sessions[0].pk]
        answer = newsroom.post(reverse("wagtailadmin_editing_sessions:ping", args=address)).json()
        assert answer["session_id"] == sessions[0].pk
        assert EditingSession.objects.available().count() == 2


def test_generic_views_of_wagtail_ask_the_clock_that_decides():
    """No draft of a snippet has a moment here yet: the views are not seen saying it."""
    with freeze_clock_at(now() - 2 * HOUR):
        assert mixins.timezone.now() == now()
    assert mixins.timezone.localtime is timezone.localtime


def test_a_wagtail_that_asks_in_another_way_does_not_start():
    other = ModuleType("wagtail.other")
    with pytest.raises(ImproperlyConfigured, match=r"wagtail\.other"):
        register_wagtail_clock((other,))
    other.timezone = timezone.now  # the name for something else
    with pytest.raises(ImproperlyConfigured):
        register_wagtail_clock((other,))


def test_it_comes_down_at_its_minute(planned, news):
    ends = now() + HOUR
    page = news("Short", expire_at=ends)
    with time_machine.travel(ends, tick=False):
        scheduler.run_due(worker="test")
    assert (row(page).live, row(page).expired) == (False, True)


def test_a_moment_taken_back_is_no_longer_due(newsroom, planned):
    page = planned(HOUR)
    newsroom.post(
        reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.scheduled_revision.pk])
    )
    with time_machine.travel(page.go_live_at + HOUR):
        scheduler.run_due(worker="test")
        assert not row(page).live


def test_an_end_taken_back_is_forgotten(news):
    page = news("Short", expire_at=now() + HOUR)
    assert DueWork.objects.filter(kind=END_WORK, key=str(page.pk)).exists()
    page.expire_at = None
    page.save_revision().publish()
    assert not DueWork.objects.filter(kind=END_WORK, key=str(page.pk)).exists()


def test_no_timer_touches_the_page_of_a_publication(site):
    page = NewsPage.objects.get(publication=stage(2).publish("en"))
    NewsPage.objects.filter(pk=page.pk).update(expire_at=now() - HOUR)
    revision = page.save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=now() - HOUR)
    before = row(page).last_published_at
    run_timers()
    assert (row(page).live, row(page).last_published_at) == (True, before)


def posted(page) -> dict[str, str]:
    """What the form of the page sends to publish it."""
    return {
        "title": page.title,
        "slug": page.slug,
        "lead": "",
        "kind_label": "",
        "placement": "home",
        "published_on": "2026-01-01 10:00",
        "body-count": "0",
        "cover": "",
        "cover_alt": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }


def fields_of(newsroom, page) -> str:
    return newsroom.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_who_has_timers(newsroom, news):
    assert 'name="go_live_at"' in fields_of(newsroom, news("Own"))
    assert 'name="expire_at"' in fields_of(newsroom, StandardPage.objects.get(locale__language_code="en"))
    held = NewsPage.objects.get(publication=stage(2).publish("en"))
    for page in (held, HomePage.objects.first(), NewsIndexPage.objects.first()):
        assert 'name="go_live_at"' not in fields_of(newsroom, page)
        assert 'name="expire_at"' not in fields_of(newsroom, page)


def test_the_form_plans_and_says_when_with_the_place(newsroom, news):
    page = news("Own")
    answer = newsroom.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**posted(page), "go_live_at": "2030-03-05 11:00"}
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    moment = datetime.datetime(2030, 3, 5, 6, 0, tzinfo=datetime.UTC)
    assert row(page).scheduled_revision.approved_go_live_at == moment
    assert "5 March 2030, 11:00, Almaty (UTC+5)" in fields_of(newsroom, page)


def test_a_page_that_cannot_be_published_keeps_no_other_waiting(planned):
    broken, good = planned(HOUR), planned(HOUR)
    revision = broken.latest_revision
    revision.content = {**revision.content, "title": ""}
    revision.save(update_fields=["content"])
    with time_machine.travel(good.go_live_at, tick=False), pytest.raises(ValidationError):
        run_timers()
    assert (row(broken).live, row(good).live) == (False, True)
