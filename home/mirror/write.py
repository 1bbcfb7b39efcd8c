"""Writing the mirror: what anybody finds on the site, followed from its first pages, as files."""

import mimetypes
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.test import Client

from home.mirror.paths import LANGUAGES, mirror_path
from home.mirror.rewrite import Rewriter

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
    """What came of it: files by their paths, and addresses that the site names and does not have."""

    files: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class Mirror:
    """One run. It asks as anybody without an account does, so that it holds nothing that is not public."""

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
        """Write everything. Raises OSError where the folder cannot be written."""
        done = MirrorResult()
        for language in LANGUAGES:
            self._remember(f"/{language}/")
        while self._waiting:
            address = self._waiting.popleft()
            content, name = self._known[address], mirror_path(address)
            if content is not None and name is not None:
                self._put(name, self._rewritten(address, name, content))
                done.files.append(name)
            self._known[address] = b""  # only whether it is there is asked from now on
        self._put("index.html", _START_PAGE.format(name=settings.SITE_NAME).encode())
        done.missing = sorted(one for one, content in self._known.items() if content is None)
        return done

    def _rewritten(self, address: str, name: str, content: bytes) -> bytes:
        if name.endswith(".html"):
            return self._rewriter.page(content, address)
        return self._rewriter.styles(content, address) if name.endswith(".css") else content

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
            return _read_static(path.removeprefix(settings.STATIC_URL))
        if path.startswith("/media/"):
            return _read_media(path.removeprefix("/media/"))
        answer = self._client.get(address, **self._asks)
        kind = answer.get("Content-Type", "").partition(";")[0]
        if answer.status_code != HTTPStatus.OK or not _fits_content_type(path, kind):
            return None
        return b"".join(answer) if answer.streaming else bytes(answer.content)


def _fits_content_type(path: str, kind: str) -> bool:
    """A page without a file's name is HTML; a file is what its name says, as far as that is known."""
    return kind == "text/html" if path.endswith("/") else bool(mimetypes.guess_type(path)[0] or "." in path)


def _read_static(name: str) -> bytes | None:
    found = finders.find(name)
    if found:
        return Path(str(found)).read_bytes()
    if not staticfiles_storage.exists(name):
        return None
    with staticfiles_storage.open(name) as file:
        content: bytes = file.read()
    return content


def _read_media(name: str) -> bytes | None:
    storage = storages["public"]
    if not storage.exists(name):
        return None
    with storage.open(name, "rb") as file:
        content: bytes = file.read()
    return content


def write_mirror(folder: Path) -> MirrorResult:
    """Write the public site into this folder."""
    return Mirror(folder).write()
