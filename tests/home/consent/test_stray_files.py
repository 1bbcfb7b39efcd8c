"""What a request writes to the public folder after its item came under consent does not stay there."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.consent.files import item_of_name
from coalition.consent.shared_gates import sharing_gates
from coalition.consent.site import site_gate
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from home.models import PublicImage, PublicRendition, PublicVideo
from home.stray_files import move_stray_files
from tests.consent.builders import consent_asked, put_under_consent
from tests.home.consent.canaries import Story, agreed, picture, story
from tests.home.consent.test_replaced_files import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(site) -> Story:
    return story()


@contextmanager
def opened(image: PublicImage) -> Iterator[PublicImage]:
    """The picture as a request has it that has opened the file to draw it."""
    row = PublicImage.objects.get(pk=image.pk)
    with row.file.open():
        yield row


def public_names() -> list[str]:
    """Names of files of rows that are in the public folder."""
    rows = [*PublicImage.objects.all(), *PublicRendition.objects.all()]
    names = [row.file.name for row in rows]
    for video in PublicVideo.objects.all():
        names += [video.file.name, video.captions_en.name, video.captions_kk.name]
    return [name for name in names if name and item_of_name(name) is None]


@pytest.mark.parametrize("specs", [["width-50"], ["width-50", "width-60"]])
@pytest.mark.parametrize("kind", ["image", "video"])
def test_rendition_of_a_picture_from_before_is_deleted(made, django_capture_on_commit_callbacks, specs, kind):
    image = made.image if kind == "image" else made.poster
    with opened(image) as stale:
        with django_capture_on_commit_callbacks(execute=True):
            agreed(consent_asked(), kind, str(made.image.pk if kind == "image" else made.video.pk))
        with sharing_gates(), django_capture_on_commit_callbacks(execute=True):
            drawn = [one.file.name for one in stale.get_renditions(*specs).values()]
    assert all(item_of_name(name) is None for name in drawn)
    assert not [name for name in drawn if storages["public"].exists(name)]
    assert not PublicRendition.objects.filter(file__in=drawn).exists()


def test_rendition_drawn_before_the_commit_of_the_consent_is_deleted(
    made, django_capture_on_commit_callbacks
):
    with opened(made.image) as stale:
        with django_capture_on_commit_callbacks() as after_consent:
            agreed(consent_asked(), "image", str(made.image.pk))
        drawn = stale.get_rendition("width-50").file.name  # its own look came before the commit: nothing seen
    with django_capture_on_commit_callbacks(execute=True):
        for one in after_consent:
            one()
    assert not storages["public"].exists(drawn)


def test_upload_of_a_request_that_asked_before_is_moved(made, django_capture_on_commit_callbacks):
    image, video = PublicImage.objects.get(pk=made.image.pk), PublicVideo.objects.get(pk=made.video.pk)
    consent = consent_asked()
    with sharing_gates():
        assert not site_gate().is_under_consent("image", str(image.pk))
        with django_capture_on_commit_callbacks(execute=True), sharing_gates():
            agreed(consent, "image", str(image.pk))
            agreed(consent, "video", str(video.pk))
        with django_capture_on_commit_callbacks(execute=True):
            image.file = ContentFile(png("green"), "again.png")
            image.save()
            video.captions_kk = SimpleUploadedFile("k.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.500\nA\n")
            video.transcript_kk = "A"
            video.save()
    assert public_names() == []
    row = PublicVideo.objects.get(pk=video.pk)
    assert all(one.storage.exists(one.name) for one in (row.file, row.captions_en, row.captions_kk))
    assert PublicImage.objects.get(pk=image.pk).bytes_sha256 == image.bytes_sha256


def test_upload_of_the_same_bytes_is_moved(made, django_capture_on_commit_callbacks):
    with sharing_gates():
        assert not site_gate().holds_bytes(made.image.bytes_sha256)
        with sharing_gates():
            agreed(consent_asked(), "image", str(made.image.pk))
        with django_capture_on_commit_callbacks(execute=True):
            late = picture("Late")
    late.refresh_from_db()
    assert item_of_name(late.file.name) == ("hash", late.bytes_sha256)


def test_job_moves_what_is_left_and_asks_little_when_nothing_is(made, django_capture_on_commit_callbacks):
    made.image.get_rendition("width-50")
    with CaptureQueriesContext(connection) as queries:
        move_stray_files()
    assert len(queries) == 1
    consent = consent_asked()
    put_under_consent(consent, "image", str(made.image.pk))  # the rows alone: no file was moved
    put_under_consent(consent, "video", str(made.video.pk))
    film = PublicVideo.objects.get(pk=made.video.pk)
    old = [made.image.file.name, made.image.get_rendition("width-50").file.name, film.file.name]
    assert len(public_names()) >= 5
    scheduler.schedule_recurring()
    DueWork.objects.exclude(kind="home.stray_files").delete()
    with django_capture_on_commit_callbacks(execute=True):
        scheduler.run_due(worker="test")
    assert public_names() == []
    assert not [name for name in old if storages["public"].exists(name)]
    with CaptureQueriesContext(connection) as queries:
        move_stray_files()
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 4
