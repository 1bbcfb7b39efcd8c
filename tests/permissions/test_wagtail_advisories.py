"""Wagtail's advisories of 2024 to 2026 about what one may not see or do, replayed with our roles.

`docs/security.md` has the table: what each was and how it is held here. Holes of modules that are not
installed, and those about markup and computing, are in test_wagtail_advisories_absent.py.
"""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, Page

from home.models import NewsIndexPage, NewsPage, Topic
from tests.documents.approval.builders import stage
from tests.permissions import cms_world
from tests.permissions.cms_world import CANARY, Hidden, refuses, tells

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

type Request = tuple[str, str, dict[str, object]]  # method, address, what is posted

EDIT_PREVIEW = "/cms/pages/{0}/edit/preview/"
ACTIONS = ("copy", "copy_for_translation", "create_alias", "delete", "move", "publish", "unpublish")


def get(*paths: str) -> list[Request]:
    return [("get", path, {}) for path in paths]


def previews(there: Hidden) -> list[Request]:
    """CVE-2026-25517: words of any page, posted or kept, were drawn for everyone in the admin."""
    page = there.page
    index = page.get_parent().pk
    return [
        *get(EDIT_PREVIEW.format(page.pk), f"/cms/pages/{page.pk}/view_draft/"),
        ("post", EDIT_PREVIEW.format(page.pk), {"title": "Other"}),
        ("post", f"/cms/pages/add/home/newspage/{index}/preview/", {"title": "Other"}),
    ]


def comparisons(there: Hidden) -> list[Request]:
    """CVE-2026-44197: two revisions of any page were compared, also under another page's number."""
    two = f"revisions/compare/{there.older.pk}...{there.draft.pk}/"
    return get(
        f"/cms/pages/{there.page.pk}/{two}",
        f"/cms/pages/{there.page.pk}/revisions/compare/earliest...latest/",
        f"/cms/pages/{there.page.pk}/revisions/compare/live...latest/",
        f"/cms/pages/{there.own.pk}/{two}",
        f"/cms/pages/{there.own.pk}/revisions/{there.draft.pk}/view/",
        f"/cms/pages/{there.own.pk}/revisions/{there.draft.pk}/revert/",
    )


def histories(there: Hidden) -> list[Request]:
    """CVE-2026-44198: who did what to any page, with its title."""
    page = f"/cms/pages/{there.page.pk}/"
    return get(f"{page}history/", f"{page}history/results/", f"{page}workflow_history/", f"{page}usage/")


def copies(there: Hidden) -> list[Request]:
    """CVE-2026-44200: a page that one may not see was copied to where one may."""
    target = there.own.get_parent().pk
    address = f"/cms/pages/{there.page.pk}/copy/"
    posted = {"new_title": "Mine", "new_slug": "mine", "new_parent_page": target, "publish_copies": ""}
    return [*get(address), ("post", address, posted)]


def page_lists(there: Hidden) -> list[Request]:
    """CVE-2026-55468: the admin's API gave fields of every page, drafts among them."""
    api = "/cms/api/main/pages/"
    index = there.page.get_parent().pk
    return get(
        api,
        f"{api}?child_of={index}",
        f"{api}?child_of={index}&for_explorer=1",
        f"{api}?search=title",
        f"{api}{there.page.pk}/",
        f"{api}find/?id={there.page.pk}",
    )


def files_listed(there: Hidden) -> list[Request]:
    """CVE-2026-44201, GHSA-c2xx-cjmh-9q8f: files of private collections, and of those inside them."""
    found = []
    for kind, file in (("documents", there.document), ("images", there.image)):
        api = f"/cms/api/main/{kind}/"
        found += [api, f"{api}{file.pk}/", f"{api}find/?id={file.pk}"]
        found += [f"/api/v2/{kind}/", f"/api/v2/{kind}/{file.pk}/", f"/api/v3/{kind}/"]
    return get(*found)


def files_chosen(there: Hidden) -> list[Request]:
    """CVE-2026-54259: title and address of any file by its number."""
    found = []
    for kind, file in (("documents", there.document), ("images", there.image)):
        chooser = f"/cms/{kind}/chooser/"
        found += [chooser, f"{chooser}results/", f"{chooser}chosen/{file.pk}/"]
        found += [f"{chooser}chosen-multiple/?id={file.pk}"]
    return get(*found, f"/cms/images/chooser/{there.image.pk}/select_format/")


def images_drawn(there: Hidden) -> list[Request]:
    """CVE-2026-54261: any image as the address of the preview asked for it."""
    image = f"/cms/images/{there.image.pk}/"
    return get(f"{image}preview/width-40/", f"{image}preview/original/", f"{image}generate_url/")


def snippets_copied(there: Hidden) -> list[Request]:
    """GHSA-x5cx-w6p2-mxf2: who may add a snippet read any by copying it."""
    return get(
        f"/cms/snippets/home/topic/copy/{there.topic.pk}/", f"/cms/snippets/home/topic/edit/{there.topic.pk}/"
    )


def translations(there: Hidden) -> list[Request]:
    """CVE-2026-54262, GHSA-jm5p-837g-rv8g: a translation made of a page that one may not edit holds it."""
    page = there.page
    made = f"/cms/translations/make/{page.pk}/en/"
    return [
        *get("/cms/translations/", f"/cms/translations/{page.translation_key}/?left=ru&right=en"),
        ("post", made, {}),
        ("post", f"/cms/api/main/pages/{page.pk}/action/copy_for_translation/", {"locale": "en"}),
        ("get", f"/cms/translation/submit/page/{page.pk}/", {}),
    ]


def acts(there: Hidden) -> list[Request]:
    """No advisory: acts by the admin's API ask no hook of ours."""
    target = {"destination_page_id": there.own.get_parent().pk, "locale": "en", "slug": "taken"}
    return [("post", f"/cms/api/main/pages/{there.page.pk}/action/{name}/", target) for name in ACTIONS]


REPLAYS: dict[str, Callable[[Hidden], list[Request]]] = {
    "previews": previews,
    "comparisons": comparisons,
    "histories": histories,
    "copies": copies,
    "page lists": page_lists,
    "files listed": files_listed,
    "files chosen": files_chosen,
    "images drawn": images_drawn,
    "snippets copied": snippets_copied,
    "translations": translations,
    "acts": acts,
}
# They answer, with what is one's own.
LISTS = ("/cms/api/main/pages/", "/chooser/", "/cms/translations/")


@pytest.fixture
def there(site) -> Hidden:
    return cms_world.hidden()


def send(browser: Client, request: Request) -> HttpResponse:
    method, path, posted = request
    answer: HttpResponse = getattr(browser, method)(path, posted)
    return answer


def words_of(page: Page) -> list[object]:
    return list(NewsPage.objects.filter(pk=page.pk).values_list())


def leaks(browser: Client, there: Hidden, replay: str, *, lists: tuple[str, ...]) -> list[str]:
    """Requests of the replay that were answered where they should not be, or that told the canary."""
    wrong = []
    for request in REPLAYS[replay](there):
        answer = send(browser, request)
        own_list = answer.status_code == 200 and any(name in request[1] for name in lists)
        if tells(answer) or not (own_list or refuses(answer)):
            wrong.append(f"{request[0]} {request[1]} {answer.status_code}")
    return wrong


@pytest.mark.parametrize("role", cms_world.WITH_BUSINESS_ELSEWHERE)
def test_who_has_no_business_in_the_admin_learns_and_does_nothing(there: Hidden, role: str) -> None:
    browser, before, pages = cms_world.who(role), words_of(there.page), Page.objects.count()
    assert [wrong for replay in REPLAYS for wrong in leaks(browser, there, replay, lists=())] == []
    assert (words_of(there.page), Page.objects.count()) == (before, pages)


@pytest.mark.parametrize("replay", REPLAYS)
def test_an_editor_of_other_pages_learns_and_does_nothing(there: Hidden, replay: str) -> None:
    browser, before, pages = cms_world.narrow_editor(), words_of(there.page), Page.objects.count()
    assert leaks(browser, there, replay, lists=LISTS) == []
    assert (words_of(there.page), Page.objects.count()) == (before, pages)


def test_the_replays_would_find_what_they_look_for(there: Hidden) -> None:
    """Who may see the Russian pages is told by the very same requests: they are no dead addresses."""
    browser = cms_world.superuser()
    telling = ("previews", "comparisons", "histories", "copies", "page lists", "files chosen")
    for replay in (*telling, "snippets copied", "translations"):
        answers = [send(browser, one) for one in REPLAYS[replay](there) if one[0] == "get"]
        assert any(map(tells, answers)), replay


def test_the_editor_of_other_pages_gets_to_their_own(there: Hidden) -> None:
    browser = cms_world.narrow_editor()
    assert browser.get(f"/cms/pages/{there.own.pk}/history/").status_code == 200
    assert cms_world.OWN in browser.get("/cms/api/main/pages/").content.decode()
    assert cms_world.OWN in browser.get("/cms/translations/").content.decode()


@pytest.mark.parametrize("action", [*ACTIONS, "convert_alias", "revert_to_page_revision"])
@pytest.mark.parametrize("browser", [cms_world.newsroom, cms_world.superuser])
def test_no_act_by_the_api_touches_approved_words(site, browser, action: str) -> None:
    page = NewsPage.objects.get(publication=stage(2).publish("en"))
    before = words_of(page)
    target = NewsIndexPage.objects.get(locale__language_code="ru").pk
    posted = {"destination_page_id": target, "locale": "ru", "slug": "taken", "recursive": "true"}
    revision = page.save_revision()
    before = words_of(page)
    address = f"/cms/api/main/pages/{page.pk}/action/{action}/"
    answer = browser().post(address, {**posted, "revision_id": revision.pk})
    assert answer.status_code == 404
    assert words_of(page) == before
    assert NewsPage.objects.count() == 1


@pytest.mark.parametrize("door", ["api/main/images/", "api/main/documents/"])
def test_no_list_of_files_asks_for_less_than_the_screens(there: Hidden, door: str) -> None:
    """The newsroom has no right on documents; its list of images is the screen with images."""
    for browser in (cms_world.newsroom(), cms_world.superuser()):
        assert browser.get(f"/cms/{door}").status_code == 404


def test_the_newsroom_has_no_documents(there: Hidden) -> None:
    browser = cms_world.newsroom()
    for request in get(
        "/cms/documents/",
        f"/cms/documents/edit/{there.document.pk}/",
        f"/cms/documents/usage/{there.document.pk}/",
        f"/cms/documents/chooser/chosen/{there.document.pk}/",
        f"/cms/documents/chooser/chosen-multiple/?id={there.document.pk}",
    ):
        assert not tells(send(browser, request)), request


@pytest.mark.parametrize("role", ["anonymous", "member", "newsroom without its second factor"])
def test_a_hash_does_not_tell_which_document_is_there(site, role: str) -> None:
    """GHSA-92hv-j533-69wc: `If-None-Match` with the right SHA-1 was answered before the right was asked."""
    private = Collection.get_first_root_node().add_child(name="Nobody's")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="groups")
    file = ContentFile(CANARY.encode(), name="restricted.txt")
    document = get_document_model().objects.create(title=CANARY, file=file, collection=private)
    assert document.get_file_hash()
    browser, answers = cms_world.who(role), []
    for name in ("restricted.txt", "guessed.txt"):
        for value in (document.file_hash, "0" * 40, "*"):
            address = f"/documents/{document.pk}/{name}"
            answer = browser.get(address, headers={"if-none-match": f'"{value}"'})
            answers.append((name, answer.status_code, answer.headers.get("ETag")))
            assert not tells(answer)
    assert len(set(answers)) == 2, "the same whichever hash was sent"
    assert all(code in {302, 403, 404} and etag is None for _name, code, etag in answers)


def test_a_member_of_the_newsroom_copies_snippets_only_where_they_may_write_them(there: Hidden) -> None:
    """GHSA-x5cx-w6p2-mxf2: the newsroom writes topics, so it copies them; nothing else is a snippet."""
    answer = cms_world.newsroom().get(f"/cms/snippets/home/topic/copy/{there.topic.pk}/")
    assert CANARY in answer.content.decode()
    assert Topic.objects.count() == 1
