"""Who replaces the bytes of a picture or video, or uploads them again, does not get past the gate."""

import hashlib
import io
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.files import item_of_name
from coalition.consent.gate import may_work_with
from coalition.consent.items import describe_items
from coalition.consent.models import ConsentItem
from coalition.consent.site import hash_of, image_item
from home.models import PublicImage, PublicVideo
from tests.consent.builders import agree_to, caseworker_of, consent_asked, put_under_consent
from tests.documents.files.metadata import media_samples
from tests.home.consent.canaries import Story, agreed, film, picture, story

pytestmark = pytest.mark.django_db
OTHER_FILM = media_samples.mp4() + media_samples.box(b"free", b"other")


@pytest.fixture
def made(site) -> Story:
    return story()


def png(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (160, 90), colour).save(content, "PNG")
    return content.getvalue()


def sha256_of(row) -> str:
    with row.file.storage.open(row.file.name, "rb") as content:
        return hashlib.sha256(content.read()).hexdigest()


def test_picture_with_another_file_waits_for_her(client, made):
    item = agreed(consent_asked(), "image", str(made.image.pk))
    image = PublicImage.objects.get(pk=made.image.pk)
    assert image.may_be_shown()
    image.file = ContentFile(png("green"), "unblurred.png")
    image.save()
    image = PublicImage.objects.get(pk=made.image.pk)
    assert not image.may_be_shown()
    assert client.get(f"/media/{image.file.name}").status_code == 404
    assert image.file.name not in client.get(made.page.get_url()).content.decode()
    for use in item.uses.all():
        use.agreed_digest = image_item(image).digest
        use.save()
    assert image.may_be_shown()


def test_copies_of_earlier_and_of_new_bytes_follow_her_answers(made):
    """She was asked about the unblurred picture, then agrees to the blurred one alone."""
    consent = consent_asked()
    item = agreed(consent, "image", str(made.image.pk))
    old = picture("Oldcopy")
    image = PublicImage.objects.get(pk=made.image.pk)
    assert hash_of(old) == hash_of(image)
    image.file = ContentFile(png("green"), "blurred.png")
    image.save()
    new = picture("Newcopy", "green")
    assert hash_of(new) == hash_of(image) != hash_of(old)
    assert [one.may_be_shown() for one in (image, old, new)] == [False, True, True]
    agree_to(item)
    assert [one.may_be_shown() for one in fresh(image, old, new)] == [True, False, True]
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    assert [one.may_be_shown() for one in fresh(image, old, new)] == [False, False, False]
    assert not any(may_work_with(image_item(one)) for one in fresh(image, old, new))


def fresh(*images: PublicImage) -> list[PublicImage]:
    return [PublicImage.objects.get(pk=one.pk) for one in images]


def test_video_with_another_file_waits_for_her(client, made):
    agreed(consent_asked(), "video", str(made.video.pk))
    video = PublicVideo.objects.get(pk=made.video.pk)
    assert video.may_be_shown()
    video.file = SimpleUploadedFile("unblurred.mp4", OTHER_FILM, "video/mp4")
    video.save()
    video = PublicVideo.objects.get(pk=made.video.pk)
    assert not video.may_be_shown()
    assert client.get(f"/media/{video.file.name}").status_code == 404


def test_video_with_another_first_picture_waits_for_her(client, made):
    agreed(consent_asked(), "video", str(made.video.pk))
    video = PublicVideo.objects.get(pk=made.video.pk)
    assert video.may_be_shown()
    video.poster = picture("Unblurred", "green")
    video.save()
    assert not PublicVideo.objects.get(pk=made.video.pk).may_be_shown()
    assert "<video" not in client.get(made.page.get_url()).content.decode()


def test_files_of_a_video_leave_with_it_and_when_they_are_replaced(made, django_capture_on_commit_callbacks):
    storage = storages["public"]
    with django_capture_on_commit_callbacks(execute=True):
        agreed(consent_asked(), "video", str(made.video.pk))
    video = PublicVideo.objects.get(pk=made.video.pk)
    old, words = video.file.name, video.captions_en.name
    with django_capture_on_commit_callbacks(execute=True):
        video.file = SimpleUploadedFile("blurred.mp4", OTHER_FILM, "video/mp4")
        video.save()
    assert [storage.exists(name) for name in (old, words, video.file.name)] == [False, True, True]
    with django_capture_on_commit_callbacks(execute=True):
        PublicVideo.objects.filter(pk=video.pk).delete()
    assert [storage.exists(name) for name in (words, video.file.name)] == [False, False]


@pytest.mark.parametrize("kind", ["image", "video"])
def test_hash_is_that_of_the_stored_file_however_it_came(made, kind):
    row, content = (made.image, png("green")) if kind == "image" else (made.video, OTHER_FILM)
    assert row.bytes_sha256 == sha256_of(row) != ""
    if kind == "video":
        row.file.save("again.mp4", ContentFile(content))
    else:
        row.file = ContentFile(content, "again.png")
        row.save()
    row.refresh_from_db()
    assert row.bytes_sha256 == sha256_of(row)
    ending = ".mp4" if kind == "video" else ".png"
    row.file = SimpleUploadedFile(f"c{ending}", png("white") if kind == "image" else media_samples.mp4())
    row.save(update_fields=["file"])
    row.refresh_from_db()
    assert row.bytes_sha256 == sha256_of(row)
    before = row.bytes_sha256
    agreed(consent_asked(), kind, str(row.pk))
    row.refresh_from_db()
    assert item_of_name(row.file.name) == (kind, str(row.pk))
    row.save()
    assert row.bytes_sha256 == before == describe_items([(kind, str(row.pk))])[kind, str(row.pk)].item.sha256


def test_missing_file_has_no_hash(made):
    made.image.file.storage.delete(made.image.file.name)
    PublicImage.objects.filter(pk=made.image.pk).update(bytes_sha256="")
    image = PublicImage.objects.get(pk=made.image.pk)
    image.save()
    assert image.bytes_sha256 == ""


def test_same_bytes_are_closed_wherever_they_are_uploaded(client, made, django_capture_on_commit_callbacks):
    """Before she takes it back, or afterwards."""
    early, early_film = picture("Early"), film(picture("Earlyposter", "white"))
    consent = consent_asked()
    with django_capture_on_commit_callbacks(execute=True):
        agreed(consent, "image", str(made.image.pk))
        agreed(consent, "video", str(made.video.pk))
    assert PublicImage.objects.get(pk=early.pk).may_be_shown()
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    late, late_film = picture("Late"), film(picture("Lateposter", "black"))
    for given in (early, late, early_film, late_film):
        row = type(given).objects.get(pk=given.pk)
        assert not row.may_be_shown()
        assert item_of_name(row.file.name) == ("hash", row.bytes_sha256)
        assert client.get(f"/media/{row.file.name}").status_code == 404
    assert picture("Other", "yellow").may_be_shown()


@pytest.mark.parametrize("kind", ["image", "video"])
@pytest.mark.parametrize("key", ["9" * 20, "9" * 5000, "٣", "²", "-1", ""], ids=len)
def test_keys_that_are_no_number_of_a_row_are_unknown(client, newsroom, kind, key):
    assert describe_items([(kind, key)]) == {}
    if key and len(key) < 100:
        assert client.get(f"/media/shown/{kind}/{key}/x.jpg").status_code == 404
        assert newsroom.get(reverse("consent:item", args=[kind, key])).status_code == 404


def test_rows_from_before_get_their_hashes(made):
    hash_files = import_module("home.migrations.0012_fill_hashes_of_files").hash_files
    item = put_under_consent(consent_asked(), "video", str(made.video.pk))
    hashes = {row.pk: row.bytes_sha256 for row in PublicImage.objects.all()}
    PublicImage.objects.update(bytes_sha256="")
    PublicVideo.objects.update(bytes_sha256="")
    ConsentItem.objects.update(sha256="")
    made.poster.file.storage.delete(made.poster.file.name)
    hash_files(apps, SimpleNamespace(connection=connection))
    found = {row.pk: row.bytes_sha256 for row in PublicImage.objects.all()}
    assert found == hashes | {made.poster.pk: ""}
    item.refresh_from_db()
    assert item.sha256 == PublicVideo.objects.get().bytes_sha256 == made.video.bytes_sha256 != ""
