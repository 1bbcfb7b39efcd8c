"""The desk of a newsroom's own people, and that no outlet learns of another one."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Language, OrganisationKind
from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.actions.packages import (
    create_package,
    publish_package,
    unpublish_package,
)
from coalition.campaigns.media_package.enums import ItemKind
from coalition.campaigns.media_package.models import PackageLink, Rendition
from coalition.campaigns.media_package.outlets.actions import end_link, link_path
from coalition.campaigns.media_package.outlets.dashboard import packages_for_newsroom
from coalition.core.clock import freeze_clock_at, now
from coalition.workspaces.dashboard import WaitingItem
from documents.models import EmbargoAccess
from documents.publication.embargo.actions import agree_to_embargo as agree_to_text, offer_embargo
from events.models import PressGuest
from events.press.registration.actions import confirm_press_address, open_to_press, request_press_place
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.outlets.builders import (
    agreed,
    embargoed,
    given,
    page_of,
    partner,
    path_of,
    scheduled,
)
from tests.events.press.builders import known, public_event
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
WORDS = "Every third woman."


def desk_of(client_of, person) -> str:
    answer = client_of(person).get(reverse("campaigns:outlet_desk"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def to_partner(press: Press, name: str = "Steppe TV"):
    organisation, person = partner(press, name)
    return given(press, organisation=organisation), person


def test_a_newsroom_without_packages_reads_so(client_of) -> None:
    organisation = OrganisationFactory(kind=OrganisationKind.MEDIA_PARTNER)
    membership = MembershipFactory(organisation=organisation)
    page = desk_of(client_of, membership.person)
    assert "No package is given to your newsroom at the moment" in page
    assert "There is no text whose embargo you have agreed to." in page


def test_packages_with_embargo_contact_and_what_was_taken(open_package: Press, client_of) -> None:
    package = open_package.package
    type(package).objects.update(contact_name="Aru Press", contact_phone="+7 701 000 00 00")
    embargoed(open_package)
    link, person = to_partner(open_package)
    page = desk_of(client_of, person)
    assert "Embargo until" in page
    assert "Package" not in page.replace("Media package", "")
    assert WORDS not in page
    assert "Aru Press" in page
    assert link_path(link) in page
    agreed(link)
    page = desk_of(client_of, person)
    assert "You agreed to the embargo" in page
    assert "Package" in page.replace("Media package", "")
    assert "You have taken no file of it yet." in page
    film = Rendition.objects.get()
    Client().get(path_of(link, film))
    assert film.file_name in desk_of(client_of, person)


def test_an_embargo_that_was_set_later_hides_what_was_taken_until_it_is_agreed_to(
    open_package: Press, client_of
) -> None:
    link, person = to_partner(open_package)
    film = Rendition.objects.get()
    Client().get(path_of(link, film))
    assert film.file_name in desk_of(client_of, person)
    embargoed(open_package)
    assert film.file_name not in desk_of(client_of, person)
    agreed(link)
    assert film.file_name in desk_of(client_of, person)


def test_who_has_left_and_other_newsrooms_find_nothing(open_package: Press, client_of) -> None:
    link, person = to_partner(open_package)
    _other, stranger = partner(open_package, "Qala TV")
    assert link_path(link) not in desk_of(client_of, stranger)
    person.memberships.update(ended_at=now())
    MembershipFactory(person=person, organisation=OrganisationFactory())
    assert link_path(link) not in desk_of(client_of, person)


def test_an_ended_link_leaves_the_desk_and_a_closed_package_says_so(open_package: Press, client_of) -> None:
    link, person = to_partner(open_package)
    unpublish_package(access=open_package.access, package=open_package.package)
    page = desk_of(client_of, person)
    assert "The package is closed at the moment." in page
    assert link_path(link) not in page
    end_link(access=open_package.access, link=link)
    assert "No package is given" in desk_of(client_of, person)


def test_the_first_page_tells_of_packages_until_something_is_taken(open_package: Press, client_of) -> None:
    link, person = to_partner(open_package)
    viewer = Viewer(signed_in=True)
    [item] = packages_for_newsroom(person, viewer)
    assert isinstance(item, WaitingItem)
    assert item.url == reverse("campaigns:outlet_desk")
    assert "1 package" in item.detail
    assert not list(packages_for_newsroom(open_package.made.coordinator, viewer))
    home = client_of(person).get(reverse("workspaces:dashboard")).content.decode()
    assert "Media packages for your newsroom" in home
    Client().get(path_of(link, Rendition.objects.get()))
    assert not list(packages_for_newsroom(person, viewer))
    with freeze_clock_at(now() + datetime.timedelta(days=181)):
        assert not list(packages_for_newsroom(person, viewer))


def test_the_menu_leads_newsrooms_there_and_nobody_else(open_package: Press, client_of) -> None:
    _link, person = to_partner(open_package)
    path = reverse("campaigns:outlet_desk")
    inbox = reverse("workspaces:inbox")
    assert f'href="{path}"' in client_of(person).get(inbox).content.decode()
    assert f'href="{path}"' not in client_of(open_package.made.coordinator).get(inbox).content.decode()


def test_registrations_with_ones_own_address(open_package: Press, client_of) -> None:
    _link, person = to_partner(open_package)
    event = public_event(open_package.access, title="Conference")
    registration = open_to_press(access=open_package.access, event=event, places=5, per_outlet=2)
    for name, address in (("Own", person.email), ("Other", "other@tests.example")):
        request_press_place(
            registration=registration,
            name=name,
            outlet=f"Canary {name}",
            address=address,
            language=Language.EN,
        )
    assert "Conference" not in desk_of(client_of, person)  # the address is not confirmed yet
    for guest in PressGuest.objects.all():
        confirm_press_address(guest=guest)
    page = desk_of(client_of, person)
    assert page.count("Conference en") == 1
    assert "Confirmed" in page


def test_texts_under_embargo_that_one_agreed_to(open_package: Press, client_of, monkeypatch) -> None:
    _link, person = to_partner(open_package)
    publication = scheduled(open_package, open_package.item("poster"), "Canary text")
    contact = known(open_package.access, 1, address=person.email)
    monkeypatch.setattr("documents.publication.embargo.actions.secrets.token_urlsafe", lambda _n: "t" * 43)
    offer_embargo(access=open_package.access, publication=publication, contact=contact)
    assert "Canary text (en)" not in desk_of(client_of, person)
    agree_to_text(token="t" * 43)
    assert EmbargoAccess.objects.get().agreed_at is not None
    assert "Canary text (en)" in desk_of(client_of, person)
    _other, colleague = partner(open_package, "Qala TV")
    assert "Canary text" not in desk_of(client_of, colleague)


def test_no_outlet_learns_of_another_one(open_package: Press, client_of) -> None:
    """Everything of Canary TV that could leak is there: a link, files taken, an airing, a media partner."""
    film = Rendition.objects.get()
    canary, editor = to_partner(open_package, "Canary TV")
    free = given(open_package, "Canary FM")
    for link in (canary, free):
        Client().get(path_of(link, film))
        posted = {
            "act": "aired",
            "item": "film",
            "kind": "tv",
            "on": "2026-01-02",
            "programme": "Canary show",
        }
        with freeze_clock_at(now()):
            assert Client().post(link_path(link), posted).status_code == 302
    other, person = to_partner(open_package, "Steppe TV")
    alone = given(open_package, "Oral TV")
    Client().get(path_of(other, film))
    pages = [page_of(other), page_of(alone), page_of(alone, "?aired=film"), desk_of(client_of, person)]
    posted = Client().post(link_path(alone), {"act": "aired"})
    pages += [posted.content.decode(), Client().get("/en/media/package/").content.decode()]
    for page in pages:
        assert "Canary" not in page
        assert "canary" not in page
        for link in (canary, free):
            assert link_path(link) not in page
            assert str(link.uuid) not in page
    assert "Canary TV" in desk_of(client_of, editor)


def test_one_and_three_packages_take_the_same_queries(open_package: Press, client_of) -> None:
    organisation, person = partner(open_package)
    link = given(open_package, organisation=organisation)
    Client().get(path_of(link, Rendition.objects.get()))
    client, path = client_of(person), reverse("campaigns:outlet_desk")

    def count() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path).content.decode()
        assert page.count("package-") >= PackageLink.objects.count()
        return len(queries)

    one = count()
    first = open_package.package
    for number in (2, 3):
        package = create_package(
            access=open_package.access, title={"en": f"Package {number}"}, slug=f"package-{number}"
        )
        open_package.package = package
        item = open_package.item(f"film-{number}", ItemKind.VIDEO)
        file = open_package.file(item, f"Words {number}".encode())
        open_package.approve(item)
        open_package.package = publish_package(access=open_package.access, package=package)
        Client().get(path_of(given(open_package, organisation=organisation), file))
    open_package.package = first
    assert count() == one
