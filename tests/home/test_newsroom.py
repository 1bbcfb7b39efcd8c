"""What the newsroom may do to approved words: nothing, through whatever door."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.functional import Promise
from PIL import Image
from wagtail.models import get_page_models

from home.models import NewsIndexPage, NewsPage, Placement, PublicImage
from tests.documents.approval.builders import stage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(site) -> NewsPage:
    return NewsPage.objects.get(publication=stage(2).publish("en"))


def words(page: NewsPage) -> tuple[object, ...]:
    row = NewsPage.objects.get(pk=page.pk)
    return (row.title, row.slug, row.lead, str(row.body), row.words, row.publication_id, row.live, row.path)


def edit(client, page, **posted):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    fields = {"cover": "", "cover_alt": "", "placement": "index", "comments-TOTAL_FORMS": 0}
    return client.post(
        address, {**fields, "comments-INITIAL_FORMS": 0, "action-publish": "1", **posted}, follow=True
    )


def test_every_type_of_page_has_its_name_in_the_catalogue():
    """Without one Wagtail shows the name of the class, in English, to everyone."""
    ours = [model for model in get_page_models() if model.__module__.startswith("home.")]
    assert NewsPage in ours
    for model in ours:
        assert isinstance(model._meta.verbose_name, Promise), model
        assert isinstance(model._meta.verbose_name_plural, Promise), model


def test_the_form_of_approved_words_has_the_dress_alone(newsroom, page):
    answer = newsroom.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Organisations approved exactly these words" in answer
    assert 'name="placement"' in answer
    for name in ("title", "slug", "lead", "body-count", "seo_title", "go_live_at"):
        assert f'name="{name}"' not in answer


def test_posting_other_words_changes_the_dress_alone(newsroom, page):
    before = words(page)
    posted = {"title": "Other", "slug": "other", "lead": "Other", "body-count": "0", "kind_label": "Other"}
    edit(newsroom, page, **posted, publication="", go_live_at="2030-01-01 10:00")
    assert words(page) == before
    assert NewsPage.objects.get(pk=page.pk).placement == Placement.INDEX


def test_an_old_revision_brings_no_other_words_back(newsroom, page):
    before = words(page)
    revision = page.save_revision()
    revision.content = {**revision.content, "title": "Other", "lead": "Other", "publication": None}
    revision.save()
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision.pk])
    assert newsroom.get(address).status_code in {200, 302}
    revision.publish()
    assert words(page) == before


@pytest.mark.parametrize("door", ["unpublish", "delete", "copy"])
def test_approved_words_stay(client_of, newsroom, page, door):
    before = words(page)
    superuser = UserFactory(is_superuser=True, is_staff=True)
    for client in (newsroom, client_of(superuser)):
        address = reverse(f"wagtailadmin_pages:{door}", args=[page.pk])
        data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk}
        answer = client.post(address, data)
        assert answer.status_code in {302, 403}
        assert words(page) == before
    assert NewsPage.objects.count() == 1


def test_approved_words_stay_where_they_are(client_of, page):
    before = words(page)
    client = client_of(UserFactory(is_superuser=True, is_staff=True))
    target = NewsIndexPage.objects.get(locale__language_code="ru")
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]))
    assert words(page) == before


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_approved_words_stay_in_bulk_and_with_their_index(client_of, page, action):
    before = words(page)
    client = client_of(UserFactory(is_superuser=True, is_staff=True))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client.post(f"{address}?id={page.pk}&next=/cms/", {"include_descendants": "on"})
    index = page.get_parent()
    client.post(reverse(f"wagtailadmin_pages:{action}", args=[index.pk]), {"include_descendants": "on"})
    assert words(page) == before


def test_the_newsroom_writes_its_own_news(newsroom, news):
    own = news("Own news")
    address = reverse("wagtailadmin_pages:edit", args=[own.pk])
    assert 'name="title"' in newsroom.get(address).content.decode()
    assert newsroom.get("/cms/").status_code == 200


def photo(kind="JPEG") -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010F] = "Canary camera"
    exif.get_ifd(0x8825)[1] = "N"
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(content, kind, exif=exif)
    return SimpleUploadedFile("photo.jpg", content.getvalue(), "image/jpeg")


def test_the_title_moves_an_address_only_where_there_is_one(newsroom, site, news):
    """Wagtail's script fails on every form whose address stays: it looks for a field with no name."""
    fixed = newsroom.get(reverse("wagtailadmin_pages:edit", args=[site.pk])).content.decode()
    assert 'name="title"' in fixed
    assert "w-sync-target-value" not in fixed
    own = newsroom.get(reverse("wagtailadmin_pages:edit", args=[news("Own").pk])).content.decode()
    assert 'data-w-sync-target-value="#id_slug"' in own


def test_moments_are_of_almaty_for_everybody(newsroom):
    """The forms say so: a time zone of one's own would move the minute at which a page goes public."""
    address = reverse("wagtailadmin_account")
    assert "current_time_zone" not in newsroom.get(address).content.decode()


def test_a_picture_goes_public_without_place_and_camera(newsroom):
    newsroom.post(reverse("wagtailimages:add"), {"title": "Photo", "alt": "A red field", "file": photo()})
    image = PublicImage.objects.get()
    with image.file.open("rb") as file:
        content = file.read()
    assert b"Canary" not in content
    assert not Image.open(io.BytesIO(content)).getexif()


def test_a_picture_needs_its_description(newsroom):
    answer = newsroom.post(reverse("wagtailimages:add"), {"title": "Photo", "alt": "", "file": photo()})
    assert answer.status_code == 200
    assert not PublicImage.objects.exists()


def test_the_form_may_show_its_preview_and_check_it(newsroom, news):
    """Wagtail answers a preview through all middleware, as the public page that nobody may frame."""
    page = news("Own")
    answer = newsroom.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "wagtail-userbar" in answer.content.decode()
    public = newsroom.get(page.get_url())
    assert "frame-ancestors 'none'" in public["Content-Security-Policy"]
    assert "wagtail-userbar" not in public.content.decode()
