"""What a publication becomes on the public site."""

import pytest
from django.core.files.storage import storages
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published, published

from documents.drafts.actions.manage import name_version
from documents.models import Publication
from documents.publication import hooks
from documents.publication.actions import publish_approved, withdraw_publication
from home import publication_pages
from home.models import NewsPage, PublicImage
from home.publication_pages import NoIndexPage
from tests.documents.approval.builders import stage, withheld
from tests.home.pictured import round_with_picture

pytestmark = pytest.mark.django_db


def originals() -> set[str]:
    """Names of the public pictures' files."""
    if not storages["public"].exists("original_images"):
        return set()
    _folders, files = storages["public"].listdir("original_images")
    return set(files)


def test_every_language_is_a_page_with_one_key(site, client):
    publication = stage(2).publish("kk", "ru", "en")
    pages = NewsPage.objects.filter(publication=publication)
    assert {page.locale.language_code for page in pages} == {"kk", "ru", "en"}
    assert len({page.translation_key for page in pages}) == 1
    for page in pages:
        code = page.locale.language_code
        answer = client.get(page.get_url())
        assert f"We ask for a law, in {code}." in answer.content.decode()
        assert hooks.publication_url(publication, code) == page.get_url()


OWN = {"id", "pk", "page_ptr", "path", "slug", "url_path", "translation_key", "publication"}
MOMENTS = ("_at", "published_on")


def what_wagtail_stores(page: NewsPage) -> dict[str, object]:
    """Return everything about a published page but what is its own: identity, place and moments."""
    revision = page.live_revision
    assert page.latest_revision == revision
    assert page.latest_revision_created_at == revision.created_at
    entries = PageLogEntry.objects.filter(page=page).order_by("pk")
    row = {field.name: getattr(page, field.name) for field in page._meta.concrete_fields}
    return {
        "row": without_own(row | {"live_revision": "its own", "latest_revision": "its own"}),
        "moments": {name for name, value in row.items() if name.endswith(MOMENTS) and value},
        "content": without_own(revision.content),
        "revision": (revision.object_str, revision.user, revision.content_type, revision.base_content_type),
        "log": list(entries.values_list("action", "content_changed", "label")),
    }


def without_own(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in OWN and not name.endswith(MOMENTS)}


def test_a_new_page_is_as_wagtail_would_publish_it(site, monkeypatch):
    """`publishing._publish_new_page` writes in fewer queries what Wagtail's own action writes."""
    ours, heard = publication_pages._publish_new_page, []

    def hear(sender, instance, revision, **_given):
        heard.append((sender, instance.live, instance.live_revision == revision))

    def publish_page(bring_live) -> tuple[dict[str, object], list[object]]:
        heard.clear()
        monkeypatch.setattr(
            publication_pages, "_publish_new_page", bring_live
        )  # so publishing is not replayed either
        page = NewsPage.objects.get(publication=stage(2).publish("kk"))
        return what_wagtail_stores(page), list(heard)

    for signal in (page_published, published):
        signal.connect(hear)
    try:
        wagtails = publish_page(lambda page: page.save_revision(clean=False).publish())
        assert publish_page(ours) == wagtails
        assert len(heard) == 2
    finally:
        for signal in (page_published, published):
            signal.disconnect(hear)


def test_the_same_title_twice_has_two_addresses(site):
    first, second = stage(2).publish("kk"), stage(2).publish("kk")
    slugs = [NewsPage.objects.get(publication=one).slug for one in (first, second)]
    assert slugs == ["a-law-on-harassment", "a-law-on-harassment-2"]


def test_a_withheld_name_is_counted_and_not_told(site, client):
    made = stage(2)
    withheld(made)
    page = NewsPage.objects.get(publication=made.publish("kk"))
    words = client.get(page.get_url()).content.decode()
    assert "Canary" not in words
    assert "mark--withheld" in words


def test_without_the_site_nothing_is_published(db):
    for page in Page.objects.filter(depth=2):
        page.delete()
    with pytest.raises(NoIndexPage):
        stage(2).publish("kk")
    assert not Publication.objects.exists()


def test_pictures_are_copied_for_the_public(site, client):
    made = stage(2)
    publication = publish_approved(access=made.access, round_=round_with_picture(made))
    image = PublicImage.objects.get()
    assert image.sha256
    assert image.alt == "A red field"
    page = NewsPage.objects.get(publication=publication)
    assert page.cover == image
    assert 'alt="A red field"' in client.get(page.get_url()).content.decode()


def test_a_publication_that_fails_leaves_neither_page_nor_file(site, monkeypatch):
    made = stage(2)
    round_, before = round_with_picture(made), originals()

    def broken(publication, prepared):
        raise RuntimeError("in the middle")

    presenter = hooks.register_presenter(broken, lambda _publication: None)
    try:
        with pytest.raises(RuntimeError, match="in the middle"):
            publish_approved(access=made.access, round_=round_)
    finally:
        hooks.unregister_presenter(presenter)
    assert not NewsPage.objects.exists()
    assert not PublicImage.objects.exists()
    assert originals() == before


def test_a_withdrawn_page_answers_410_with_the_note(site, client):
    made = stage(2)
    publication = made.publish("kk", "ru")
    address = NewsPage.objects.get(publication=publication, locale__language_code="ru").get_url()
    withdraw_publication(access=made.access, publication=publication, note="A number was wrong.")
    answer = client.get(address)
    assert answer.status_code == 410
    words = answer.content.decode()
    assert "A number was wrong." in words
    assert str(publication.uuid) in words
    assert "We ask for a law" not in words
    assert address not in client.get("/ru/news/").content.decode()


def test_a_correction_keeps_the_address_and_says_so(site, client):
    made = stage(2)
    first = made.publish("kk")
    page = NewsPage.objects.get(publication=first)
    made.write("We ask for a better law.", title="A better law")
    version = name_version(access=made.access, text=made.text("kk"), name="Corrected")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    second = publish_approved(access=made.access, round_=round_, correction_note="The date was wrong.")
    corrected = NewsPage.objects.get(publication=second)
    assert (corrected.pk, corrected.get_url()) == (page.pk, page.get_url())
    words = client.get(page.get_url()).content.decode()
    assert "We ask for a better law." in words
    assert "A better law" in words
    assert str(first.uuid) in words
    assert "The date was wrong." in words
    sheet = client.get(f"/en/publications/{second.uuid}/").content.decode()
    assert "The date was wrong." in sheet
    assert "Corrected: " in sheet
    assert "<ins" in sheet
    withdraw_publication(access=made.access, publication=first, note="Not these words.")
    assert "<ins" not in client.get(f"/en/publications/{second.uuid}/").content.decode()
