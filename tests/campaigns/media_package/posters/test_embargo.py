"""Posters of a text under embargo: set when it is scheduled, taken by outlets that agreed, public later."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.actions.items import change_item, remove_item
from coalition.campaigns.media_package.actions.packages import publish_package
from coalition.campaigns.media_package.actions.renditions import prepare_rendition
from coalition.campaigns.media_package.enums import Currency, Format, RenditionState
from coalition.campaigns.media_package.models import MediaItem, Rendition, TakenFile
from coalition.campaigns.media_package.notices.currency import currency_of
from coalition.campaigns.media_package.posters import drawing, setting
from coalition.campaigns.media_package.posters.content import PosterContent
from coalition.campaigns.media_package.posters.presenters import fact_flags
from coalition.campaigns.media_package.posters.setting import SET_POSTERS, set_missing_files, set_posters
from coalition.campaigns.media_package.queries import items_with_changed_facts
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.drafts.actions.manage import name_version
from documents.drafts.models import PublicationState
from documents.models import Publication, Version
from documents.publication.embargo.actions import (
    lift_due_embargo,
    schedule_publication,
    unschedule_publication,
)
from tests.campaigns.media_package.builders import LANGUAGES, Press
from tests.campaigns.media_package.outlets.builders import agreed, given, page_of, path_of
from tests.campaigns.media_package.posters.builders import (
    changed,
    figure,
    own_stage,
    poster,
    publish,
    set_and_prepare,
    write,
)
from tests.conftest import sign_in
from tests.factories import seat

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def planned(here: Press, item: MediaItem, days: int = 1) -> Publication:
    """Have the item's text approved as it stands, and schedule it."""
    own = own_stage(here, item)
    versions = [name_version(access=here.access, text=own.text(code), name="As agreed") for code in LANGUAGES]
    round_ = own.put(versions=versions)
    own.approve_all(round_)
    return schedule_publication(access=here.access, round_=round_, at=now() + days * DAY)


@pytest.fixture
def item(here: Press) -> MediaItem:
    made = poster(here)
    write(here, made, figure(here))
    publish_package(access=here.access, package=here.package)
    return made


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Languages of what is drawn from now on."""
    found: list[str] = []

    def note(content: PosterContent, rendition_format: Format) -> drawing.DrawnFile:
        found.append(content.language)
        return drawing.draw_poster(content, rendition_format)

    monkeypatch.setattr(setting, "draw_poster", note)
    return found


def test_an_outlet_that_agreed_takes_posters_which_are_given_on_once_public(
    here: Press, item: MediaItem, drawn: list[str]
) -> None:
    """The whole way: scheduled, set, agreed, taken, moved, public."""
    publication = planned(here, item)
    assert scheduler.planned_keys(kind=SET_POSTERS) == {str(publication.uuid)}
    made = set_and_prepare(publication)
    assert {one.state for one in made} == {RenditionState.READY}
    assert len(drawn) == 6
    assert {one.released_at for one in made} == {None}
    assert not here.judge(item).is_given
    link, square = given(here), next(one for one in made if one.file_name == "poster_1x1_kk_v1.png")
    assert square.file_name not in page_of(link)
    assert Client().get(path_of(link, square)).status_code == 404
    assert currency_of(square.file_name) == Currency.UNKNOWN

    agreed(link)
    assert square.file_name in page_of(link)
    assert Client().get(path_of(link, square)).status_code == 200
    assert TakenFile.objects.get().rendition == square
    assert currency_of(square.sha256) == Currency.CURRENT
    assert currency_of(square.file_name) == Currency.UNKNOWN  # it would say that there is such an item

    moved = schedule_publication(access=here.access, round_=publication.round, at=now() + 2 * DAY)
    assert moved.pk == publication.pk
    set_posters(str(publication.uuid))
    assert len(drawn) == 6

    Publication.objects.update(scheduled_at=now() - datetime.timedelta(minutes=1))
    lift_due_embargo(str(publication.uuid), {})
    publication.refresh_from_db()
    assert publication.state == PublicationState.PUBLIC
    set_posters(str(publication.uuid))
    assert len(drawn) == 6
    assert Rendition.objects.count() == 6
    assert not Rendition.objects.filter(released_at=None).exists()
    assert len(here.judge(item).files) == 6
    assert currency_of(square.file_name) == Currency.CURRENT


def test_a_file_that_is_prepared_under_embargo_is_released_with_the_text_only(
    here: Press, item: MediaItem
) -> None:
    publication = planned(here, item)
    set_posters(str(publication.uuid))
    first, second = Rendition.objects.order_by("pk")[:2]
    prepare_rendition(str(first.uuid))
    first.refresh_from_db()
    assert (first.state, first.released_at) == (RenditionState.READY, None)
    Publication.objects.filter(pk=publication.pk).update(state=PublicationState.PUBLIC, published_at=now())
    prepare_rendition(str(second.uuid))
    second.refresh_from_db()
    assert second.released_at is not None


def test_a_changed_figure_flags_posters_under_embargo_too(here: Press) -> None:
    made, fact = poster(here), figure(here)
    write(here, made, fact)
    planned(here, made)
    assert not items_with_changed_facts()
    changed(here, fact)
    assert [*items_with_changed_facts()] == [made]
    assert list(fact_flags([made])) == [made.pk]


def test_nothing_is_set_once_the_embargo_is_put_off(here: Press, item: MediaItem) -> None:
    publication = planned(here, item)
    unschedule_publication(access=here.access, publication=publication)
    set_posters(str(publication.uuid))
    assert not Rendition.objects.exists()


def test_a_newer_version_of_the_scheduled_text_is_set_anew(here: Press, item: MediaItem) -> None:
    publication = planned(here, item)
    old = set_and_prepare(publication)
    with freeze_clock_at(now() + datetime.timedelta(hours=1)):
        Version.objects.filter(text__draft=item.draft, language="ru").update(created_at=now())
        schedule_publication(access=here.access, round_=publication.round, at=now() + 2 * DAY)
        assert {one.language for one in here.judge(item, before_embargo=True).files} == {"kk", "en"}
        with freeze_clock_at(now() + datetime.timedelta(minutes=1)):
            made = set_and_prepare(publication)
        anew = {(one.language, one.version) for one in made if one.pk not in {row.pk for row in old}}
        assert anew == {("ru", 2)}
        assert len(here.judge(item, before_embargo=True).files) == 6


def test_items_whose_files_people_bring_schedule_nothing(here: Press) -> None:
    item = here.item("by-hand")
    write(here, item, None)
    planned(here, item)
    assert scheduler.planned_keys(kind=SET_POSTERS) == set()


@pytest.mark.parametrize("how", [publish, planned])
def test_formats_chosen_later_are_set_by_one_press(here: Press, client: Client, how: Callable) -> None:
    item = here.item("poster", sets_formats=[])
    write(here, item, figure(here))
    publication = how(here, item)
    assert scheduler.planned_keys(kind=SET_POSTERS) == set()
    desk, page = sign_in(client, here.made.coordinator), reverse("campaigns:media_item", args=[item.uuid])
    path = reverse("campaigns:media_item_set", args=[item.uuid])
    assert "Set the files now" not in desk.get(page).content.decode()
    change_item(access=here.access, item=item, sets_formats=["1x1"])
    assert path in desk.get(page).content.decode()
    words = desk.post(path, follow=True).content.decode()
    assert "The files are being set" in words
    assert scheduler.planned_keys(kind=SET_POSTERS) == {str(publication.uuid)}
    assert AuditEntry.objects.get(action="media_item.setting_asked").target == item.uuid
    assert len(set_and_prepare(publication)) == 3
    assert path not in desk.get(page).content.decode()
    assert "No file is missing" in desk.post(path, follow=True).content.decode()


def test_missing_files_are_set_by_editors_and_only_of_items_in_the_package(
    here: Press, item: MediaItem
) -> None:
    publish(here, item)
    reader = seat(
        workspace=here.made.workspace, role=SeatRole.REVIEWER, organisation=here.made.organisations[0]
    )
    with pytest.raises(NotAllowed):
        set_missing_files(access=access_to(reader.person, here.made.workspace.uuid), item=item)
    remove_item(access=here.access, item=item)
    with pytest.raises(Refused):
        set_missing_files(access=here.access, item=item)
