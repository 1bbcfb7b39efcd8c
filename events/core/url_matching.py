"""Comparison of links: insignificant parts are ignored. Nothing is fetched. Pure."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

_FOLLOWING = ("utm_", "fbclid", "gclid", "yclid", "ysclid", "igshid", "ref", "from", "share")
_SAME_HOSTS = ("www.", "m.", "mobile.", "amp.")


def is_web(link: str) -> bool:
    """Whether it may be rendered as a link to a page: http or https, with a host, without user name
    or password, and without invalid characters."""
    if not link.isprintable() or any(sign.isspace() or sign in '<>"\\' for sign in link):
        return False
    try:
        parts = urlsplit(link)
        named = parts.username or parts.password
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or port == 0:
        return False
    return bool(parts.hostname) and not named and "." in parts.netloc


def key_of_link(link: str) -> str:
    """Return a hash that is equal for links to the same page: without scheme, www, fragment, tracking
    parameters and the last slash; the rest of the query sorted."""
    parts = urlsplit(link.strip())
    host = (parts.hostname or "").removesuffix(".")
    for begin in _SAME_HOSTS:
        host = host.removeprefix(begin)
    kept = sorted(
        (name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith(_FOLLOWING)
    )
    return _hashed(f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}")


def key_of_airing(outlet: str, day: str, time: str, programme: str) -> str:
    """Return the same for coverage without a link."""
    return _hashed("\n".join(" ".join(one.casefold().split()) for one in (outlet, day, time, programme)))


def _hashed(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
