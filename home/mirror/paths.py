"""Which addresses a mirror holds, and as which files. Pure."""

import posixpath
from typing import Final
from urllib.parse import unquote, urlsplit

# Pages that do something: a mirror leads to the live site for them.
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
    {"membership", "news-by-mail", "open-letter", "search", "help", "support", "write"}
)
# The right to show a picture of a work can end, what is in a kit can go: a copy would stand on.
_SERVER_PATHS_BESIDE_EVENT: Final = frozenset({"kit", "press", "works"})
LANGUAGES: Final = ("kk", "ru", "en")


def mirror_path(address: str) -> str | None:
    """The path of the file for an address of the site, relative to the mirror's folder, with `/` between.

    None for what a mirror does not hold: other sites, addresses with a query, pages that do something.
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
    """The relative address of one file as written in another."""
    found = posixpath.relpath(target, posixpath.dirname(source) or ".")
    return f"{found}#{fragment}" if fragment else found
