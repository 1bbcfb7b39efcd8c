"""The mirror: the public site as files."""

import mimetypes
import posixpath
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import Storage, storages
from django.test import Client
from lxml import html

from coalition.consent.gate import showing_nothing
from coalition.consent.storage import is_consented_name

# Interactive pages: the mirror links to the live site for them.
_SERVER_PATHS: Final = (
    "accounts",
    "cms",
    "demo",
    "workspaces",
    "styleguide",
    "healthz",
    "readyz",
    "ws",
    "q",
    "Q",
    "_util",
    "calendar/private",
)
_SERVER_PATHS_BELOW_LANGUAGE: Final = frozenset(
    {"films", "membership", "news-by-mail", "open-letter", "search", "help", "support", "write"}
)
# The right to show a picture of a work can end and items of a kit can be removed: a copy would
# remain.
_SERVER_PATHS_BESIDE_EVENT: Final = frozenset({"kit", "press", "works"})
LANGUAGES: Final = ("kk", "ru", "en")


def mirror_path(address: str) -> str | None:
    """Return the file for an address of the site, relative to the mirror's folder, with `/` separators.

    None for what a mirror does not contain: other sites, addresses with a query, interactive pages.
    """
    parts = urlsplit(address)
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or parts.query or not path.startswith("/") or "\0" in path:
        return None
    names = [name for name in path.split("/") if name]
    if any(name in {".", ".."} for name in names) or _needs_server(names):
        return None
    if path.endswith("/"):
        names.append("index.html")
    return "/".join(names)


def _needs_server(names: list[str]) -> bool:
    joined = "/".join(names)
    if any(joined == one or joined.startswith(f"{one}/") for one in _SERVER_PATHS):
        return True
    if len(names) < 2 or names[0] not in LANGUAGES:
        return False
    beside_event = names[1] == "events" and len(names) > 3 and names[3] in _SERVER_PATHS_BESIDE_EVENT
    return names[1] in _SERVER_PATHS_BELOW_LANGUAGE or beside_event


def relative_address(source: str, target: str, fragment: str = "") -> str:
    """Return the relative link from one file to another."""
    found = posixpath.relpath(target, posixpath.dirname(source) or ".")
    return f"{found}#{fragment}" if fragment else found


_IN_STYLES: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_LISTS: Final = ("srcset", "imagesrcset")
_WHOLE: Final = frozenset({"canonical", "alternate"})  # for search engines: always the live site

type AddressListener = Callable[[str], None]


def _remove_live_parts(tree: html.HtmlElement) -> None:
    """Remove what is valid at one moment only (`data-now`: which lines are open), and make
    counters static as of their displayed time: a copy fetches nothing."""
    for element in list(tree.iterfind(".//*[@data-now]")):
        element.drop_tree()
    for element in tree.iterfind(".//*[@data-counters]"):
        del element.attrib["data-counters"]


class Rewriter:
    """Rewrites links for one live site. `seen(path)` is called with every address that the
    mirror needs; `missing(path)` says whether the site lacks it."""

    def __init__(self, site: str, *, seen: AddressListener, missing: Callable[[str], bool]) -> None:
        self._site, self._seen, self._missing = site.rstrip("/"), seen, missing

    def page(self, content: bytes, address: str) -> bytes:
        """Rewrite an HTML page from this path of the site."""
        tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
        _remove_live_parts(tree)
        for element in tree.iter("a", "link", "img", "script", "source", "video", "track", "form", "use"):
            for name in ("href", "src", "poster", "action"):
                if name in element.attrib:
                    whole = element.tag == "form" or element.get("rel", "") in _WHOLE
                    element.set(name, self._address(element.get(name, ""), address, whole=whole))
            for name in _LISTS:
                if name in element.attrib:
                    element.set(name, self._list(element.get(name, ""), address))
        written: bytes = html.tostring(tree, doctype="<!doctype html>", encoding="utf-8")
        return written

    def styles(self, content: bytes, address: str) -> bytes:
        """Rewrite a stylesheet from this path of the site."""
        return _IN_STYLES.sub(
            lambda found: f'url("{self._address(found[1], address)}")', content.decode()
        ).encode()

    def _list(self, value: str, address: str) -> str:
        parts = [one.split() for one in value.split(",") if one.strip()]
        return ", ".join(" ".join([self._address(one[0], address), *one[1:]]) for one in parts)

    def _address(self, value: str, address: str, *, whole: bool = False) -> str:
        if value.startswith(("#", "data:", "mailto:", "tel:")):
            return value
        own = value.removeprefix(self._site) if value.startswith(f"{self._site}/") else value
        path = urljoin(address, own)
        if urlsplit(path).netloc:
            return value
        target, source = mirror_path(path.partition("#")[0]), mirror_path(address)
        plain = path.partition("#")[0]
        if whole or target is None or source is None or self._missing(plain):
            return f"{self._site}{path}"
        self._seen(plain)
        return relative_address(source, target, path.partition("#")[2])


_START_PAGE: Final = """<!doctype html>
<html lang="kk">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<h1>{name}</h1>
<ul>
<li><a href="kk/index.html" lang="kk">Қазақша</a></li>
<li><a href="ru/index.html" lang="ru">Русский</a></li>
<li><a href="en/index.html" lang="en">English</a></li>
</ul>
</html>
"""


@dataclass
class MirrorResult:
    """The result: files by their paths, and dead links of the site."""

    files: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class Mirror:
    """One run. It sends anonymous requests, so that it contains only public content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        address = urlsplit(settings.SITE_URL)
        self._asks = {"SERVER_NAME": address.hostname or "localhost", "secure": address.scheme == "https"}
        self._client = Client()
        self._waiting: deque[str] = deque()
        self._known: dict[str, bytes | None] = {}
        self._rewriter = Rewriter(settings.SITE_URL, seen=self._remember, missing=self._is_missing)
        self._taken: set[str] = set()

    def write(self) -> MirrorResult:
        """Write everything except what is under consent: nobody can call a copy back. Raises OSError if the
        folder cannot be written."""
        with showing_nothing():
            return self._write()

    def _write(self) -> MirrorResult:
        done = MirrorResult()
        for language in LANGUAGES:
            self._remember(f"/{language}/")
        while self._waiting:
            address = self._waiting.popleft()
            content, name = self._known[address], mirror_path(address)
            if content is not None and name is not None:
                if name.endswith(".html"):
                    content = self._rewriter.page(content, address)
                elif name.endswith(".css"):
                    content = self._rewriter.styles(content, address)
                self._put(name, content)
                done.files.append(name)
            self._known[address] = b""  # from now on only its existence matters
        self._put("index.html", _START_PAGE.format(name=settings.SITE_NAME).encode())
        done.missing = sorted(one for one, content in self._known.items() if content is None)
        return done

    def _put(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def _remember(self, address: str) -> None:
        if address not in self._taken and not self._is_missing(address):
            self._taken.add(address)
            self._waiting.append(address)

    def _is_missing(self, address: str) -> bool:
        if address not in self._known:
            self._known[address] = self._found(address)
        return self._known[address] is None

    def _found(self, address: str) -> bytes | None:
        path = unquote(urlsplit(address).path)
        if path.startswith(settings.STATIC_URL):
            name = path.removeprefix(settings.STATIC_URL)
            source = finders.find(name)  # without `collectstatic`
            return Path(str(source)).read_bytes() if source else _read_stored(staticfiles_storage, name)
        if path.startswith("/media/"):
            if is_consented_name(path.removeprefix("/media/")):
                return None
            return _read_stored(storages["public"], path.removeprefix("/media/"))
        answer = self._client.get(address, **self._asks)
        kind = answer.get("Content-Type", "").partition(";")[0]
        # HTML for a page without a file name, else as its extension says.
        is_known = bool(mimetypes.guess_type(path)[0] or "." in path)
        fits = kind == "text/html" if path.endswith("/") else is_known
        if answer.status_code != HTTPStatus.OK or not fits:
            return None
        return b"".join(answer) if answer.streaming else bytes(answer.content)


def _read_stored(storage: Storage, name: str) -> bytes | None:
    if not storage.exists(name):
        return None
    with storage.open(name) as file:
        content: bytes = file.read()
    return content


def write_mirror(folder: Path) -> MirrorResult:
    """Write the public site into this folder."""
    return Mirror(folder).write()
