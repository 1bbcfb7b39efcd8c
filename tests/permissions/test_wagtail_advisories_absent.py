"""Wagtail's advisories of 2024 to 2026 in modules that we have not, and those about markup and computing.

What is not installed cannot be switched on unseen: each test fails when somebody adds it, and names the
advisory to read first.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.admin.panels import Panel, get_edit_handler
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.contrib.settings.registry import registry
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.models import get_page_models
from wagtail.search.utils import parse_query_string

from home.models import NewsIndexPage, NewsPage, PublicImage
from tests.permissions import cms_world
from tests.permissions.cms_world import Hidden

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SCRIPT = "<script>alert(1)</script>"
ABSENT = {
    "wagtail.contrib.simple_translation": "CVE-2026-28223, CVE-2026-54262, GHSA-jm5p-837g-rv8g",
    "wagtail.contrib.forms": "CVE-2026-44199",
    "wagtail.contrib.table_block": "CVE-2026-28222",
    "wagtail.contrib.modeladmin": "CVE-2023-28836",
    "wagtail.api.v2": "CVE-2026-44201, GHSA-c2xx-cjmh-9q8f",
    "wagtail.api.v3": "CVE-2026-44201, GHSA-c2xx-cjmh-9q8f",
}


def everyone() -> dict[str, Client]:
    roles = {role: cms_world.who(role) for role in cms_world.WITH_BUSINESS_ELSEWHERE}
    return {**roles, "newsroom": cms_world.newsroom(), "superuser": cms_world.superuser()}


@pytest.mark.parametrize("module", ABSENT)
def test_modules_with_holes_that_we_do_not_need_are_not_installed(module: str) -> None:
    assert not apps.is_installed(module), f"Read {ABSENT[module]} first."


@pytest.mark.parametrize(
    "path",
    [
        "/cms/forms/",
        "/cms/forms/submissions/{page}/",
        "/cms/forms/submissions/{page}/delete/?selected-submissions=1",
        "/cms/translation/submit/page/{page}/",
        "/cms/settings/home/newspage/",
        "/cms/settings/home/newspage/1/",
        "/cms/settings/home/newspage/1/preview/",
        "/cms/images/{image}/generate_url/",
        "/cms/images/{image}/generate_url/output/?filter_method=width&width=1",
        "/cms/images/{image}/generate_url/width-1|<script>alert(1)</script>/",
        "/cms/images/{image}/preview/width-100000/",
        "/images/sig/{image}/width-100000/",
        "/api/v2/pages/",
        "/api/v2/documents/",
        "/api/v3/images/",
        "/api/v3/pages/",
    ],
)
def test_doors_of_the_holes_are_not_there(site, path: str) -> None:
    """For nobody, by whatever method; who may not enter the admin is sent to sign in, as everywhere in it.

    Outside the admin an address without a language leads to one that has it, and there is nothing either.
    """
    there = cms_world.hidden()
    address = path.format(page=there.page.pk, image=there.image.pk)
    for role, browser in everyone().items():
        for answer in (browser.get(address), browser.post(address)):
            inside = role in {"newsroom", "superuser"} and path.startswith("/cms/")
            assert answer.status_code in ({404} if inside else {302, 404}), role
            assert not cms_world.tells(answer)
            assert SCRIPT not in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    ["wagtailapi:pages:listing", "wagtailimages_serve", "wagtailforms:index", "simple_translation:submit"],
)
def test_no_address_leads_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["/api/v2/pages/", "/api/v3/pages/", "/images/x/1/width-1/"])
def test_an_api_is_nowhere_in_a_language_either(site, path: str) -> None:
    assert cms_world.superuser().get(path, follow=True).status_code == 404


def test_there_are_no_settings_to_edit_without_the_right() -> None:
    """CVE-2024-35228, CVE-2024-32882: settings were edited by whoever was in the admin."""
    assert list(registry) == []


def panels(panel: Panel) -> Iterator[Panel]:
    yield panel
    for child in getattr(panel, "children", []):
        yield from panels(child)


def test_no_field_is_kept_by_a_permission_of_its_panel() -> None:
    """CVE-2024-32882: such fields were saved all the same. Ours are in no form at all."""
    kept = [
        panel
        for model in get_page_models()
        for panel in panels(get_edit_handler(model))
        if getattr(panel, "permission", None)
    ]
    assert kept == []


def blocks(block: Block) -> Iterator[Block]:
    yield block
    if isinstance(block, StreamBlock | StructBlock):
        for child in block.child_blocks.values():
            yield from blocks(child)
    elif isinstance(block, ListBlock):
        yield from blocks(block.child_block)


def test_no_text_has_a_block_whose_markup_comes_from_an_editor() -> None:
    """CVE-2026-28222: classes of a table ran scripts. We have no tables, and no raw markup."""
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, StreamField)
    ]
    kinds = {type(one).__name__ for field in fields for one in blocks(field.stream_block)}
    assert "RichTextBlock" in kinds
    assert not kinds & {"TableBlock", "TypedTableBlock", "RawHTMLBlock"}


def test_a_title_runs_nowhere_in_the_list_of_languages(site) -> None:
    """CVE-2026-28223: the message after *Translate* ran the title. Ours escapes it, on every page there."""
    index = NewsIndexPage.objects.get(locale__language_code="ru")
    page = NewsPage(title=SCRIPT, locale=index.locale, lead=SCRIPT, slug="script")
    index.add_child(instance=page)
    page.save_revision()
    browser = cms_world.newsroom()
    family = f"/cms/translations/{page.translation_key}/"
    made = browser.post(f"/cms/translations/make/{page.pk}/en/", follow=True)
    again = browser.post(f"/cms/translations/make/{page.pk}/en/", follow=True)
    for answer in (made, again, browser.get("/cms/translations/"), browser.get(family)):
        assert answer.status_code == 200
        assert SCRIPT not in answer.content.decode()
    assert NewsPage.objects.filter(title=SCRIPT).count() == 2


@pytest.mark.timeout(30)
def test_no_search_computes_without_end(site) -> None:
    """CVE-2024-39317: a long word made the parser of questions run for minutes."""
    hostile = ("a" * 50_000, '"' * 50_000, "\u0430" * 50_000)
    newsroom, visitor = cms_world.newsroom(), Client()
    for typed in ("a:" * 25_000, 'a:"' * 20_000, 'a:"b" ' * 9_000):
        parse_query_string(typed)
    for typed in hostile:
        parse_query_string(typed)
        assert visitor.get("/en/search/", {"q": typed}).status_code == 200
        assert visitor.get("/en/events/", {"q": typed}).status_code == 200
        for screen in ("pages/search/", "images/", "snippets/home/topic/", "choose-page/search/"):
            assert newsroom.get(f"/cms/{screen}", {"q": typed}).status_code == 200


def test_the_public_site_draws_no_picture_by_an_address(site) -> None:
    """CVE-2026-54260: as many operations as fit into an address. Only those that templates name are drawn."""
    there = cms_world.hidden()
    many = "%7C".join(["width-4000"] * 300)
    for role, browser in everyone().items():
        for address in (
            f"/cms/images/{there.image.pk}/preview/{many}/",
            f"/images/x/{there.image.pk}/{many}/",
        ):
            assert browser.get(address).status_code in {302, 404}, role
    assert not PublicImage.objects.get().renditions.filter(filter_spec__contains="4000").exists()


@pytest.mark.parametrize("name", ["page.pdf", "page.html", "drawing.svg"])
def test_a_document_is_never_shown_by_the_browser_on_our_address(site, name: str) -> None:
    """CVE-2025-45388 (disputed): scripts in documents. Ours are saved, never shown, and run nothing."""
    content = SimpleUploadedFile(name, f"%PDF-1.4 {SCRIPT}".encode())
    document = get_document_model().objects.create(title="Page", file=content)
    answer = Client().get(f"/documents/{document.pk}/{document.filename}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_documents_of_other_kinds_are_not_taken(site) -> None:
    for name in ("page.html", "drawing.svg"):
        content = SimpleUploadedFile(name, SCRIPT.encode(), "text/html")
        cms_world.superuser().post("/cms/documents/add/", {"title": name, "file": content})
    assert not get_document_model().objects.exists()


def test_the_hidden_world_holds_what_could_leak(site) -> None:
    there: Hidden = cms_world.hidden()
    for row in (there.page, there.image, there.document, there.topic):
        assert cms_world.CANARY in str(row)
