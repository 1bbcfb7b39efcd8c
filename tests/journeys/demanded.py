"""What security.md demands of the headers of an answer, by the class of its address."""

from collections.abc import Iterator

from tests.journeys.crawler import Seen

CLOSED = ("object-src 'none'", "base-uri 'none'", "form-action 'self'")
UNSAFE = ("unsafe-", "nonce-", "blob:", "*", "http:", "https:")
TELLING = ("server", "x-powered-by", "x-aspnet-version", "via")
OPEN = ("/static/", "/media/", "/cms/sprite/", "/cms/jsi18n/")  # files, icons, words: the same for everyone
# Kept by the browser itself and asked anew each time: terms of the glossary, no text and no name.
ASKED_ANEW = "/workspaces/<uuid:workspace>/glossary.json"
DEVICES = ("camera=()", "geolocation=()", "microphone=()")
WITH_CAMERA = "/workspaces/events/<uuid:event>/press/door/codes/"
NO_REFERRER = {"no-referrer", "strict-origin"}


def wanting(seen: Seen, said: str) -> Iterator[str]:
    """What is wrong with the headers of this answer; `said` is its class in surfaces.toml."""
    headers = seen.headers
    yield from (f"tells {name}: {headers[name]}" for name in TELLING if name in headers)
    if headers.get("x-content-type-options") != "nosniff":
        yield "lets browsers guess its type"
    if seen.path.startswith("/static/"):
        return
    yield from _policy(seen)
    yield from _referrer(seen, said)
    yield from _kept(seen, said)
    if headers.get("cross-origin-opener-policy") != "same-origin":
        yield "may be held by another site's window"
    if headers.get("cross-origin-resource-policy") != _who_may_load(seen):
        yield f"may be loaded by {headers.get('cross-origin-resource-policy')} sites"
    devices = headers.get("permissions-policy", "")
    if not all(one in devices for one in DEVICES) and seen.pattern != WITH_CAMERA:
        yield f"may ask for devices: {devices}"


def _policy(seen: Seen) -> Iterator[str]:
    policy = seen.headers.get("content-security-policy", "")
    if not policy:
        yield "has no Content-Security-Policy"
        return
    if policy.startswith("default-src 'none'"):
        return  # a file: nothing of it runs
    in_cms = seen.path.startswith("/cms/")
    framing, allowed = ("'self'", ("unsafe-inline", "blob:")) if in_cms else ("'none'", ())
    for one in policy.split(";"):
        words = one.split()
        found = [word for word in words[1:] if any(bad in word for bad in UNSAFE)]
        yield from (f"allows {one.strip()}" for word in found if not any(good in word for good in allowed))
    yield from (f"lacks {one}" for one in CLOSED if one not in policy)
    if f"frame-ancestors {framing}" not in policy:
        yield "may be framed by the policy"
    if not in_cms and seen.headers.get("x-frame-options") != "DENY":
        yield f"may be framed: {seen.headers.get('x-frame-options')}"


def _referrer(seen: Seen, said: str) -> Iterator[str]:
    told = seen.headers.get("referrer-policy")
    if said.startswith("token") and seen.is_page:
        if told not in NO_REFERRER:
            yield f"tells its address, which is a key: Referrer-Policy {told}"
    elif told not in NO_REFERRER | {"same-origin"}:
        yield f"tells other sites where its readers come from: {told}"


def _kept(seen: Seen, said: str) -> Iterator[str]:
    caching = seen.headers.get("cache-control", "")
    if said.startswith("public") or seen.path.startswith(OPEN):
        return
    wanted = {"private", "no-cache" if seen.pattern == ASKED_ANEW else "no-store"}
    if not wanted <= {one.strip() for one in caching.split(",")}:
        yield f"may be kept on the way: Cache-Control {caching!r}"


def _who_may_load(seen: Seen) -> str:
    return "cross-origin" if seen.path.startswith("/media/") else "same-origin"
