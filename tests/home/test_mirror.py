"""The mirror: whole, without a broken link, and with nothing that is not public."""

from io import StringIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, strategies as st
from lxml import html

from home.mirror import Rewriter, mirror_path, relative_address, write_mirror
from home.models import NewsPage
from tests.documents.approval.builders import stage, withheld


def files_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def broken(folder: Path) -> list[tuple[str, str]]:
    """Links of pages that lead to no file, or to no place in it."""
    pages = {
        path: html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
        for path in files_in(folder)
        if path.suffix == ".html"
    }
    found = []
    for path, tree in pages.items():
        for element, name, value, _at in tree.iterlinks():
            if name not in {"href", "src", "action"} or urlsplit(value).scheme:
                continue
            plain, _, fragment = value.partition("#")
            target = (path.parent / unquote(plain)).resolve() if plain else path
            there = target.is_file() and target.is_relative_to(folder.resolve())
            if there and fragment and target in pages:
                there = bool(pages[target].xpath("//*[@id=$id]", id=unquote(fragment)))
            if not there:
                found.append((f"{path.relative_to(folder)} {element.tag}", value))
    return found


@pytest.mark.django_db
def test_everything_is_there_and_no_link_is_broken(site, news, client, tmp_path, settings):
    settings.SITE_URL = "https://coalition.example"
    made = stage(3)
    hidden = withheld(made)
    publication = made.publish("kk", "ru")
    news("Own news", language="kk")
    page = NewsPage.objects.get(publication=publication, locale__language_code="kk")
    folder = tmp_path.resolve() / "mirror"
    written = write_mirror(folder)
    assert written.missing == []
    assert broken(folder) == []
    names = set(written.files)
    assert {"kk/index.html", "ru/news/index.html", "en/partners/index.html", "kk/events/index.html"} <= names
    assert f"{page.get_url().strip('/').removeprefix('https://coalition.example/')}/index.html" in names
    assert f"kk/publications/{publication.uuid}.json" in names
    assert any(name.endswith(".css") for name in names)
    assert any(name.endswith(".woff2") for name in names)
    words = (folder / "kk/index.html").read_text()
    assert 'href="https://coalition.example/kk/news-by-mail/"' in words
    assert 'rel="canonical" href="https://coalition.example/kk/"' in words
    everything = b"".join(path.read_bytes() for path in files_in(folder))
    for name in (hidden.name_kk, hidden.name_ru, hidden.name_en):
        assert name.encode() not in everything


@pytest.mark.django_db
def test_what_is_not_public_is_not_in_it(site, news, tmp_path):
    page = news("Taken down", language="kk")
    page.unpublish()
    write_mirror(tmp_path / "mirror")
    assert not any(b"Taken down" in path.read_bytes() for path in files_in(tmp_path / "mirror"))


@pytest.mark.django_db
def test_the_command_writes_into_an_empty_folder_only(site, tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_static", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
    said = StringIO()
    call_command("export_static", str(tmp_path / "new"), stdout=said)
    assert "Open index.html" in said.getvalue()
    assert (tmp_path / "new" / "index.html").is_file()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/kk/", "kk/index.html"),
        ("/kk/news/a/", "kk/news/a/index.html"),
        ("/kk/news/%D0%B0/", "kk/news/а/index.html"),
        ("/calendar.ics", "calendar.ics"),
        ("/kk/news/?page=2", None),
        ("/workspaces/", None),
        ("/workspaces", None),
        ("/kk/search/", None),
        ("/kk/news-by-mail/", None),
        ("/kk/events/conference/press/", None),
        ("/kk/events/exhibition/works/1/", None),
        ("/kk/events/exhibition/works/1/picture.jpg", None),
        ("/q/ABCDEFGH", None),
        ("//other.example/kk/", None),
        ("https://other.example/", None),
        ("/../etc/passwd", None),
        ("/kk/%2e%2e/%2e%2e/etc/passwd", None),
        ("/kk/\0", None),
        ("kk/", None),
    ],
)
def test_which_file(address, name):
    assert mirror_path(address) == name


@given(st.text(max_size=60))
def test_no_address_leads_out_of_the_folder(words):
    name = mirror_path(f"/{words}")
    assert name is None or not ({"..", "."} & set(name.split("/")) or name.startswith("/"))


def test_ways_between_files():
    assert relative_address("kk/news/a/index.html", "static/x.css") == "../../../static/x.css"
    assert relative_address("index.html", "kk/index.html", "news") == "kk/index.html#news"


def test_addresses_are_rewritten_where_the_mirror_holds_them():
    seen: list[str] = []
    there = Rewriter("https://coalition.example", seen=seen.append, missing=lambda path: "gone" in path)
    page = (
        b'<a href="../b/#here">b</a><a href="/kk/gone/">gone</a><a href="?page=2">2</a><a href="#top">top</a>'
        b'<a href="mailto:a@b.example">m</a><a href="https://other.example/x">o</a>'
        b'<a href="https://coalition.example/kk/c/">c</a><form action=""></form>'
        b'<img src="/media/x.png" srcset="/media/x.png 1x, /media/y.png 2x">'
    )
    words = there.page(page, "/kk/news/a/").decode()
    assert 'href="../b/index.html#here"' in words
    assert 'href="https://coalition.example/kk/gone/"' in words
    assert 'href="https://coalition.example/kk/news/a/?page=2"' in words
    assert 'href="#top"' in words
    assert 'href="mailto:a@b.example"' in words
    assert 'href="https://other.example/x"' in words
    assert 'href="../../c/index.html"' in words
    assert 'action="https://coalition.example/kk/news/a/"' in words
    assert 'srcset="../../../media/x.png 1x, ../../../media/y.png 2x"' in words
    assert there.styles(b"a{src:url('./f.woff2')}", "/static/s.css") == b'a{src:url("f.woff2")}'
    assert seen == [
        "/kk/news/b/",
        "/kk/c/",
        "/media/x.png",
        "/media/x.png",
        "/media/y.png",
        "/static/f.woff2",
    ]
