"""Pages of an embargo: for people of outlets, and on the desk. Until the moment nothing leaves elsewhere."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Language, OfficeKind
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from documents.drafts.models import EmbargoAct, PublicationState
from documents.models import Contact, EmbargoAccess, EmbargoFeed, Outlet, Publication
from documents.publication.embargo.actions import unschedule_publication
from home.models import NewsPage
from home.publication_pages import NoIndexPage
from home.queries import news_index
from tests.documents.approval.builders import Stage, stage
from tests.documents.publication.embargo.builders import (
    approved,
    contact,
    let_the_moment_come,
    offered,
    reader,
    scheduled,
    token_in_mail_of_feed,
)
from tests.factories import seat

pytestmark = pytest.mark.django_db

WORDS = "We ask for a law"
TITLE = "A law on harassment"


@pytest.fixture
def made(site) -> Stage:
    return stage()


def landing(token: str) -> str:
    return reverse("embargo", args=[token])


def read(token: str, language: str = "kk") -> str:
    return reverse("embargo_text", args=[token, language])


def test_a_get_shows_the_terms_and_a_post_agrees(made, client):
    publication = scheduled(made, "kk", "en")
    access, token = offered(made, publication)
    page = client.get(landing(token))
    words = page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert "I agree to the embargo" in words
    assert WORDS not in words
    assert TITLE not in words
    assert client.get(read(token))["Location"] == landing(token)
    access.refresh_from_db()
    assert access.agreed_at is None
    assert client.post(landing(token))["Location"] == read(token, "en")
    words = client.get(read(token, "en")).content.decode()
    assert f"{WORDS}, in en" in words
    assert f"{WORDS}, in kk" in client.get(read(token)).content.decode()
    assert client.get(read(token, "ru")).status_code == 404
    assert [use.act for use in access.uses.order_by("pk")] == [
        EmbargoAct.FOLLOWED,
        EmbargoAct.AGREED,
        EmbargoAct.READ,
        EmbargoAct.READ,
    ]


def test_another_browser_has_to_press_again(made, client):
    _access, token = reader(made, scheduled(made))
    other = Client()
    assert other.get(read(token))["Location"] == landing(token)
    words = other.get(landing(token)).content.decode()
    assert "Open the text" in words
    assert WORDS not in words
    other.post(landing(token))
    assert WORDS in other.get(read(token)).content.decode()


def test_files_are_taken_by_post_and_written_down(made, client):
    publication = scheduled(made)
    access, token = offered(made, publication)
    address = reverse("embargo_file", args=[token, "kk"])
    assert client.post(address, {"format": "txt"})["Location"] == landing(token)
    client.post(landing(token))
    assert client.get(address).status_code == 405
    assert client.post(address, {"format": "exe"}).status_code == 404
    answer = client.post(address, {"format": "txt"})
    assert "qala-tv.txt" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store, private"
    assert access.uses.filter(act=EmbargoAct.DOWNLOADED, language="kk").count() == 1


def test_a_file_too_many_is_not_even_made(made, client, monkeypatch):
    _access, token = offered(made, scheduled(made))
    client.post(landing(token))
    monkeypatch.setattr("documents.publication.embargo.actions.MOST_AN_HOUR", 2)
    address = reverse("embargo_file", args=[token, "kk"])
    assert client.post(address, {"format": "txt"}).status_code == 200
    made_files = []
    monkeypatch.setattr(
        "documents.publication.embargo.actions.make_embargo_file", lambda *_given: made_files.append(1)
    )
    assert client.post(address, {"format": "txt"}).status_code == 429
    assert made_files == []


def test_what_does_not_count_is_like_what_never_was(made, client):
    publication = scheduled(made)
    _access, token = reader(made, publication)
    never = client.get(landing("x" * 43))

    def said(answer, address):
        words = answer.content.decode().replace(address, "here")
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", words)

    unschedule_publication(access=made.access, publication=publication)
    for address in (landing(token), read(token)):
        answer = client.get(address)
        assert answer.status_code == 404
        assert said(answer, address) == said(never, landing("x" * 43))


def test_once_public_the_link_leads_to_the_sheet(made, client):
    publication = scheduled(made)
    _access, token = reader(made, publication)
    let_the_moment_come(publication)
    assert str(publication.uuid) in client.get(landing(token))["Location"]
    assert str(publication.uuid) in client.post(landing(token))["Location"]


def test_until_the_moment_nothing_leaves(made, client, client_of):
    """Every public address, and the desk of those who may not read drafts."""
    publication = scheduled(made, "kk", "ru", "en")
    observer = client_of(seat(workspace=made.workspace, role=SeatRole.OBSERVER).person)
    addresses = ["/sitemap.xml", "/calendar.ics"]
    for code in ("kk", "ru", "en"):
        names = ("", "news/", "news/rss.xml", "news/atom.xml", "news/feed.json", "events/", "publications/")
        addresses += [f"/{code}/{name}" for name in names]
        addresses += [f"/{code}/publications/{publication.uuid}{end}" for end in ("/", ".json")]
        addresses.append(f"/{code}/news/a-law-on-harassment/")
    desk = [
        reverse("documents:publications", args=[made.workspace.uuid]),
        reverse("documents:publication", args=[publication.uuid]),
        reverse("documents:embargo", args=[publication.uuid]),
        "/workspaces/",
        made.workspace.get_absolute_url(),
        reverse("workspaces:activity", args=[made.workspace.uuid]),
    ]
    for browser, pages in ((client, addresses), (observer, [*addresses, *desk])):
        for address in pages:
            words = browser.get(address).content.decode().replace(address, "")
            assert TITLE not in words, address
            assert WORDS not in words, address
            assert str(publication.uuid) not in words, address
    assert not NewsPage.objects.exists()
    let_the_moment_come(publication)
    for code in ("kk", "ru", "en"):
        assert WORDS in client.get(f"/{code}/news/a-law-on-harassment/").content.decode()


def test_the_desk_schedules_offers_records_and_lifts(made, client_of):
    round_ = approved(made)
    browser = client_of(made.coordinator)
    page = browser.get(reverse("documents:publish", args=[round_.uuid])).content.decode()
    assert reverse("documents:schedule", args=[round_.uuid]) in page
    answer = browser.post(
        reverse("documents:schedule", args=[round_.uuid]), {"at": "2031-01-01T09:00"}, follow=True
    )
    publication = Publication.objects.get()
    assert publication.state == PublicationState.SCHEDULED
    planned = reverse("documents:embargo", args=[publication.uuid])
    assert planned in browser.get(round_.get_absolute_url()).content.decode()
    assert "Nobody was asked yet" in answer.content.decode()
    offer = reverse("documents:offer", args=[publication.uuid])
    assert browser.post(offer, {"language": "ru"}).status_code == 422
    given = {"outlet": "Qala TV", "name": "Dana", "address": "d@o.example", "phone": "+7 1", "language": "ru"}
    page = browser.post(offer, given, follow=True).content.decode()
    assert "Dana" in page
    assert OutboxMail.objects.get(template="documents/embargo_asked").language == "ru"
    access = EmbargoAccess.objects.get()
    browser.post(reverse("documents:embargo_agreed", args=[publication.uuid, access.uuid]))
    access.refresh_from_db()
    assert access.agreed_way == "call"
    page = browser.post(reverse("documents:lift", args=[publication.uuid]), follow=True).content.decode()
    assert 'href="tel:+7 1"' in page
    publication.refresh_from_db()
    assert publication.state == PublicationState.PUBLIC
    round_page = browser.get(round_.get_absolute_url()).content.decode()
    assert "Call list" in page
    assert reverse("documents:publication", args=[publication.uuid]) in round_page


def test_lifting_and_scheduling_ask_who_one_is(made, client_of):
    publication = scheduled(made)
    late = client_of(made.coordinator, ago=3600)
    for name, argument in (("lift", publication.uuid), ("put_off", publication.uuid)):
        answer = late.post(reverse(f"documents:{name}", args=[argument]))
        assert "/reauthenticate/" in answer["Location"]
    assert (
        "/reauthenticate/"
        in late.post(
            reverse("documents:schedule", args=[publication.round.uuid]), {"at": "2031-01-01T09:00"}
        )["Location"]
    )


def test_editors_see_what_is_planned_and_no_contact(made, client_of):
    publication = scheduled(made)
    access, _token = offered(made, publication)
    editor = client_of(seat(workspace=made.workspace, role=SeatRole.EDITOR).person)
    page = editor.get(reverse("documents:embargo", args=[publication.uuid]))
    assert page.status_code == 200
    assert "Aigerim" not in page.content.decode()
    for name, arguments in (
        ("offer", [publication.uuid]),
        ("lift", [publication.uuid]),
        ("put_off", [publication.uuid]),
        ("embargo_agreed", [publication.uuid, access.uuid]),
        ("embargo_calendar", [publication.uuid, access.uuid]),
        ("embargo_calendar_end", [publication.uuid, access.uuid]),
        ("embargo_revoke", [publication.uuid, access.uuid]),
    ):
        assert editor.post(reverse(f"documents:{name}", args=arguments)).status_code == 403
    assert Client().get(reverse("documents:embargo", args=[publication.uuid])).status_code == 302


def test_the_page_costs_the_same_however_many_read(made, client_of):
    publication = scheduled(made)
    browser = client_of(made.coordinator)
    costs = []
    for many in (1, 3):
        while Contact.objects.count() < many:
            reader(made, publication)
        browser.get(reverse("documents:embargo", args=[publication.uuid]))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse("documents:embargo", args=[publication.uuid])).content.decode()
        assert page.count("/take-back/") == many
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_somebody_known_is_offered_it_again(made, client_of):
    who = contact(made)
    publication = scheduled(made)
    browser = client_of(made.coordinator)
    offer = reverse("documents:offer", args=[publication.uuid])
    browser.post(offer, {"contact": str(who.uuid), "language": "en"})
    assert EmbargoAccess.objects.get().contact == who.uuid
    assert (
        "asked already" in browser.post(offer, {"contact": str(who.uuid), "language": "en"}).content.decode()
    )


def test_the_address_of_the_calendar_is_mailed_and_shown_to_nobody(made, client):
    publication = scheduled(made)
    _access, token = offered(made, publication)
    address = reverse("embargo_calendar", args=[token])
    assert client.post(address)["Location"] == landing(token)
    client.post(landing(token))
    assert client.get(address).status_code == 405
    assert Client().post(address)["Location"] == landing(token), "in another browser the button comes first"
    page = client.post(address, follow=True).content.decode()
    assert "on its way to your mailbox" in page
    secret = token_in_mail_of_feed(EmbargoFeed.objects.get())
    assert secret not in page
    assert "few minutes ago" in client.post(address, follow=True).content.decode()
    assert client.get(reverse("calendar_press", args=[secret])).status_code == 200


def test_the_desk_sends_and_ends_calendars_also_after_the_lift(made, client_of):
    publication = scheduled(made)
    access, _token = reader(made, publication)
    browser = client_of(made.coordinator)
    send = reverse("documents:embargo_calendar", args=[publication.uuid, access.uuid])
    end = reverse("documents:embargo_calendar_end", args=[publication.uuid, access.uuid])
    page = browser.post(send, follow=True).content.decode()
    assert "not asked for yet" in page
    assert end in page
    secret = token_in_mail_of_feed(EmbargoFeed.objects.get())
    assert secret not in page
    feed = reverse("calendar_press", args=[secret])
    assert Client().get(feed).status_code == 200
    page = browser.post(reverse("documents:lift", args=[publication.uuid]), follow=True).content.decode()
    assert "last asked for" in page
    page = browser.post(end, follow=True).content.decode()
    assert "Call list" in page
    assert "last asked for" not in page
    assert Client().get(feed).status_code == 404


def test_another_organisations_calendars_are_not_ours_to_send(made, client_of):
    publication = scheduled(made)
    access, _token = reader(made, publication)
    other = client_of(seat(workspace=made.workspace, role=SeatRole.COORDINATOR).person)
    page = other.get(reverse("documents:embargo", args=[publication.uuid])).content.decode()
    for name in ("embargo_calendar", "embargo_calendar_end", "embargo_agreed", "embargo_revoke"):
        address = reverse(f"documents:{name}", args=[publication.uuid, access.uuid])
        assert address not in page
        assert other.post(address).status_code == 403
    assert not EmbargoFeed.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "press officer"])
def test_people_of_outlets_are_shown_to_the_organisation_that_brought_them(made, client_of, who):
    publication = scheduled(made)
    reader(made, publication)
    offered(made, publication, contact(made, language="ru"))
    role = SeatRole.COORDINATOR if who == "coordinator" else SeatRole.EDITOR
    other = seat(workspace=made.workspace, role=role)
    if who == "press officer":
        give_office(
            by=None, person=other.person, kind=OfficeKind.PRESS_OFFICER, organisation=other.organisation
        )
    browser = client_of(other.person)
    outlet = reverse("documents:embargo_outlet", args=[publication.uuid, Outlet.objects.get().uuid])
    seen = browser.get(reverse("documents:embargo", args=[publication.uuid])).content.decode()
    assert "Qala TV" in seen
    assert f"{Language.EN.label}: 1" in seen
    assert f"{Language.RU.label}: 1" in seen
    assert (outlet in seen) == (who == "coordinator")
    ours = client_of(made.coordinator)
    calls = reverse("documents:calls", args=[publication.uuid])
    assert "Aigerim" in ours.get(reverse("documents:embargo", args=[publication.uuid])).content.decode()
    ours.post(reverse("documents:lift", args=[publication.uuid]))
    called = browser.get(calls).content.decode()
    assert "Qala TV" in called
    assert f"{Language.EN.label}: 1" in called
    assert f"{Language.RU.label}: 1" not in called, "who did not agree is not called"
    assert "+7 700" in ours.get(calls).content.decode()
    for page in (seen, called):
        assert "Aigerim" not in page
        assert "+7 700" not in page


def test_a_coordinator_takes_an_outlet_back_whose_people_they_do_not_know(made, client_of):
    publication = scheduled(made)
    _access, token = reader(made, publication)
    outlet = reverse("documents:embargo_outlet", args=[publication.uuid, Outlet.objects.get().uuid])
    editor = client_of(seat(workspace=made.workspace, role=SeatRole.EDITOR).person)
    assert editor.post(outlet).status_code == 403
    other = client_of(seat(workspace=made.workspace, role=SeatRole.COORDINATOR).person)
    assert (
        other.post(reverse("documents:embargo_outlet", args=[publication.uuid, uuid4()])).status_code == 404
    )
    page = other.post(outlet, follow=True).content.decode()
    assert "Taken back" in page
    assert "Qala TV" not in page
    assert Client().get(landing(token)).status_code == 404


def test_others_outlets_cost_the_same_however_many_they_are(made, client_of):
    publication = scheduled(made)
    browser = client_of(seat(workspace=made.workspace, role=SeatRole.COORDINATOR).person)
    costs = []
    for many in (1, 3):
        while Contact.objects.count() < many:
            offered(made, publication, contact(made, outlet=f"Outlet {Contact.objects.count()}"))
        browser.get(reverse("documents:embargo", args=[publication.uuid]))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse("documents:embargo", args=[publication.uuid])).content.decode()
        assert page.count("/take-back/") == many
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_list_of_news_that_is_not_live_delays_a_lift(made):
    publication = scheduled(made, "en")
    index = news_index("en")
    index.unpublish()
    with pytest.raises(NoIndexPage):
        let_the_moment_come(publication)
    publication.refresh_from_db()
    assert publication.state == PublicationState.SCHEDULED
    index.save_revision().publish()
    let_the_moment_come(publication)
    assert NewsPage.objects.live().filter(publication=publication).exists()
