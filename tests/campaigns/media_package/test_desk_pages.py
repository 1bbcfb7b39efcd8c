"""Packages, items and files at the desk."""

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coalition.campaigns.media_package.actions.renditions import PREPARE, prepare_rendition
from coalition.campaigns.media_package.desk_presenters import file_rows
from coalition.campaigns.media_package.enums import RenditionState
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, Rendition
from coalition.jobs.scheduler import run_due
from coalition.roles import SeatRole
from documents.files.models import StoredFile
from tests.campaigns.media_package.builders import Press, last_attempt
from tests.conftest import sign_in
from tests.factories import seat

pytestmark = pytest.mark.django_db

ITEM = {
    "title": "The poster",
    "kind": "poster",
    "name": "poster-every-third",
    "first_language": "kk",
    "ai_mark": "none",
    "age_mark": "16",
    "sets_formats": ["a3", "1x1"],
}


@pytest.fixture
def desk(client: Client, here: Press) -> Client:
    return sign_in(client, here.made.coordinator)


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def test_from_nothing_to_a_file_that_waits_for_approval(desk: Client, here: Press) -> None:
    workspace = here.made.workspace
    form = {"title_kk": "Пакет", "title_ru": "", "title_en": "", "slug": "second"}
    answer = desk.post(url("media_package_new", workspace.uuid), form)
    package = MediaPackage.objects.get(slug="second")
    assert answer.headers["Location"] == url("media_package", package.uuid)

    answer = desk.post(url("media_item_new", package.uuid), ITEM)
    item = MediaItem.objects.get(name="poster-every-third")
    assert (item.age_mark, item.sets_formats) == (16, ["a3", "1x1"])
    assert answer.headers["Location"] == url("media_item", item.uuid)

    content = SimpleUploadedFile("words.txt", b"Words.", "text/plain")
    sent = {"format": "document", "language": "kk", "file": content}
    desk.post(url("media_item_file", item.uuid), sent)
    made = Rendition.objects.get()
    assert made.file_name == "poster-every-third_document_kk_v1.txt"
    assert (
        b"Being prepared" in desk.get(url("media_item", item.uuid), headers={"Accept-Language": "en"}).content
    )
    prepare_rendition(str(made.uuid))
    page = desk.get(url("media_item", item.uuid)).content.decode()
    assert made.file_name in page
    assert "Waits for approval with the text" in page


def test_a_file_whose_preparing_is_given_up_is_tried_again_at_a_press(
    desk: Client, here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = here.item()
    sent = {"format": "document", "language": "", "file": SimpleUploadedFile("words.txt", b"Words.")}
    desk.post(url("media_item_file", item.uuid), sent)
    made = Rendition.objects.get()

    def crashes(*_given: object, **_named: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("documents.files.models.StoredFile.is_picture", property(crashes))
        last_attempt(PREPARE, str(made.uuid))
    made.refresh_from_db()
    assert made.state == RenditionState.FAILED
    with override("en"):
        page = desk.get(url("media_item", item.uuid)).content.decode()
    assert "did not succeed" in page
    assert f'action="{url("media_file_again", made.uuid)}"' in page

    desk.post(url("media_file_again", made.uuid))
    run_due(worker="test")
    made.refresh_from_db()
    assert made.state == RenditionState.READY
    desk.post(url("media_file_again", made.uuid))
    made.refresh_from_db()
    assert made.state == RenditionState.READY


def test_mistakes_are_shown_beside_the_field_and_nothing_is_lost(desk: Client, here: Press) -> None:
    form = {"title_kk": "Пакет", "slug": here.package.slug, "contact_name": "Aigul"}
    answer = desk.post(url("media_package_new", here.made.workspace.uuid), form)
    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    assert "Aigul" in answer.content.decode()
    here.item("film")
    answer = desk.post(url("media_item_new", here.package.uuid), ITEM | {"name": "film"})
    assert "name" in answer.context["form"].errors
    answer = desk.post(url("media_item_new", here.package.uuid), ITEM | {"name": "Плакат"})
    assert "name" in answer.context["form"].errors
    page = SimpleUploadedFile("film.mp4", b"<html><script>alert(1)</script>", "video/mp4")
    item = here.items[0]
    answer = desk.post(url("media_item_file", item.uuid), {"format": "1080p25", "language": "", "file": page})
    assert "file" in answer.context["form"].errors
    assert not Rendition.objects.exists()


def test_an_item_and_a_file_are_taken_out_with_an_undo(desk: Client, here: Press) -> None:
    item = here.item()
    made = here.file(item)
    page = desk.post(url("media_file_remove", made.uuid), follow=True).content.decode()
    assert url("media_file_restore", made.uuid) in page
    desk.post(url("media_file_restore", made.uuid))
    made.refresh_from_db()
    assert made.removed_at is None
    page = desk.post(url("media_item_remove", item.uuid), follow=True).content.decode()
    assert url("media_item_restore", item.uuid) in page
    desk.post(url("media_item_restore", item.uuid))
    item.refresh_from_db()
    assert item.removed_at is None


def test_an_item_that_was_taken_out_gets_no_file_and_nothing_is_left_of_it(desk: Client, here: Press) -> None:
    item = here.item()
    desk.post(url("media_item_remove", item.uuid))
    before = stored_names()
    sent = {"format": "document", "language": "", "file": SimpleUploadedFile("words.txt", b"Words.")}
    answer = desk.post(url("media_item_file", item.uuid), sent)
    assert "file" in answer.context["form"].errors
    assert not StoredFile.objects.exists()
    assert stored_names() == before


def stored_names() -> set[str]:
    """Names of all objects of workspaces' files."""
    storage = storages["default"]
    if not storage.exists("files"):
        return set()
    return {name for folder in storage.listdir("files")[0] for name in storage.listdir(f"files/{folder}")[1]}


def test_items_are_moved(desk: Client, here: Press) -> None:
    first, second = here.item("first"), here.item("second")
    desk.post(url("media_package_order", here.package.uuid), {"item": str(second.uuid), "by": "-1"})
    assert list(here.package.items.values_list("name", flat=True)) == ["second", first.name]


def test_the_page_is_opened_once_there_is_an_item(desk: Client, here: Press) -> None:
    publish = url("media_package_publish", here.package.uuid)
    desk.post(publish)
    here.package.refresh_from_db()
    assert here.package.published_at is None
    here.item()
    desk.post(publish)
    here.package.refresh_from_db()
    assert here.package.published_at is not None
    desk.post(publish, {"act": "end"})
    here.package.refresh_from_db()
    assert here.package.published_at is None


def test_the_address_stays_once_the_page_was_open(desk: Client, here: Press) -> None:
    form = {"title_kk": "Пакет", "title_ru": "", "title_en": "", "slug": "before"}
    edit = url("media_package_edit", here.package.uuid)
    assert desk.post(edit, form).status_code == 302
    here.item()
    for name in ({}, {"act": "end"}):
        desk.post(url("media_package_publish", here.package.uuid), name)
    answer = desk.post(edit, form | {"slug": "after", "title_kk": "Басқа"})
    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    here.package.refresh_from_db()
    assert here.package.slug == "before"
    assert desk.post(edit, form | {"title_kk": "Басқа"}).status_code == 302


def test_only_those_with_the_right_change_anything(client: Client, open_package: Press) -> None:
    item, package = open_package.items[0], open_package.package
    reader = seat(workspace=open_package.made.workspace, role=SeatRole.REVIEWER)
    sign_in(client, reader.person)
    assert client.get(url("media_item", item.uuid)).status_code == 200
    made = Rendition.objects.get()
    for name, about in (
        ("media_package_publish", package),
        ("media_item_remove", item),
        ("media_file_remove", made),
        ("media_item_file", item),
    ):
        client.post(url(name, about.uuid), {"act": "end"})
    for row in (package, item, made):
        row.refresh_from_db()
    assert package.published_at is not None
    assert item.removed_at is None
    assert made.removed_at is None
    assert client.get(url("media_package_edit", package.uuid)).status_code == 403


def test_people_of_other_workspaces_find_nothing(client: Client, open_package: Press) -> None:
    sign_in(client, seat(role=SeatRole.COORDINATOR).person)
    for name, about in (
        ("media_package", open_package.package),
        ("media_item", open_package.items[0]),
        ("media_file", Rendition.objects.get()),
    ):
        assert client.get(url(name, about.uuid)).status_code == 404


def test_captions_with_script_are_refused_in_the_small_form_too(desk: Client, here: Press) -> None:
    item = here.item()
    words = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<script>alert(1)</script>\n"
    sent = {
        "format": "subtitles",
        "language": "kk",
        "file": SimpleUploadedFile("film.vtt", words, "text/vtt"),
    }
    answer = desk.post(url("media_item_file", item.uuid), sent)
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
    assert not Rendition.objects.exists()


def test_an_older_file_is_said_to_be_replaced_once_the_newer_one_is_given(here: Press) -> None:
    def states() -> list[tuple[int, bool, bool]]:
        rows = file_rows(here.access, item, here.judge(item))
        return [(row["file"].version, row["is_given"], row["is_replaced"]) for row in rows]

    item = here.item()
    here.file(item)
    here.approve(item)
    here.file(item, b"Better words for the announcer.")
    assert states() == [(2, False, False), (1, True, False)]  # the newer one waits for approval
    here.approve(item, "Every second woman.")
    assert states() == [(2, True, False), (1, False, True)]


def test_no_format_is_chosen_for_a_new_file(desk: Client, here: Press) -> None:
    item = here.item()
    content = SimpleUploadedFile("words.txt", b"Words.", "text/plain")
    answer = desk.post(url("media_item_file", item.uuid), {"format": "", "language": "kk", "file": content})
    assert answer.status_code == 422
    assert not item.renditions.exists()
