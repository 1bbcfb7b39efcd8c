"""The public page of a package: words to copy, files one by one, all of them in one archive."""

import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from coalition.campaigns.media_package.actions.items import remove_item
from coalition.campaigns.media_package.actions.packages import (
    create_package,
    publish_package,
    set_access,
    unpublish_package,
)
from coalition.campaigns.media_package.enums import PackageAudience
from coalition.campaigns.media_package.models import MediaPackage, Rendition
from coalition.campaigns.media_package.views.public import PAGE_SECONDS, file_path
from coalition.core.clock import now
from coalition.core.retention import DAY
from coalition.http.responses import get_proxy_max_age
from tests.campaigns.media_package.builders import Press, body_of

pytestmark = pytest.mark.django_db


def page_of(press: Press, language: str = "ru") -> str:
    with override(language):
        return reverse("media_package", args=[press.package.slug])


def path_of(press: Press, language: str = "ru") -> str:
    with override(language):
        return file_path(press.package, Rendition.objects.get(version=1))


def test_the_page_shows_the_approved_words_and_files(client: Client, open_package: Press) -> None:
    waiting = open_package.item("second")
    open_package.file(waiting, b"Not approved yet.", name="second.txt")
    page = client.get(page_of(open_package)).content.decode()
    assert "Every third woman." in page
    assert "film_document_v1.txt" in page
    assert Rendition.objects.get(item__name="film").sha256 in page
    assert "second_document_v1.txt" not in page


def test_a_file_is_sent_under_its_own_name_and_by_ranges(client: Client, open_package: Press) -> None:
    path = path_of(open_package)
    answer = client.get(path)
    assert body_of(answer) == b"Words for the announcer."
    assert 'filename="film_document_v1.txt"' in answer["Content-Disposition"]
    assert answer["X-Handling"] == "TLP:CLEAR"
    assert answer["ETag"] == f'"{Rendition.objects.get().sha256}"'
    part = client.get(path, headers={"Range": "bytes=6-9"})
    assert (part.status_code, body_of(part)) == (206, b"for ")


@pytest.mark.parametrize(
    ("asked", "status"), [("bytes=-0", 416), ("bytes=0-1,3-4", 200), ("bytes=900-", 416), ("bytes=9-3", 200)]
)
def test_ranges_that_make_no_sense(client: Client, open_package: Press, asked: str, status: int) -> None:
    answer = client.get(path_of(open_package), headers={"Range": asked})
    assert answer.status_code == status
    if status == 200:
        assert body_of(answer) == b"Words for the announcer."


def test_nothing_is_sent_once_it_may_not_be(client: Client, open_package: Press) -> None:
    path = path_of(open_package)
    assert client.get(path.replace("film_document", "other_name")).status_code == 404
    remove_item(access=open_package.access, item=open_package.items[0])
    assert client.get(path).status_code == 404
    assert "film_document_v1.txt" not in client.get(page_of(open_package)).content.decode()


def test_a_closed_package_and_one_for_outlets_have_no_public_page(
    client: Client, open_package: Press
) -> None:
    path = path_of(open_package)
    set_access(
        access=open_package.access,
        package=open_package.package,
        audience=PackageAudience.OUTLETS,
        opens_at=None,
    )
    assert {client.get(one).status_code for one in (page_of(open_package), path)} == {404}
    set_access(
        access=open_package.access,
        package=open_package.package,
        audience=PackageAudience.PUBLIC,
        opens_at=now() + DAY,
    )
    assert {client.get(one).status_code for one in (page_of(open_package), path)} == {404}
    set_access(
        access=open_package.access,
        package=open_package.package,
        audience=PackageAudience.PUBLIC,
        opens_at=now() - DAY,
    )
    assert client.get(path).status_code == 200
    unpublish_package(access=open_package.access, package=open_package.package)
    assert client.get(path).status_code == 404


def test_the_archive_holds_the_files_and_a_list(client: Client, open_package: Press) -> None:
    with override("ru"):
        answer = client.get(reverse("media_package_zip", args=[open_package.package.slug]))
    with zipfile.ZipFile(io.BytesIO(body_of(answer))) as archive:
        assert archive.namelist() == ["00-read-me.txt", "film_document_v1.txt"]
        assert archive.read("film_document_v1.txt") == b"Words for the announcer."
        words = archive.read("00-read-me.txt").decode("utf-8-sig")
    for said in ("Every third woman.", "The coalition", "0+"):
        assert said in words


def test_the_archive_takes_as_many_queries_for_three_items(
    client: Client, open_package: Press, django_assert_max_num_queries
) -> None:
    path = reverse("media_package_zip", args=[open_package.package.slug])
    body_of(client.get(path))
    with django_assert_max_num_queries(40) as one:
        assert body_of(client.get(path))
    for name in ("second", "third"):
        other = open_package.item(name)
        open_package.file(other, name.encode(), name=f"{name}.txt")
        open_package.approve(other, name)
    with django_assert_max_num_queries(len(one)):
        assert body_of(client.get(path))


def test_the_page_is_small_and_takes_as_many_queries_for_three_items(
    client: Client, open_package: Press, django_assert_max_num_queries
) -> None:
    path = page_of(open_package)
    client.get(path)
    with django_assert_max_num_queries(40) as one:
        client.get(path)
    for name in ("second", "third"):
        other = open_package.item(name)
        open_package.file(other, name.encode(), name=f"{name}.txt")
        open_package.approve(other, name)
    with django_assert_max_num_queries(len(one)):
        answer = client.get(path)
    assert b"third_document_v1.txt" in answer.content
    assert len(answer.content) < 120_000


LIST = "/en/media/"


def another(press: Press, slug: str) -> MediaPackage:
    """Another open package of the workspace, with one approved film."""
    package = create_package(
        access=press.access, title={"kk": slug, "ru": slug, "en": f"Package {slug}"}, slug=slug
    )
    own = Press(press.made, package)
    item = own.item(f"film-{slug}")
    own.approve(item, languages=("ru",))
    return publish_package(access=press.access, package=package)


def test_public_packages_are_listed_newest_first_with_items_and_languages(
    client: Client, open_package: Press
) -> None:
    another(open_package, "second")
    open_package.item("waiting")
    closed = another(open_package, "canary")
    unpublish_package(access=open_package.access, package=closed)
    answer = client.get(LIST)
    tree = html.document_fromstring(answer.content)
    rows = [" ".join(one.text_content().split()) for one in tree.xpath("//main//li")]
    assert rows == ["1 item Русский Package second", "1 item Қазақша, Русский, English Package"]
    assert tree.xpath("//main//li//a/@href") == ["/en/media/second/", "/en/media/package/"]
    assert get_proxy_max_age(answer) == PAGE_SECONDS
    switch = tree.xpath("//header//a/@href")
    assert {"/kk/media/", "/ru/media/"} <= set(switch)


def test_without_a_public_package_the_list_says_so(client: Client, here: Press) -> None:
    words = client.get(LIST).content.decode()
    assert "There is no media package at the moment" in words
    assert "Package" not in words.partition("<main")[2].partition("</main>")[0].replace("media package", "")


def test_many_packages_take_as_many_queries_as_one(client: Client, open_package: Press) -> None:
    client.get(LIST)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        counts.append(len(found))
        for slug in ("second", "third"):
            if not MediaPackage.objects.filter(slug=slug).exists():
                another(open_package, slug)
    assert counts[0] == counts[1]
