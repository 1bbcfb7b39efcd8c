"""Whether two links lead to the same: what does not matter is left out. Nothing is fetched. Pure."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

_FOLLOWING = ("utm_", "fbclid", "gclid", "yclid", "ysclid", "igshid", "ref", "from", "share")
_SAME_HOSTS = ("www.", "m.", "mobile.", "amp.")


def is_web(link: str) -> bool:
    """Whether it is an address of a page that may be shown as a link: http or https, with a host, nobody's
    name or password, and no character that is none."""
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
    """A hash that is the same for links that lead to the same: without scheme, www, fragment, what follows
    readers, and the last slash; the rest of the query in order."""
    parts = urlsplit(link.strip())
    host = (parts.hostname or "").removesuffix(".")
    for begin in _SAME_HOSTS:
        host = host.removeprefix(begin)
    kept = sorted(
        (name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith(_FOLLOWING)
    )
    return _hashed(f"{host}{parts.path.rstrip('/')}?{urlencode(kept)}")


def key_of_airing(outlet: str, day: str, time: str, programme: str) -> str:
    """The same for what has no link."""
    return _hashed("\n".join(" ".join(one.casefold().split()) for one in (outlet, day, time, programme)))


def _hashed(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
