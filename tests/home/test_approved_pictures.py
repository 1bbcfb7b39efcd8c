"""A picture that organisations approved keeps its file; every other upload is drawn anew."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from coalition.core.errors import Refused
from documents.models import StoredFile
from documents.publication.actions import publish_approved
from home.models import NewsPage, PublicImage
from home.models.media import file_sha256
from tests.documents.approval.builders import Stage, stage
from tests.home.pictured import round_with_picture
from tests.recording import recorded

pytestmark = pytest.mark.django_db

CANARY = b"Canary of the place"


def other_picture() -> bytes:
    """A PNG with a place in EXIF and words in a text chunk."""
    exif = Image.Exif()
    exif[0x010F] = CANARY.decode()
    exif.get_ifd(0x8825)[1] = "N"
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", CANARY.decode())
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(content, "PNG", exif=exif, pnginfo=said)
    return content.getvalue()


@recorded
def published() -> Stage:
    made = stage(2)
    publish_approved(access=made.access, round_=round_with_picture(made))
    return made


@pytest.fixture
def image(site) -> PublicImage:
    """The public copy of a picture in an approved text."""
    published()
    return PublicImage.objects.get()


def stored(image: PublicImage) -> bytes:
    with PublicImage.objects.get(pk=image.pk).file.open("rb") as file:
        content: bytes = file.read()
    return content


def swap_bytes(image: PublicImage, content: bytes) -> None:
    """Replace the stored file as whoever has the disk can."""
    image.file.storage.delete(image.file.name)
    image.file.storage.save(image.file.name, ContentFile(content))


def test_the_form_refuses_another_file_in_words(newsroom, image):
    before = stored(image)
    file = SimpleUploadedFile("evil.png", other_picture(), "image/png")
    posted = {"title": "Other", "alt": "Other", "credit": "", "file": file, "collection": image.collection_id}
    answer = newsroom.post(reverse("wagtailimages:edit", args=[image.pk]), posted)
    assert "its file stays" in answer.content.decode()
    row = PublicImage.objects.get()
    assert (row.file.name, row.sha256, row.title) == (image.file.name, image.sha256, image.title)
    assert stored(image) == before


def test_the_newsroom_crops_an_approved_picture(newsroom, image):
    crop = {f"focal_point_{name}": "10" for name in ("x", "y", "width", "height")}
    posted = {"title": "Field", "alt": "A field", "credit": "", "collection": image.collection_id, **crop}
    newsroom.post(reverse("wagtailimages:edit", args=[image.pk]), posted)
    row = PublicImage.objects.get()
    assert (row.title, row.focal_point_x, row.sha256) == ("Field", 10, image.sha256)


@pytest.mark.parametrize("forget", [False, True], ids=["with its hash", "without its hash"])
def test_no_program_gives_an_approved_picture_another_file(image, forget):
    before = stored(image)
    if forget:
        image.sha256 = ""
    image.file = ContentFile(other_picture(), name="evil.png")
    with pytest.raises(ValidationError, match="its file stays"):
        image.full_clean()
    image.file = ContentFile(other_picture(), name="evil.png")
    with pytest.raises(Refused, match="its file stays"):
        image.save()
    other = PublicImage(title="Other", alt="Other", file=ContentFile(other_picture(), name="other.png"))
    other.save()
    image.file = other.file.name
    with pytest.raises(Refused, match="its file stays"):
        image.save()
    assert stored(image) == before


def test_an_upload_is_drawn_anew_whatever_hash_its_row_claims(site):
    content = other_picture()
    assert CANARY in content
    image = PublicImage(title="Other", alt="Other", sha256="0" * 64)
    image.file = ContentFile(content, name="evil.png")
    image.save()
    assert image.sha256 == ""
    assert CANARY not in stored(image)
    assert not Image.open(io.BytesIO(stored(image))).getexif()


def test_a_picture_with_other_bytes_is_not_published_again(site, client):
    made = published()
    swapped = PublicImage.objects.get()
    approved = swapped.sha256
    swap_bytes(swapped, other_picture())
    assert not swapped.holds_its_hash()
    publication = publish_approved(
        access=made.access, round_=round_with_picture(made), correction_note="Again."
    )
    assert not PublicImage.objects.get(pk=swapped.pk).sha256
    copy = PublicImage.objects.get(sha256=approved)
    assert copy.holds_its_hash()
    answer = client.get(NewsPage.objects.get(publication=publication).get_url()).content.decode()
    assert copy.get_rendition("width-1376|format-webp").url in answer


def test_a_workspace_file_with_other_bytes_is_not_published(site):
    made = stage(2)
    round_ = round_with_picture(made)
    file = StoredFile.objects.get()
    file.file.storage.delete(file.file.name)
    file.file.storage.save(file.file.name, ContentFile(other_picture()))
    with pytest.raises(Refused, match="not the one that was approved"):
        publish_approved(access=made.access, round_=round_)
    assert not PublicImage.objects.exists()


def test_a_hash_is_that_of_the_whole_file():
    file = io.BytesIO(b"words")
    file.read()
    assert file_sha256(file).startswith("dba36bff")
    assert file.read() == b"words"


@pytest.mark.parametrize(
    "address",
    [
        "/cms/images/{pk}/delete/",
        "/cms/bulk/home/publicimage/delete/?id={pk}",
        "/cms/images/multiple/{pk}/delete/",
    ],
)
def test_no_screen_deletes_a_picture_of_a_public_text(newsroom, image, address):
    newsroom.raise_request_exception = False
    for heads in ({}, {"x-requested-with": "XMLHttpRequest"}):
        answer = newsroom.post(address.format(pk=image.pk), headers=heads)
        assert answer.status_code < 500
        assert PublicImage.objects.filter(pk=image.pk).exists()
    PublicImage.objects.filter(pk=image.pk).update(sha256="")  # not the approved one any more
    newsroom.post(address.format(pk=image.pk), headers={"x-requested-with": "XMLHttpRequest"})
    assert not PublicImage.objects.filter(pk=image.pk).exists()
