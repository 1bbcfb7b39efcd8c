"""Bytes under consent lie outside of the public folder, and leave by the gate alone."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from coalition.consent import files
from coalition.consent.actions.uses import request_uses
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Form, Place
from coalition.consent.files import item_of_name, may_open_name, while_open
from coalition.consent.items import notify_changes
from coalition.consent.models import ConsentItem
from coalition.consent.shared_gates import sharing_gates
from documents.models import StoredFile
from documents.publication.actions import publish_approved
from home.models import NewsPage, PublicImage, PublicVideo
from home.publication_pages import prepare_pictures
from tests.consent.builders import agree_to, caseworker_of, consent_asked
from tests.documents.approval.builders import stage
from tests.documents.files.test_files_pages import read
from tests.factories import MembershipFactory
from tests.home.consent.canaries import Story, agreed, picture, story
from tests.home.pictured import round_with_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(site) -> Story:
    return story()


def all_names(made: Story) -> list[str]:
    """Where the bytes of the story lie now."""
    video = PublicVideo.objects.select_related("poster").get(pk=made.video.pk)
    images = [PublicImage.objects.get(pk=made.image.pk), video.poster]
    drawn = [one.file.name for image in images for one in image.renditions.all()]
    return [video.file.name, video.captions_en.name, *(one.file.name for one in images), *drawn]


def withdraw_all(consent) -> None:
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def test_old_addresses_are_gone_and_new_ones_ask_the_gate(client, made, django_capture_on_commit_callbacks):
    client.get(made.page.get_url())  # draws renditions
    old = all_names(made)
    assert len(old) > 5
    consent = consent_asked()
    with django_capture_on_commit_callbacks(execute=True):
        agreed(consent, "image", str(made.image.pk))
        agreed(consent, "video", str(made.video.pk))
    client.get(made.page.get_url())
    new = all_names(made)
    assert not set(old) & set(new)
    assert all(name.startswith("shown/") for name in new)
    for name in old:
        assert not storages["public"].exists(name)
        assert client.get(f"/media/{name}").status_code == 404
    for name in new:
        answer = client.get(f"/media/{name}")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store"), name
        assert read(answer)
    part = client.get(f"/media/{new[0]}", headers={"range": "bytes=0-9"})
    assert (part.status_code, len(read(part))) == (206, 10)
    withdraw_all(consent)
    for name in new:
        for headers in ({}, {"range": "bytes=0-9"}):
            assert client.get(f"/media/{name}", headers=headers).status_code == 404, name


def test_newsroom_sees_a_picture_until_it_is_taken_back(client, made, newsroom):
    consent = consent_asked()
    from coalition.consent.items import item_kind
    from tests.consent.builders import put_under_consent

    put_under_consent(consent, "image", str(made.image.pk), places=["site"])
    item_kind("image").changed(str(made.image.pk))
    address = f"/media/{PublicImage.objects.get(pk=made.image.pk).file.name}"
    assert client.get(address).status_code == 404
    assert read(newsroom.get(address))
    assert newsroom.get(f"/cms/images/{made.image.pk}/").status_code == 200
    withdraw_all(consent)
    assert newsroom.get(address).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "shown/hash/../x.png",
        "shown/image/1/../../../documents/secret",
        "shown//1/x.png",
        "shown/image/999999/x.png",
        "shown/unknown/1/x.png",
        "/shown/image/1/x.png",
        "shown/image/١/x.png",
    ],
)
def test_no_other_private_file_is_reached(client, name):
    storages["default"].save("shown/x.png", ContentFile(b"x"))
    assert client.get(f"/media/{name}").status_code == 404
    storages["default"].delete("shown/x.png")


async def test_long_film_breaks_off_when_the_gate_closes(monkeypatch):
    monkeypatch.setattr(files, "ASK_SECONDS", 0)  # asked before each chunk
    answers = iter([True, True, False])

    async def chunks():
        for number in range(100):
            yield bytes([number])

    sent = [one async for one in while_open(chunks(), lambda: next(answers))]
    assert sent == [b"\0", b"\1"]


def test_gate_is_asked_anew_while_a_file_is_sent(site):
    """In the same request: its first answer is not remembered."""
    made, consent = picture(), consent_asked()
    agreed(consent, "image", str(made.pk))
    name = PublicImage.objects.get(pk=made.pk).file.name
    with sharing_gates():
        assert may_open_name(name, is_worked_with=lambda: False)
        withdraw_all(consent)
        assert not may_open_name(name, is_worked_with=lambda: True)


def test_files_that_come_later_lie_apart_from_the_start(made):
    agreed(consent_asked(), "image", str(made.image.pk))
    agreed(consent_asked(), "video", str(made.video.pk))
    image = PublicImage.objects.get(pk=made.image.pk)
    with made.poster.file.storage.open(made.poster.file.name) as content:
        image.file.save("again.png", ContentFile(content.read()), save=False)
    assert item_of_name(image.file.name) == ("image", str(image.pk))
    video = PublicVideo.objects.get(pk=made.video.pk)
    video.captions_kk.save("kk.vtt", ContentFile(b"WEBVTT\n\n00:00.000 --> 00:01.500\nA\n"), save=False)
    assert item_of_name(video.captions_kk.name) == ("video", str(video.pk))
    video.transcript_kk, video.poster = "A", picture("Newposter", "green")
    video.save()
    assert item_of_name(PublicImage.objects.get(title="Newposter").file.name) == ("video", str(video.pk))


def test_copies_of_a_file_under_consent_are_moved_and_made_in_private_storage(
    client, site, django_capture_on_commit_callbacks
):
    """The newsroom's copy of an approved picture follows the workspace's file by its hash."""
    made = stage(2)
    publication = publish_approved(access=made.access, round_=round_with_picture(made))
    page = NewsPage.objects.get(publication=publication, locale__language_code="kk").get_url()
    copy = PublicImage.objects.exclude(sha256="").get()
    assert client.get(page).content.count(b"<img") == 1
    old = [copy.file.name, *(one.file.name for one in copy.renditions.all())]
    consent = consent_asked()
    item = ConsentItem.objects.create(
        consent=consent,
        kind="file",
        key="1",
        sha256=copy.sha256,
        shows_face=True,
        added_at=consent.asked_at,
        organisation=consent.organisation,
    )
    with django_capture_on_commit_callbacks(execute=True):
        notify_changes([("file", "1", copy.sha256)])
    moved = PublicImage.objects.get(pk=copy.pk)
    assert item_of_name(moved.file.name) == ("hash", copy.sha256)
    assert not [name for name in old if storages["public"].exists(name)]
    assert b"<img" not in client.get(page).content
    assert client.get(f"/media/{moved.file.name}").status_code == 404
    PublicImage.objects.filter(pk=copy.pk).update(sha256="")
    (again,) = prepare_pictures(StoredFile.objects.filter(sha256=copy.sha256))
    assert item_of_name(again.file.name) == ("hash", copy.sha256)
    assert not item.uses.exists()


def test_asking_for_a_use_moves_the_files(made, newsroom):
    """The action itself, by a person of the newsroom who belongs to an organisation."""
    from coalition.accounts.models import User

    person = User.objects.get(pk=newsroom.session["_auth_user_id"])
    organisation = MembershipFactory(person=person).organisation
    consent = consent_asked()
    for kind, key in (("image", made.image.pk), ("video", made.video.pk)):
        item = request_uses(
            by=person,
            organisation=organisation,
            code=consent.code,
            kind=kind,
            key=str(key),
            forms=[Form.FACE],
            places=[Place.SITE],
            languages=["en"],
        )
        agree_to(item)
    assert all(item_of_name(name) is not None for name in all_names(made))
