"""What may be given out of a package, and when it may not any more."""

import datetime

import pytest
from django.utils.timezone import localdate

from coalition.campaigns.media_package.actions.items import change_item, remove_item, restore_item
from coalition.campaigns.media_package.actions.renditions import remove_rendition
from coalition.campaigns.media_package.gate import ItemStatus, PackageGate, items_with_files
from coalition.campaigns.media_package.models import Rendition
from coalition.core.clock import now
from documents.publication.actions import withdraw_publication
from tests.campaigns.media_package.builders import Press

pytestmark = pytest.mark.django_db


def test_a_file_is_given_once_it_is_approved_with_the_text(here: Press) -> None:
    item = here.item()
    made = here.file(item)
    assert here.judge(item).status == ItemStatus.NOT_APPROVED
    assert made.released_at is None

    publication = here.approve(item)

    judged = here.judge(item)
    assert judged.is_given
    assert [one.file_name for one in judged.files] == ["film_document_v1.txt"]
    document = publication.texts.select_related("version").get(language="kk").recorded_document
    assert [(one["name"], one["sha256"]) for one in document["attachments"]] == [
        ("film_document_v1.txt", made.sha256)
    ]
    made.refresh_from_db()
    assert made.released_at is not None


def test_a_file_that_came_after_approval_waits_for_the_next_one(open_package: Press) -> None:
    item = open_package.items[0]
    open_package.file(item, b"Other words for the announcer.")

    assert [one.file_name for one in open_package.judge(item).files] == ["film_document_v1.txt"]

    open_package.approve(item, "Every second woman.")
    assert [one.file_name for one in open_package.judge(item).files] == ["film_document_v2.txt"]


def test_a_file_of_one_language_is_approved_with_the_text_in_it(here: Press) -> None:
    item = here.item()
    here.file(item, language="ru")
    publication = here.approve(item)
    attached = {
        text.language: len(text.recorded_document["attachments"])
        for text in publication.texts.select_related("version")
    }
    assert attached == {"kk": 0, "ru": 1, "en": 0}
    assert len(here.judge(item).files) == 1


def test_nothing_is_given_once_the_text_is_withdrawn(open_package: Press) -> None:
    item = open_package.items[0]
    publication = item.draft.publications.get()
    withdraw_publication(access=open_package.access, publication=publication, note="A mistake")
    judged = open_package.judge(item)
    assert (judged.status, list(judged.files)) == (ItemStatus.WITHDRAWN, [])


def test_nothing_is_given_after_the_licence(open_package: Press) -> None:
    item, today = open_package.items[0], localdate(now())
    change_item(access=open_package.access, item=item, licence_until=today)
    assert open_package.judge(item).is_given
    change_item(access=open_package.access, item=item, licence_until=today - datetime.timedelta(days=1))
    assert open_package.judge(item).status == ItemStatus.LICENCE_ENDED


def test_an_item_is_taken_out_and_put_back(open_package: Press) -> None:
    item = open_package.items[0]
    remove_item(access=open_package.access, item=item)
    assert open_package.judge(item).status == ItemStatus.REMOVED
    restore_item(access=open_package.access, item=item)
    assert open_package.judge(item).is_given


def test_a_file_that_was_taken_out_is_not_given(open_package: Press) -> None:
    item = open_package.items[0]
    remove_rendition(access=open_package.access, rendition=Rendition.objects.get())
    assert list(open_package.judge(item).files) == []


def test_three_items_take_as_many_queries_as_one(open_package: Press, django_assert_num_queries) -> None:
    def judge() -> int:
        return len(PackageGate("kk").judge(items_with_files(open_package.package)))

    with django_assert_num_queries(7):
        assert judge() == 1
    for name in ("second", "third"):
        other = open_package.item(name)
        open_package.file(other, name.encode())
        open_package.approve(other, name)
    with django_assert_num_queries(7):
        assert judge() == 3
