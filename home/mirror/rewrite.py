"""Addresses in pages and stylesheets: relative where the mirror holds them, whole where it does not."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

from home.mirror.paths import mirror_path, relative_address

_IN_STYLES: Final = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_LISTS: Final = ("srcset", "imagesrcset")
_WHOLE: Final = frozenset({"canonical", "alternate"})  # for search engines: always of the live site

type AddressListener = Callable[[str], None]


def _remove_live_parts(tree: html.HtmlElement) -> None:
    """Take out what holds at one moment only (`data-now`: which lines are open), and let counters stand as of
    the moment that they name: a copy asks for nothing."""
    for element in list(tree.iterfind(".//*[@data-now]")):
        element.drop_tree()
    for element in tree.iterfind(".//*[@data-counters]"):
        del element.attrib["data-counters"]


class Rewriter:
    """For one live site. `seen(path)` hears of every address that the mirror must hold for what it wrote;
    `missing(path)` says which of them the site does not have."""

    def __init__(self, site: str, *, seen: AddressListener, missing: Callable[[str], bool]) -> None:
        self._site, self._seen, self._missing = site.rstrip("/"), seen, missing

    def page(self, content: bytes, address: str) -> bytes:
        """An HTML page found at this path of the site."""
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
        """A stylesheet found at this path of the site."""
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
