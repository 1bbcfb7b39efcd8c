"""Who took an item, for the record of consent; how long outlets are named."""

import datetime

import pytest
from django.test import Client
from django.utils.translation import override

from coalition.accounts.models import Language
from coalition.campaigns.media_package.enums import PackageAudience
from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.models import PackageLink, Rendition, TakenFile
from coalition.campaigns.media_package.outlets.actions import end_link, give_to_contacts
from coalition.campaigns.media_package.outlets.retention import DAYS_KEPT, forget_outlets
from coalition.consent.enums import Place
from coalition.consent.items import Taker, takers_of
from coalition.core.clock import freeze_clock_at, now
from documents.files.consent import FILE
from events.press.actions import mark_contact_removed
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.outlets.builders import embargoed, given, path_of
from tests.events.press.builders import known

pytestmark = pytest.mark.django_db


def test_takers_are_outlets_that_took_a_file_and_whoever_came_to_the_public_page(open_package: Press) -> None:
    item, film = open_package.items[0], Rendition.objects.get()
    link = given(open_package)
    given(open_package, "Never took anything")
    item_key, file_key = str(item.uuid), str(film.file.uuid)
    assert [one.name for one in takers_of(MEDIA_ITEM, item_key)] == [
        "Whoever took it from the public page /media/package/"
    ]
    Client().get(path_of(link, film))
    oral = Taker("Oral TV", Place.PACKAGE, link.address, Language.EN)
    for kind, key in ((MEDIA_ITEM, item_key), (FILE, file_key)):
        assert oral in takers_of(kind, key)
        assert len(takers_of(kind, key)) == 2
    embargoed(open_package)
    open_package.package.refresh_from_db()
    assert open_package.package.audience == PackageAudience.OUTLETS
    assert takers_of(MEDIA_ITEM, item_key) == [oral]
    assert takers_of(MEDIA_ITEM, str(link.uuid)) == []
    assert takers_of(FILE, "no key") == []


def test_outlets_are_named_two_years_after_the_end_of_their_link(open_package: Press) -> None:
    film = Rendition.objects.get()
    link, lasting = given(open_package), given(open_package, "Qala FM")
    Client().get(path_of(link, film))
    end_link(access=open_package.access, link=link)
    over = datetime.timedelta(days=DAYS_KEPT)
    hour = datetime.timedelta(hours=1)
    with freeze_clock_at(now() + over - hour):
        assert PackageLink.objects.get(pk=link.pk).outlet == "Oral TV"
        forget_outlets()
        assert PackageLink.objects.get(pk=link.pk).outlet == "Oral TV"
    with freeze_clock_at(now() + over + hour):
        assert forget_outlets() > 0
        link.refresh_from_db()
        assert (link.outlet, link.address, link.contact) == ("", "", None)
        lasting.refresh_from_db()
        assert lasting.outlet == "Qala FM"  # it ended by itself, half a year later
        assert TakenFile.objects.filter(link=link).count() == 1
        with override("en"):
            names = [one.name for one in takers_of(MEDIA_ITEM, str(open_package.items[0].uuid))]
        assert "An outlet whose name is erased" in names
        assert forget_outlets() == 0


def test_the_address_goes_with_the_press_contact(open_package: Press) -> None:
    access = open_package.access
    contact, other = known(access, 1), known(access, 2)
    give_to_contacts(access=access, package=open_package.package, contacts=[contact.uuid, other.uuid])
    mark_contact_removed(access=access, contact=contact)
    assert forget_outlets() == 0  # it can be undone for an hour
    with freeze_clock_at(now() + datetime.timedelta(hours=2)):
        assert forget_outlets() == 1
    gone, stays = PackageLink.objects.order_by("pk")
    assert (gone.outlet, gone.address) == ("Qala TV 1", "")
    assert stays.address == other.address
