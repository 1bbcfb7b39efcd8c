"""Cells of the leak matrix: a role asks for an address in one of the ways, and what came back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from asgiref.sync import async_to_sync
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

ARGUMENT = re.compile(r"<(?:[\w]+:)?(\w+)>")
METHODS = ("get", "head", "post", "conditional", "range")
PUBLIC_PAGES = ("partners/", "about/", "search/?q=canary", "search/?q=canarry&kind=news")
PUBLIC_PAGES += ("stories/", "film-shown/", "film-taken/")
LANGUAGES = ("kk", "en")
# The second: names of files and addresses of media packages; the third: codes of consent.
SECRET = re.compile(r"Canary[a-z_]+|canarymedia[a-z]+|CANA-RY[A-Z]{2}")


@dataclass(frozen=True)
class Target:
    """A real address, from the pattern it fills. Its name is the same in every run; its path is not."""

    pattern: str
    state: str
    path: str
    name: str = ""


def targets(patterns: Mapping[str, str], things: Mapping[str, Mapping[str, object]]) -> Iterator[Target]:
    """Every address of ours with every set of things that fills it."""
    for pattern in patterns:
        if "(?" in pattern or "\\" in pattern or "_util" in pattern:
            continue  # Wagtail's serving of pages follows; accounts' keys are allauth's
        for language in LANGUAGES if "<lang>" in pattern else ("",):
            yield from _filled(pattern, pattern.replace("<lang>", language), things)
    for language in LANGUAGES:
        for page in PUBLIC_PAGES:
            yield Target("/<lang>/<page>", "", f"/{language}/{page}", f"/{language}/{page}")


def _filled(pattern: str, started: str, things: Mapping[str, Mapping[str, object]]) -> Iterator[Target]:
    wanted = ARGUMENT.findall(started)
    if not wanted:
        yield Target(pattern, "", started, started)
        return
    seen = set()
    for state, known in things.items():
        if all(name in known for name in wanted):
            path = ARGUMENT.sub(lambda found, known=known: str(known[found[1]]), started)
            path += str(known.get("?", ""))
            if path not in seen:
                seen.add(path)
                yield Target(pattern, state, path, f"{started} {state}")


def ask(client: Client, target: Target, method: str) -> set[str]:
    """The canaries in all that comes back: bodies, headers and cookies, redirects followed after a POST.

    What stands in the address itself was known to who asked. What a POST did is undone, also to the browser.
    """
    cookies = client.cookies.copy()
    with transaction.atomic():
        answers = _answers(client, target.path, method)
        found = {word for answer in answers for word in SECRET.findall(_said(answer))}
        transaction.set_rollback(method == "post")
    client.cookies = cookies
    return found - set(SECRET.findall(target.path))


def _answers(client: Client, path: str, method: str) -> list[HttpResponseBase]:
    if method == "post":
        answer = client.post(path)
        after = answer.get("Location", "")
        return [answer, client.get(after)] if after.startswith("/") else [answer]
    extra: dict[str, Any] = {}
    if method == "conditional":
        extra = {"if-none-match": "*", "if-modified-since": "Mon, 02 Mar 2026 10:00:00 GMT"}
    elif method == "range":
        extra = {"range": "bytes=0-4000"}
    return [client.head(path) if method == "head" else client.get(path, headers=extra)]


def _said(answer: HttpResponseBase) -> str:
    heads = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return unfolded(
        f"{unquote(heads)}\n{answer.cookies.output()}\n{body_of(answer).decode(errors='replace')}"
    )


def unfolded(text: str) -> str:
    """The text without the breaks that calendars have within their lines."""
    return text.replace("\r\n ", "")


def body_of(answer: HttpResponseBase) -> bytes:
    """The whole body, also of a file that leaves in pieces."""
    if isinstance(answer, HttpResponse):
        return answer.content

    async def read() -> bytes:
        return b"".join([piece async for piece in answer])  # type: ignore[attr-defined]  # a stream

    return async_to_sync(read)()  # what is asked meanwhile, is asked in this thread
