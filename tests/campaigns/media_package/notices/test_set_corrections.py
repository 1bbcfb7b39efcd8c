"""A correction of an item whose files are set from a template: told once the new files are there."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coalition.campaigns.media_package.actions.items import remove_item
from coalition.campaigns.media_package.actions.packages import publish_package
from coalition.campaigns.media_package.actions.renditions import prepare_rendition
from coalition.campaigns.media_package.enums import Currency, NoticeKind
from coalition.campaigns.media_package.models import ItemNotice, MediaItem, Rendition
from coalition.campaigns.media_package.notices.actions import send_notice
from coalition.campaigns.media_package.notices.automatic import (
    LONGEST_WAIT,
    PAUSE,
    TELL_CORRECTION,
    tell_when_set,
)
from coalition.campaigns.media_package.notices.currency import answer_about
from coalition.campaigns.media_package.posters.setting import set_posters
from coalition.core.clock import freeze_clock_at, now
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from documents.models import Publication
from documents.publication.actions import withdraw_publication
from tests.campaigns.media_package.builders import LANGUAGES, Press
from tests.campaigns.media_package.notices.builders import outlet_with
from tests.campaigns.media_package.posters.builders import poster, publish, set_and_prepare, write

pytestmark = pytest.mark.django_db

OLD, NEW = "poster_1x1_kk_v1.png", "poster_1x1_kk_v2.png"
TOO_LONG = "Ұзын" * 40


@pytest.fixture
def item(here: Press) -> MediaItem:
    """A poster that Oral TV took."""
    made = poster(here, sets_formats=["1x1"])
    write(here, made, None)
    set_and_prepare(publish(here, made))
    here.package = publish_package(access=here.access, package=here.package)
    outlet_with(Rendition.objects.get(file_name=OLD))
    return made


def corrected(here: Press, item: MediaItem, word: str = "Corrected", **titles: str) -> Publication:
    """Publish another text of the item; its files are not set yet."""
    write(here, item, None, **(dict.fromkeys(LANGUAGES, word) | titles))
    return publish(here, item)


def asked(words: str) -> str:
    with override("en"):
        return Client().get(reverse("media_current"), {"file": words}).content.decode()


def test_outlets_are_told_once_the_new_files_are_there(here: Press, item: MediaItem, mailoutbox) -> None:
    publication = corrected(here, item)
    key = str(publication.uuid)
    assert scheduler.planned_keys(kind=TELL_CORRECTION) == {key}
    tell_when_set(key)
    assert not ItemNotice.objects.exists()
    set_posters(key)
    tell_when_set(key)
    assert not ItemNotice.objects.exists()  # drawn, not prepared
    for row in Rendition.objects.filter(publication=publication):
        prepare_rendition(str(row.uuid))

    tell_when_set(key)
    tell_when_set(key)

    assert ItemNotice.objects.get().kind == NoticeKind.CORRECTION
    OutboxMail.objects.exclude(template="campaigns/media_notice").delete()
    outbox.deliver_due()
    assert f"{OLD} → {NEW}" in mailoutbox[-1].body


def test_the_work_looks_again_until_the_files_are_there(here: Press, item: MediaItem) -> None:
    publication = corrected(here, item)
    Rendition.objects.filter(publication=publication).delete()
    with freeze_clock_at(now() + PAUSE):
        scheduler.cancel(kind="media_package.set_posters", key=str(publication.uuid))
        scheduler.run_due(worker="tests")
        assert scheduler.planned_keys(kind=TELL_CORRECTION) == {str(publication.uuid)}
    assert not ItemNotice.objects.exists()
    set_and_prepare(publication)
    with freeze_clock_at(now() + 2 * PAUSE):
        scheduler.run_due(worker="tests")
    assert ItemNotice.objects.count() == 1
    assert scheduler.planned_keys(kind=TELL_CORRECTION) == set()


def test_nobody_waits_for_ever(here: Press, item: MediaItem) -> None:
    publication = corrected(here, item)
    with freeze_clock_at(now() + LONGEST_WAIT + datetime.timedelta(minutes=1)):
        tell_when_set(str(publication.uuid))
    assert ItemNotice.objects.count() == 1


def test_a_file_that_cannot_be_set_delays_nothing(here: Press, item: MediaItem) -> None:
    publication = corrected(here, item, kk=TOO_LONG)
    set_and_prepare(publication)
    tell_when_set(str(publication.uuid))
    assert ItemNotice.objects.count() == 1
    assert answer_about(OLD).currency == Currency.DO_NOT_USE  # nothing is to come


def test_what_was_told_or_withdrawn_meanwhile_is_not_told_again(here: Press, item: MediaItem) -> None:
    publication = corrected(here, item)
    send_notice(access=here.access, item=item, kind=NoticeKind.CORRECTION)
    set_and_prepare(publication)
    tell_when_set(str(publication.uuid))
    assert ItemNotice.objects.count() == 1

    second = corrected(here, item, "Corrected again")
    withdraw_publication(access=here.access, publication=second, note="A mistake")
    assert ItemNotice.objects.count() == 2
    tell_when_set(str(second.uuid))
    tell_when_set(str(publication.uuid))
    assert ItemNotice.objects.count() == 2


def test_an_item_that_was_taken_out_meanwhile_is_not_corrected(here: Press, item: MediaItem) -> None:
    publication = corrected(here, item)
    remove_item(access=here.access, item=item)
    tell_when_set(str(publication.uuid))
    assert not ItemNotice.objects.exists()


def test_holders_read_that_the_file_is_replaced_while_the_new_one_is_made(
    here: Press, item: MediaItem
) -> None:
    publication = corrected(here, item)
    found = answer_about(OLD)
    assert (found.currency, found.current) == (Currency.REPLACED, None)
    words = asked(OLD)
    assert "ask again in a few minutes" in words
    assert "Open the new file" not in words
    set_posters(str(publication.uuid))
    assert answer_about(OLD).currency == Currency.REPLACED
    set_and_prepare(publication)
    found = answer_about(OLD)
    assert found.current is not None
    assert found.current.file_name == NEW
    assert "ask again" not in asked(OLD)
